"""Which version serves, which ones served before it, and how it came to that: one small JSON text.

All of it is one file, so that the champion and its history can't disagree after a crash.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from ml.errors import RegistryError
from ml.manifest import now

# What the file holds at most; workers read it every second.
_LONGEST_HISTORY = 20
_MOST_EVENTS = 50


@dataclass(frozen=True, slots=True)
class Event:
    """A champion's coming: `action` is promote or rollback, `at` is UTC in ISO 8601."""

    at: str
    action: str
    version: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """The champion, its predecessors from the latest back, and the last events, oldest first."""

    champion: str = ""
    before: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()

    def promoted(self, version: str) -> "Pointer":
        """Return the pointer after a promotion; the champion's own changes nothing."""
        if version == self.champion:
            return self
        before = (self.champion, *self.before) if self.champion else ()
        return self._moved("promote", version, before)

    def rolled_back(self, exists: Callable[[str], bool]) -> "Pointer":
        """Return the pointer on the version that served before, of those that still exist.

        Raises RegistryError when there is none.
        """
        for place, version in enumerate(self.before):
            if version != self.champion and exists(version):
                return self._moved("rollback", version, self.before[place + 1 :])
        raise RegistryError(
            f"no version served before {self.champion or 'the first promotion'} that is still "
            "there; promote one by its name"
        )

    def _moved(self, action: str, version: str, before: tuple[str, ...]) -> "Pointer":
        event = Event(now(), action, version)
        events = (*self.events, event)[-_MOST_EVENTS:]
        return replace(self, champion=version, before=before[:_LONGEST_HISTORY], events=events)


def to_text(pointer: Pointer) -> str:
    """Write a pointer as the file holds it."""
    return json.dumps(asdict(pointer), indent=1) + "\n"


def parse(text: str, where: str) -> Pointer:
    """Read a pointer's file; an empty one points nowhere. Raises RegistryError."""
    if not text.lstrip().startswith("{"):
        return Pointer(champion=text.strip())  # of a time when it held a name and no history
    try:
        content: dict[str, Any] = json.loads(text)
        events = tuple(Event(**event) for event in content["events"])
        return Pointer(str(content["champion"]), tuple(map(str, content["before"])), events)
    except (ValueError, KeyError, TypeError) as error:
        raise RegistryError(
            f"{where} is broken ({error}); delete it and promote a version again"
        ) from None
