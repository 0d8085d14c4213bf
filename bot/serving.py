"""A bot that serves: every part run side by side, stopped together."""

import asyncio
import gc
import os
from contextlib import suppress
from functools import partial

import redis
import redis.asyncio
from aiogram import Dispatcher
from aiogram.exceptions import AiogramError
from aiogram.types import User
from loguru import logger

from bot.actions import ActionRunner
from bot.app import App, close_app
from bot.checks import introduce, warn_of_privacy_mode
from bot.commands import publish_commands
from bot.dispatching import build_dispatcher
from bot.intake import Intake
from bot.moderation.parts import Moderation
from bot.mood.board import MoodBoard
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
from bot.sweep import Sweep
from bot.tasks import finish_unless, run_until
from bot.training.audience import Audience
from bot.training.desk import TrainingDesk
from bot.training.model_desk import ModelDesk
from bot.training.proposals import Proposer
from bot.training.shadow_desk import ShadowDesk
from bot.training.shadow_watch import ShadowWatch
from bot.training.watch import TrainingWatch, Voice
from bot.updates import UpdateConsumer
from bot.verdicts import VerdictFollower
from bot.webhook import Webhook
from core.queues import BOT_PID, score_queue
from core.reading_orders import read_queue

GOODBYE_SECONDS = 1.0


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
            artist=app.artist,
            moderation=Moderation(app.bot, app.storage, app.words),
            training_desk=TrainingDesk(app.storage, app.connection, app.wakes),
            model_desk=ModelDesk(app.connection, app.wakes),
            mood_board=MoodBoard(app.bot, app.storage, app.artist),
            mood_news=MoodNews(app.bot, app.storage, app.words, app.artist),
            shadow_desk=build_shadow_desk(app),
            review_desk=_build_review_desk(app),
        )
        await _serve(app, dispatcher, me, stop)
    finally:
        await close_app(app)


async def _serve(app: App, dispatcher: Dispatcher, me: User, stop: asyncio.Event) -> None:
    queue = score_queue(app.wakes)
    actions = ActionRunner(app.bot, app.storage, app.words)
    moderation: Moderation = dispatcher["moderation"]
    intake = Intake(app.storage, app.connection, queue, moderation.wake)
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
    orders = Orders(app.storage, read_queue(app.wakes))
    keeper = ReadingKeeper(app.bot, app.words, orders, app.artist)
    return ReviewDesk(app.storage, app.connection, score_queue(app.wakes), keeper)


async def _follow_trainings(app: App) -> None:
    audience = Audience(app.bot, app.storage, app.settings)
    voice = Voice(app.bot, app.words, app.artist)
    await TrainingWatch(voice, app.storage, app.connection).run(audience)


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
    announce = partial(connection.set, BOT_PID, os.getpid())
    await Patience("announcing the bot").insist(announce, (redis.RedisError,))


async def _say_goodbye(polling: Polling) -> None:
    # Without it, the next start only sees the last updates again.
    with suppress(AiogramError, TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await polling.confirm()


async def _publish_commands(app: App) -> None:
    """Tell Telegram's clients which commands there are."""
    try:
        await publish_commands(app.bot, app.words)
    except AiogramError as error:
        logger.warning("the list of commands could not be published: {}", error)
    # A part that ends would end the bot.
    await asyncio.Event().wait()
