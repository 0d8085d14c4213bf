"""Pictures as values, and how one becomes a PNG: in a process of its own.

Drawing takes half a second of processor and matplotlib 70 MB. A child process keeps both away from
the bot, whose event loop would wait for a drawing thread at every turn (they share one interpreter
lock). `python -m bot.charts.pictures` is that child: a picture as JSON comes in, a PNG goes out.
"""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PATIENCE_SECONDS = 60.0
# Where the child finds this package, wherever the bot was started. Not core.settings' PROJECT:
# importing it would cost the child a quarter of its time.
ROOT = Path(__file__).resolve().parents[2]


class PictureError(RuntimeError):
    """A picture could not be drawn."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """What was true (rows) against what the model said (columns), as shares of the traffic."""

    title: str
    note: str
    labels: Sequence[str]
    shares: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Curve:
    """How often the model is right, by how sure it is: (confidence, share right, labels)."""

    name: str
    points: Sequence[tuple[float, float, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """A percentile of each day, in milliseconds."""

    name: str
    milliseconds: Sequence[float]


@dataclass(frozen=True, slots=True)
class Captions:
    """The words in the picture."""

    title: str
    true: str
    said: str
    reliability: str
    confidence: str
    right: str
    latency: str
    nothing: str
    percent: str
    milliseconds: str
    seconds: str
    """The last three with `{}` where the number goes."""


@dataclass(frozen=True, slots=True)
class StatsPicture:
    """What /stats shows: confusions, reliability, and times by day."""

    captions: Captions
    confusions: Sequence[Confusion]
    curves: Sequence[Curve]
    days: Sequence[str]
    lines: Sequence[Line]


class Artist:
    """Draws pictures one after the other, however many are asked for at once."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def draw(self, picture: StatsPicture, cache: Path) -> bytes:
        """Draw a PNG; what is found of fonts is kept in a folder. Raises PictureError."""
        async with self._turn:
            return await _draw(picture, cache)


async def _draw(picture: StatsPicture, cache: Path) -> bytes:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.charts.pictures",
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


def read_picture(source: str) -> StatsPicture:
    """Read a picture from JSON."""
    values = json.loads(source)
    return StatsPicture(
        captions=Captions(**values["captions"]),
        confusions=[Confusion(**one) for one in values["confusions"]],
        curves=[Curve(**one) for one in values["curves"]],
        days=values["days"],
        lines=[Line(**one) for one in values["lines"]],
    )


def main() -> None:
    """Read a picture from standard input and write its PNG to standard output."""
    from bot.charts.drawing import draw_stats

    sys.stdout.buffer.write(draw_stats(read_picture(sys.stdin.read())))


if __name__ == "__main__":
    main()
