"""Making people, chats and bots, and moving people about: the control API's nouns."""

from typing import Literal

from pydantic import Field

from playground.announcing import shown
from playground.authors import Author
from playground.bots import Bot
from playground.chats import Chat, ChatType
from playground.errors import BadRequest
from playground.members import MODERATOR_RIGHTS, Member, Status
from playground.messages import Draft, post
from playground.people import TELEGRAM, Person
from playground.shapes import Json
from playground.standings import change_standing
from playground.world import FIRST_GROUP_ID, FIRST_PERSON_ID, FIRST_SUPERGROUP_ID, World
from playground.writing import Order


class NewPerson(Order):
    handle: str = Field(min_length=1, pattern=r"^[\w.-]+$")
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "ru"
    id: int = 0


class NewChat(Order):
    """A group or channel; `members` maps handles to standings, `linked` names the other half."""

    handle: str = Field(min_length=1, pattern=r"^[\w.-]+$")
    type: Literal["group", "supergroup", "channel"] = "supergroup"
    title: str
    username: str = ""
    linked: str = ""
    id: int = 0
    members: dict[str, Status] = Field(default_factory=dict)


class NewBot(Order):
    token: str = Field(pattern=r"^\d+:.+$")
    username: str
    first_name: str
    can_read_all_group_messages: bool = True


class NewStanding(Order):
    """Someone's new place in a chat; an administrator without named rights gets the usual ones."""

    chat: str | int
    person: str | int
    status: Status
    by: str | int | None = None
    rights: list[str] | None = None
    permissions: dict[str, bool] = Field(default_factory=dict)
    until_date: int = 0
    is_anonymous: bool = False
    custom_title: str = ""


def create_person(world: World, order: NewPerson) -> Person:
    """Make someone known."""
    number = order.id or max(map(_ordinary, world.people)) + 1
    if number in world.people:
        raise BadRequest(f"the id {number} is taken")
    fields = order.model_dump(exclude={"id"})
    person = world.add_person(Person(id=number, **fields))
    world.events.publish("chats", {})
    return person


def create_chat(world: World, order: NewChat) -> Chat:
    """Make a group or channel with its first members, silently."""
    number = order.id or _next_chat_id(world, order.type)
    if number in world.chats:
        raise BadRequest(f"the id {number} is taken")
    chat = Chat(number, order.type, order.handle, order.title, order.username)
    for name, status in order.members.items():
        member = _member(world.person(name), status, None)
        chat.members[member.person.id] = member
    world.add_chat(chat)
    if order.linked:
        other = world.chat(order.linked)
        chat.linked_id, other.linked_id = other.id, chat.id
    world.events.publish("chats", {})
    return chat


def create_bot(world: World, order: NewBot) -> Bot:
    """Register a bot."""
    number = int(order.token.partition(":")[0])
    name = {"username": order.username, "first_name": order.first_name}
    person = Person(id=number, handle=order.username, is_bot=True, **name)
    bot = Bot(order.token, person, order.can_read_all_group_messages)
    world.events.publish("chats", {})
    return world.add_bot(bot)


def set_standing(world: World, order: NewStanding) -> Member:
    """Promote, demote, restrict, ban, invite or take someone out, as an admin or themselves."""
    chat, person = world.chat(order.chat), world.person(order.person)
    if chat.is_private:
        raise BadRequest("a private chat has no standings; use the block order")
    by = world.person(order.by) if order.by is not None else person
    rights = None if order.rights is None else frozenset(order.rights)
    member = _member(person, order.status, rights)
    member.permissions, member.until_date = order.permissions, order.until_date
    member.is_anonymous, member.custom_title = order.is_anonymous, order.custom_title
    change_standing(world, chat, by, member)
    return member


def migrate(world: World, chat: Chat) -> Chat:
    """Turn a basic group into a supergroup: another id, the same people and handle."""
    if chat.type != "group" or chat.migrated_to:
        raise BadRequest("only a basic group can become a supergroup")
    number = _next_chat_id(world, "supergroup")
    after = Chat(number, "supergroup", chat.handle, chat.title, members=chat.members)
    after.last_message_id = chat.last_message_id
    by = next(member.person for member in chat.members.values() if member.status == "creator")
    author = Author(by.id, {"from": by.user})
    post(world, chat, author, Draft({"migrate_to_chat_id": after.id}))
    chat.members, chat.migrated_to = dict(chat.members), after.id
    world.chats[after.id] = after
    world.rename_handle(chat.handle, after)
    post(world, after, author, Draft({"migrate_from_chat_id": chat.id}))
    world.events.publish("chats", {})
    return after


def chat_card(world: World, chat: Chat) -> Json:
    """Return a chat as the page lists it."""
    last = next(reversed(chat.messages.values()), None)
    linked = world.chats.get(chat.linked_id)
    return {
        **chat.json,
        "handle": chat.handle,
        "linked": linked.handle if linked else "",
        "started": chat.started,
        "blocked": chat.blocked,
        "members": [member_card(member) for member in chat.members.values()],
        "last_message": shown(last) if last else None,
    }


def member_card(member: Member) -> Json:
    """Return a member as the page lists them."""
    card = {"person": member.person.handle, "status": member.status}
    return card | {"can_write": member.is_inside and member.may("can_send_messages")}


def _member(person: Person, status: Status, rights: frozenset[str] | None) -> Member:
    if status == "administrator" and rights is None:
        rights = MODERATOR_RIGHTS
    return Member(person, status, rights or frozenset())


def _ordinary(number: int) -> int:
    """Rank ids so that Telegram's own accounts and bots don't lead."""
    return number if FIRST_PERSON_ID <= number < TELEGRAM.id else FIRST_PERSON_ID - 1


def _next_chat_id(world: World, kind: ChatType) -> int:
    first = FIRST_GROUP_ID if kind == "group" else FIRST_SUPERGROUP_ID
    while first in world.chats:
        first -= 1
    return first
