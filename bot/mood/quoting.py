"""How threads and texts are quoted: shortened, and linked to where Telegram has links. Pure."""

import html
from collections.abc import Mapping

from bot.links import message_link
from bot.storage.moods import ThreadMood
from bot.storage.moods_texts import DrawnText

LONGEST_QUOTE = 48

Names = Mapping[int, str]
"""The public names of chats that have one."""


def shorten(text: str, longest: int) -> str:
    """Put a text on one line of HTML, with an ellipsis where it is longer."""
    line = " ".join(text.split())
    return html.escape(line if len(line) <= longest else line[: longest - 1].rstrip() + "…")


def linked(place: tuple[int, int] | None, words: str, names: Names) -> str:
    """Link words to a chat's message, where that can be linked to."""
    shown = shorten(words, LONGEST_QUOTE)
    link = message_link(*place, names) if place else ""
    return f'<a href="{link}">{shown}</a>' if link else shown


def quoted(text: DrawnText, names: Names) -> str:
    """Quote a text, linked to its message."""
    chat, _, number = text.message.rpartition(":")
    # In a supergroup that was a group old numbers name other messages.
    place = (text.chat_id, int(number)) if int(chat) == text.chat_id else None
    return linked(place, text.text, names)


def place_of(thread: ThreadMood) -> tuple[int, int]:
    """The chat and message that a thread begins with: the post itself, not its copy."""
    if thread.channel_id is not None and thread.post is not None:
        return thread.channel_id, thread.post
    return thread.chat_id, thread.thread
