"""`python -m stack`, what `make run` starts: silent if Ctrl-C comes while it still loads."""

import importlib
import signal

from core.errors import run_door


def run() -> int:
    """Load what serves and let it serve; returns the exit code."""
    # Nothing runs yet. Python's own way would show a traceback of whatever is being loaded.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code: int = importlib.import_module("stack.serving").run()
    return code


if __name__ == "__main__":
    raise SystemExit(run_door(run))
