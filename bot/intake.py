"""Takes in what Telegram hands over: stored in SQLite and Redis, and only then received.

Polling and the webhook both come here. Storing the same updates again is harmless.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import redis.asyncio
from aiogram.types import Message as TelegramMessage
from loguru import logger
from pydantic import ValidationError
from rq import Queue

from bot.incoming import IncomingMessage
from bot.messages import (
    AlbumPart,
    Message,
    PostCopy,
    UnreadableMessageError,
    album_part,
    answers_asking,
    check_ids,
    is_command,
    is_not_a_persons,
    text_to_score,
    to_message,
)
from bot.storage import albums, channel_posts, messages, watched_posts
from bot.storage.database import Storage
from core.queues import UPDATES, put_texts

RawUpdate = dict[str, Any]

MESSAGE_UPDATES = ("message", "edited_message", "channel_post", "edited_channel_post")
# For the handlers as they are. chat_member and reactions come only when they are asked for.
OTHER_UPDATES = (
    "callback_query",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
)
ALLOWED_UPDATES = [*MESSAGE_UPDATES, *OTHER_UPDATES]

# What is read of a message, here, in bot/messages.py and where a group moves.
FIELDS = frozenset(
    {
        "message_id",
        "date",
        "chat",
        "from",
        "sender_chat",
        "is_automatic_forward",
        "text",
        "caption",
        "edit_date",
        "message_thread_id",
        "media_group_id",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
    }
)
FIELDS_OF_REPLY = frozenset({"message_id", "date", "chat"})
# By which a message brings reviews; the buttons are those of the message that it replies to.
BRINGING = frozenset({"entities", "document", "reply_markup"})


@dataclass(frozen=True, slots=True)
class Batch:
    """Updates sorted by where they go."""

    to_score: list[Message] = field(default_factory=list)
    to_handle: list[RawUpdate] = field(default_factory=list)
    posts: list[PostCopy] = field(default_factory=list)
    album_parts: list[AlbumPart] = field(default_factory=list)


def sort_updates(updates: Iterable[RawUpdate], received_at: float) -> Batch:
    """Part texts from what the handlers see; an update that can't be read stops no other."""
    batch = Batch()
    for update in updates:
        try:
            _sort(batch, update, received_at)
        except (ValidationError, UnreadableMessageError) as error:
            logger.error(
                "update {} can't be read and is passed over: {}",
                update.get("update_id"),
                _without_values(error),
            )
    return batch


class Intake:
    """Stores updates where nothing that happens to this process can lose them."""

    def __init__(
        self,
        storage: Storage,
        connection: redis.asyncio.Redis,
        score_queue: Queue,
        on_plans: Callable[[], None] | None = None,
    ) -> None:
        self._storage = storage
        self._connection = connection
        self._score_queue = score_queue
        self._on_plans = on_plans

    async def store(self, updates: Sequence[RawUpdate], received_at: float) -> None:
        """Store updates. Raises sqlite3.Error or redis.RedisError: then store them again."""
        batch = sort_updates(updates, received_at)
        # SQLite first: from then on the sweep would find a text, even if Redis lost it.
        texts = []
        if batch.posts:
            await self._storage.write(channel_posts.save, batch.posts)
        if batch.album_parts:
            await self._store_album_parts(batch.album_parts)
        if batch.to_score:
            texts = await self._storage.write(messages.save, batch.to_score)
        if public := [message for message in batch.to_score if is_public_post(message)]:
            await self._storage.write(watched_posts.give_way, public)
        await self._put_updates(batch.to_handle)
        await put_texts(self._connection, self._score_queue, texts)

    async def _store_album_parts(self, parts: Sequence[AlbumPart]) -> None:
        if await self._storage.write(albums.save, parts) and self._on_plans:
            self._on_plans()

    async def _put_updates(self, updates: Sequence[RawUpdate]) -> None:
        if not updates:
            return
        async with self._connection.pipeline(transaction=True) as pipe:
            for update in updates:
                # ASCII, so that half a surrogate pair survives.
                pipe.xadd(UPDATES, {"update": json.dumps(update)})
            await pipe.execute()


def is_public_post(message: Message) -> bool:
    """Tell whether anyone may read this outside of Telegram, too: then it may be watched there."""
    return message.chat.kind == "channel" and message.chat.username is not None


def _sort(batch: Batch, update: RawUpdate, received_at: float) -> None:
    for kind in MESSAGE_UPDATES:
        if kind in update:
            _sort_message(batch, update, kind, received_at)
            return
    if any(kind in update for kind in OTHER_UPDATES):
        batch.to_handle.append(update)


def _sort_message(batch: Batch, update: RawUpdate, kind: str, received_at: float) -> None:
    message = _read_message(update[kind])
    if is_not_a_persons(message):
        batch.posts.extend(_posts(message))
        return
    if part := album_part(message, received_at):
        batch.album_parts.append(part)
    # An edit may take a text away: then the message is known, or the storage passes it over.
    is_kept = bool(text_to_score(message) or message.edit_date)
    if is_kept:
        batch.to_score.append(to_message(message, int(update["update_id"]), received_at))
    asks = is_command(message) or answers_asking(message)
    if not is_kept or (asks and not message.edit_date):
        batch.to_handle.append(update | {kind: _for_handlers(update[kind])})


def _read_message(raw: Any) -> IncomingMessage:
    """Read a message. Raises ValidationError.

    A later Bot API knows other shapes of what stands beside a text: that must not hide it.
    """
    try:
        return IncomingMessage.model_validate(raw)
    except ValidationError:
        if not isinstance(raw, dict):
            raise
    return IncomingMessage.model_validate(_known(raw))


def _for_handlers(raw: RawUpdate) -> RawUpdate:
    """Return what aiogram can read of a message. Raises ValidationError.

    It refuses a message for kinds of forwards and media that only a later Bot API knows.
    """
    for readable in (raw, _known(raw, BRINGING)):
        with suppress(ValidationError):
            TelegramMessage.model_validate(readable)
            return readable
    known = _known(raw)
    TelegramMessage.model_validate(known)
    return known


def _known(raw: RawUpdate, besides: frozenset[str] = frozenset()) -> RawUpdate:
    known = _pick(raw, FIELDS | besides)
    reply = raw.get("reply_to_message")
    if isinstance(reply, dict):
        known["reply_to_message"] = _pick(reply, FIELDS_OF_REPLY | besides)
    return known


def _pick(raw: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    # In Telegram's order: a set has another one in each process, and by the words of an update
    # `bot/handled.py` knows it again.
    return {name: value for name, value in raw.items() if name in names}


def _posts(message: IncomingMessage) -> Iterator[PostCopy]:
    """What a copy of the linked channel's post says of where its comments hang."""
    origin = message.forward_origin
    if message.is_automatic_forward and origin and origin.chat and origin.message_id is not None:
        posted_at = int(origin.date.timestamp())
        numbers = (message.chat.id, message.message_id, origin.chat.id, origin.message_id)
        check_ids(*numbers)
        yield PostCopy(*numbers, posted_at)


def _without_values(error: Exception) -> str:
    """Describe an error without the values that it quotes: they are what people wrote."""
    if isinstance(error, ValidationError):
        places = (
            f"{'.'.join(map(str, e['loc']))}: {e['type']}"
            for e in error.errors(include_url=False, include_input=False, include_context=False)
        )
        return "; ".join(places)
    return str(error)
