"""What of an overview becomes a picture, in the words of one language. Pure."""

import html
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.answers import label_word
from bot.charts.confusion import Confusion
from bot.charts.stats import Captions, Curve, Line, StatsPicture
from bot.stats.message import PERCENTILES
from bot.stats.overview import DaySpeed, Overview, TaskView
from bot.stats.statistics import Quality
from bot.storage.rollups import DAY_SECONDS
from bot.training.cards import task_word
from bot.vocabulary import label_order
from bot.words import Words

# There is room on a phone for so many, and colours that all people tell apart.
MOST_CONFUSIONS, MOST_CURVES = 2, 3


def stats_picture(
    words: Words, language: str, titles: Sequence[str], seen: Overview
) -> StatsPicture:
    """Choose and name what is drawn: a month's confusions and reliability, and times by day."""
    labelled = [(view, view.month) for view in seen.tasks if view.month]
    return StatsPicture(
        captions=_captions(words, language, titles),
        confusions=[
            _confusion(words, language, view, quality)
            for view, quality in labelled[:MOST_CONFUSIONS]
        ],
        curves=[
            # Of a few labels it would jump from 0 to 100 %.
            _curve(words, language, view, quality)
            for view, quality in labelled[:MOST_CURVES]
            if not quality.rests_on_few
        ],
        days=[_day(one) for one in seen.days],
        lines=[
            Line(name, [one.total[place] for one in seen.days])
            for place, name in enumerate(PERCENTILES)
        ],
    )


def _captions(words: Words, language: str, titles: Sequence[str]) -> Captions:
    several = words.say(language, "picture-all", count=len(titles))
    return Captions(
        title=titles[0] if len(titles) == 1 else several,
        true=words.say(language, "picture-true"),
        said=words.say(language, "picture-said"),
        reliability=words.say(language, "picture-reliability"),
        confidence=words.say(language, "picture-confidence"),
        right=words.say(language, "picture-right"),
        latency=words.say(language, "picture-latency"),
        nothing=words.say(language, "picture-nothing"),
        percent=words.say(language, "picture-percent", count="{}"),
        milliseconds=words.say(language, "stats-milliseconds", count="{}"),
        seconds=words.say(language, "stats-seconds", count="{}"),
    )


def _confusion(words: Words, language: str, view: TaskView, quality: Quality) -> Confusion:
    labels = label_order({label: 0.0 for cell in quality.confusion for label in cell})
    count = words.say(language, "stats-labels", count=quality.labels)
    note = words.say(language, "picture-few", labels=count) if quality.rests_on_few else count
    return Confusion(
        title=_task(words, language, view),
        note=note,
        labels=[label_word(words, language, label) for label in labels],
        shares=[[quality.confusion.get((true, said), 0.0) for said in labels] for true in labels],
    )


def _curve(words: Words, language: str, view: TaskView, quality: Quality) -> Curve:
    points = [(b.confidence, b.accuracy, b.labels) for b in quality.bins]
    return Curve(_task(words, language, view).lower(), points)


def _task(words: Words, language: str, view: TaskView) -> str:
    # The picture is no HTML.
    return html.unescape(task_word(words, language, view.task)).capitalize()


def _day(one: DaySpeed) -> str:
    return datetime.fromtimestamp(one.day * DAY_SECONDS, UTC).strftime("%d.%m")
