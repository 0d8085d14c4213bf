"""Which rows a comparison has: the study's systems, what it argues against, ours, the user's."""

from collections.abc import Sequence
from pathlib import Path

from ml.errors import MlError
from ml.named_model import SHIPPED
from ml.study.row import TRANSFORMER, Entry
from ml.study.systems import BILSTM, LEXICON, LSTM, SCRATCH, SYSTEMS, TFIDF, system_named

_ARGUED_AGAINST = (
    Entry("Lexicon and rules", LEXICON),
    Entry("TF-IDF, logistic regression", TFIDF),
    Entry("LSTM", LSTM),
    Entry("Bidirectional LSTM", BILSTM),
)
# Rows by one word; the last stands for what a network of this size is without pretraining.
BY_KIND = {
    **{entry.kind: entry for entry in _ARGUED_AGAINST},
    SCRATCH: Entry("ruBERT-tiny's shape, from scratch", SCRATCH),
}


def study_entries(weights: Path | None) -> list[Entry]:
    """Return the study's rows; `weights` has a folder named after each system that it holds.

    A folder is looked for under the system's name and under its hub name's last part.
    """
    theirs = [
        Entry(
            system.name,
            TRANSFORMER,
            _folder(weights, system.name, system.hub) or system.hub,
            system.shape,
            system.published,
        )
        for system in SYSTEMS
    ]
    return [*_ARGUED_AGAINST, *_ours(), *theirs]


def _ours() -> list[Entry]:
    """Return the shipped model twice: under torch as all others, and as the worker serves it."""
    shipped = str(SHIPPED)
    return [
        Entry("nastroi-tiny", TRANSFORMER, shipped),
        Entry("nastroi-tiny, as served", TRANSFORMER, shipped, served=True),
    ]


def named_entry(argument: str, weights: Path | None = None) -> Entry:
    """Read NAME=DIR_OR_HUB, a hub name or directory alone, or a name or kind known here.

    Raises MlError where it is none of these.
    """
    name, equals, place = argument.partition("=")
    if equals:
        system = system_named(name)
        shape, published = (system.shape, system.published) if system else (None, None)
        return Entry(name, TRANSFORMER, place, shape, published)
    known = BY_KIND | {entry.name.casefold(): entry for entry in study_entries(weights)}
    if argument.casefold() in known:
        return known[argument.casefold()]
    if Path(argument).is_dir() or argument.count("/") == 1:
        return Entry(Path(argument).name, TRANSFORMER, argument)
    raise MlError(
        f"{argument!r} is no model known here; give NAME=DIRECTORY, NAME=owner/name on the hub, "
        f"or one of {', '.join(sorted(known))}"
    )


def merged(entries: Sequence[Entry], more: Sequence[Entry]) -> list[Entry]:
    """Return all entries; one of `more` takes the place of its namesake."""
    by_name = {entry.name: entry for entry in entries}
    return list((by_name | {entry.name: entry for entry in more}).values())


def _folder(weights: Path | None, *names: str) -> str | None:
    if weights is None:
        return None
    found = [weights / name.rpartition("/")[2] for name in names]
    return next((str(path) for path in found if path.is_dir()), None)
