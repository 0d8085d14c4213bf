"""`python -m playground`: serves the local Telegram until it is told to stop."""

import argparse
import asyncio
import signal

from loguru import logger

from core.errors import SetupError, run_door
from core.logs import set_up_logs
from core.settings import Settings, load_settings
from playground.server import serve


def main() -> int:
    """Serve until Ctrl-C or SIGTERM; returns 1 after one readable line when it can't."""
    return run_door(_run)


def _run() -> None:
    settings = load_settings()
    arguments = _read_arguments(settings)
    set_up_logs("playground", settings.log_level, settings.log_json)
    asyncio.run(_serve(arguments.host, arguments.port))


async def _serve(host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        async with serve(host, port) as server:
            logger.info("the playground is open at {}", server.url)
            await stop.wait()
    except OSError as trouble:
        raise SetupError(
            f"the playground can't listen on {host}:{port} ({trouble.strerror}): "
            "stop what uses the port, or set PLAYGROUND_PORT to a free one"
        ) from trouble


def _read_arguments(settings: Settings) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    parser.add_argument("--host", default=settings.playground_host, help="address to listen on")
    parser.add_argument("--port", default=settings.playground_port, type=int, help="0 for any")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
