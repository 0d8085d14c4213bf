"""What of a mood becomes a picture, in the words of one language. Pure."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answers import label_word
from bot.charts.mood import Band, Mark, MoodCaptions, MoodPicture
from bot.mood.buckets import DAY, Cut
from bot.mood.outside import outside_bands
from bot.mood.overview import MoodView
from bot.mood.votes import LABELS
from bot.stats.intervals import wilson
from bot.words import Words

# There is room for so many labels below the picture.
MOST_TICKS = 7


def mood_picture(words: Words, language: str, view: MoodView) -> MoodPicture:
    """Choose and name what is drawn."""
    tallies = [bucket.tally for bucket in view.cut.buckets]
    return MoodPicture(
        captions=_captions(words, language, view.titles[view.chat_id]),
        ticks=_ticks(view.cut, view.zone),
        shares=[
            _band(label_word(words, language, label), view.cut, place)
            for place, label in enumerate(LABELS)
        ],
        votes=[tally.votes for tally in tallies],
        messages=[tally.messages for tally in tallies],
        # Bars stand in the middle of their time, which a mark must count from, too.
        marks=[Mark(view.cut.place_of(start.at) - 0.5, start.model) for start in view.starts],
        outside=_outside(words, language, view),
    )


def _captions(words: Words, language: str, title: str) -> MoodCaptions:
    return MoodCaptions(
        title=title,
        volume=words.say(language, "mood-picture-volume"),
        volume_note=words.say(language, "mood-picture-note"),
        outside=words.say(language, "mood-picture-outside"),
        nothing=words.say(language, "mood-picture-nothing"),
        percent=words.say(language, "picture-percent", count="{}"),
    )


def _outside(words: Words, language: str, view: MoodView) -> Sequence[Band]:
    if view.outside is None:
        return ()
    names = (words.say(language, "mood-line-inside"), words.say(language, "mood-line-outside"))
    return outside_bands(view.cut, view.outside, names)


def _band(name: str, cut: Cut, place: int) -> Band:
    """A feeling's shares with Wilson's intervals, as if each vote were wholly for one feeling."""
    values: list[float | None] = []
    low: list[float | None] = []
    high: list[float | None] = []
    for bucket in cut.buckets:
        share, votes = bucket.tally.shares[place], bucket.tally.votes
        ends = wilson(min(share, 1.0), votes) if votes else (None, None)
        for found, part in zip((values, low, high), (share if votes else None, *ends), strict=True):
            found.append(None if part is None else round(100 * part, 2))
    return Band(name, values, low, high)


def _ticks(cut: Cut, zone: ZoneInfo) -> list[tuple[int, str]]:
    """Name some buckets: by their day, or by their hour where a day has several."""
    days = [datetime.fromtimestamp(bucket.start, zone) for bucket in cut.buckets]
    if cut.step >= DAY:
        every = -(-len(days) // MOST_TICKS)
        return [(place, days[place].strftime("%d.%m")) for place in range(0, len(days), every)]
    midnights = [(place, day) for place, day in enumerate(days) if day.hour == 0]
    if len(midnights) > 2:
        every = -(-len(midnights) // MOST_TICKS)
        return [(place, day.strftime("%d.%m")) for place, day in midnights[::every]]
    every = -(-len(days) // MOST_TICKS)
    return [
        (place, days[place].strftime("%d.%m" if days[place].hour == 0 else "%H:%M"))
        for place in range(0, len(days), every)
    ]
