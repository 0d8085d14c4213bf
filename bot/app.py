"""What the parts of a running bot share: built once, closed together."""

from dataclasses import dataclass
from typing import TextIO

import redis
import redis.asyncio
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode

from bot.charts.pictures import FONT_CACHE, Artist
from bot.checks import check_token_shape, claim_folder
from bot.handlers.migration import move_chat
from bot.lanes import Limits
from bot.limiter import Limiter
from bot.session import ApiSession
from bot.storage.database import Storage
from bot.words import Words
from core.connections import connect, connect_async
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class App:
    """What the parts of a running bot share."""

    settings: Settings
    words: Words
    storage: Storage
    connection: redis.asyncio.Redis
    wakes: redis.Redis
    """Synchronous, because RQ is."""
    bot: Bot
    artist: Artist
    claim: TextIO
    """Held open: it keeps other bots off this database."""


def build_app(settings: Settings) -> App:
    """Open what the bot needs. Raises SetupError; sends nothing to Telegram yet."""
    check_token_shape(settings)
    claim = claim_folder(settings.var_dir)
    storage = Storage.open(settings.database_path)
    return App(
        settings=settings,
        words=Words(settings.default_language),
        storage=storage,
        connection=connect_async(settings.redis_address),
        wakes=connect(settings.redis_address),
        bot=build_bot(settings, storage),
        artist=Artist(settings.var_dir / FONT_CACHE),
        claim=claim,
    )


def build_bot(settings: Settings, storage: Storage) -> Bot:
    """Build aiogram's bot on the limiter and the API server that the settings name."""

    async def follow_move(old_id: int, new_id: int) -> None:
        await move_chat(storage, old_id, new_id)

    limits = Limits(
        per_second=settings.send_per_second,
        per_second_per_chat=settings.send_per_second_per_chat,
        per_minute_per_group=settings.send_per_minute_per_group,
    )
    session = ApiSession(settings.api_url)
    session.middleware(Limiter(limits, follow_move))
    properties = DefaultBotProperties(parse_mode=ParseMode.HTML)
    return Bot(settings.token, session=session, default=properties)


async def close_app(app: App) -> None:
    """Close every connection and finish what is being written."""
    await app.bot.session.close()
    await app.connection.aclose()
    await app.connection.connection_pool.disconnect()
    app.wakes.close()
    app.storage.close()
    app.claim.close()
