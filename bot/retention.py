"""Drops texts that have been kept for as long as the settings say; verdicts and labels stay."""

import asyncio
import sqlite3
import time

import redis
import redis.asyncio
from loguru import logger

from bot.patience import Patience
from bot.storage import (
    albums,
    communities,
    exhibits,
    forgetting,
    messages,
    moods_closing,
    readings,
    retention,
    reviews,
)
from bot.storage.database import Storage
from core.queues import DEAD

DAY_SECONDS = 24 * 3600
# A few milliseconds' work at a time: messages come in between.
ROWS_AT_A_TIME = 5000


async def purge_daily(
    storage: Storage, connection: redis.asyncio.Redis, retention_days: int
) -> None:
    """Drop old texts, dead letters too, now and every day, until cancelled."""
    patience = Patience("dropping old texts")
    while True:
        before = time.time() - retention_days * DAY_SECONDS
        try:
            dropped = await purge_sooner(storage, time.time())
            dropped += await purge(storage, before)
            dropped += await purge_reviews(storage, before)
            dropped += await storage.write(forgetting.drop_decided)
            await purge_dead_letters(connection, before)
        except (sqlite3.Error, redis.RedisError) as error:
            await patience.wait(error)
            continue
        patience.succeeded()
        if dropped:
            logger.info("dropped {} texts that were kept long enough", dropped)
        await asyncio.sleep(DAY_SECONDS)


async def purge_dead_letters(connection: redis.asyncio.Redis, buried_before: float) -> None:
    """Drop dead letters from before an epoch second: they hold texts. Raises redis.RedisError."""
    await connection.xtrim(DEAD, minid=str(int(buried_before * 1000)), approximate=False)


async def purge(storage: Storage, received_before: float) -> int:
    """Drop texts that came before an epoch second and return how many. Raises sqlite3.Error."""
    dropped = 0
    for first in range(0, await storage.read(messages.find_last_row), ROWS_AT_A_TIME):
        rows = (first, first + ROWS_AT_A_TIME)
        dropped += await storage.write(messages.purge_texts, received_before, rows)
    while await storage.write(moods_closing.close, received_before, ROWS_AT_A_TIME):
        pass
    await storage.write(albums.drop, received_before)
    return dropped + await storage.write(exhibits.purge_texts, received_before)


async def purge_reviews(storage: Storage, before: float) -> int:
    """Drop what was read before an epoch second; return how many reviews. Raises sqlite3.Error."""
    dropped, some = 0, ROWS_AT_A_TIME
    while some == ROWS_AT_A_TIME:
        some = await storage.write(reviews.drop_old, before, ROWS_AT_A_TIME)
        dropped += some
    await storage.write(readings.drop_old, before)
    return dropped


async def purge_sooner(storage: Storage, now: float) -> int:
    """Drop the old texts of communities that chose to keep them for less; return how many.

    Raises sqlite3.Error.
    """
    dropped = 0
    for chat_id, days in (await storage.read(communities.retentions)).items():
        before = now - days * DAY_SECONDS
        some = ROWS_AT_A_TIME
        while some == ROWS_AT_A_TIME:
            some = await storage.write(retention.drop_texts, chat_id, before, ROWS_AT_A_TIME)
            dropped += some
        await storage.write(retention.drop_evidence, chat_id, before)
        await storage.write(albums.drop, before, chat_id)
        while await storage.write(moods_closing.close, before, ROWS_AT_A_TIME, chat_id):
            pass
    return dropped
