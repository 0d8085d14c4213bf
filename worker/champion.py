"""The serving model: loaded and warmed once, replaced between batches when the champion changes."""

import threading
from collections.abc import Callable

from loguru import logger

from ml.classifier import Classifier
from ml.registry import Registry

POLL_SECONDS = 0.5


class Champion:
    """Holds the classifier that serves, and follows the registry's champion pointer."""

    def __init__(self, registry: Registry, load: Callable[[str], Classifier]) -> None:
        """`load` turns a version's name into a warmed classifier; it may take seconds."""
        self._registry = registry
        self._load = load
        self._classifier = load(registry.champion())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="champion", daemon=True)
        self._thread.start()

    @property
    def classifier(self) -> Classifier:
        """The classifier to use for the next batch."""
        return self._classifier

    def close(self) -> None:
        """Stop following the pointer."""
        self._stop.set()
        self._thread.join()

    def _follow(self) -> None:
        tried = self._classifier.version
        while not self._stop.wait(POLL_SECONDS):
            tried = self._load_if_new(tried)

    def _load_if_new(self, tried: str) -> str:
        """Load the champion unless it is the version last tried; return what is tried now."""
        version = tried
        try:
            version = self._registry.champion()
            if version != tried:
                # In this thread, so that the old model serves until the new one is warm.
                self._classifier = self._load(version)
                logger.bind(model=version).info("a new champion serves")
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the old one serves
            logger.bind(model=version).error("this champion cannot be loaded: {}", error)
        return version
