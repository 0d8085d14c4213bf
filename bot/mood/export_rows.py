"""What a file of verdicts says of a message, as CSV and as JSON. Pure."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from bot.links import message_link
from bot.storage.verdict_rows import VerdictRow
from bot.tables import without_formula
from bot.vocabulary import SENTIMENT

Format = Literal["csv", "jsonl"]
FORMATS: tuple[Format, ...] = ("csv", "jsonl")
BEFORE_SCORES = ("link", "sent_at", "label", "probability")
AFTER_SCORES = ("model", "author", "thread", "edited", "text")
# Decimals of a probability.
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """How one file is written."""

    format: Format
    outputs: Sequence[tuple[str, str]]
    """Tasks and labels in the order of their columns."""
    names: Mapping[int, str]
    """Public names of chats."""
    salt: bytes
    """Random, and thrown away with the export: in one file an author is the same one throughout,
    which shows whether few or many feel so, and no two files, nor a file and an account, can be
    laid side by side to follow a person."""

    def head(self) -> bytes:
        """What a file begins with."""
        if self.format == "jsonl":
            return b""
        outputs = [f"{task}.{label}" for task, label in self.outputs]
        row = _csv_row([*BEFORE_SCORES, *outputs, *AFTER_SCORES])
        # The mark by which spreadsheets know UTF-8.
        return b"\xef\xbb\xbf" + row

    def lines(self, rows: Sequence[VerdictRow]) -> list[bytes]:
        """One line a message."""
        write = self._csv if self.format == "csv" else self._json
        return [write(row) for row in rows]

    def _csv(self, row: VerdictRow) -> bytes:
        known = self._values(row)
        scores = [row.scores.get(task, {}).get(label) for task, label in self.outputs]
        rounded = [None if one is None else round(one, DIGITS) for one in scores]
        before, after = ([known[name] for name in part] for part in (BEFORE_SCORES, AFTER_SCORES))
        return _csv_row([*before, *rounded, *after])

    def _json(self, row: VerdictRow) -> bytes:
        known = self._values(row)
        scores = {
            task: {label: round(one, DIGITS) for label, one in labels.items()}
            for task, labels in row.scores.items()
        }
        return json.dumps(known | {"scores": scores}, ensure_ascii=False).encode() + b"\n"

    def _values(self, row: VerdictRow) -> dict[str, object]:
        sentiment = row.scores.get(SENTIMENT, {})
        label = max(sentiment, key=sentiment.__getitem__, default=None)
        has_link = not row.has_moved
        link = message_link(row.chat_id, row.message_id, self.names) if has_link else ""
        return {
            "link": link or None,
            "sent_at": datetime.fromtimestamp(row.sent_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "label": label,
            "probability": None if label is None else round(sentiment[label], DIGITS),
            "model": row.model,
            "author": self._pseudonym(row.sender_id),
            "thread": row.thread_id,
            "edited": row.edited_at > 0,
            "text": row.text,
        }

    def _pseudonym(self, sender_id: int | None) -> str | None:
        if sender_id is None:
            return None
        digest = hashlib.blake2b(str(sender_id).encode(), key=self.salt, digest_size=6)
        return f"a{digest.hexdigest()}"


def _csv_row(cells: Sequence[object]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target).writerow(map(_cell, cells))
    return target.getvalue().encode("utf-8", "replace")


def _cell(value: object) -> object:
    if value is None:
        return ""
    return without_formula(value) if isinstance(value, str) else value
