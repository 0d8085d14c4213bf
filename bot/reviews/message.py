"""How a reading looks in a chat: while it goes on, when it failed, and its report. Pure words."""

import html
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answers import EMOJI, OTHER_EMOJI, bar
from bot.reviews.links import host_of
from bot.reviews.quotes import cut
from bot.reviews.readings import Reading
from bot.reviews.report import FEW_STARS, MANY_STARS, NEGATIVE, Report, Stars
from bot.reviews.stored import Progress, ScoredReview
from bot.wording import Wording
from bot.words import Value, Words
from core.reading import ReadEnd

LONGEST_MESSAGE = 4096
LONGEST_TITLE = 100
LONGEST_HOST = 60
LONGEST_WORDING = 40
# Fewer reviews say little of the others, and fewer stars nothing that differs.
FEW_REVIEWS = 30
LEAST_STARS = 5
LEAST_DIFFERENCE = 0.1
# So much more of the texts than of the stars must be unhappy to be worth a "yet".
SURPRISING_PERCENT = 5
BAR_CELLS = 12
FULL, EMPTY = "█", "░"
STAR, NO_STAR = "★", "☆"


@dataclass(frozen=True, slots=True)
class Told:
    """A report in words, and the numbers of the reviews that it quotes, in their order there."""

    text: str
    quotes: list[int]


class ReadingMessage:
    """Says how a reading goes and what it found, in one language."""

    def __init__(self, words: Words, language: str) -> None:
        self._words = words
        self._language = language

    def progress(self, reading: Reading, seen: Progress, is_model_away: bool) -> str:
        """Say that it is being read, how much is there already, and why it does not go on."""
        host = _short(host_of(reading.url), LONGEST_HOST)
        lines = [self._say("reviews-reading", host=host) if host else self._say("reviews-taking")]
        if seen.reviews:
            done = seen.reviews - seen.waiting
            full = BAR_CELLS * done // seen.reviews
            lines.append(f"<code>{FULL * full}{EMPTY * (BAR_CELLS - full)}</code>")
            lines.append(self._say("reviews-progress", reviews=seen.reviews, scored=done))
        if is_model_away:
            lines.append(self._say("reviews-model-away"))
        return "\n".join(lines)

    def failure(self, reading: Reading) -> str:
        """Say why there is no report, and what would help."""
        host = _short(host_of(reading.url), LONGEST_HOST)
        return self._say(f"reviews-end-{reading.outcome}", host=host)

    def report(self, reading: Reading, found: Report, now: float) -> Told:
        """Put the report together; at most Telegram's 4096 characters.

        Where that is too little, the last quotes are left out.
        """
        head = [
            "\n".join(self._head(reading, found, now)),
            self._split(found),
            "\n".join(self._stars(reading, found)),
            "\n".join(self._wordings(found)),
        ]
        told = "\n\n".join(part for part in head if part)
        quotes = list(self._quotes(found))
        while len(told) + sum(len(quote) + 1 for quote in quotes) > LONGEST_MESSAGE and quotes:
            quotes.pop()
        shown = [one.number for one in quoted(found)][: len(quotes)]
        return Told("\n".join([told, *quotes]), shown)

    def plain_title(self, reading: Reading) -> str:
        """What was read, in few words and without markup."""
        found = reading.found.title if reading.found else ""
        return cut(found or host_of(reading.url) or self._say("reviews-plain-title"), LONGEST_TITLE)

    def _head(self, reading: Reading, found: Report, now: float) -> Iterator[str]:
        end = reading.found or ReadEnd(outcome="read")
        host = host_of(reading.url) or end.host
        title = _short(end.title, LONGEST_TITLE) or _short(host, LONGEST_HOST)
        key = "reviews-title" if title else "reviews-title-none"
        lines = [self._say(key, title=title), self._source(end, host, found)]
        if reading.is_borrowed:
            minutes = max(1, round((now - reading.heard_at) / 60))
            lines.append(self._say("reviews-read-before", minutes=minutes))
        if end.is_partial:
            lines.append(self._say("reviews-partial"))
        if 0 < found.scored < FEW_REVIEWS:
            lines.append(self._say("reviews-few"))
        yield from lines

    def _source(self, end: ReadEnd, host: str, found: Report) -> str:
        key = f"reviews-source-{end.source}"
        parts = [_short(host, LONGEST_HOST) if end.title else ""]
        if end.total is not None and end.total > found.reviews:
            parts.append(self._say("reviews-count-of", reviews=found.reviews, total=end.total))
        else:
            parts.append(self._say("reviews-count", reviews=found.reviews))
        if found.scored < found.reviews:
            parts.append(self._say("reviews-wordless", count=found.reviews - found.scored))
        if self._words.knows(key):
            parts.append(self._say(key))
        return " · ".join(part for part in parts if part)

    def _split(self, found: Report) -> str:
        if not found.scored:
            return self._say("reviews-nothing-scored")
        return "\n".join(
            bar(self._words, self._language, label, percent / 100)
            for label, percent in found.percents.items()
        )

    def _stars(self, reading: Reading, found: Report) -> Iterator[str]:
        """Say how the stars and the words differ."""
        stars, rating = found.stars, reading.found.rating if reading.found else None
        percent = found.percents.get(NEGATIVE, 0)
        if stars is None:
            if rating is not None and found.scored:
                yield self._say("reviews-rating", rating=round(rating, 1), percent=percent)
            return
        yield self._say("reviews-stars", mean=round(stars.mean, 1), count=stars.count)
        if rating is not None and abs(rating - stars.mean) >= LEAST_DIFFERENCE:
            yield self._say("reviews-stars-site", rating=round(rating, 1))
        if stars.count >= LEAST_STARS and found.scored:
            yield from self._differences(stars, percent)

    def _differences(self, stars: Stars, percent: int) -> Iterator[str]:
        few = round(100 * stars.share_of_few)
        is_surprising = stars.mean >= MANY_STARS and percent - few >= SURPRISING_PERCENT
        key = "reviews-stars-yet" if is_surprising else "reviews-stars-few"
        yield self._say(key, percent=percent, few=few, stars=int(FEW_STARS))
        if stars.gloomy:
            yield self._say("reviews-gloomy", count=len(stars.gloomy), stars=int(MANY_STARS))
        if stars.rosy:
            yield self._say("reviews-rosy", count=len(stars.rosy), stars=int(FEW_STARS))

    def _wordings(self, found: Report) -> Iterator[str]:
        for key, wordings in (("reviews-praised", found.praised), ("reviews-cursed", found.cursed)):
            if wordings:
                yield self._say(key, words=", ".join(map(self._wording, wordings)))

    def _wording(self, one: Wording) -> str:
        words = _short(one.words, LONGEST_WORDING)
        return self._say("reviews-wording", words=words, count=one.ours)

    def _quotes(self, found: Report) -> Iterator[str]:
        number = 0
        for label in found.split:
            for place, one in enumerate(found.quotes.get(label, ())):
                number += 1
                heading = "" if place else f"\n{EMOJI.get(label, OTHER_EMOJI)}\n"
                yield heading + self._quote(number, one)

    def _quote(self, number: int, one: ScoredReview) -> str:
        stars = f" {star_signs(one.stars)}" if one.stars else ""
        text = html.escape(cut(one.text), quote=False)
        return self._say("reviews-quote", number=number, text=text, stars=stars)

    def _say(self, key: str, **values: Value) -> str:
        return self._words.say(self._language, key, **values)


def quoted(found: Report) -> list[ScoredReview]:
    """List what a report quotes, in the order of its numbers."""
    return [one for label in found.split for one in found.quotes.get(label, ())]


def star_signs(stars: float) -> str:
    """Draw stars of five."""
    full = min(5, max(0, int(stars + 0.5)))
    return STAR * full + NO_STAR * (5 - full)


def _short(text: str, longest: int) -> str:
    return html.escape(cut(text, longest), quote=False)
