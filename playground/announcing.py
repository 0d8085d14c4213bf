"""Who hears of what: a bot's updates by Telegram's rules, and open pages by events."""

from collections.abc import Iterator

from playground.bots import Bot
from playground.chats import Chat, Message
from playground.shapes import Json
from playground.world import World

SERVICE = ("new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id")


def announce(world: World, message: Message, edited: bool = False) -> None:
    """Queue a message for every bot that sees it, and show it on open pages."""
    kind = "channel_post" if message.chat.type == "channel" else "message"
    kind = f"edited_{kind}" if edited else kind
    now = world.clock.now()
    for bot in _readers(world, message):
        bot.queue.put(kind, message.body, now, message.chat.id)
    if world.events.heard:
        world.events.publish("message", shown(message))


def announce_removal(world: World, message: Message) -> None:
    """Take a message off open pages; bots are not told, as in Telegram."""
    world.events.publish("removed", {"chat": message.chat.handle, "message_id": message.id})


def shown(message: Message) -> Json:
    """Return a message as the page and the control API see it."""
    reactors: dict[str, list[int]] = {}
    for person_id, reactions in message.reactions.items():
        for reaction in reactions:
            reactors.setdefault(str(reaction.get("emoji", "")), []).append(person_id)
    return message.body | {
        "chat_handle": message.chat.handle,
        "author_id": message.author_id,
        "reactions": {emoji: len(people) for emoji, people in reactors.items()},
        "reactors": reactors,
    }


def bots_inside(world: World, chat: Chat) -> Iterator[Bot]:
    """Yield the bots that are in a chat."""
    for bot in world.bots.values():
        if chat.is_private:
            if chat.bot_id == bot.id:
                yield bot
            continue
        member = chat.members.get(bot.id)
        if member is not None and member.is_inside:
            yield bot


def _readers(world: World, message: Message) -> Iterator[Bot]:
    if world.is_bot(message.author_id) and message.chat.type != "channel":
        return  # bots never see what bots write
    for bot in bots_inside(world, message.chat):
        if bot.id != message.author_id and _sees(bot, message):
            yield bot


def _sees(bot: Bot, message: Message) -> bool:
    chat = message.chat
    if chat.is_private:
        return True
    is_admin = chat.members[bot.id].is_admin
    if chat.type == "channel":
        return is_admin
    return is_admin or bot.can_read_all_group_messages or _is_addressed(bot, message)


def _is_addressed(bot: Bot, message: Message) -> bool:
    """Tell what privacy mode lets through: service, replies to the bot, commands, mentions."""
    body = message.body
    if any(name in body for name in SERVICE):
        return True
    if body.get("reply_to_message", {}).get("from", {}).get("id") == bot.id:
        return True
    name = f"@{bot.username.lower()}"
    for entity in body.get("entities") or body.get("caption_entities") or ():
        word = _cut(message.text, entity).lower()
        if entity["type"] == "bot_command" and (("@" not in word) or word.endswith(name)):
            return True
        if entity["type"] == "mention" and word == name:
            return True
    return False


def _cut(text: str, entity: Json) -> str:
    units = text.encode("utf-16-le")
    start = entity["offset"] * 2
    return units[start : start + entity["length"] * 2].decode("utf-16-le", "replace")
