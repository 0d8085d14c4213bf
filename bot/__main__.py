"""The bot's door: `python -m bot`. Checks what must be right, then serves until told to stop."""

import asyncio
import signal

from bot.light_aiogram import load_aiogram
from core.connections import connect, wait_for_redis
from core.errors import run_door
from core.logs import set_up_logs
from core.settings import Settings, load_settings

STOPPING = (signal.SIGTERM, signal.SIGINT)


def main() -> int:
    """Serve Telegram, or the playground; return the exit code."""
    return run_door(serve)


def serve() -> None:
    """Check settings and Redis, then run the bot until SIGTERM or SIGINT."""
    settings = load_settings()
    set_up_logs("bot", settings.log_level, settings.log_json)
    with connect(settings.redis_address) as connection:
        wait_for_redis(connection, settings.redis_address)
    asyncio.run(_serve_until_signalled(settings))


async def _serve_until_signalled(settings: Settings) -> None:
    # Here, so that aiogram is not loaded whole by an import above.
    load_aiogram()
    from bot.app import build_app
    from bot.serving import run_app

    await run_app(build_app(settings), _stop_on_signals())


def _stop_on_signals() -> asyncio.Event:
    """Return what the first signal sets; the second ends the process there and then."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def end_in_good_order() -> None:
        stop.set()
        for number in STOPPING:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in STOPPING:
        loop.add_signal_handler(number, end_in_good_order)
    return stop


if __name__ == "__main__":
    raise SystemExit(main())
