"""Live events for open pages; costs nothing while no page listens."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playground.shapes import to_bytes

_QUEUED = 1000


class Events:
    """Hands every event to every listener; one that lags is told to load anew."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[bytes]] = set()

    @property
    def heard(self) -> bool:
        """Tell whether any page listens, so that nobody draws events for none."""
        return bool(self._listeners)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[bytes]]:
        """Give a queue of events, ready for the wire, for as long as the page listens."""
        queue: asyncio.Queue[bytes] = asyncio.Queue(_QUEUED)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def publish(self, name: str, content: dict[str, Any]) -> None:
        """Send one event to whoever listens."""
        if not self._listeners:
            return
        event = b"event: %s\ndata: %s\n\n" % (name.encode(), to_bytes(content))
        for queue in self._listeners:
            self._offer(queue, event)

    def _offer(self, queue: "asyncio.Queue[bytes]", event: bytes) -> None:
        if not queue.full():
            queue.put_nowait(event)
            return
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(b"event: reload\ndata: {}\n\n")
