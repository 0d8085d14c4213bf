"""A fetched page, and why one could not be had: what fetching and understanding share."""

from collections.abc import Callable
from dataclasses import dataclass

from core.reading import ReadOutcome


@dataclass(frozen=True, slots=True)
class Page:
    """What a site answered, decompressed and within the limits."""

    url: str
    """Where the redirects ended."""
    content_type: str
    """As in the header, in lower case, without parameters; empty where there is none."""
    charset: str | None
    """As in the header."""
    body: bytes


class ReadError(Exception):
    """A page could not be had or understood; `outcome` says how to tell the person."""

    def __init__(self, outcome: ReadOutcome, detail: str = "") -> None:
        super().__init__(detail or outcome)
        self.outcome: ReadOutcome = outcome
        self.detail = detail


Get = Callable[[str], Page]
"""Fetches one address, safely and politely. Raises ReadError."""
