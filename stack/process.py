"""One process of the stack: started, watched, stopped or killed, its lines shown under its name."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
# A bot that stops finishes what it has in hand, for 5 s at most, and then what it is writing.
STOP_PATIENCE_SECONDS = 10


class Process:
    """A child process in a process group of its own, which dies with its parent."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        show: Callable[[str, str], None],
    ) -> None:
        """`show(name, line)` is called with each line that the process prints."""
        self.name = name
        self._command = command
        self._environment = environment
        self._folder = folder
        self._show = show
        self._child: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The process id; 0 before the first start."""
        return self._child.pid if self._child else 0

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.returncode is None

    async def start(self) -> None:
        """Start, or start again after an end."""
        self._child = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=dict(self._environment),
            cwd=self._folder,
            # Ctrl-C reaches only the stack, which then stops its processes in order.
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        self._reader = asyncio.create_task(self._show_lines(self._child))

    async def ended(self) -> int:
        """Wait for the end and return the exit code; negative for a signal."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was never started")
        code = await self._child.wait()
        if self._reader:
            await self._reader
        return code

    async def stop(self) -> None:
        """Ask with SIGTERM; insist with SIGKILL after some seconds."""
        if not self.running:
            return
        self.signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.ended(), STOP_PATIENCE_SECONDS)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        await self.ended()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless the process has ended."""
        if self._child and self._child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._child.send_signal(number)

    async def _show_lines(self, child: asyncio.subprocess.Process) -> None:
        while child.stdout:
            try:
                line = await child.stdout.readline()
            except ValueError:
                continue  # longer than asyncio's buffer, and dropped
            if not line:
                return
            self._show(self.name, line.decode(errors="replace").rstrip())


def _die_with_parent() -> None:
    # Also when the stack itself is killed: an orphaned bot would fight the next one for updates.
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        os._exit(1)
