"""What people do: write, edit, delete, press buttons, react. The control API's verbs."""

import base64
import binascii
from contextlib import suppress

from pydantic import BaseModel, ConfigDict

from playground.announcing import bots_inside, shown
from playground.authors import as_anyone
from playground.callbacks import Query
from playground.chats import Chat, Message
from playground.entities import plain
from playground.errors import BadRequest, Forbidden
from playground.files import Upload
from playground.messages import (
    CAPTION_LENGTH,
    TEXT_LENGTH,
    Draft,
    discussion_copy,
    edit,
    post,
    remove,
)
from playground.people import Person
from playground.shapes import Json, without_empty
from playground.world import World


class Order(BaseModel):
    """What the control API takes is refused when it names something unknown."""

    model_config = ConfigDict(extra="forbid")


class File(Order):
    """A file to attach: its bytes in base64."""

    data: str
    name: str = "photo.jpg"
    mime_type: str = "application/octet-stream"

    def upload(self) -> Upload:
        try:
            data = base64.b64decode(self.data, validate=True)
        except binascii.Error as broken:
            raise BadRequest("file data is not base64") from broken
        return Upload(self.name, data, self.mime_type)


class Writing(Order):
    """A message to write; `comment_to` names a channel's post, `photo_id` a file known already."""

    chat: str | int
    sender: str | int | None = None
    text: str = ""
    reply_to: int = 0
    comment_to: int = 0
    photo: File | None = None
    photo_id: str = ""
    document: File | None = None
    media_group_id: str = ""


class Place(Order):
    """A message that exists."""

    chat: str | int
    message_id: int
    sender: str | int | None = None


class Edit(Place):
    text: str


class Press(Place):
    data: str
    wait_seconds: float = 0


class Reaction(Place):
    emoji: str = ""


def write(world: World, writing: Writing) -> Message:
    """Write a message as anyone."""
    chat, reply_to = _place(world, writing)
    author = as_anyone(world, chat, writing.sender)
    if chat.is_private and chat.blocked:
        raise Forbidden(f"{chat.handle}: the bot is blocked, unblock it first")
    draft = Draft(_content(world, writing), reply_to)
    chat.started = True
    return post(world, chat, author, draft)


def edit_as_person(world: World, order: Edit) -> Message:
    """Change the text of a message that the sender wrote."""
    message = _own(world, order)
    names = ("text", "entities") if "text" in message.body else ("caption", "caption_entities")
    read = plain(order.text)
    if not read.text and names[0] == "text":
        raise BadRequest("message text is empty")
    edit(world, message, {names[0]: read.text or None, names[1]: read.entities or None})
    return message


def delete_as_person(world: World, order: Place) -> Message:
    """Delete a message: one's own, or anyone's with an admin's right."""
    message = world.message(world.chat(order.chat), order.message_id)
    member = None
    if order.sender is not None and not message.chat.is_private:
        with suppress(BadRequest):
            member = message.chat.members.get(world.person(order.sender).id)
    if member is None or not member.can("can_delete_messages"):
        message = message if message.chat.is_private else _own(world, order)
    remove(world, message)
    return message


def press(world: World, order: Press) -> Query:
    """Press an inline button; the bot that wrote the message gets a callback query."""
    message = world.message(world.chat(order.chat), order.message_id)
    person = _presser(world, message.chat, order.sender)
    rows = message.body.get("reply_markup", {}).get("inline_keyboard", [])
    if not any(button.get("callback_data") == order.data for row in rows for button in row):
        raise BadRequest(f"message {message.id} has no button with data {order.data!r}")
    bot = world.bots.get(message.author_id)
    if bot is None:
        raise BadRequest("only a bot's buttons can be pressed")
    now, place = world.clock.now(), (message.chat.id, message.id)
    query = world.callbacks.open(bot.id, person.id, place, now)
    content: Json = {"id": query.id, "from": person.user, "message": message.body}
    content |= {"chat_instance": str(abs(message.chat.id) * 7919), "data": order.data}
    bot.queue.put("callback_query", content, now, message.chat.id)
    return query


def react(world: World, order: Reaction) -> Message:
    """Put a person's reaction on a message; an empty one takes it away."""
    message = world.message(world.chat(order.chat), order.message_id)
    person = _presser(world, message.chat, order.sender)
    before = message.reactions.get(person.id, [])
    after: list[Json] = [{"type": "emoji", "emoji": order.emoji}] if order.emoji else []
    message.reactions[person.id] = after
    if not after:
        del message.reactions[person.id]
    if before != after:
        _tell_reaction(world, message, person, (before, after))
    world.events.publish("message", shown(message))
    return message


def _place(world: World, writing: Writing) -> tuple[Chat, Message | None]:
    chat = world.chat(writing.chat)
    if chat.migrated_to:
        chat = world.chats[chat.migrated_to]
    if writing.comment_to:
        copy = discussion_copy(world.message(chat, writing.comment_to))
        if copy is None:
            raise BadRequest("the post has no comments: its channel has no discussion group")
        chat = copy.chat
        return chat, world.message(chat, writing.reply_to) if writing.reply_to else copy
    return chat, world.message(chat, writing.reply_to) if writing.reply_to else None


def _content(world: World, writing: Writing) -> Json:
    read = plain(writing.text)
    media = _media(world, writing)
    if not media and not read.text:
        raise BadRequest("message text is empty")
    if len(read.text) > (CAPTION_LENGTH if media else TEXT_LENGTH):
        raise BadRequest("message is too long")
    if media:
        named = without_empty(caption=read.text, caption_entities=read.entities)
        return media | named | without_empty(media_group_id=writing.media_group_id)
    return without_empty(text=read.text, entities=read.entities)


def _media(world: World, writing: Writing) -> Json:
    if writing.photo_id:
        return {"photo": world.files.get(writing.photo_id).photo()}
    if writing.photo is not None:
        return {"photo": world.files.add_photo(writing.photo.upload()).photo()}
    if writing.document is not None:
        return {"document": world.files.add_document(writing.document.upload()).document()}
    return {}


def _own(world: World, order: Place) -> Message:
    message = world.message(world.chat(order.chat), order.message_id)
    author = as_anyone(world, message.chat, order.sender) if order.sender is not None else None
    if author is not None and author.id != message.author_id:
        raise Forbidden(f"message {message.id} was not written by {order.sender}")
    return message


def _presser(world: World, chat: Chat, sender: str | int | None) -> Person:
    if sender is None and chat.person is not None:
        return chat.person
    person = world.person("" if sender is None else sender)
    member = chat.member(person.id, world.clock.now())
    if member is not None and member.status == "kicked":
        raise Forbidden(f"{person.handle} was put out of {chat.handle}")
    return person


def _tell_reaction(
    world: World, message: Message, person: Person, change: tuple[list[Json], list[Json]]
) -> None:
    chat, now = message.chat, world.clock.now()
    content: Json = {"chat": chat.json, "message_id": message.id, "date": world.clock.date()}
    if chat.type == "channel":
        kind = "message_reaction_count"
        counts = shown(message)["reactions"].items()
        content["reactions"] = [
            {"type": {"type": "emoji", "emoji": emoji}, "total_count": n} for emoji, n in counts
        ]
    else:
        kind = "message_reaction"
        content |= {"user": person.user, "old_reaction": change[0], "new_reaction": change[1]}
    for bot in bots_inside(world, chat):
        if chat.is_private or chat.members[bot.id].is_admin:
            bot.queue.put(kind, content, now, chat.id)
