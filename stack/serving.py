"""What `make run` does: every process, a tour, then service until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

import aiohttp

from core.errors import SetupError
from core.settings import Settings, load_settings
from stack.env_file import misspelt_knobs
from stack.stack import Stack
from stack.tour import take_tour

INTERRUPTED = 130


def run() -> int:
    """Read the command line and the settings, then serve.

    The exit code is 1 when `--once` is given and a verdict is missing. Raises SetupError.
    """
    parser = argparse.ArgumentParser(prog="python -m stack", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the tour")
    once = parser.parse_args().once
    settings = load_settings()
    for name, knob in misspelt_knobs(Path(".env")):
        print(f"nastroi: .env sets {name}, which nothing reads; is {knob} meant?", flush=True)
    if once and not settings.in_playground:
        raise SetupError("ONCE=1 takes the playground's tour; unset BOT_TOKEN to take it")
    return asyncio.run(serve(settings, once))


async def serve(settings: Settings, once: bool) -> int:
    """Start all, take the tour where there is a playground, and keep serving unless `once`."""
    me = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, me.cancel if me else sys.exit)
    try:
        async with Stack(settings, show_line) as stack:
            return await serve_started(stack, once)
    except asyncio.CancelledError:
        print("nastroi: stopped")
        return INTERRUPTED if once else 0


async def serve_started(stack: Stack, once: bool) -> int:
    """Take the tour beside a watch over the processes, so that a dead one ends both."""
    watch = asyncio.create_task(stack.run_until_broken())
    tour = asyncio.create_task(greet(stack.settings))
    try:
        await asyncio.wait({watch, tour}, return_when=asyncio.FIRST_COMPLETED)
        if watch.done():
            watch.result()
        complete = tour.result()
        if not once:
            say_where_to_go_on(stack.settings)
            await watch
        return 0 if complete else 1
    finally:
        tour.cancel()
        watch.cancel()
        await asyncio.gather(tour, watch, return_exceptions=True)


async def greet(settings: Settings) -> bool:
    """Take the tour where there is a playground; return whether every verdict came."""
    if not settings.in_playground:
        return True
    try:
        return await take_tour(settings)
    except aiohttp.ClientError as error:
        print(f"nastroi: the playground went away during the tour: {error}", flush=True)
        return False


def say_where_to_go_on(settings: Settings) -> None:
    """Print where the bot is met from now on."""
    where = f"open {settings.playground_url} and write to the bot"
    said = f"\nnastroi: {where if settings.in_playground else 'serving Telegram'}; Ctrl-C stops it"
    print(said, flush=True)


def show_line(name: str, line: str) -> None:
    """Print what a process says under its name."""
    print(f"{name: <10} | {line}", flush=True)
