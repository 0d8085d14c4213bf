"""The serving model: loaded and warmed once, replaced between batches when the champion changes.

Who is tried beside it stands in the same pointer, so it is followed here, too.
"""

import threading
import time
from collections.abc import Callable

from loguru import logger

from ml.classifier import Classifier
from ml.errors import MlError
from ml.registry import Registry
from worker.shadow import Shadow

# How often the pointer is read: a file, or an object whose every reading is paid for.
POLL_SECONDS = 0.5
REMOTE_POLL_SECONDS = 1.0
# A version that could not be loaded is tried again: a disk may have been full.
RETRY_SECONDS = 60.0


class Champion:
    """Holds the classifier that serves, and follows the registry's champion pointer."""

    def __init__(
        self, registry: Registry, load: Callable[[str], Classifier], shadow: Shadow
    ) -> None:
        """`load` turns a version's name into a warmed classifier; it may take seconds."""
        self._registry = registry
        self._load = load
        self._shadow = shadow
        self._serving = registry.champion()
        self._classifier = load(self._serving)
        self._failed: dict[str, float] = {}
        self._complaint = ""
        self._lost = False  # the registry, so that an outage is told once
        self._stop = threading.Event()
        threading.Thread(target=self._follow, name="champion", daemon=True).start()

    @property
    def classifier(self) -> Classifier:
        """The classifier to use for the next batch."""
        return self._classifier

    def close(self) -> None:
        """Stop following the pointer; a version that is just being loaded is not waited for."""
        self._stop.set()

    def _follow(self) -> None:
        pause = REMOTE_POLL_SECONDS if self._registry.is_remote else POLL_SECONDS
        while not self._stop.wait(pause):
            try:
                pointer = self._registry.pointer()
            except (OSError, MlError) as error:
                self._say_lost(str(error))
                continue
            version = pointer.champion
            if not version:
                self._say_lost("the champion's pointer is gone")
                continue
            self._say_found()
            if version != self._serving and not self._failed_lately(version):
                self._replace(version)
            self._shadow.follow(pointer.shadow)

    def _replace(self, version: str) -> None:
        try:
            # In this thread, so that the old model serves until the new one is warm.
            self._classifier = self._load(version)
            self._serving = version
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the old one serves
            self._failed[version] = time.monotonic()
            self._say_once(f"champion {version} cannot be loaded, the old one serves: {error}")
        else:
            logger.bind(model=version).info("a new champion serves")

    def _failed_lately(self, version: str) -> bool:
        since = time.monotonic() - self._failed.get(version, -RETRY_SECONDS)
        return since < RETRY_SECONDS

    def _say_once(self, complaint: str) -> None:
        if complaint != self._complaint:
            logger.error(complaint)
        self._complaint = complaint

    def _say_lost(self, reason: str) -> None:
        if not self._lost:
            logger.error(f"no champion to follow, the old one serves: {reason}")
        self._lost = True

    def _say_found(self) -> None:
        if self._lost:
            logger.info("the champion can be followed again")
        self._lost = False
