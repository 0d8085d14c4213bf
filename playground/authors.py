"""As whom a message is written: a person, a bot, an anonymous admin, a channel, Telegram itself."""

from dataclasses import dataclass

from playground.bots import Bot
from playground.chats import Chat
from playground.errors import BadRequest, Forbidden
from playground.people import ANONYMOUS_ADMIN, CHANNEL_WRITER, TELEGRAM, Person
from playground.shapes import Json
from playground.world import World


@dataclass(frozen=True, slots=True)
class Author:
    """Who may change the message later, and the fields that show who wrote it."""

    id: int
    fields: Json


def as_bot(bot: Bot, chat: Chat) -> Author:
    """Write as a bot; in a channel only the channel shows."""
    if chat.type == "channel":
        return Author(bot.id, {"sender_chat": chat.json})
    return Author(bot.id, {"from": bot.person.user})


def as_telegram(channel: Chat) -> Author:
    """Write as Telegram does when it forwards a channel's post into its discussion group."""
    return Author(TELEGRAM.id, {"from": TELEGRAM.user, "sender_chat": channel.json})


def as_anyone(world: World, chat: Chat, sender: str | int | None) -> Author:
    """Write as whoever the control API names; raises what would stop them in Telegram."""
    if sender is None and chat.type == "channel":
        return Author(chat.id, {"sender_chat": chat.json})
    if sender is None and chat.person is not None:
        sender = chat.person.id
    if sender in ("anonymous_admin", ANONYMOUS_ADMIN.id) and chat.is_group:
        fields = {"from": ANONYMOUS_ADMIN.user, "sender_chat": chat.json}
        return Author(ANONYMOUS_ADMIN.id, fields)
    channel = _channel(world, sender)
    if channel is not None:
        return _as_channel(channel, chat)
    return as_person(world, chat, world.person("" if sender is None else sender))


def as_person(world: World, chat: Chat, person: Person) -> Author:
    """Write as a person; raises Forbidden where Telegram would not let them."""
    if chat.person is not None and chat.person is not person:
        raise Forbidden(f"a private chat is only {chat.person.handle}'s")
    if not chat.is_private:
        _require_voice(world, chat, person)
    if chat.type == "channel":
        return Author(person.id, {"sender_chat": chat.json})
    member = chat.members.get(person.id)
    if member is not None and member.is_admin and member.is_anonymous:
        return Author(person.id, {"from": ANONYMOUS_ADMIN.user, "sender_chat": chat.json})
    return Author(person.id, {"from": person.user})


def _require_voice(world: World, chat: Chat, person: Person) -> None:
    member = chat.member(person.id, world.clock.now())
    if chat.type == "channel":
        if member is None or not member.can("can_post_messages"):
            raise Forbidden(f"{person.handle} may not post in {chat.handle}")
        return
    if member is None or member.status == "left":
        if not (chat.linked_id or chat.username):
            raise Forbidden(f"{person.handle} is not a member of {chat.handle}")
        return
    if not member.is_inside or not member.may("can_send_messages"):
        raise Forbidden(f"{person.handle} may not write in {chat.handle}")


def _channel(world: World, sender: str | int | None) -> Chat | None:
    try:
        chat = world.chat(sender) if sender is not None else None
    except BadRequest:
        return None
    return chat if chat is not None and chat.type == "channel" else None


def _as_channel(channel: Chat, chat: Chat) -> Author:
    if chat is channel:
        return Author(channel.id, {"sender_chat": channel.json})
    if not chat.is_group:
        raise BadRequest("a channel writes only in itself or in a group")
    fields = {"from": CHANNEL_WRITER.user, "sender_chat": channel.json}
    return Author(channel.id, fields)
