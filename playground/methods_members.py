"""Bot API methods about chats and the people in them."""

from dataclasses import replace

from playground.access import find_chat, known_person, person_to_judge, standing
from playground.caller import Caller
from playground.calls import Ban, ChatCall, MemberCall, Restrict, Unban
from playground.chats import Chat
from playground.errors import BadRequest
from playground.members import PERMISSIONS, Member, lasting_until
from playground.messages import remove
from playground.shapes import Json, without_empty
from playground.standings import change_standing

_MEDIA_PERMISSIONS = tuple(name for name in PERMISSIONS if name.startswith("can_send_"))


def get_chat(caller: Caller, call: ChatCall) -> Json:
    """Tell all that a bot may know of a chat."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False
    )
    full: Json = {"accent_color_id": 0, "max_reaction_count": 11}
    full["accepted_gift_types"] = gifts | {"gifts_from_channels": False}
    full |= without_empty(linked_chat_id=chat.linked_id)
    if chat.is_group:
        full["permissions"] = chat.permissions
    return chat.json | full


def get_chat_member(caller: Caller, call: MemberCall) -> Json:
    """Tell someone's standing in a chat."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    _require_admin_of_channel(caller, chat)
    person = known_person(caller.world, call.user_id)
    return standing(caller.world, chat, person).shown(chat.type)


def get_chat_administrators(caller: Caller, call: ChatCall) -> list[Json]:
    """List a chat's admins; other bots are left out."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    if chat.is_private:
        raise BadRequest("there are no administrators in the private chat")
    _require_admin_of_channel(caller, chat)
    return [
        member.shown(chat.type)
        for member in chat.members.values()
        if member.is_admin and (not member.person.is_bot or member.person.id == caller.bot.id)
    ]


def get_chat_member_count(caller: Caller, call: ChatCall) -> int:
    """Count the people and bots in a chat."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    return 2 if chat.is_private else sum(member.is_inside for member in chat.members.values())


def restrict_chat_member(caller: Caller, call: Restrict) -> bool:
    """Take permissions from a member of a supergroup, or give them all back."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    if chat.type != "supergroup":
        raise BadRequest("method is available only for supergroups")
    person = person_to_judge(caller.world, chat, caller.bot, call.user_id)
    before = standing(caller.world, chat, person)
    permissions = _permissions(call)
    if all(permissions.get(name) for name in _MEDIA_PERMISSIONS):
        after = Member(person, "member" if before.is_inside else "left")
    else:
        until = lasting_until(call.until_date, caller.world.clock.now())
        after = Member(person, "restricted", permissions=permissions, until_date=until)
        after.is_member = before.is_inside
    change_standing(caller.world, chat, caller.bot.person, after)
    return True


def ban_chat_member(caller: Caller, call: Ban) -> bool:
    """Put someone out of a chat, for a time or for ever."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    person = person_to_judge(caller.world, chat, caller.bot, call.user_id)
    until = lasting_until(call.until_date, caller.world.clock.now())
    after = Member(person, "kicked", until_date=until)
    change_standing(caller.world, chat, caller.bot.person, after)
    if call.revoke_messages:
        _remove_all(caller, chat, person.id)
    return True


def unban_chat_member(caller: Caller, call: Unban) -> bool:
    """Let a banned person come back; without only_if_banned a member is put out, too."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    if chat.type == "group":
        raise BadRequest("method is available for supergroup and channel chats only")
    person = person_to_judge(caller.world, chat, caller.bot, call.user_id)
    before = standing(caller.world, chat, person)
    if before.status == "kicked" or (before.is_inside and not call.only_if_banned):
        change_standing(caller.world, chat, caller.bot.person, Member(person, "left"))
    return True


def leave_chat(caller: Caller, call: ChatCall) -> bool:
    """Leave a group or channel."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    if chat.is_private:
        raise BadRequest("chat not found")
    before = chat.members[caller.bot.id]
    after = replace(before, status="left", rights=frozenset(), permissions={}, until_date=0)
    change_standing(caller.world, chat, caller.bot.person, after)
    return True


def _require_admin_of_channel(caller: Caller, chat: Chat) -> None:
    """A channel shows its people to admins alone."""
    if chat.type == "channel" and not chat.members[caller.bot.id].is_admin:
        raise BadRequest("CHAT_ADMIN_REQUIRED")


def _permissions(call: Restrict) -> dict[str, bool]:
    """Return every permission; a coarse one covers the finer ones unless they are independent."""
    given = {name: bool(call.permissions.get(name)) for name in PERMISSIONS}
    if call.use_independent_chat_permissions:
        return given
    if given["can_send_other_messages"] or given["can_add_web_page_previews"]:
        given |= dict.fromkeys(_MEDIA_PERMISSIONS, True)
    return given


def _remove_all(caller: Caller, chat: Chat, author_id: int) -> None:
    for message in [one for one in chat.messages.values() if one.author_id == author_id]:
        remove(caller.world, message)
