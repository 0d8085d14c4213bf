"""Bot API methods that change, delete or react to messages and answer button presses."""

from playground.access import find_chat, find_message, require_deletable
from playground.announcing import shown
from playground.caller import Caller
from playground.calls import (
    AnswerCallback,
    DeleteMessages,
    EditCaption,
    EditMarkup,
    EditMedia,
    EditText,
    MessageCall,
    SetReaction,
)
from playground.chats import Message
from playground.errors import BadRequest
from playground.formatting import caption_content, text_content
from playground.keyboards import markup_content
from playground.media import media_content
from playground.messages import MEDIA, edit, remove
from playground.shapes import Json, without_empty

ANSWER_LENGTH = 200
DELETED_AT_ONCE = 100


def edit_message_text(caller: Caller, call: EditText) -> Json:
    """Replace the text of the bot's own message, and its buttons."""
    message = _own(caller, call)
    content = text_content(caller.world.people, call)
    if "text" not in message.body:
        raise BadRequest("there is no text in the message to edit")
    changes = {"entities": None, "reply_markup": None} | content
    edit(caller.world, message, changes | markup_content(call.reply_markup))
    return message.body


def edit_message_caption(caller: Caller, call: EditCaption) -> Json:
    """Replace the caption of the bot's own message, and its buttons."""
    message = _own(caller, call)
    if "text" in message.body:
        raise BadRequest("there is no caption in the message to edit")
    content = caption_content(caller.world.people, call)
    changes = {"caption": None, "caption_entities": None, "reply_markup": None} | content
    edit(caller.world, message, changes | markup_content(call.reply_markup))
    return message.body


def edit_message_media(caller: Caller, call: EditMedia) -> Json:
    """Replace the picture or file of the bot's own message, with its caption and buttons.

    A text may be given a picture, too, and is gone then, as in Telegram.
    """
    message = _own(caller, call)
    if not any(name in message.body for name in ("text", *MEDIA)):
        raise BadRequest("message can't be edited")
    if "media_group_id" in message.body and call.media.type not in message.body:
        raise BadRequest("can't change media type in the album")
    before = ("text", "entities", "caption", "caption_entities", "reply_markup", *MEDIA)
    changes = dict.fromkeys(before) | media_content(caller, call.media)
    edit(caller.world, message, changes | markup_content(call.reply_markup))
    return message.body


def edit_message_reply_markup(caller: Caller, call: EditMarkup) -> Json:
    """Replace the buttons of the bot's own message; none given takes them away."""
    message = _own(caller, call)
    edit(caller.world, message, {"reply_markup": None} | markup_content(call.reply_markup))
    return message.body


def delete_message(caller: Caller, call: MessageCall) -> bool:
    """Delete one message."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    message = find_message(chat, call.message_id, "message to delete")
    require_deletable(caller.world, caller.bot, message)
    remove(caller.world, message)
    return True


def delete_messages(caller: Caller, call: DeleteMessages) -> bool:
    """Delete up to 100 messages; those that are gone are skipped."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    if not call.message_ids:
        raise BadRequest("message identifiers are not specified")
    if len(call.message_ids) > DELETED_AT_ONCE:
        raise BadRequest("too many message identifiers specified")
    found = [chat.messages[number] for number in call.message_ids if number in chat.messages]
    for message in found:
        require_deletable(caller.world, caller.bot, message)
    for message in found:
        remove(caller.world, message)
    return True


def set_message_reaction(caller: Caller, call: SetReaction) -> bool:
    """Put the bot's reaction on a message; an empty list takes it away."""
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    message = find_message(chat, call.message_id, "message to react")
    if len(call.reaction) > 1:
        raise BadRequest("REACTIONS_TOO_MANY")
    message.reactions[caller.bot.id] = [reaction.model_dump() for reaction in call.reaction]
    caller.world.events.publish("message", shown(message))
    return True


def answer_callback_query(caller: Caller, call: AnswerCallback) -> bool:
    """Answer a button's press with a short notice, an alert or nothing."""
    if len(call.text) > ANSWER_LENGTH:
        raise BadRequest("MESSAGE_TOO_LONG")
    answer = {"text": call.text, "show_alert": call.show_alert, "url": call.url}
    now = caller.world.clock.now()
    query = caller.world.callbacks.answer(call.callback_query_id, caller.bot.id, answer, now)
    person = caller.world.people[query.person_id].handle
    place = without_empty(callback_query_id=query.id, person=person, message_id=query.message_id)
    caller.world.events.publish("callback_answer", place | answer)
    return True


def _own(caller: Caller, call: MessageCall) -> Message:
    chat = find_chat(caller.world, caller.bot, call.chat_id)
    message = find_message(chat, call.message_id, "message to edit")
    may_edit = message.author_id == caller.bot.id or (
        chat.type == "channel" and chat.members[caller.bot.id].can("can_edit_messages")
    )
    if not may_edit:
        raise BadRequest("message can't be edited")
    return message
