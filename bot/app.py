"""The bot put together: every part built once, run side by side, stopped together."""

import asyncio
import gc
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

import redis
import redis.asyncio
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import AiogramError
from aiogram.types import User
from loguru import logger

from bot.actions import ActionRunner
from bot.charts.pictures import FONT_CACHE
from bot.checks import check_token_shape, claim_folder, introduce, warn_of_privacy_mode
from bot.commands import publish_commands
from bot.dispatching import build_dispatcher
from bot.handlers.migration import move_chat
from bot.intake import Intake
from bot.lanes import Limits
from bot.limiter import Limiter
from bot.moderation.parts import Moderation
from bot.news.parts import MoodNews
from bot.outside.channels import PREVIEWS
from bot.outside.product_reader import ProductReader
from bot.outside.watcher import Pages, Watcher
from bot.patience import Patience
from bot.polling import Polling
from bot.retention import purge_daily
from bot.reviews.desk import ReviewDesk
from bot.reviews.keeper import ReadingKeeper
from bot.reviews.orders import Orders
from bot.reviews.parts import PartFollower
from bot.storage.database import Storage
from bot.sweep import Sweep
from bot.tasks import finish_unless, run_until
from bot.training.audience import Audience
from bot.training.desk import TrainingDesk
from bot.training.model_desk import ModelDesk
from bot.training.proposals import Proposer
from bot.training.shadow_desk import ShadowDesk
from bot.training.shadow_watch import ShadowWatch
from bot.training.watch import TrainingWatch
from bot.updates import UpdateConsumer
from bot.verdicts import VerdictFollower
from bot.webhook import Webhook
from bot.words import Words
from core.connections import connect, connect_async
from core.queues import BOT_PID, score_queue
from core.reading_orders import read_queue
from core.settings import Settings

COMMANDS = (
    "start",
    "help",
    "settings",
    "link",
    "label",
    "mood",
    "stats",
    "reviews",
    "watch",
    "unwatch",
    "products",
    "retrain",
    "models",
    "rollback",
    "import",
    "export",
    "appeal",
    "forget",
    "ping",
)
GOODBYE_SECONDS = 1.0


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
    session = AiohttpSession(api=TelegramAPIServer.from_base(settings.api_url))
    session.middleware(Limiter(limits, follow_move))
    properties = DefaultBotProperties(parse_mode=ParseMode.HTML)
    return Bot(settings.token, session=session, default=properties)


async def run_app(app: App, stop: asyncio.Event) -> None:
    """Serve until `stop` is set. Raises SetupError when Telegram refuses to be served."""
    try:
        me = await finish_unless(stop, introduce(app.bot, app.settings))
        if me is None:
            return
        warn_of_privacy_mode(me)
        dispatcher = build_dispatcher(
            app.words,
            storage=app.storage,
            connection=app.connection,
            me=me,
            settings=app.settings,
            moderation=Moderation(app.bot, app.storage, app.words),
            training_desk=TrainingDesk(app.storage, app.connection, app.wakes),
            model_desk=ModelDesk(app.connection, app.wakes),
            mood_news=_build_mood_news(app),
            shadow_desk=build_shadow_desk(app),
            review_desk=_build_review_desk(app),
        )
        await _serve(app, dispatcher, me, stop)
    finally:
        await close_app(app)


async def close_app(app: App) -> None:
    """Close every connection and finish what is being written."""
    await app.bot.session.close()
    await app.connection.aclose()
    await app.connection.connection_pool.disconnect()
    app.wakes.close()
    app.storage.close()
    app.claim.close()


async def _serve(app: App, dispatcher: Dispatcher, me: User, stop: asyncio.Event) -> None:
    queue = score_queue(app.wakes)
    intake = Intake(app.storage, app.connection, queue)
    actions = ActionRunner(app.bot, app.storage, app.words)
    moderation: Moderation = dispatcher["moderation"]
    reading: ReadingKeeper = dispatcher["review_desk"].keeper
    polling = Polling(app.bot, intake)

    def wake() -> None:
        actions.wake()
        moderation.wake()
        reading.wake()

    await dispatcher.emit_startup(bot=app.bot, **dispatcher.workflow_data)
    # What is loaded by now stays; going through all of it again and again would only cause pauses.
    gc.collect()
    gc.freeze()
    logger.info("@{} is up at {}", me.username, app.settings.api_url)
    try:
        await run_until(
            stop,
            _receive(app, polling, intake),
            UpdateConsumer(app.bot, dispatcher, app.connection).run(),
            VerdictFollower(app.storage, app.connection, wake).run(),
            actions.run(),
            moderation.cards.run(),
            moderation.measures.run(),
            moderation.appeals.run(),
            reading.run(),
            PartFollower(app.storage, app.connection, queue, reading.wake).run(),
            *dispatcher["mood_news"].parts(app.connection, app.wakes),
            _follow_trainings(app),
            _propose_trainings(app),
            _follow_trials(app),
            Watcher(app.bot, app.storage, app.words, _pages(app)).run(),
            ProductReader(app.bot, app.storage, app.words, read_queue(app.wakes)).run(),
            Sweep(app.storage, app.connection, queue).run(),
            purge_daily(app.storage, app.connection, app.settings.retention_days),
            _publish_commands(app),
        )
    finally:
        await _say_goodbye(polling)
        await dispatcher.emit_shutdown(bot=app.bot, **dispatcher.workflow_data)
        logger.info("stopped")


def _build_review_desk(app: App) -> ReviewDesk:
    fonts = app.settings.var_dir / FONT_CACHE
    orders = Orders(app.storage, read_queue(app.wakes))
    keeper = ReadingKeeper(app.bot, app.words, orders, fonts)
    return ReviewDesk(app.storage, app.connection, score_queue(app.wakes), keeper)


def _build_mood_news(app: App) -> MoodNews:
    fonts = app.settings.var_dir / FONT_CACHE
    return MoodNews(app.bot, app.storage, app.words, fonts)


async def _follow_trainings(app: App) -> None:
    audience = Audience(app.bot, app.storage, app.settings)
    watch = TrainingWatch(app.bot, app.storage, app.words, app.connection)
    await watch.run(audience, app.settings.var_dir / FONT_CACHE)


def build_shadow_desk(app: App) -> ShadowDesk:
    """Build where trials of versions are asked for."""
    return ShadowDesk(app.storage, ModelDesk(app.connection, app.wakes))


async def _follow_trials(app: App) -> None:
    audience = Audience(app.bot, app.storage, app.settings)
    watch = ShadowWatch(app.bot, app.storage, app.words, build_shadow_desk(app))
    await watch.run(audience)


def _pages(app: App) -> Pages:
    """Where channels show themselves: the playground stands in for Telegram there, too."""
    own = f"http://{app.settings.playground_site}/shop/s/"
    return Pages(read_queue(app.wakes), own if app.settings.in_playground else PREVIEWS)


async def _propose_trainings(app: App) -> None:
    after_labels = app.settings.retrain_after_labels
    await Proposer(app.bot, app.storage, app.words, after_labels).run()


async def _receive(app: App, polling: Polling, intake: Intake) -> None:
    await _announce(app.connection)
    if app.settings.webhook_url:
        await Webhook(app.bot, intake, app.settings).run()
        return
    await polling.run()


async def _announce(connection: redis.asyncio.Redis) -> None:
    """Tell whoever waits for the bot that this process now serves."""
    patience = Patience("announcing the bot")
    while True:
        try:
            await connection.set(BOT_PID, os.getpid())
        except redis.RedisError as error:
            await patience.wait(error)
        else:
            patience.succeeded()
            return


async def _say_goodbye(polling: Polling) -> None:
    # Without it, the next start only sees the last updates again.
    with suppress(AiogramError, TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await polling.confirm()


async def _publish_commands(app: App) -> None:
    """Tell Telegram's clients which commands there are."""
    try:
        await publish_commands(app.bot, app.words, COMMANDS)
    except AiogramError as error:
        logger.warning("the list of commands could not be published: {}", error)
    # A part that ends would end the bot.
    await asyncio.Event().wait()
