"""How every command of ml/ ends: 0, or one line and 2, or one line and 130 after Ctrl-C."""

import argparse
import errno
import math
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from safetensors import SafetensorError

from ml.errors import MlError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def run_command(main: Callable[[], None]) -> None:
    """Run a command line's main and exit with its code."""
    try:
        main()
        sys.stdout.flush()  # while a full disk behind it can still be told
    except (MlError, OSError, SafetensorError, MemoryError) as error:  # the third on a full disk
        _end(f"error: {_line(error)}", 2)
    except KeyboardInterrupt:
        _end("stopped", 130)


def whole_number(argument: str) -> int:
    """Read an option that counts something: a whole number above 0."""
    if not argument.isdecimal() or not int(argument):
        raise argparse.ArgumentTypeError(f"{argument!r} is no whole number above 0")
    return int(argument)


def positive(argument: str) -> float:
    """Read an option that measures something: a number above 0."""
    if not 0 < (number := _number(argument)) < math.inf:
        raise argparse.ArgumentTypeError(f"{argument!r} is no number above 0")
    return number


def share(argument: str) -> float:
    """Read an option that is a part of 1."""
    if not 0 <= (number := _number(argument)) <= 1:
        raise argparse.ArgumentTypeError(f"{argument!r} is no number from 0 to 1")
    return number


def _number(argument: str) -> float:
    try:
        return float(argument)
    except ValueError:
        return math.nan


def _line(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "out of memory; give the command less at a time, or a machine with more"
    said = " ".join(str(error).split())
    if isinstance(error, OSError) and error.errno in _FULL:
        return f"{said}; make room or write to another disk, then run the command again"
    return said


def _end(line: str, code: int) -> NoReturn:
    print(line, file=sys.stderr)
    try:
        sys.stdout.flush()
    except OSError:  # full, or nobody reads on: the interpreter's last flush must not fail as well
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
