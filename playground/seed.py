"""The community that the playground starts with."""

from playground.community import NewBot, NewChat, NewPerson, create_bot, create_chat, create_person
from playground.members import Status
from playground.world import World

Standings = dict[str, Status]
TOKEN = "42:playground"
PEOPLE = (
    ("admin", "Марина", "Соколова", "marina_sokolova"),
    ("moderator", "Тимур", "Гареев", "timur_g"),
    ("anna", "Анна", "Белова", "anna_belova"),
    ("oleg", "Олег", "Дронов", ""),
    ("dasha", "Даша", "", "dashakot"),
    ("petrovich", "Сергей", "Петрович", ""),
    ("newcomer", "Кирилл", "", "kirill_new"),
)


def plant(world: World) -> None:
    """Fill an empty world with the seed community."""
    if int(TOKEN.partition(":")[0]) not in world.bots:
        create_bot(world, NewBot(token=TOKEN, username="nastroi_bot", first_name="Настрой"))
    for handle, first_name, last_name, username in PEOPLE:
        names = {"first_name": first_name, "last_name": last_name, "username": username}
        create_person(world, NewPerson(handle=handle, **names))
    bot = "nastroi_bot"
    staff: Standings = {"admin": "creator", "moderator": "administrator", bot: "administrator"}
    everyone: Standings = {handle: "member" for handle, *_ in PEOPLE}
    for chat in (
        NewChat(handle="group", title="Двор на Садовой", members=everyone | staff),
        NewChat(handle="channel", type="channel", title="Лавка у дома", linked="group"),
        NewChat(handle="moderators", type="group", title="Модераторы", members=staff),
    ):
        chat.members.update(staff)
        create_chat(world, chat)
