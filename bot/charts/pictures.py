"""Pictures as values, and how one becomes a PNG: in a process of its own.

Drawing takes half a second of processor and matplotlib 70 MB. A child process keeps both away from
the bot, whose event loop would wait for a drawing thread at every turn (they share one interpreter
lock). `python -m bot.charts.pictures` is that child: a picture as JSON comes in, a PNG goes out.
"""

import asyncio
import importlib
import json
import os
import sys
from dataclasses import Field, asdict
from pathlib import Path
from typing import Any, ClassVar, Protocol

PATIENCE_SECONDS = 60.0
# A folder below VAR_DIR.
FONT_CACHE = "fonts"
# Where the child finds this package, wherever the bot was started. Not core.settings' PROJECT:
# importing it would cost the child a quarter of its time.
ROOT = Path(__file__).resolve().parents[2]


class PictureError(RuntimeError):
    """A picture could not be drawn."""


class Picture(Protocol):
    """What can be drawn: a frozen dataclass that JSON can carry, beside a module that draws it."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    drawn_by: ClassVar[str]
    """The module of which the child calls `draw(values) -> bytes`, with this picture's fields."""


class Artist:
    """Draws pictures one after the other, however many are asked for at once."""

    def __init__(self, cache: Path) -> None:
        """What is found of fonts is kept in the folder `cache`."""
        self._cache = cache
        self._turn = asyncio.Lock()

    async def draw(self, picture: Picture) -> bytes:
        """Draw a PNG. Raises PictureError."""
        async with self._turn:
            return await _draw(picture, self._cache)


async def _draw(picture: Picture, cache: Path) -> bytes:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.charts.pictures",
        picture.drawn_by,
        cwd=ROOT,
        env=_environment(cache),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            png, complaint = await child.communicate(json.dumps(asdict(picture)).encode())
    except TimeoutError:
        raise PictureError("drawing takes too long") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not png:
        last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
        raise PictureError(last or f"drawing ended with {child.returncode}")
    return png


def _environment(cache: Path) -> dict[str, str]:
    """Have matplotlib keep its list of fonts: in a container there is no home to keep it in."""
    return os.environ | {"MPLCONFIGDIR": str(cache.absolute())}


def main() -> None:
    """Read a picture from standard input and write its PNG to standard output."""
    drawing = importlib.import_module(sys.argv[1])
    sys.stdout.buffer.write(drawing.draw(json.load(sys.stdin)))


if __name__ == "__main__":
    main()
