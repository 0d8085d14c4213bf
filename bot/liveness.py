"""What Redis says of the moment: who works, what waits, and what could not be read."""

from dataclasses import dataclass

import redis.asyncio

from core.contracts import WorkerStatus
from core.queues import DEAD, WORKERS, count_waiting


@dataclass(frozen=True, slots=True)
class Liveness:
    """The queue and the workers, now."""

    waiting: int
    workers: list[WorkerStatus]
    dead: int


async def look(connection: redis.asyncio.Redis) -> Liveness:
    """Look at the queue and the workers."""
    return Liveness(
        waiting=await count_waiting(connection),
        workers=await find_workers(connection),
        dead=int(await connection.xlen(DEAD)),
    )


async def find_workers(connection: redis.asyncio.Redis) -> list[WorkerStatus]:
    """Find the workers that said within the last seconds that they are alive, by name."""
    names = [name async for name in connection.scan_iter(f"{WORKERS}*", count=1000)]
    values = await connection.mget(names) if names else []
    found = [WorkerStatus.model_validate_json(value) for value in values if value]
    return sorted(found, key=lambda worker: worker.name)
