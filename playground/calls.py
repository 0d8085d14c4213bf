"""What each Bot API method takes: one model a method, read from strings or JSON alike."""

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from playground.shapes import Json


def _parsed(value: Any) -> Any:
    """Read JSON that came as a string; a broken one is a ValueError, so the field is refused."""
    return json.loads(value) if isinstance(value, str) else value


def _chat_id(value: Any) -> Any:
    text = str(value).strip()
    return int(text) if text.lstrip("-").isdecimal() else text


Parsed = BeforeValidator(_parsed)
ChatId = Annotated[int | str, BeforeValidator(_chat_id)]
Markup = Annotated[Json | None, Parsed]


class Call(BaseModel):
    """The parameters of one call; those that Telegram has and we don't are left alone."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Entity(Call):
    """A marked stretch of text, counted in UTF-16 units."""

    type: str
    offset: int = Field(ge=0, le=10_000)
    length: int = Field(ge=0, le=10_000)
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    user: Json | None = None


Entities = Annotated[list[Entity] | None, Parsed]


class Reaction(Call):
    """A reaction that a bot may put: an emoji."""

    type: str
    emoji: str = Field(min_length=1, max_length=16)


class ReplyParameters(Call):
    message_id: int
    chat_id: ChatId | None = None
    allow_sending_without_reply: bool = False


class ChatCall(Call):
    chat_id: ChatId


class Send(ChatCall):
    """What every method that writes a message takes."""

    message_thread_id: int = 0
    reply_parameters: Annotated[ReplyParameters | None, Parsed] = None
    reply_to_message_id: int = 0
    allow_sending_without_reply: bool = False
    reply_markup: Markup = None
    protect_content: bool = False

    def reply(self) -> ReplyParameters | None:
        """Return what is replied to, named the new or the old way."""
        if self.reply_parameters is not None or not self.reply_to_message_id:
            return self.reply_parameters
        return ReplyParameters(
            message_id=self.reply_to_message_id,
            allow_sending_without_reply=self.allow_sending_without_reply,
        )


class WithText(Call):
    text: str = ""
    parse_mode: str = ""
    entities: Entities = None


class WithCaption(Call):
    caption: str = ""
    parse_mode: str = ""
    caption_entities: Entities = None


class SendMessage(Send, WithText):
    pass


class SendPhoto(Send, WithCaption):
    photo: str = ""


class SendDocument(Send, WithCaption):
    document: str = ""


class InputMedia(WithCaption):
    type: str
    media: str


class SendMediaGroup(Send):
    media: Annotated[list[InputMedia], Parsed]


class SendChatAction(ChatCall):
    action: str


class ForwardMessage(ChatCall):
    from_chat_id: ChatId
    message_id: int
    message_thread_id: int = 0


class CopyMessage(Send, WithCaption):
    from_chat_id: ChatId
    message_id: int


class MessageCall(ChatCall):
    message_id: int = 0


class EditText(MessageCall, WithText):
    reply_markup: Markup = None


class EditCaption(MessageCall, WithCaption):
    reply_markup: Markup = None


class EditMedia(MessageCall):
    media: Annotated[InputMedia, Parsed]
    reply_markup: Markup = None


class EditMarkup(MessageCall):
    reply_markup: Markup = None


class DeleteMessages(ChatCall):
    message_ids: Annotated[list[int], Parsed]


class SetReaction(MessageCall):
    reaction: Annotated[list[Reaction], Parsed] = Field(default_factory=list)


class GetUpdates(Call):
    offset: int = 0
    limit: int = 100
    timeout: int = 0
    allowed_updates: Annotated[list[str] | None, Parsed] = None


class SetWebhook(Call):
    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    drop_pending_updates: bool = False
    allowed_updates: Annotated[list[str] | None, Parsed] = None


class DeleteWebhook(Call):
    drop_pending_updates: bool = False


class AnswerCallback(Call):
    callback_query_id: str = ""
    text: str = ""
    show_alert: bool = False
    url: str = ""


class BotCommand(Call):
    command: str
    description: str


class CommandScope(Call):
    type: str = "default"
    chat_id: ChatId | None = None
    user_id: int | None = None


class Commands(Call):
    scope: Annotated[CommandScope | None, Parsed] = None
    language_code: str = ""

    def key(self) -> tuple[str, str]:
        """Return the place where commands of this scope and language are kept."""
        scope = self.scope or CommandScope()
        parts = (scope.type, scope.chat_id, scope.user_id)
        return ":".join(str(part) for part in parts if part is not None), self.language_code


class SetCommands(Commands):
    commands: Annotated[list[BotCommand], Parsed]


class MemberCall(ChatCall):
    user_id: int


class Restrict(MemberCall):
    permissions: Annotated[dict[str, bool], Parsed]
    use_independent_chat_permissions: bool = False
    until_date: int = 0


class Ban(MemberCall):
    until_date: int = 0
    revoke_messages: bool = False


class Unban(MemberCall):
    only_if_banned: bool = False


class GetFile(Call):
    file_id: str = ""
