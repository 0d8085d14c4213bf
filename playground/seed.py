"""The community that the playground starts with: its people, chats and what was said so far."""

import tomllib
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from playground.authors import as_anyone, as_telegram
from playground.chats import Chat, Message
from playground.community import NewBot, NewChat, NewPerson, create_bot, create_chat, create_person
from playground.entities import plain
from playground.files import Upload
from playground.members import Status
from playground.messages import Draft, as_forwarded, discussion_copy, record
from playground.shapes import Json, without_empty
from playground.world import World
from playground.writing import Order

DATA = Path(__file__).parent / "seed_data"
Standings = dict[str, Status]
TOKEN = "42:playground"
PEOPLE = (
    ("admin", "Марина", "Соколова", "marina_sokolova"),
    ("moderator", "Тимур", "Гареев", "timur_gareev"),
    ("anna", "Анна", "Белова", "anna_belova"),
    ("oleg", "Олег", "Дронов", ""),
    ("dasha", "Даша", "", "dashakot"),
    ("petrovich", "Сергей", "Петрович", ""),
    ("newcomer", "Кирилл", "", "kirill_new"),
)


class SeedMessage(Order):
    """One message of the community's past."""

    ago: int = 0
    day: int = 0
    at: time = time()
    chat: str = "channel"
    sender: str | None = None
    text: str = ""
    photo: str = ""
    album: str = ""
    joins: bool = False
    id: str = ""
    reply: str = ""
    under: str = ""
    reactions: dict[str, list[str]] = Field(default_factory=dict)


def plant(world: World) -> None:
    """Fill an empty world with the seed community; none of its past is news to the bot."""
    if int(TOKEN.partition(":")[0]) not in world.bots:
        create_bot(world, NewBot(token=TOKEN, username="nastroi_bot", first_name="Настрой"))
    for handle, first_name, last_name, username in PEOPLE:
        names = {"first_name": first_name, "last_name": last_name, "username": username}
        create_person(world, NewPerson(handle=handle, **names))
    _found_chats(world)
    _Past(world).tell(_read_past())


def _found_chats(world: World) -> None:
    staff: Standings = {
        "admin": "creator",
        "moderator": "administrator",
        "nastroi_bot": "administrator",
    }
    everyone: Standings = {handle: "member" for handle, *_ in PEOPLE}
    for chat in (
        NewChat(handle="group", title="Двор на Садовой", members=everyone | staff),
        NewChat(
            handle="channel", type="channel", title="Лавка у дома", linked="group", members=staff
        ),
        NewChat(handle="moderators", type="group", title="Модераторы двора", members=staff),
    ):
        create_chat(world, chat)
    world.private_chat(next(iter(world.bots.values())), world.person("anna"))


@cache
def _read_past() -> tuple[SeedMessage, ...]:
    read: dict[str, Any] = tomllib.loads((DATA / "messages.toml").read_text("utf-8"))
    told = [SeedMessage.model_validate(one) for one in read["messages"]]
    return tuple(told)


class _Past:
    """Writes what was said, oldest first, without telling anyone."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = datetime.fromtimestamp(world.clock.now())
        self.named: dict[str, Message] = {}

    def tell(self, told: tuple[SeedMessage, ...]) -> None:
        for one in sorted(told, key=self._when):
            message = self._write(one)
            if one.id:
                self.named[one.id] = message
            for emoji, handles in one.reactions.items():
                for handle in handles:
                    reaction = [{"type": "emoji", "emoji": emoji}]
                    message.reactions[self.world.person(handle).id] = reaction

    def _when(self, one: SeedMessage) -> int:
        """Return when it was written, in epoch seconds; days and times are the machine's own."""
        if not one.day:
            return int((self.now - timedelta(minutes=one.ago)).timestamp())
        day = self.now.date() + timedelta(days=one.day)
        return int(datetime.combine(day, one.at).timestamp())

    def _write(self, one: SeedMessage) -> Message:
        chat, reply_to = self._place(one)
        author = as_anyone(self.world, chat, one.sender)
        draft = Draft(self._content(one), reply_to, date=self._when(one))
        message = record(self.world, chat, author, draft)
        if chat.type == "channel" and chat.linked_id:
            group = self.world.chats[chat.linked_id]
            message.copy = record(self.world, group, as_telegram(chat), as_forwarded(message))
        return message

    def _place(self, one: SeedMessage) -> tuple[Chat, Message | None]:
        if one.under:
            copy = discussion_copy(self.named[one.under])
            if copy is not None:
                return copy.chat, copy
        return self.world.chat(one.chat), self.named.get(one.reply)

    def _content(self, one: SeedMessage) -> Json:
        if one.joins:
            return {"new_chat_members": [self.world.person(one.sender or "").user]}
        read = plain(one.text)
        if not one.photo:
            return {"text": read.text} | without_empty(entities=read.entities)
        upload = Upload(one.photo, (DATA / one.photo).read_bytes(), "image/jpeg")
        content: Json = {"photo": self.world.files.add_photo(upload).photo()}
        content |= without_empty(caption=read.text, caption_entities=read.entities)
        return content | without_empty(media_group_id=one.album)
