"""The version that is tried: it scores beside the champion, and is never in its way."""

import threading
import time
from collections.abc import Callable, Sequence

from loguru import logger
from pydantic import TypeAdapter

from core.contracts import Scores, Verdict, is_review
from ml.classifier import Classifier

# After it could not be loaded, failed on texts, or kept them waiting.
RETRY_SECONDS = 60.0
# What it may take for a batch, as much as the champion: nobody shall wait long for a trial.
SLOWEST_SECONDS = 0.5
# After a worker died: it may have been this version that killed it.
REST_SECONDS = 600.0

# A NaN would only be noticed where verdicts are read, and cost the champion's word, too.
_SCORES = TypeAdapter(list[Scores])


class Shadow:
    """Holds the classifier on trial, if there is one; nothing that it does raises."""

    def __init__(self, load: Callable[[str], Classifier]) -> None:
        """`load` turns a version's name into a warmed classifier; it may take seconds."""
        self._load = load
        self._version = ""
        # With its name, so that one which was loaded too late is never taken for another.
        self._loaded: tuple[str, Classifier] | None = None
        self._loading: threading.Thread | None = None
        self._rests_until = float("-inf")
        self._complaints: set[str] = set()

    @property
    def version(self) -> str:
        """The version that is tried here and now; empty for none."""
        classifier = self._classifier
        return classifier.version if classifier and not self._rests() else ""

    def follow(self, version: str) -> None:
        """Try a version from now on, or none; it is loaded while everything else goes on."""
        if version != self._version:
            self._version, self._loaded, self._complaints = version, None, set()
            self._rests_until = float("-inf")
        is_loading = self._loading is not None and self._loading.is_alive()
        if version and self._classifier is None and not is_loading and not self._rests():
            self._loading = threading.Thread(target=self._take_up, args=(version,), daemon=True)
            self._loading.start()

    def rest(self, seconds: float = REST_SECONDS) -> None:
        """Score nothing for a while."""
        self._rests_until = time.monotonic() + seconds

    def beside(self, verdicts: Sequence[Verdict], texts: Sequence[str]) -> list[Verdict]:
        """Add what this version says to verdicts on messages; reviews are nobody's to judge."""
        classifier = self._classifier
        places = [i for i, verdict in enumerate(verdicts) if not is_review(verdict.key)]
        if classifier is None or self._rests() or not places:
            return list(verdicts)
        started = time.monotonic()
        try:
            said = _SCORES.validate_python(classifier.predict([texts[i] for i in places]))
            added = dict(zip(places, said, strict=True))
        except Exception as error:  # noqa: BLE001 - whatever it is, the champion's word counts
            self._give_up(f"{classifier.version}, which is tried, fails: {type(error).__name__}")
            return list(verdicts)
        if time.monotonic() - started > SLOWEST_SECONDS:
            self._give_up(f"{classifier.version}, which is tried, is too slow to be tried often")
        return [_with(verdict, added.get(i), classifier) for i, verdict in enumerate(verdicts)]

    @property
    def _classifier(self) -> Classifier | None:
        loaded = self._loaded
        return loaded[1] if loaded and loaded[0] == self._version else None

    def _rests(self) -> bool:
        return time.monotonic() < self._rests_until

    def _take_up(self, version: str) -> None:
        try:
            self._loaded = (version, self._load(version))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the champion serves
            if version == self._version:
                self._give_up(f"{version} cannot be loaded to be tried: {error}")
        else:
            logger.bind(model=version).info("a version is tried beside the champion")

    def _give_up(self, complaint: str) -> None:
        """Rest for a while, and say why, once."""
        self.rest(RETRY_SECONDS)
        if complaint not in self._complaints:
            logger.error(complaint)
        self._complaints.add(complaint)


def _with(verdict: Verdict, said: Scores | None, classifier: Classifier) -> Verdict:
    if said is None:
        return verdict
    return verdict.model_copy(update={"shadow": said, "shadow_model": classifier.version})
