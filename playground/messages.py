"""Writing, editing and removing messages; whatever changes here is announced."""

from dataclasses import dataclass

from playground.announcing import announce, announce_removal
from playground.authors import Author, as_telegram
from playground.chats import Chat, Message
from playground.errors import BadRequest
from playground.shapes import Json
from playground.world import World

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
# What a message carries besides text, and so has a caption.
MEDIA = ("photo", "document")


@dataclass(frozen=True, slots=True)
class Draft:
    """A message about to be written: `content` in the Bot API's own fields, `date` if not now."""

    content: Json
    reply_to: Message | None = None
    thread_id: int = 0
    date: int = 0


def post(world: World, chat: Chat, author: Author, draft: Draft) -> Message:
    """Write a message and tell everyone who sees it."""
    message = record(world, chat, author, draft)
    announce(world, message)
    if chat.type == "channel" and chat.linked_id:
        group, forwarded = world.chats[chat.linked_id], as_forwarded(message)
        message.copy = post(world, group, as_telegram(chat), forwarded)
    return message


def record(world: World, chat: Chat, author: Author, draft: Draft) -> Message:
    """Write a message without telling anyone, as history or before announcing it."""
    body = {"message_id": chat.next_message_id(), **author.fields}
    body |= {
        "chat": chat.json,
        "date": draft.date or world.clock.date(),
        **_reply(chat, draft),
        **draft.content,
    }
    message = Message(chat, author.id, body)
    chat.keep(message)
    return message


def edit(world: World, message: Message, changes: Json) -> None:
    """Change a message and tell everyone; raises BadRequest when nothing changes."""
    changed = {name: value for name, value in (message.body | changes).items() if value}
    if changed == message.body:
        raise BadRequest(
            "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message"
        )
    if set(changes) != {"reply_markup"}:
        changed["edit_date"] = world.clock.date()
    message.body = changed
    announce(world, message, edited=True)
    copied = {name: value for name, value in changes.items() if name != "reply_markup"}
    copy = discussion_copy(message)
    if copy is not None and copied:
        edit(world, copy, copied)


def remove(world: World, message: Message) -> None:
    """Delete a message for everyone; a channel's post takes its copy in the discussion along."""
    message.chat.messages.pop(message.id, None)
    message.removed = True
    announce_removal(world, message)
    copy = discussion_copy(message)
    if copy is not None:
        remove(world, copy)


def quoted(message: Message) -> Json:
    """Return a message as a reply carries it: without the message it replies to itself."""
    return {name: value for name, value in message.body.items() if name != "reply_to_message"}


def thread_of(message: Message) -> int:
    """Return the id of the message that a reply to this one belongs under."""
    return int(message.body.get("message_thread_id") or message.id)


def _reply(chat: Chat, draft: Draft) -> Json:
    fields: Json = {}
    if draft.reply_to is not None:
        fields["reply_to_message"] = quoted(draft.reply_to)
    if chat.type == "supergroup" and draft.reply_to is not None:
        fields["message_thread_id"] = thread_of(draft.reply_to)
    elif draft.thread_id and chat.type == "supergroup":
        fields["message_thread_id"] = draft.thread_id
    return fields


def as_forwarded(message: Message) -> Draft:
    """Draw a channel's post as Telegram puts it into the discussion group."""
    own = ("message_id", "chat", "date", "from", "sender_chat", "edit_date", "reply_markup")
    body = message.body
    content = {name: value for name, value in body.items() if name not in own}
    content.pop("reply_to_message", None)
    origin = {"type": "channel", "chat": message.chat.json, "message_id": message.id}
    content["forward_origin"] = origin | {"date": body["date"]}
    content["is_automatic_forward"] = True
    return Draft(content, date=body["date"])


def discussion_copy(post: Message) -> Message | None:
    """Return the automatic forward of a channel's post, where comments hang; None without one."""
    return post.copy if post.copy is not None and not post.copy.removed else None
