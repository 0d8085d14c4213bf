"""What a page of reviews says: the split, the stars beside it, what is praised and cursed. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.percents import percents
from bot.reviews.quotes import choose_quotes
from bot.reviews.stored import ScoredReview
from bot.vocabulary import label_order
from bot.wording import Wording, telling_each

NEGATIVE, POSITIVE = "negative", "positive"
MOST_WORDINGS = 7
# More are looked for in reviews that may be quoted than are told.
MOST_TELLING = 14
# What a review says, it says in its first thousand signs.
LOOKED_AT = 1000
# From here on stars are praise, down to here a complaint.
MANY_STARS, FEW_STARS = 4.0, 2.0
# As sure must the model be before it contradicts somebody's stars.
SURE = 0.7


@dataclass(frozen=True, slots=True)
class Stars:
    """What people gave in stars, beside what the model reads in their words."""

    mean: float
    count: int
    split: Mapping[int, Mapping[str, int]]
    """{stars, 5 down to 1: {label: how many}}; those without words under an empty label."""
    gloomy: Sequence[ScoredReview]
    """Many stars and negative words, the surest first."""
    rosy: Sequence[ScoredReview]
    """Few stars and positive words."""

    @property
    def share_of_few(self) -> float:
        """The share of those who gave few stars, 0 to 1."""
        few = sum(sum(by_label.values()) for n, by_label in self.split.items() if n <= FEW_STARS)
        return few / self.count


@dataclass(frozen=True, slots=True)
class Report:
    """All that is told of a reading's reviews."""

    reviews: int
    scored: int
    split: Mapping[str, int]
    """{label: how many}, from negative to positive."""
    stars: Stars | None
    praised: Sequence[Wording]
    cursed: Sequence[Wording]
    quotes: Mapping[str, Sequence[ScoredReview]]
    """{label: its most telling reviews}"""

    @property
    def percents(self) -> dict[str, int]:
        """{label: its whole percent of what was scored}; they add up to 100."""
        return dict(zip(self.split, percents(list(self.split.values())), strict=True))


def build_report(found: Sequence[ScoredReview]) -> Report:
    """Work a report out; some hundredths of a second for a thousand reviews."""
    by_label: dict[str, list[ScoredReview]] = {}
    for one in found:
        if one.label is not None:
            by_label.setdefault(one.label, []).append(one)
    labels = label_order(dict.fromkeys(_labels(found), 0.0))
    texts = {label: [one.text[:LOOKED_AT] for one in ours] for label, ours in by_label.items()}
    wordings = telling_each(texts, MOST_TELLING)
    return Report(
        reviews=len(found),
        scored=sum(map(len, by_label.values())),
        split={label: len(by_label.get(label, ())) for label in labels},
        stars=_stars(found),
        praised=wordings.get(POSITIVE, ())[:MOST_WORDINGS],
        cursed=wordings.get(NEGATIVE, ())[:MOST_WORDINGS],
        quotes=choose_quotes(by_label, wordings),
    )


def _labels(found: Sequence[ScoredReview]) -> set[str]:
    """All labels that the model has, those too that no review got."""
    return {label for one in found for label in one.scores.get("sentiment", ())}


def _stars(found: Sequence[ScoredReview]) -> Stars | None:
    starred = [(one.stars, one) for one in found if one.stars is not None]
    if not starred:
        return None
    split: dict[int, Counter[str]] = {stars: Counter() for stars in range(5, 0, -1)}
    for stars, one in starred:
        split[_whole(stars)][one.label or ""] += 1
    sure = sorted((one for _, one in starred if one.confidence >= SURE), key=_surest)
    return Stars(
        mean=sum(stars for stars, _ in starred) / len(starred),
        count=len(starred),
        split=split,
        gloomy=[one for one in sure if _is(one, NEGATIVE) and (one.stars or 0) >= MANY_STARS],
        rosy=[one for one in sure if _is(one, POSITIVE) and (one.stars or 0) <= FEW_STARS],
    )


def _is(one: ScoredReview, label: str) -> bool:
    return one.label == label


def _surest(one: ScoredReview) -> tuple[float, int]:
    return -one.confidence, one.number


def _whole(stars: float) -> int:
    # Halves go up, as sites round them.
    return min(5, max(1, int(stars + 0.5)))
