"""What `.env` names that looks like a knob and is none: a slip that would silently do nothing."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from dotenv import dotenv_values

from core.settings import Settings

# Other tools read the file, too: only what is nearly a knob is taken for a slip.
LIKENESS = 0.8


def misspelt_knobs(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (what is written, the knob that is probably meant)."""
    knobs = [name.upper() for name in Settings.model_fields]
    for name in dotenv_values(path):
        near = difflib.get_close_matches(name.upper(), knobs, n=1, cutoff=LIKENESS)
        if near and near[0] != name.upper():
            yield name, near[0]
