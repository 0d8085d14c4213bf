"""What people say in the playground's shop, made of the opinions in `seed_data/shop.toml`."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Literal

Kind = Literal["clothes", "cafe", "app"]

OPINIONS = Path(__file__).parent / "seed_data" / "shop.toml"
NEWEST = date(2026, 9, 28)
# How many of a hundred give 1 to 5 stars, as shops of this kind see it.
SHARES = {1: 14, 2: 9, 3: 11, 4: 20, 5: 46}
SECOND_OPINION, WITH_FACT = 0.45, 0.35
# Some take one star for the best mark; what they write tells them apart.
MISTAKEN = 0.03


@dataclass(frozen=True, slots=True)
class ShopReview:
    """One review as the shop shows it."""

    author: str
    stars: int
    text: str
    written_on: date


@cache
def reviews_of(kind: Kind, count: int, seed: int = 0) -> tuple[ShopReview, ...]:
    """Make up reviews, newest first, the same at each start and no text twice.

    There are words for 500 of clothes, and for some dozens of the others.
    """
    chance = Random(f"{kind} {seed}")
    told = opinions()[kind]
    authors = cycle(chance.sample(told["authors"], len(told["authors"])))
    texts = {stars: _texts(told, stars, chance) for stars in SHARES}
    marks = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    days = sorted(chance.randrange(400) for _ in range(count))
    return tuple(
        ShopReview(
            author=next(authors),
            stars=6 - stars if chance.random() < MISTAKEN else stars,
            text=next(texts[stars]),
            written_on=NEWEST - timedelta(days=day),
        )
        for stars, day in zip(marks, days, strict=True)
    )


@cache
def opinions() -> dict[str, dict[str, list[str]]]:
    """Everything that is said there, by what it is said of."""
    read: dict[str, dict[str, list[str]]] = tomllib.loads(OPINIONS.read_text("utf-8"))
    return read


def _texts(told: dict[str, list[str]], stars: int, chance: Random) -> Iterator[str]:
    """Every opinion in turn, with another or a fact beside it, each combination once."""
    said: set[str] = set()
    count = len(told[f"stars{stars}"])
    ordered = chance.sample(told[f"stars{stars}"], count)
    for at in cycle(range(count)):
        parts = [ordered[at]]
        if chance.random() < SECOND_OPINION:
            # Not one that stands alone a few reviews further on.
            parts.append(ordered[(at + chance.randint(count // 3, count - count // 3)) % count])
        if chance.random() < WITH_FACT:
            parts.insert(chance.randrange(len(parts) + 1), chance.choice(told["facts"]))
        text = " ".join(parts)
        if text not in said:
            said.add(text)
            yield text
