"""/stats: how good and how fast the bot is, for a community's admins, in words and a picture."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence

import redis.asyncio
from aiogram import Bot, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import Message as TelegramMessage

from bot.charts.pictures import Artist
from bot.communities.rights import administered_from
from bot.handlers.screens import send_picture
from bot.liveness import look
from bot.messages import sender_of
from bot.stats.message import StatsMessage
from bot.stats.overview import Overview, overview
from bot.stats.picture import stats_picture
from bot.storage import statistics
from bot.storage.database import Storage
from bot.words import Words

FILE_NAME = "stats.png"


def router() -> Router:
    """The handler of /stats, for private and moderators' chats."""
    here = Router(name="stats")
    here.message.register(show, Command("stats"))
    return here


async def show(
    message: TelegramMessage,
    bot: Bot,
    words: Words,
    language: str,
    storage: Storage,
    connection: redis.asyncio.Redis,
    artist: Artist,
) -> None:
    """Say and draw how the communities do that the asker administers and may see here."""
    about = await administered_from(bot, storage, message.chat, sender_of(message))
    if about is None:
        return
    if not about:
        key = "stats-none" if _is_private(message) else "stats-not-admin"
        await message.answer(words.say(language, key))
        return
    titles, seen = await storage.read_at_length(look_over, about, time.time())
    text = StatsMessage(words, language).text(titles, seen, await look(connection))
    picture = stats_picture(words, language, titles, seen)
    drawing = asyncio.create_task(artist.draw(picture))
    try:
        await message.answer(text)
        await send_picture(message, drawing, FILE_NAME)
    finally:
        drawing.cancel()


def look_over(
    connection: sqlite3.Connection, chats: Sequence[int], now: float
) -> tuple[list[str], Overview]:
    """Read and work out what /stats says of some chats; return their titles, too."""
    facts = statistics.gather(connection, chats, now)
    return list(facts.titles.values()), overview(facts, now)


def _is_private(message: TelegramMessage) -> bool:
    return message.chat.type == ChatType.PRIVATE
