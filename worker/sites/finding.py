"""What was found on a page, whoever understood it."""

from dataclasses import dataclass

from core.reading import Review


@dataclass(frozen=True, slots=True)
class Found:
    """The reviews of one page. What describes the whole is repeated or left empty on later ones."""

    source: str
    """An adapter's name, `json-ld`, `microdata` or `text`."""
    reviews: tuple[Review, ...]
    title: str = ""
    total: int | None = None
    """How many the site says there are."""
    rating: float | None = None
    """The site's own mean, on a scale of 1 to 5."""
    is_partial: bool = False
    """There is more that was not read: a limit, or a later page that failed."""
