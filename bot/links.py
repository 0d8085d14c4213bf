"""Links to messages, where Telegram has any."""

from collections.abc import Mapping

SUPERGROUP = "-100"


def message_link(chat_id: int, message_id: int, names: Mapping[int, str] | None = None) -> str:
    """Link to a message: for its chat's members, or for everyone where the chat's name is known.

    `names` are the public ones by chat. Empty where Telegram has no such links: groups that are
    no supergroups, private chats.
    """
    if name := (names or {}).get(chat_id):
        return f"https://t.me/{name}/{message_id}"
    chat = str(chat_id)
    if not chat.startswith(SUPERGROUP):
        return ""
    return f"https://t.me/c/{chat.removeprefix(SUPERGROUP)}/{message_id}"
