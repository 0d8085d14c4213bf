"""What an ordinary stop lets a task finish first, said by the task itself.

A task that says nothing is broken off at once. Who stops tasks, `bot.tasks`, asks here.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary


@dataclass(slots=True)
class State:
    """What a task has said of itself: how deep it is in blocks of each kind."""

    in_hand: int = 0
    queueing: int = 0
    resting: int = 0
    is_ending: bool = False


_states: WeakKeyDictionary["asyncio.Task[Any]", State] = WeakKeyDictionary()


@contextmanager
def in_hand() -> Iterator[None]:
    """Finish this block before a stop ends the task, if there is time enough."""
    task, state = _current()
    state.in_hand += 1
    try:
        yield
    finally:
        state.in_hand -= 1
        if state.is_ending and not state.in_hand and task:
            task.cancel()


@contextmanager
def queueing() -> Iterator[None]:
    """Within what is in hand: wait for a turn to send. What has not been sent late is not begun."""
    _, state = _current()
    state.queueing += 1
    try:
        yield
    finally:
        state.queueing -= 1


@contextmanager
def resting() -> Iterator[None]:
    """Within what is in hand: wait for what may as well be waited for at the next start."""
    _, state = _current()
    state.resting += 1
    try:
        yield
    finally:
        state.resting -= 1


def ask_to_end(task: "asyncio.Task[Any]", is_late: bool) -> None:
    """End a task, unless it has something in hand; it then ends itself once it has not."""
    state = _states.setdefault(task, State())
    state.is_ending = True
    if not state.in_hand or state.resting or (is_late and state.queueing):
        task.cancel()


def _current() -> tuple["asyncio.Task[Any] | None", State]:
    task = asyncio.current_task()
    return task, _states.setdefault(task, State()) if task else State()
