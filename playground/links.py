"""A bot's deep links, opened by people: `?start=` in private, `?startgroup=` in a group."""

import re
from urllib.parse import parse_qs, urlsplit

from playground.access import standing
from playground.bots import Bot
from playground.chats import Chat, Message
from playground.errors import BadRequest, Forbidden
from playground.members import Member
from playground.people import Person
from playground.shapes import Json
from playground.standings import change_standing, set_private_block
from playground.world import World
from playground.writing import Order, Writing, write

HOSTS = frozenset({"t.me", "telegram.me"})
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


class Following(Order):
    """A link to open; `chat` is the group that the person chooses for a `?startgroup=` link."""

    url: str
    sender: str | int
    chat: str | int | None = None


def follow(world: World, order: Following) -> Message:
    """Open a link as Telegram's clients do, and return the command that this writes."""
    bot, query = _read(world, order.url)
    person = world.person(order.sender)
    if "startgroup" not in query:
        return _start(world, bot, person, _payload(query, "start"))
    if order.chat is None:
        raise BadRequest("choose the group that the bot is added to")
    chat = world.chat(order.chat)
    _add(world, bot, (person, chat), query.get("admin", ""))
    text = f"/start@{bot.username} {_payload(query, 'startgroup')}"
    return write(world, Writing(chat=chat.id, sender=person.id, text=text))


def _read(world: World, url: str) -> tuple[Bot, Json]:
    parts = urlsplit(url)
    name = parts.path.strip("/").lower()
    bots = (bot for bot in world.bots.values() if bot.username.lower() == name)
    bot = next(bots, None) if parts.hostname in HOSTS else None
    if bot is None:
        raise BadRequest(f"{url} leads to no bot here")
    query = parse_qs(parts.query, keep_blank_values=True)
    return bot, {key: values[0] for key, values in query.items()}


def _payload(query: Json, name: str) -> str:
    payload = str(query.get(name, ""))
    if not PAYLOAD.fullmatch(payload):
        raise BadRequest("START_PARAM_INVALID")
    return payload


def _start(world: World, bot: Bot, person: Person, payload: str) -> Message:
    chat = world.private_chat(bot, person)
    set_private_block(world, chat, False)
    return write(world, Writing(chat=chat.handle, text=f"/start {payload}".strip()))


def _add(world: World, bot: Bot, place: tuple[Person, Chat], admin: str) -> None:
    """Add the bot to the group, as an admin where the link asks for rights that one may give."""
    person, chat = place
    if not chat.is_group:
        raise BadRequest("the link leads to groups only")
    adder = standing(world, chat, person)
    if not adder.is_inside or not (adder.is_admin or chat.permissions.get("can_invite_users")):
        raise Forbidden(f"{person.handle} may not add anyone to {chat.handle}")
    now = standing(world, chat, bot.person)
    rights = frozenset(f"can_{name}" for name in admin.split() if name)
    if rights and adder.can("can_promote_members") and not rights <= now.rights:
        member = Member(bot.person, "administrator", now.rights | rights | {"can_manage_chat"})
    elif now.is_inside:
        return
    else:
        member = Member(bot.person)
    change_standing(world, chat, person, member)
