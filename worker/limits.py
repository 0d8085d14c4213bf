"""The bounds of a forked job, which the kernel keeps, whatever the job is busy with."""

import resource
import signal
import sys
from pathlib import Path

from rq.timeouts import UnixSignalDeathPenalty

# What parsing a page may take beyond what the process had when it was forked.
MEMORY_BYTES = 1_000_000_000


class KernelAlarm(UnixSignalDeathPenalty):
    """Kills the process at the end of its time; RQ's own raises, which native code doesn't hear."""

    def setup_death_penalty(self) -> None:
        """Start the time."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(self._timeout)


def limit_memory(more_bytes: int = MEMORY_BYTES) -> None:
    """Let this process take so much more memory, and leave no core when it dies of it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere nobody says how much is in use
        most = _data_in_use() + more_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _data_in_use() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    return pages * resource.getpagesize()
