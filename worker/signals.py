"""What SIGTERM and SIGINT do to a worker process while RQ is not listening for them."""

import signal
import sys


def end_on_signals() -> None:
    """End quietly on SIGTERM and SIGINT."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: sys.exit(0))
