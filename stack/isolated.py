"""A stack of its own for a test or benchmark: a free port, a temporary folder, the playground."""

import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from core.settings import Settings
from stack.stack import Show, Stack


def print_nothing(name: str, line: str) -> None:
    """Swallow what the processes say."""


@contextlib.asynccontextmanager
async def isolated_stack(
    show: Show = print_nothing, **knobs: str | int | float
) -> AsyncIterator[Stack]:
    """Run the whole stack beside any other; `knobs` are settings that differ from the default.

    No `.env`, no token and no other Redis can come in: it never talks to the real Telegram.
    """
    folder = Path(tempfile.mkdtemp(prefix="nastroi-"))
    own = {"var_dir": folder / "var", "playground_port": free_port(), **knobs}
    variables = {name.upper(): str(value) for name, value in own.items()}
    knobs_of_ours = Settings.model_fields
    inherited = {n: value for n, value in os.environ.items() if n.lower() not in knobs_of_ours}
    settings = Settings(_env_file=None, bot_token=None, redis_url=None, **own)  # type: ignore[arg-type]
    try:
        async with Stack(settings, show, {**inherited, **variables}, folder) as stack:
            yield stack
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Find a TCP port on loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
