"""Bot API methods that write messages."""

from playground.access import chat_to_write, find_chat, find_message
from playground.authors import as_bot
from playground.caller import Caller
from playground.calls import (
    ChatId,
    CopyMessage,
    ForwardMessage,
    Send,
    SendChatAction,
    SendDocument,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
)
from playground.chats import Chat, Message
from playground.errors import BadRequest
from playground.formatting import caption_content, text_content
from playground.keyboards import markup_content
from playground.media import media_content
from playground.messages import MEDIA, Draft, post
from playground.shapes import Json

GROUPED = (2, 10)
_OWN_FIELDS = ("text", "entities", "caption", "caption_entities", *MEDIA)


def send_message(caller: Caller, call: SendMessage) -> Json:
    """Write a text."""
    chat = chat_to_write(caller.world, caller.bot, call.chat_id)
    return _write(caller, chat, call, text_content(caller.world.people, call)).body


def send_photo(caller: Caller, call: SendPhoto) -> Json:
    """Write a picture with a caption."""
    chat = chat_to_write(caller.world, caller.bot, call.chat_id, "can_send_photos")
    content = caption_content(caller.world.people, call)
    content["photo"] = caller.stored_file("photo", call.photo).photo()
    return _write(caller, chat, call, content).body


def send_document(caller: Caller, call: SendDocument) -> Json:
    """Write a file with a caption."""
    chat = chat_to_write(caller.world, caller.bot, call.chat_id, "can_send_documents")
    content = caption_content(caller.world.people, call)
    content["document"] = caller.stored_file("document", call.document).document()
    return _write(caller, chat, call, content).body


def send_media_group(caller: Caller, call: SendMediaGroup) -> list[Json]:
    """Write an album: several messages that share a media_group_id."""
    chat = chat_to_write(caller.world, caller.bot, call.chat_id, "can_send_photos")
    if not GROUPED[0] <= len(call.media) <= GROUPED[1]:
        raise BadRequest("group send failed: expected from 2 to 10 media")
    contents = [media_content(caller, media) for media in call.media]
    caller.world.limits.spend(caller.bot.id, chat, caller.world.clock.now(), len(contents))
    group = {"media_group_id": str(next(caller.world.numbers))}
    author, reply_to = as_bot(caller.bot, chat), _replied(caller, chat, call)
    drafts = [Draft(content | group, reply_to, call.message_thread_id) for content in contents]
    return [post(caller.world, chat, author, draft).body for draft in drafts]


def send_chat_action(caller: Caller, call: SendChatAction) -> bool:
    """Show that the bot is busy, on open pages."""
    chat = chat_to_write(caller.world, caller.bot, call.chat_id)
    action = {"chat": chat.handle, "action": call.action, "bot": caller.bot.person.handle}
    caller.world.events.publish("action", action)
    return True


def forward_message(caller: Caller, call: ForwardMessage) -> Json:
    """Write a message again, saying where it is from."""
    source = _source(caller, call.from_chat_id, call.message_id, "message to forward")
    content = {name: source.body[name] for name in _OWN_FIELDS if name in source.body}
    content["forward_origin"] = source.body.get("forward_origin") or _origin(source)
    chat = chat_to_write(caller.world, caller.bot, call.chat_id)
    send = Send(chat_id=call.chat_id, message_thread_id=call.message_thread_id)
    return _write(caller, chat, send, content).body


def copy_message(caller: Caller, call: CopyMessage) -> Json:
    """Write a message's content again as the bot's own."""
    source = _source(caller, call.from_chat_id, call.message_id, "message to copy")
    content = {name: source.body[name] for name in _OWN_FIELDS if name in source.body}
    if "caption" in call.model_fields_set and "text" not in content:
        content = {name: content[name] for name in MEDIA if name in content}
        content |= caption_content(caller.world.people, call)
    chat = chat_to_write(caller.world, caller.bot, call.chat_id)
    return {"message_id": _write(caller, chat, call, content).id}


def _write(caller: Caller, chat: Chat, call: Send, content: Json) -> Message:
    content |= markup_content(call.reply_markup)
    if call.protect_content:
        content["has_protected_content"] = True
    draft = Draft(content, _replied(caller, chat, call), call.message_thread_id)
    caller.world.limits.spend(caller.bot.id, chat, caller.world.clock.now())
    return post(caller.world, chat, as_bot(caller.bot, chat), draft)


def _replied(caller: Caller, chat: Chat, call: Send) -> Message | None:
    reply = call.reply()
    if reply is None:
        return None
    if reply.message_id in chat.messages:
        return chat.messages[reply.message_id]
    if reply.allow_sending_without_reply:
        return None
    raise BadRequest("message to be replied not found")


def _source(caller: Caller, chat_id: ChatId, message_id: int, purpose: str) -> Message:
    chat = find_chat(caller.world, caller.bot, chat_id)
    source = find_message(chat, message_id, purpose)
    if not any(name in source.body for name in _OWN_FIELDS):
        raise BadRequest("message can't be copied")
    return source


def _origin(source: Message) -> Json:
    body, date = source.body, {"date": source.body["date"]}
    if source.chat.type == "channel":
        place = {"chat": source.chat.json, "message_id": source.id}
        return {"type": "channel", **date, **place}
    if "sender_chat" in body:
        return {"type": "chat", **date, "sender_chat": body["sender_chat"]}
    return {"type": "user", **date, "sender_user": body["from"]}
