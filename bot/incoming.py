"""What the intake reads of a Telegram message: these fields alone, under aiogram's names.

aiogram's own type knows a hundred fields, takes several times as long, and refuses a message for
one field that it does not understand. It is for handlers, which need more.
"""

from datetime import datetime

from pydantic import BaseModel, Field


class Sender(BaseModel):
    """A person or a bot."""

    id: int
    is_bot: bool
    first_name: str
    last_name: str | None = None
    language_code: str | None = None

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name


class SourceChat(BaseModel):
    """Where a message was written, or the chat that it speaks for."""

    id: int
    type: str
    title: str | None = None
    username: str | None = None


class Entity(BaseModel):
    """A stretch of the text that Telegram has marked, in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None


class Document(BaseModel):
    """An attached file."""

    file_name: str | None = None


class Origin(BaseModel):
    """Where a forwarded message was first written; `chat` and `message_id` are a channel's."""

    type: str
    date: datetime
    chat: SourceChat | None = None
    message_id: int | None = None


class Button(BaseModel):
    """A button below a message."""

    callback_data: str | None = None


class Keyboard(BaseModel):
    """The buttons below a message."""

    inline_keyboard: list[list[Button]]


class RepliedMessage(BaseModel):
    """The message that another one replies to."""

    message_id: int
    reply_markup: Keyboard | None = None


class IncomingMessage(BaseModel):
    """A message as Telegram hands it over."""

    message_id: int
    date: datetime
    chat: SourceChat
    from_user: Sender | None = Field(None, alias="from")
    sender_chat: SourceChat | None = None
    is_automatic_forward: bool | None = None
    forward_origin: Origin | None = None
    text: str | None = None
    caption: str | None = None
    entities: list[Entity] | None = None
    document: Document | None = None
    edit_date: int | None = None
    message_thread_id: int | None = None
    media_group_id: str | None = None
    reply_to_message: RepliedMessage | None = None
