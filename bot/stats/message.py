"""How /stats reads: a few short sections of HTML that fit a phone's width. Pure words."""

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bot.answers import label_word
from bot.labelling.agreement import Agreement
from bot.latency import SCORING, TOTAL, WAITING
from bot.liveness import Liveness
from bot.stats.intervals import Estimate
from bot.stats.overview import (
    CommunityView,
    Overview,
    Percentiles,
    PresentView,
    Speed,
    TaskView,
)
from bot.stats.statistics import FEW_LABELS, GREAT_DRIFT, SLIGHT_DRIFT, Drift, Quality
from bot.storage.statistics import MONTH_DAYS, WEEK_DAYS
from bot.training.cards import task_word
from bot.vocabulary import label_order
from bot.words import Words

STAGES = {WAITING: "stats-waiting", SCORING: "stats-scoring", TOTAL: "stats-total"}
PERCENTILES = ("p50", "p95", "p99")
MOST_COMMUNITIES = 8
LONGEST_TITLE = 40
# Less uncovered traffic than this needs no mention.
FULL_COVERAGE = 0.95
NAME_WIDTH, FIGURE_WIDTH = 8, 8


class StatsMessage:
    """Says an overview in one language."""

    def __init__(self, words: Words, language: str) -> None:
        self._words = words
        self._language = language

    def text(self, titles: Sequence[str], seen: Overview, live: Liveness) -> str:
        """Put the whole message together; at most Telegram's 4096 characters."""
        parts = [
            self._heading(titles),
            *(self._task(view) for view in seen.tasks),
            self._speed(seen.speed, seen.received_in_minute, live),
            *([self._present(seen.present)] if seen.present else []),
            *([self._communities(seen.communities)] if seen.communities else []),
            *([self._say("stats-footnote")] if _has_intervals(seen) else []),
        ]
        return "\n\n".join(parts)

    def labels(self, count: int) -> str:
        """Say how many labels there are."""
        return self._say("stats-labels", count=count)

    def _heading(self, titles: Sequence[str]) -> str:
        if len(titles) == 1:
            return self._say("stats-heading", title=_shorten(titles[0]))
        return self._say("stats-heading-all", count=len(titles))

    def _task(self, view: TaskView) -> str:
        lines = [f"<b>{task_word(self._words, self._language, view.task).capitalize()}</b>"]
        lines += self._qualities(view)
        lines += self._agreement(view.agreement)
        if view.drift:
            lines.append(self._drift(view.drift))
        return "\n".join(lines)

    def _qualities(self, view: TaskView) -> Iterator[str]:
        """Say what labels tell of a week and a month; of few labels only that they are few."""
        if view.month is None:
            yield self._say("stats-no-labels")
        elif view.month.rests_on_few:
            yield self._few(MONTH_DAYS, view.month)
        else:
            if view.week:
                yield self._quality(WEEK_DAYS, view.week)
            yield self._quality(MONTH_DAYS, view.month)
            error = _percent(view.month.calibration_error)
            yield self._say("stats-calibration", percent=error)

    def _few(self, days: int, quality: Quality) -> str:
        labels = self.labels(quality.labels)
        return self._say("stats-few", days=days, labels=labels, more=FEW_LABELS - quality.labels)

    def _quality(self, days: int, quality: Quality) -> str:
        if quality.rests_on_few:
            return self._few(days, quality)
        lines = [
            self._say(
                "stats-quality",
                days=days,
                labels=self.labels(quality.labels),
                accuracy=self._estimate(quality.accuracy),
                f1=self._estimate(quality.macro_f1),
            )
        ]
        if quality.coverage < FULL_COVERAGE:
            lines.append(self._say("stats-coverage", percent=_percent(quality.coverage)))
        return "\n".join(lines)

    def _estimate(self, estimate: Estimate) -> str:
        return self._say(
            "stats-estimate",
            value=_percent(estimate.value),
            low=_percent(estimate.low),
            high=_percent(estimate.high),
        )

    def _agreement(self, found: Agreement) -> Iterator[str]:
        if found.kappa is not None:
            few = found.pairs < FEW_LABELS
            key = "stats-agreement-few" if few else "stats-agreement"
            yield self._say(key, kappa=round(found.kappa, 2), pairs=found.pairs)

    def _drift(self, drift: Drift) -> str:
        index = round(drift.index, 2)
        if drift.index < SLIGHT_DRIFT:
            return self._say("stats-drift-none", index=index)
        key = "stats-drift-great" if drift.index >= GREAT_DRIFT else "stats-drift-slight"
        return self._say(key, index=index, shares=", ".join(self._shares(drift)))

    def _shares(self, drift: Drift) -> Iterator[str]:
        for label in label_order(drift.now):
            yield self._say(
                "stats-drift-share",
                label=html.escape(label_word(self._words, self._language, label)),
                before=_percent(drift.before[label]),
                now=_percent(drift.now[label]),
            )

    def _speed(self, speed: Speed, received_in_minute: int, live: Liveness) -> str:
        lines = [self._say("stats-speed", texts=speed.texts)] if speed.texts else []
        lines += [self._table(speed.stages)] if speed.texts else [self._say("stats-speed-none")]
        lines.append(
            self._say(
                "stats-now",
                rate=round(received_in_minute / 60, 1),
                waiting=live.waiting,
                dead=live.dead,
            )
        )
        lines.append(self._workers(live))
        return "\n".join(lines)

    def _table(self, stages: Mapping[str, Percentiles]) -> str:
        lines = [_row("", PERCENTILES)]
        for stage, times in stages.items():
            lines.append(_row(self._say(STAGES[stage]), [self._duration(time) for time in times]))
        return f"<pre>{html.escape(chr(10).join(lines))}</pre>"

    def _duration(self, milliseconds: float) -> str:
        if milliseconds < 1000:
            digits = 0 if milliseconds >= 10 else 1
            count = round(milliseconds, digits) if digits else round(milliseconds)
            return self._say("stats-milliseconds", count=count)
        return self._say("stats-seconds", count=round(milliseconds / 1000, 1))

    def _workers(self, live: Liveness) -> str:
        kinds = Counter((worker.device, worker.engine) for worker in live.workers)
        devices = ", ".join(
            self._say(
                "stats-devices",
                count=count,
                device=html.escape(device),
                engine=html.escape(engine),
            )
            for (device, engine), count in sorted(kinds.items())
        )
        return self._say("stats-workers", count=len(live.workers), devices=devices)

    def _present(self, present: PresentView) -> str:
        since = datetime.fromtimestamp(present.since, UTC).strftime("%d.%m.%Y")
        lines = [self._say("stats-present", model=html.escape(present.name), since=since)]
        for task, quality in present.qualities.items():
            lines.append(self._present_task(task, quality))
        if not present.qualities:
            lines.append(self._say("stats-present-no-labels"))
        if total := present.speed.stages.get(TOTAL):
            times = dict(zip(PERCENTILES, map(self._duration, total), strict=True))
            lines.append(self._say("stats-present-speed", **times))
        return "\n".join(lines)

    def _present_task(self, task: str, quality: Quality) -> str:
        if quality.rests_on_few:
            return self._few_of_task(task, quality.labels)
        return self._say(
            "stats-present-task",
            task=task_word(self._words, self._language, task).capitalize(),
            accuracy=self._estimate(quality.accuracy),
            f1=self._estimate(quality.macro_f1),
            labels=self.labels(quality.labels),
        )

    def _few_of_task(self, task: str, labels: int) -> str:
        return self._say(
            "stats-task-few",
            task=task_word(self._words, self._language, task).capitalize(),
            labels=self.labels(labels),
            more=FEW_LABELS - labels,
        )

    def _communities(self, views: Sequence[CommunityView]) -> str:
        lines = [self._say("stats-communities")]
        lines += [self._community(view) for view in views[:MOST_COMMUNITIES]]
        if len(views) > MOST_COMMUNITIES:
            more = len(views) - MOST_COMMUNITIES
            lines.append(self._say("stats-communities-more", count=more))
        return "\n".join(lines)

    def _community(self, view: CommunityView) -> str:
        parts = [self._accuracy(task, *found) for task, found in view.accuracies.items()]
        if total := view.speed.stages.get(TOTAL):
            texts, p99 = view.speed.texts, self._duration(total[-1])
            parts.append(self._say("stats-community-texts", texts=texts, p99=p99))
        else:
            parts.append(self._say("stats-community-silent"))
        title = self._say("stats-community", title=_shorten(view.title))
        return "\n".join([title, *parts])

    def _accuracy(self, task: str, accuracy: Estimate, labels: int) -> str:
        if labels < FEW_LABELS:
            return self._few_of_task(task, labels)
        return self._say(
            "stats-community-task",
            task=task_word(self._words, self._language, task),
            percent=_percent(accuracy.value),
            labels=self.labels(labels),
        )

    def _say(self, key: str, **values: str | int | float) -> str:
        return self._words.say(self._language, key, **values)


def _has_intervals(seen: Overview) -> bool:
    found = [view.month for view in seen.tasks if view.month]
    found += seen.present.qualities.values() if seen.present else []
    return not all(quality.rests_on_few for quality in found)


def _row(name: str, figures: Sequence[str]) -> str:
    return name.ljust(NAME_WIDTH) + "".join(figure.rjust(FIGURE_WIDTH) for figure in figures)


def _shorten(title: str) -> str:
    short = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
    return html.escape(short)


def _percent(share: float) -> int:
    return round(100 * share)
