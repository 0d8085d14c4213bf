"""The Bot API's table of methods: name, parameters, what is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from playground import calls
from playground import methods_account as account
from playground import methods_editing as editing
from playground import methods_members as members
from playground import methods_sending as sending
from playground.caller import Caller
from playground.errors import BadRequest, NotFound

C = TypeVar("C", bound=calls.Call)


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its canonical name, the model of its parameters, its function."""

    name: str
    takes: type[calls.Call]
    do: Callable[[Caller, Any], Any]


_TABLE = (
    Method("getMe", calls.Call, account.get_me),
    Method("logOut", calls.Call, account.do_nothing),
    Method("close", calls.Call, account.do_nothing),
    Method("setWebhook", calls.SetWebhook, account.set_webhook),
    Method("deleteWebhook", calls.DeleteWebhook, account.delete_webhook),
    Method("getWebhookInfo", calls.Call, account.get_webhook_info),
    Method("setMyCommands", calls.SetCommands, account.set_my_commands),
    Method("getMyCommands", calls.Commands, account.get_my_commands),
    Method("deleteMyCommands", calls.Commands, account.delete_my_commands),
    Method("getFile", calls.GetFile, account.get_file),
    Method("sendMessage", calls.SendMessage, sending.send_message),
    Method("sendPhoto", calls.SendPhoto, sending.send_photo),
    Method("sendDocument", calls.SendDocument, sending.send_document),
    Method("sendMediaGroup", calls.SendMediaGroup, sending.send_media_group),
    Method("sendChatAction", calls.SendChatAction, sending.send_chat_action),
    Method("forwardMessage", calls.ForwardMessage, sending.forward_message),
    Method("copyMessage", calls.CopyMessage, sending.copy_message),
    Method("editMessageText", calls.EditText, editing.edit_message_text),
    Method("editMessageCaption", calls.EditCaption, editing.edit_message_caption),
    Method("editMessageMedia", calls.EditMedia, editing.edit_message_media),
    Method("editMessageReplyMarkup", calls.EditMarkup, editing.edit_message_reply_markup),
    Method("deleteMessage", calls.MessageCall, editing.delete_message),
    Method("deleteMessages", calls.DeleteMessages, editing.delete_messages),
    Method("setMessageReaction", calls.SetReaction, editing.set_message_reaction),
    Method("answerCallbackQuery", calls.AnswerCallback, editing.answer_callback_query),
    Method("getChat", calls.ChatCall, members.get_chat),
    Method("getChatMember", calls.MemberCall, members.get_chat_member),
    Method("getChatAdministrators", calls.ChatCall, members.get_chat_administrators),
    Method("getChatMemberCount", calls.ChatCall, members.get_chat_member_count),
    Method("restrictChatMember", calls.Restrict, members.restrict_chat_member),
    Method("banChatMember", calls.Ban, members.ban_chat_member),
    Method("unbanChatMember", calls.Unban, members.unban_chat_member),
    Method("leaveChat", calls.ChatCall, members.leave_chat),
)
METHODS = {method.name.lower(): method for method in _TABLE}

_REFUSALS = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "from_chat_id is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "can't parse message identifiers JSON object",
    "user_id": "invalid user_id specified",
    "reply_markup": "can't parse reply keyboard markup JSON object",
    "reply_parameters": "can't parse reply parameters JSON object",
    "media": "can't parse media JSON object",
    "entities": "can't parse message entities JSON object",
    "caption_entities": "can't parse message entities JSON object",
    "commands": "can't parse commands JSON object",
    "permissions": "can't parse permissions JSON object",
    "reaction": "can't parse reaction types JSON object",
    "allowed_updates": "can't parse allowed updates JSON object",
}


def call_method(caller: Caller, name: str, parameters: Mapping[str, Any]) -> Any:
    """Carry out a method named in any case; raises ApiError as Telegram refuses."""
    method = METHODS.get(name.lower())
    if method is None:
        raise NotFound("method not found")
    caller.world.failures.strike(method.name)
    return method.do(caller, read_call(method.takes, parameters))


def read_call(takes: type[C], parameters: Mapping[str, Any]) -> C:
    """Read parameters into a method's model; empty strings count as not given."""
    given = {name: value for name, value in parameters.items() if value not in ("", None)}
    try:
        return takes.model_validate(given)
    except ValidationError as refusal:
        field = str(refusal.errors()[0]["loc"][0])
        raise BadRequest(_REFUSALS.get(field, f"invalid {field} specified")) from refusal
