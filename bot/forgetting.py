"""Forgets a person, step by step, while everything else goes on."""

from typing import cast

import redis.asyncio

from bot.storage import forgetting, reviews
from bot.storage.database import Storage
from bot.storage.forgetting import Forgetting, Forgotten
from bot.storage.verdicts import message_of
from bot.streams import Entry
from core.queues import DEAD

LETTERS_AT_A_TIME = 500


async def forget(storage: Storage, connection: redis.asyncio.Redis, order: Forgetting) -> Forgotten:
    """Forget a person's texts and labels; again, after a crash, it goes on.

    Raises sqlite3.Error and redis.RedisError.
    """
    await storage.write(forgetting.begin, order)
    while await storage.write(forgetting.forget_texts, order):
        pass
    while await storage.write(forgetting.forget_labels, order):
        pass
    while await storage.write(reviews.forget_some, order):
        pass
    await drop_dead_letters(storage, connection)
    return await storage.write(forgetting.finish, order)


async def drop_dead_letters(storage: Storage, connection: redis.asyncio.Redis) -> None:
    """Drop the dead letters that hold texts which the database has dropped."""
    after = "-"
    while letters := await _letters(connection, after):
        messages = {entry_id: _message_in(fields) for entry_id, fields in letters}
        known = [message for message in messages.values() if message]
        gone = await storage.read(forgetting.find_without_text, known)
        if dropped := [entry_id for entry_id, message in messages.items() if message in gone]:
            await connection.xdel(DEAD, *dropped)
        after = f"({letters[-1][0].decode()}"


async def _letters(connection: redis.asyncio.Redis, after: str) -> list[Entry]:
    # The client's own types tell neither that the answer is whole nor that it is bytes.
    return cast(list[Entry], await connection.xrange(DEAD, after, count=LETTERS_AT_A_TIME))


def _message_in(letter: dict[bytes, bytes]) -> str:
    """The message that a dead letter speaks of; empty where it could not be read."""
    return message_of(letter.get(b"key", b"").decode(errors="replace"))
