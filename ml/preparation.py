"""From a file's rows to data fit for training: normalised, compacted, distinct, balanced, split."""

import csv
import io
from dataclasses import dataclass, replace

from ml.compaction import lemmatise, mask_stop_words, says_something
from ml.data import Shares, Table, require_classes
from ml.duplicates import Conflict, distinct
from ml.errors import DataError
from ml.text import normalise


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is done to the texts; `partial` accepts tables and parts that lack a class."""

    lemmatise: bool = False
    mask_stop_words: bool = False
    balance: bool = False
    seed: int = 1
    shares: Shares | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """The parts by name (one, named `all`, where nothing was split), and what was left out."""

    source: Table
    table: Table
    parts: dict[str, Table]
    copies: int
    conflicts: list[Conflict]

    @property
    def rows_in(self) -> int:
        """All rows of the file."""
        return len(self.source.texts) + self.source.wordless

    @property
    def rows_out(self) -> int:
        """All rows of the parts."""
        return sum(len(part.texts) for part in self.parts.values())

    @property
    def wordless(self) -> int:
        """Rows that say nothing, or nothing after normalising."""
        distinct_rows = len(self.table.texts) + self.copies
        return self.rows_in - distinct_rows - sum(len(found.rows) for found in self.conflicts)


def prepare(source: Table, recipe: Recipe) -> Prepared:
    """Prepare a table by a recipe; the same for the same rows and seed. Raises DataError."""
    found = distinct(_rewritten(source, recipe))
    _require_rows(found.table, recipe.partial)
    parts = _parts(found.table, recipe.shares)
    if recipe.balance:
        parts = {name: part.balanced(recipe.seed) for name, part in parts.items()}
    if recipe.shares and not recipe.partial:
        _require_whole(parts)
    return Prepared(source, found.table, parts, found.copies, found.conflicts)


def _rewritten(source: Table, recipe: Recipe) -> Table:
    texts = [normalise(text) for text in source.texts]
    if recipe.mask_stop_words:  # before their inflections are gone
        texts = [mask_stop_words(text) for text in texts]
    if recipe.lemmatise:
        texts = [lemmatise(text) for text in texts]
    spoken = [index for index, text in enumerate(texts) if says_something(text)]
    return replace(source, texts=texts).take(spoken)


def _parts(table: Table, shares: Shares | None) -> dict[str, Table]:
    if shares is None:
        return {"all": table}
    return {name: table.only(name, shares=shares) for name in shares.parts}


def _require_rows(table: Table, partial: bool) -> None:
    if not table.texts:
        raise DataError(f"{table.path}: no row is left; add texts with words")
    try:
        require_classes(table)
    except DataError as error:
        if not partial:
            raise DataError(f"{error}; or give --partial where other files bring them") from None


def _require_whole(parts: dict[str, Table]) -> None:
    for name, part in parts.items():
        missing = [label for label, count in part.classes.items() if not count]
        if missing:
            raise DataError(
                f"{part.path}: its {name} part ({len(part.texts)} rows) has no "
                f"{' and no '.join(missing)}; add texts, or give --split that part a larger share"
            )


def csv_bytes(table: Table, labels: list[str]) -> bytes:
    """Return a table as a CSV with text and label, in UTF-8 with LF."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(["text", "label"])
    writer.writerows(
        (text, labels[label]) for text, label in zip(table.texts, table.labels, strict=True)
    )
    return content.getvalue().encode()
