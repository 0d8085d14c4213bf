"""All processes of a Nastroi on one machine: started in order, kept alive, stopped in order."""

import asyncio
import contextlib
import importlib.util
import os
import shlex
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType

import aiohttp
import redis

from core.connections import connect, wait_for_redis
from core.contracts import WorkerStatus
from core.errors import SetupError
from core.queues import BOT_PID, WORKERS
from core.reading_orders import read_queue, reader_pids
from core.settings import PROJECT, Settings
from stack.process import Process

PROCFILE = PROJECT / "Procfile"
READY_SECONDS = 60
REDIS_PATIENCE_SECONDS = 3
RESTART_SECONDS = 0.2
# A process that ends this soon after its start has something that a restart won't mend.
SHORT_LIFE_SECONDS = 3
LOOK_SECONDS = 0.02
ANSWER_TIMEOUT = aiohttp.ClientTimeout(total=1)

# Of what a package is that not every machine has; the rest serves without these processes.
OPTIONAL = {"trainer": "torch", "reader": "extruct"}

Show = Callable[[str, str], None]


class Stack:
    """The processes of the Procfile that these settings call for.

    Use it as an async context manager: entered when all are ready, left when all have ended.
    Raises SetupError when one cannot start; that one has printed why.
    """

    def __init__(
        self,
        settings: Settings,
        show: Show,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """`environment` replaces this process's own; `folder` is where they run."""
        self.settings = settings
        own = {"PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1", **_shop_of(settings)}
        variables = {**(os.environ if environment is None else environment), **own}
        self.processes = {
            name: Process(name, command, variables, folder or Path.cwd(), show)
            for name, command in read_procfile().items()
            if self._is_called_for(name)
        }
        self._keepers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Stack":
        try:
            await self._start("redis")
            await asyncio.to_thread(self._wait_for_redis)
            await self._start("playground")
            await asyncio.gather(*map(self._start, ("worker", "bot", "trainer", "reader")))
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def keep_alive(self) -> None:
        """Start ended processes again from now on."""
        self._keepers = [asyncio.create_task(self._keep(p)) for p in self.processes.values()]

    async def run_until_broken(self) -> None:
        """Keep all alive until one ends right after its start; raises SetupError then."""
        self.keep_alive()
        await asyncio.gather(*self._keepers)

    async def stop(self) -> None:
        """Stop all: first who produces work, last who stores it. Cancelled, it kills all."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        try:
            for name in ("bot", "reader", "trainer", "worker", "playground", "redis"):
                if name in self.processes:
                    await self.processes[name].stop()
        except asyncio.CancelledError:
            for process in self.processes.values():
                process.signal(signal.SIGKILL)
            raise

    def _is_called_for(self, name: str) -> bool:
        if name == "redis":
            return self.settings.redis_url is None
        if name in OPTIONAL:
            # Torch is a gigabyte; without it /retrain says what to do, and links say so, too.
            return importlib.util.find_spec(OPTIONAL[name]) is not None
        return name != "playground" or self.settings.in_playground

    def _wait_for_redis(self) -> None:
        address = self.settings.redis_address
        with connect(address) as connection:
            wait_for_redis(connection, address, REDIS_PATIENCE_SECONDS)

    async def _start(self, name: str) -> None:
        process = self.processes.get(name)
        if process is None:
            return
        await process.start()
        ready = {
            "redis": self._redis_answers,
            "playground": self._playground_answers,
            "worker": self._worker_announced,
            "bot": self._bot_announced,
            "trainer": self._nobody_waits,
            "reader": self._reader_registered,
        }
        await self._wait_until(ready[name], process)

    async def _wait_until(self, ready: Callable[[int], Awaitable[bool]], process: Process) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not await ready(process.pid):
            if not process.running:
                why = self._where_it_says_why(process.name)
                raise SetupError(f"{process.name} did not start; {why}")
            if time.monotonic() > deadline:
                raise SetupError(f"{process.name} was not ready within {READY_SECONDS} s")
            await asyncio.sleep(LOOK_SECONDS)

    async def _redis_answers(self, pid: int) -> bool:
        with contextlib.suppress(redis.RedisError), connect(self.settings.redis_address) as r:
            return int(r.info("server")["process_id"]) == pid
        return False

    async def _playground_answers(self, pid: int) -> bool:
        # Whatever else listens on its port may answer anything, or nothing at all.
        with contextlib.suppress(aiohttp.ClientError, ValueError, TimeoutError):
            async with (
                aiohttp.ClientSession(timeout=ANSWER_TIMEOUT) as session,
                session.get(f"{self.settings.playground_url}/control/process") as response,
            ):
                return bool(await response.json() == {"ok": True, "result": {"pid": pid}})
        return False

    async def _worker_announced(self, pid: int) -> bool:
        with contextlib.suppress(redis.RedisError), connect(self.settings.redis_address) as r:
            announced = [r.get(key) for key in r.scan_iter(f"{WORKERS}*")]
            return any(WorkerStatus.model_validate_json(a).pid == pid for a in announced if a)
        return False

    async def _bot_announced(self, pid: int) -> bool:
        with contextlib.suppress(redis.RedisError), connect(self.settings.redis_address) as r:
            return bool(r.get(BOT_PID) == str(pid).encode())
        return False

    async def _reader_registered(self, pid: int) -> bool:
        with contextlib.suppress(redis.RedisError), connect(self.settings.redis_address) as r:
            return pid in reader_pids(read_queue(r))
        return False

    async def _nobody_waits(self, pid: int) -> bool:
        """A training that is ordered waits for its trainer."""
        return True

    def _where_it_says_why(self, name: str) -> str:
        log = f", or {self.settings.redis_dir}/redis.log," if name == "redis" else ""
        return f"its line above{log} says why"

    async def _keep(self, process: Process) -> None:
        while True:
            started = time.monotonic()
            code = await process.ended()
            is_short = code > 0 and time.monotonic() - started < SHORT_LIFE_SECONDS
            if is_short and process.name in OPTIONAL:
                # The rest serves without it; what it said stands above.
                return
            if is_short:
                why = self._where_it_says_why(process.name)
                raise SetupError(f"{process.name} ended with code {code}; {why}")
            await asyncio.sleep(RESTART_SECONDS)
            await process.start()


def _shop_of(settings: Settings) -> dict[str, str]:
    """Let the reader visit the playground, whose shop stands in for sites."""
    if not settings.in_playground or settings.reader_test_site:
        return {}
    return {"READER_TEST_SITE": settings.playground_site}


def read_procfile(path: Path = PROCFILE) -> dict[str, list[str]]:
    """Read {name: command} from the Procfile; `python` becomes this interpreter."""
    lines = [line.partition(":") for line in path.read_text().splitlines() if line.strip()]
    commands = {name.strip(): shlex.split(command) for name, _, command in lines}
    return {
        name: [sys.executable if part == "python" else part for part in command]
        for name, command in commands.items()
    }
