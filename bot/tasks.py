"""Stopping asyncio tasks for certain, and running parts of a process side by side."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

# Python 3.11's asyncio.wait_for, through which redis-py sends, swallows a cancellation now and
# then (about one in six, where it comes while a command is being written). So it is repeated.
REPEAT_SECONDS = 0.1


async def stop_tasks(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel tasks until all have ended; what they raise is left in them."""
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=REPEAT_SECONDS)


async def run_until(stop: asyncio.Event, *parts: Coroutine[None, None, None]) -> None:
    """Run parts side by side until `stop` is set or one of them ends, and raise what ended it."""
    tasks = [asyncio.create_task(part) for part in parts]
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        ended = [task for task in tasks if task.done()]
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
