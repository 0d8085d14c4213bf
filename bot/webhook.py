"""The webhook: Telegram posts each update here, and hears 200 only after it is stored."""

import asyncio
import hmac
import json
import sqlite3
import time
from urllib.parse import urlsplit

import redis
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramNetworkError, TelegramServerError
from aiohttp import web
from loguru import logger

from bot.grace import in_hand
from bot.intake import ALLOWED_UPDATES, Intake
from bot.patience import Patience
from core.errors import SetupError
from core.settings import Settings

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
# Telegram gives up on a post after a minute or so; it sends again what was not answered with 200.
STORE_SECONDS = 10
MOST_CONNECTIONS = 40
# Who posts at a stop is answered: what is stored by then is not posted again.
SHUTDOWN_SECONDS = 3.0


class Webhook:
    """An HTTP server that hands posted updates to the intake."""

    def __init__(self, bot: Bot, intake: Intake, settings: Settings) -> None:
        self._bot = bot
        self._intake = intake
        self._settings = settings
        self._patience = Patience("storing updates")
        secret = settings.webhook_secret
        self._secret = secret.get_secret_value().encode() if secret else b""

    async def run(self) -> None:
        """Serve until cancelled. Raises SetupError when the port is taken or the URL refused."""
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            await self._listen(runner)
            await self._register()
            await asyncio.Event().wait()
        finally:
            with in_hand():
                await runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_post(path_of(str(self._settings.webhook_url)), self._receive)
        return app

    async def _listen(self, runner: web.AppRunner) -> None:
        host, port = self._settings.webhook_host, self._settings.webhook_port
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SetupError(
                f"can't listen on {host}:{port} ({error.strerror}); "
                "stop what listens there, or change WEBHOOK_PORT"
            ) from None

    async def _register(self) -> None:
        patience = Patience("setting the webhook")
        while True:
            try:
                await self._set()
            except (TelegramNetworkError, TelegramServerError) as error:
                await patience.wait(error)
            except TelegramAPIError as error:
                raise SetupError(f"WEBHOOK_URL is refused by Telegram: {error.message}") from None
            else:
                patience.succeeded()
                logger.info("webhook set to {}", self._settings.webhook_url)
                return

    async def _set(self) -> None:
        await self._bot.set_webhook(
            str(self._settings.webhook_url),
            secret_token=self._secret.decode(),
            allowed_updates=ALLOWED_UPDATES,
            max_connections=MOST_CONNECTIONS,
        )

    async def _receive(self, request: web.Request) -> web.Response:
        secret = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not self._secret or not hmac.compare_digest(secret, self._secret):
            return web.Response(status=401)
        received_at = time.time()
        try:
            update = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400)
        if not isinstance(update, dict):
            return web.Response(status=400)
        return web.Response(status=200 if await self._store(update, received_at) else 503)

    async def _store(self, update: dict[str, object], received_at: float) -> bool:
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await self._intake.store([update], received_at)
        except (sqlite3.Error, redis.RedisError, TimeoutError) as error:
            # A pause before the answer, so that Telegram does not come back at once.
            await self._patience.wait(error)
            return False
        self._patience.succeeded()
        return True


def path_of(url: str) -> str:
    """The path that Telegram posts to. Raises SetupError where the URL can't be one."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    # To aiohttp, braces would be a pattern.
    if not is_address or not {"{", "}"}.isdisjoint(parts.path):
        raise SetupError(
            f"WEBHOOK_URL is {url!r}; it must be https:// with a host and a path without braces, "
            "for example https://example.org/hook"
        )
    return parts.path or "/"
