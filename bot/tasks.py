"""Stopping asyncio tasks for certain, and running parts of a process side by side."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any, TypeVar

from bot.grace import ask_to_end, in_hand

T = TypeVar("T")

# Python 3.11's asyncio.wait_for, through which redis-py sends, swallows a cancellation now and
# then (about one in six, where it comes while a command is being written). So it is repeated.
REPEAT_SECONDS = 0.1
# What is in hand at a stop may take so long. Whoever stops the bot (stack/, compose.yaml) gives it
# twice that, for what then comes: the offset, the connections, a write that is under way.
FINISH_SECONDS = 5.0
# A part that has broken off what was in hand has so long to say so.
SPARE_SECONDS = 0.5
# What by then still waits for its turn to be sent is left to the next start, so that no sending is
# broken off, of which nobody would know whether it arrived.
QUEUE_SECONDS = 3.0


async def stop_tasks(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel tasks until all have ended; what they raise is left in them."""
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=REPEAT_SECONDS)


async def finish_tasks(tasks: Collection[asyncio.Task[Any]], spare_seconds: float = 0) -> None:
    """End tasks, each once it has nothing in hand (see `bot.grace`), all within FINISH_SECONDS.

    Cancelled itself, it ends all of them at once.
    """
    clock = asyncio.get_running_loop().time
    asked_at, running = clock(), {task for task in tasks if not task.done()}
    seconds = FINISH_SECONDS + spare_seconds
    try:
        # Whoever stops the task that waits here is to wait, too.
        with in_hand():
            while running and clock() < asked_at + seconds:
                for task in running:
                    ask_to_end(task, is_late=clock() > asked_at + QUEUE_SECONDS)
                _, running = await asyncio.wait(running, timeout=REPEAT_SECONDS)
    finally:
        await stop_tasks(running)


async def run_until(stop: asyncio.Event, *parts: Coroutine[None, None, None]) -> None:
    """Run parts side by side until `stop` is set or one of them ends, and raise what ended it.

    They finish what they have in hand; cancelled itself, it ends them at once.
    """
    tasks = [asyncio.create_task(part) for part in parts]
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        ended = [task for task in tasks if task.done()]
        await finish_tasks([stopped, *tasks], SPARE_SECONDS)
    finally:
        await stop_tasks([stopped, *tasks])
    for task in ended:
        task.result()


async def finish_unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Return what `work` returns, or None when `stop` is set before: then it is cancelled."""
    task = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([stopped, task], return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        await stop_tasks([stopped, task])
