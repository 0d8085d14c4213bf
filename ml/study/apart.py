"""Runs a function in a process of its own: its memory is freed, and its death kills nobody."""

import multiprocessing
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from ml.errors import MlError

Result = TypeVar("Result")

_SECONDS_TO_END = 10.0  # for a process to tidy up after itself


class FailedApartError(MlError):
    """The function failed or its process was killed; the message says why in one line."""


def run_apart(function: Callable[..., Result], *arguments: Any) -> Result:
    """Return what a function of a module returns for arguments that can be pickled.

    What it prints goes to stderr. Raises FailedApartError. Ctrl-C ends the process too.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, function, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        worked, answer = _received(ours, process)
        process.join(_SECONDS_TO_END)
    finally:
        process.terminate()
        process.join(_SECONDS_TO_END)
        process.kill()
        process.join()
        ours.close()
    if not worked:
        raise FailedApartError(answer)
    return answer  # type: ignore[no-any-return]


def _received(ours: Connection, process: Any) -> tuple[bool, Any]:
    try:
        return ours.recv()  # type: ignore[no-any-return]
    except EOFError:
        process.join()
        if process.exitcode == -signal.SIGKILL:
            return False, "its process was killed, most likely for lack of memory"
        return False, f"its process ended with code {process.exitcode}"


def _answer(theirs: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us, and tidily:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.stdout = sys.stderr
    try:
        answer = (True, function(*arguments))
    except MemoryError:
        answer = (False, "out of memory")
    except Exception as error:  # noqa: BLE001 - whatever a row dies of, the others go on
        answer = (False, _one_line(error))
    theirs.send(answer)


def _one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    if "can't allocate memory" in lines[0]:  # torch's own words, in a RuntimeError
        return "out of memory"
    return lines[0] if isinstance(error, MlError) else f"{type(error).__name__}: {lines[0]}"
