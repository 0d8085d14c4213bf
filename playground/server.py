"""The playground over HTTP: the Bot API, downloads, the control API, live events, the page."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from playground import control, shop
from playground.bots import Bot
from playground.caller import Caller
from playground.calls import GetUpdates
from playground.control import WORLD
from playground.errors import ApiError, Forbidden, NotFound
from playground.live import STOPPING, stream
from playground.methods import call_method, read_call
from playground.polling import get_updates
from playground.request_params import Parameters, read_parameters
from playground.seed import plant
from playground.shapes import to_bytes
from playground.webhook import Deliveries
from playground.world import World

STATIC = Path(__file__).parent / "static"
DELIVERIES = web.AppKey("deliveries", Deliveries)
REQUEST_BYTES = 80 * 1024 * 1024
SHUTDOWN_SECONDS = 0.5
# The start of 2026; with 16 ids a second, ids stay below 2**31 until 2030.
NUMBERED_SINCE = 1_767_225_600
IDS_PER_SECOND = 16


@dataclass(frozen=True, slots=True)
class Server:
    """A running playground."""

    url: str
    world: World


def make_app(world: World | None = None) -> web.Application:
    """Build the application around a world, the seed community when none is given."""
    app = web.Application(
        client_max_size=REQUEST_BYTES, middlewares=[draw_refusals, keep_strangers_out]
    )
    if world is None:
        world = World(first_message_id=unused_message_id())
        plant(world)
    app[WORLD] = world
    app[DELIVERIES] = Deliveries(world)
    app[STOPPING] = asyncio.Event()
    app.add_routes(control.routes())
    app.router.add_get("/control/events", stream)
    app.router.add_route("*", "/bot{token}/{method}", answer_bot)
    app.router.add_get("/file/bot{token}/{path:.+}", download)
    app.add_routes(shop.routes())
    app.router.add_get("/", show_page)
    app.router.add_static("/static", STATIC)
    app.cleanup_ctx.append(_life)
    app.on_shutdown.append(_let_go)
    return app


def unused_message_id() -> int:
    """Return an id above those of earlier runs: a bot's database still knows what they named."""
    return int((time.time() - NUMBERED_SINCE) * IDS_PER_SECOND)


@asynccontextmanager
async def serve(
    host: str = "127.0.0.1", port: int = 0, world: World | None = None
) -> AsyncIterator[Server]:
    """Run a playground inside this process; port 0 takes a free one. Raises OSError if taken."""
    app = make_app(world)
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=SHUTDOWN_SECONDS,
        handler_cancellation=True,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, reuse_address=True).start()
        bound_port = runner.addresses[0][1]
        yield Server(f"http://{host}:{bound_port}", app[WORLD])
    finally:
        await runner.cleanup()


@web.middleware
async def draw_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Draw every refusal as Telegram does."""
    try:
        return await handler(request)
    except ApiError as refusal:
        body = to_bytes(refusal.answer())
        return web.Response(body=body, status=refusal.code, content_type="application/json")


@web.middleware
async def keep_strangers_out(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other sites' pages: a browser would let them post to the control API."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden("only the playground's own page may call it from a browser")
    return await handler(request)


async def answer_bot(request: web.Request) -> web.Response:
    """Answer one Bot API call."""
    world = request.app[WORLD]
    bot = world.bot_by_token(request.match_info["token"])
    parameters, uploads = await read_parameters(request)
    name = request.match_info["method"]
    if name.lower() == "getupdates":
        return await _answer_updates(world, bot, parameters)
    result = call_method(Caller(world, bot, uploads), name, parameters)
    request.app[DELIVERIES].ensure(bot)
    return control.done(result)


async def _answer_updates(world: World, bot: Bot, parameters: Parameters) -> web.Response:
    world.failures.strike("getUpdates")
    updates = await get_updates(world, bot, read_call(GetUpdates, parameters))
    body = b'{"ok":true,"result":[%s]}' % b",".join(update.body for update in updates)
    return web.Response(body=body, content_type="application/json")


async def download(request: web.Request) -> web.Response:
    """Hand out a file at the path that getFile told."""
    world = request.app[WORLD]
    world.bot_by_token(request.match_info["token"])
    stored = world.files.at(request.match_info["path"])
    if stored is None:
        raise NotFound()
    return web.Response(body=stored.upload.data, content_type="application/octet-stream")


async def show_page(request: web.Request) -> web.FileResponse:
    """Show the page."""
    return web.FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


async def _life(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[DELIVERIES].stop()


async def _let_go(app: web.Application) -> None:
    """End long polls and event streams, so that the server stops at once."""
    app[STOPPING].set()
    world = app[WORLD]
    world.events.publish("bye", {})
    for bot in world.bots.values():
        bot.queue.wake()
