"""Changing someone's place in a chat: updates for bots, service messages for everyone."""

from dataclasses import replace

from playground.announcing import bots_inside
from playground.authors import Author
from playground.chats import Chat
from playground.members import Member
from playground.messages import Draft, post
from playground.people import Person
from playground.shapes import Json
from playground.world import World


def change_standing(world: World, chat: Chat, by: Person, member: Member) -> None:
    """Give someone a new standing and tell the bots that should hear of it."""
    before = chat.member(member.person.id, world.clock.now()) or Member(member.person, "left")
    before = replace(before)
    chat.members[member.person.id] = member
    update = _update(world, chat, by, (before, member))
    for bot in list(world.bots.values()):
        if bot.id == member.person.id:
            bot.queue.put("my_chat_member", update, world.clock.now(), chat.id)
    for bot in bots_inside(world, chat):
        if bot.id != member.person.id and bot.id != by.id and chat.members[bot.id].is_admin:
            bot.queue.put("chat_member", update, world.clock.now(), chat.id)
    _tell(world, chat, by, (before, member))
    world.events.publish("chat", {"chat": chat.handle})


def set_private_block(world: World, chat: Chat, blocked: bool) -> None:
    """Let a person block or unblock the bot of a private chat."""
    if chat.person is None or chat.blocked == blocked:
        return
    chat.blocked = blocked
    bot = world.bots[chat.bot_id]
    states = [Member(bot.person), Member(bot.person, "kicked")]
    before, after = states if blocked else reversed(states)
    update = _update(world, chat, chat.person, (before, after))
    bot.queue.put("my_chat_member", update, world.clock.now(), chat.id)
    world.events.publish("chat", {"chat": chat.handle})


def _update(world: World, chat: Chat, by: Person, states: tuple[Member, Member]) -> Json:
    before, after = states
    return {
        "chat": chat.json,
        "from": by.user,
        "date": world.clock.date(),
        "old_chat_member": before.shown(chat.type),
        "new_chat_member": after.shown(chat.type),
    }


def _tell(world: World, chat: Chat, by: Person, states: tuple[Member, Member]) -> None:
    """Write Telegram's own line about who came or went; channels have none."""
    before, after = states
    if not chat.is_group or before.is_inside == after.is_inside:
        return
    user = after.person.user
    content = {"new_chat_members": [user]} if after.is_inside else {"left_chat_member": user}
    post(world, chat, Author(by.id, {"from": by.user}), Draft(content))
