"""Which version serves, which ones served before it, how it came to that, and which one is tried
beside it: one small JSON text.

All of it is one file, so that the champion and its history can't disagree after a crash, nor a
shadow be compared with another champion than it was meant for.
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
    shadow: str = ""
    """A version that scores beside the champion, for comparison only; empty for none."""

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

    def shadowed(self, version: str) -> "Pointer":
        """Return the pointer with a version beside the champion; with none where it is empty."""
        return replace(self, shadow=version)

    def _moved(self, action: str, version: str, before: tuple[str, ...]) -> "Pointer":
        event = Event(now(), action, version)
        events = (*self.events, event)[-_MOST_EVENTS:]
        # What was compared with one champion says nothing of another: the shadow ends with it.
        before = before[:_LONGEST_HISTORY]
        return replace(self, champion=version, before=before, events=events, shadow="")


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
        before = tuple(map(str, content["before"]))
        # A file of a time before shadows has none.
        return Pointer(str(content["champion"]), before, events, str(content.get("shadow", "")))
    except (ValueError, KeyError, TypeError) as error:
        raise RegistryError(
            f"{where} is broken ({error}); delete it and promote a version again"
        ) from None
