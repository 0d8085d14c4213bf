"""What /stats says, worked out of what is stored: by task, by stage, by community. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.labelling.agreement import Agreement, agreement
from bot.latency import STAGES, TOTAL, percentile
from bot.stats.intervals import Estimate
from bot.stats.statistics import Drift, Quality, find_drift, measure, measure_accuracy
from bot.stats.strata import Judged, Strata, stratify
from bot.storage.rollups import DayCount, LatencyCount, PredictionCount, day_of
from bot.storage.statistics import MONTH_DAYS, WEEK_DAYS, Counts, Facts, PresentModel

SHARES = (0.5, 0.95, 0.99)

Percentiles = tuple[float, float, float]
"""Milliseconds that half, 95 % and 99 % of the texts took at most."""


class Dated(Protocol):
    """Something of one chat and day."""

    @property
    def chat_id(self) -> int: ...
    @property
    def day(self) -> int: ...


OfADay = TypeVar("OfADay", bound=Dated)


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task of the model, such as sentiment."""

    task: str
    week: Quality | None
    month: Quality | None
    drift: Drift | None
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Speed:
    """How long texts took, by stage."""

    texts: int
    stages: Mapping[str, Percentiles]


@dataclass(frozen=True, slots=True)
class DaySpeed:
    """How long the texts of one day (counted from 1970, UTC) took from end to end."""

    day: int
    total: Percentiles


@dataclass(frozen=True, slots=True)
class PresentView:
    """The version that scores now, since its first verdict (epoch seconds)."""

    name: str
    since: float
    qualities: Mapping[str, Quality]
    speed: Speed


@dataclass(frozen=True, slots=True)
class CommunityView:
    """One community in a line: a month's accuracy by task, a week's texts and their times."""

    title: str
    accuracies: Mapping[str, tuple[Estimate, int]]
    """{task: (accuracy, labels)}."""
    speed: Speed


@dataclass(frozen=True, slots=True)
class Overview:
    """All communities that it is about taken together, and each by itself."""

    tasks: Sequence[TaskView]
    speed: Speed
    days: Sequence[DaySpeed]
    present: PresentView | None
    communities: Sequence[CommunityView]
    received_in_minute: int


def overview(facts: Facts, now: float) -> Overview:
    """Work out what /stats says at an epoch second."""
    today = day_of(now)
    recent = facts.recent
    week = _latest(recent.latencies, today, WEEK_DAYS)
    return Overview(
        tasks=[_view_task(task, facts, today) for task in _tasks(recent)],
        speed=_measure_speed(week),
        days=_measure_days(facts.days),
        present=_view_present(facts.present) if facts.present else None,
        communities=_view_communities(facts, today) if len(facts.titles) > 1 else [],
        received_in_minute=facts.received_in_minute,
    )


def _tasks(counts: Counts) -> list[str]:
    """The tasks that anything is known of, the most labelled first."""
    labels = Counter(one.task for one in counts.judged)
    names = labels.keys() | {one.task for one in counts.predictions}
    return sorted(names, key=lambda task: (-labels[task], task))


def _view_task(task: str, facts: Facts, today: int) -> TaskView:
    judged = [one for one in facts.recent.judged if one.task == task]
    predictions = [one for one in facts.recent.predictions if one.task == task]
    week, month = (
        measure(_stratify(_latest(judged, today, days), _latest(predictions, today, days)))
        for days in (WEEK_DAYS, MONTH_DAYS)
    )
    return TaskView(
        task=task,
        week=week,
        month=month,
        drift=view_drift(predictions, today),
        agreement=agreement(facts.pairs.get(task, [])),
    )


def view_drift(predictions: Sequence[PredictionCount], today: int) -> Drift | None:
    """Compare this week with the four before it."""
    now, before = Counter[str](), Counter[str]()
    for one in predictions:
        side = now if one.day > today - WEEK_DAYS else before
        side[one.label] += one.texts
    return find_drift(now, before)


def _view_present(present: PresentModel) -> PresentView:
    counts = present.counts
    measured = {
        task: measure(
            _stratify(
                [one for one in counts.judged if one.task == task],
                [one for one in counts.predictions if one.task == task],
            )
        )
        for task in _tasks(counts)
    }
    qualities = {task: quality for task, quality in measured.items() if quality}
    return PresentView(present.name, present.since, qualities, _measure_speed(counts.latencies))


def _view_communities(facts: Facts, today: int) -> list[CommunityView]:
    """View each community by itself, that with the most texts first."""
    recent = facts.recent
    judged = _by_chat(_latest(recent.judged, today, MONTH_DAYS))
    predictions = _by_chat(_latest(recent.predictions, today, MONTH_DAYS))
    latencies = _by_chat(_latest(recent.latencies, today, WEEK_DAYS))
    views = [
        CommunityView(
            title,
            _measure_accuracies(judged[chat], predictions[chat]),
            _measure_speed(latencies[chat]),
        )
        for chat, title in facts.titles.items()
    ]
    return sorted(views, key=lambda view: (-view.speed.texts, view.title))


def _measure_accuracies(
    judged: Sequence[Judged], predictions: Sequence[PredictionCount]
) -> dict[str, tuple[Estimate, int]]:
    found = {}
    for task in sorted({one.task for one in judged}):
        strata = _stratify(
            [one for one in judged if one.task == task],
            [one for one in predictions if one.task == task],
        )
        found[task] = (measure_accuracy(strata), len(strata.judged))
    return found


def _latest(found: Iterable[OfADay], today: int, days: int) -> list[OfADay]:
    return [one for one in found if today - days < one.day <= today]


def _by_chat(found: Iterable[OfADay]) -> defaultdict[int, list[OfADay]]:
    chats: defaultdict[int, list[OfADay]] = defaultdict(list)
    for one in found:
        chats[one.chat_id].append(one)
    return chats


def _stratify(judged: Sequence[Judged], predictions: Sequence[PredictionCount]) -> Strata:
    traffic = Counter[tuple[str, int]]()
    for one in predictions:
        traffic[one.label, one.tenth] += one.texts
    return stratify(judged, traffic)


def _measure_speed(latencies: Iterable[LatencyCount]) -> Speed:
    counts: dict[str, Counter[int]] = {stage: Counter() for stage in STAGES}
    for one in latencies:
        counts[one.stage][one.bucket] += one.texts
    stages = {
        stage: found for stage in STAGES if (found := _percentiles(counts[stage])) is not None
    }
    return Speed(counts[TOTAL].total(), stages)


def _measure_days(counts: Iterable[DayCount]) -> list[DaySpeed]:
    """Measure each of the last days on which anything was scored."""
    by_day: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for one in counts:
        by_day[one.day][one.bucket] += one.texts
    return [
        DaySpeed(day, found)
        for day in sorted(by_day)
        if (found := _percentiles(by_day[day])) is not None
    ]


def _percentiles(counts: Counter[int]) -> Percentiles | None:
    found = [percentile(counts, share) for share in SHARES]
    p50, p95, p99 = found
    return (p50, p95, p99) if p50 is not None and p95 is not None and p99 is not None else None
