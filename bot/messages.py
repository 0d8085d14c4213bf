"""A Telegram message as this project sees it; Telegram's own types stop at `to_message`."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.reviews.files import is_file_of_reviews
from bot.reviews.links import Mark, lone_link
from bot.reviews.pasted import looks_like_reviews
from core.contracts import storable

if TYPE_CHECKING:  # storage and its readers need the rows below, not seconds of loading aiogram
    from aiogram.types import Chat as TelegramChat
    from aiogram.types import Message as TelegramMessage

    from bot.incoming import IncomingMessage, SourceChat

    AnyMessage = TelegramMessage | IncomingMessage
    """Of either type the same fields are read here."""

# Telegram's own account: it posts a linked channel's posts into the discussion group.
TELEGRAM = 777000
# A command as Telegram's clients mark one: `/word` or `/word@bot` at the very start.
COMMAND = re.compile(r"/[A-Za-z0-9_]{1,64}(@\w+)?(?!\S)")
LARGEST_ID = 2**63 - 1
LONGEST_NAME = 128
# What the data of a button below a message begins with that asks for reviews to be pasted.
ASKS_FOR_PASTE = "reviews_paste1"


class UnreadableMessageError(ValueError):
    """Telegram's message holds a number that can't be one of its ids or times."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A private chat, group, supergroup or channel."""

    id: int
    kind: str
    title: str | None
    username: str | None = None
    """Its public name in small letters, where it is a group or channel that has one."""

    @property
    def is_private(self) -> bool:
        return self.kind == "private"


@dataclass(frozen=True, slots=True)
class Message:
    """One state of a message; its text is empty when an edit took it away."""

    chat: Chat
    message_id: int
    sender_id: int | None
    """A person, or the chat that an anonymous admin or a channel speaks as."""
    text: str
    sent_at: int
    edited_at: int
    """Epoch seconds; 0 when never edited."""
    thread_id: int | None
    reply_to: int | None
    album: str | None
    """Telegram's media_group_id, by which an album counts as one message."""
    update_id: int
    received_at: float
    language: str | None
    """What a person's Telegram is set to; known only where it is needed, in a private chat."""
    sender_name: str | None = None
    has_media: bool = False

    @property
    def id(self) -> str:
        return f"{self.chat.id}:{self.message_id}"


@dataclass(frozen=True, slots=True)
class PostCopy:
    """A channel's post as Telegram repeats it in the discussion group; comments hang there."""

    chat_id: int
    thread: int
    """The copy's id in the group: its comments have it for their thread."""
    channel_id: int
    post: int
    posted_at: int
    """Epoch seconds."""


@dataclass(frozen=True, slots=True)
class AlbumPart:
    """A picture or file of an album, in a group; most carry no words and are no `Message`."""

    chat_id: int
    message_id: int
    album: str
    """Telegram's media_group_id."""
    received_at: float


def is_not_a_persons(message: "AnyMessage") -> bool:
    """Tell whether nobody wrote this here: a bot did, or it repeats the linked channel's post."""
    sender = message.from_user
    if message.is_automatic_forward or (sender and sender.id == TELEGRAM):
        # The channel post itself has come as a channel_post: this copy would count it twice.
        return True
    # Anonymous admins (1087968824) and channels (136817688) are shown as bots but speak for
    # people: they carry a sender_chat.
    return bool(sender and sender.is_bot and message.sender_chat is None)


def text_to_score(message: "AnyMessage") -> str:
    """The message's text or caption; empty where there is none, or where it is a command.

    Outside private chats words behind a command count: `/x` must not hide an insult from a group.
    Empty as well where it asks for reviews to be read.
    """
    if message.chat.type == "private" and brings_reviews(message):
        return ""
    if not is_command(message):
        return storable(message.text or message.caption or "")
    text = message.text or message.caption or ""
    is_bare = COMMAND.fullmatch(text.strip()) is not None
    return "" if is_bare or message.chat.type == "private" else storable(text)


def brings_reviews(message: "AnyMessage") -> bool:
    """Tell whether a private message is a link, a file or a paste of reviews, and no text."""
    if message.document is not None:
        return is_file_of_reviews(message.document.file_name)
    if not message.text or is_command(message):
        return False
    return link_in(message) is not None or is_paste(message)


def link_in(message: "AnyMessage") -> str | None:
    """The link that is all that a message says, if it is one."""
    marks = [Mark(e.type, e.offset, e.length, e.url) for e in message.entities or ()]
    return lone_link(message.text or "", marks)


def is_paste(message: "AnyMessage") -> bool:
    """Tell whether a message pastes reviews: it answers our asking for them, or shows stars."""
    return answers_asking(message) or looks_like_reviews(message.text or "")


def answers_asking(message: "AnyMessage") -> bool:
    """Tell whether a text replies to a message that asks for reviews to be pasted."""
    asked = message.reply_to_message
    buttons = asked.reply_markup.inline_keyboard if asked and asked.reply_markup else ()
    has_asked = any(
        (button.callback_data or "").startswith(f"{ASKS_FOR_PASTE}:")
        for row in buttons
        for button in row
    )
    return has_asked and bool(message.text) and not is_command(message)


def is_command(message: "AnyMessage") -> bool:
    """Tell whether the message, or a file's caption, begins with a command, of whatever bot."""
    text = message.text or message.caption
    return bool(text and COMMAND.match(text))


def to_message(message: "AnyMessage", update_id: int, received_at: float) -> Message:
    """Turn Telegram's message into ours. Raises UnreadableMessageError.

    Every captioned part of an album is a message of its own: an insult may hide in the second
    caption. Parts without a caption carry no text and never come here: they are an `AlbumPart`.
    """
    edited_at = message.edit_date or 0
    sender_id = sender_of(message)
    check_ids(message.chat.id, sender_id or 0)
    check_ids(message.message_thread_id or 0, update_id)
    _check_not_negative(message.message_id, edited_at)
    reply_to = message.reply_to_message
    return Message(
        chat=to_chat(message.chat),
        message_id=message.message_id,
        sender_id=sender_id,
        text=text_to_score(message),
        sent_at=int(message.date.timestamp()),
        edited_at=edited_at,
        thread_id=message.message_thread_id,
        reply_to=_id_within_limits(reply_to.message_id) if reply_to else None,
        album=storable(message.media_group_id) if message.media_group_id else None,
        update_id=update_id,
        received_at=received_at,
        language=_language_of(message),
        sender_name=_name_of(message),
        has_media=message.text is None,
    )


def album_part(message: "AnyMessage", received_at: float) -> AlbumPart | None:
    """The part of a group's album that a message is, if it is. Raises UnreadableMessageError."""
    album = message.media_group_id
    if not album or message.chat.type not in ("group", "supergroup"):
        return None
    check_ids(message.chat.id)
    _check_not_negative(message.message_id)
    return AlbumPart(message.chat.id, message.message_id, storable(album), received_at)


def sender_of(message: "AnyMessage") -> int | None:
    """The id of who speaks: the chat that is spoken for, else the person; None in a channel."""
    if message.sender_chat:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else None


def _name_of(message: "AnyMessage") -> str | None:
    """The name that moderators are shown."""
    speaker = message.sender_chat.title if message.sender_chat else None
    name = speaker or (message.from_user.full_name if message.from_user else None)
    return storable(name)[:LONGEST_NAME] if name else None


def to_chat(chat: "TelegramChat | SourceChat") -> Chat:
    """Keep of Telegram's chat what this project needs."""
    title = storable(chat.title) if chat.title else None
    # A person's name is nothing to keep.
    name = storable(chat.username).lower() if chat.username and title else None
    return Chat(chat.id, storable(chat.type), title, name)


def _language_of(message: "AnyMessage") -> str | None:
    sender = message.from_user
    code = sender.language_code if sender and message.chat.type == "private" else None
    return storable(code) if code else None


def _id_within_limits(number: int) -> int:
    check_ids(number)
    return number


def check_ids(*numbers: int) -> None:
    """Refuse what SQLite can't hold. Raises UnreadableMessageError."""
    if any(abs(number) > LARGEST_ID for number in numbers):
        raise UnreadableMessageError("an id has more than 64 bits")


def _check_not_negative(*numbers: int) -> None:
    if any(not 0 <= number <= LARGEST_ID for number in numbers):
        raise UnreadableMessageError("a message id or an edit date is out of range")
