"""One training, as an RQ job: from an order in Redis to a version in the registry and a result."""

import base64
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from loguru import logger

from core.connections import connect
from core.settings import Settings, load_settings
from core.training import (
    ChangedExample,
    Reason,
    TaskChange,
    TaskFigures,
    TrainingOrder,
    TrainingResult,
)
from ml import gate
from ml.errors import Cancelled, DataError, MlError
from ml.gate import COMMUNITY, Judged
from ml.registry import Registry
from ml.retraining import LEAST_LABELS, Inputs, Recipe, Retraining
from worker.desk import Desk
from worker.labelled_files import write_labelled, write_lines
from worker.timing import slowdown

MOST_EXAMPLES = 5
LONGEST_EXAMPLE = 300
KEPT_VERSIONS = 12


def retrain(order_id: str) -> None:
    """Carry out one order; what goes wrong becomes a result that says so."""
    settings = load_settings()
    with connect(settings.redis_address) as connection:
        desk = Desk(connection, order_id)
        order = desk.order()
        if order is None:
            return
        started = time.monotonic()
        result = _result(settings, desk, order)
        seconds = time.monotonic() - started
        desk.end(result.model_copy(update={"seconds": seconds}))
        logger.bind(model=result.version).info("training {} {}", order_id, result.outcome)


def _result(settings: Settings, desk: Desk, order: TrainingOrder) -> TrainingResult:
    try:
        return carry_out(settings, desk, order)
    except Cancelled:
        return TrainingResult(id=order.id, outcome="cancelled")
    except DataError as error:
        logger.warning("training {} can't begin: {}", order.id, error)
        numbers = {"labels": float(len(order.labelled)), "needed": float(LEAST_LABELS)}
        return _failed(order, Reason(code="too-few-labels", numbers=numbers))
    except (MlError, OSError, RuntimeError, ValueError, MemoryError) as error:
        logger.opt(exception=error).error("training {} failed", order.id)
        return _failed(order, Reason(code="crashed", names={"error": type(error).__name__}))


def _failed(order: TrainingOrder, reason: Reason) -> TrainingResult:
    return TrainingResult(id=order.id, outcome="failed", reasons=(reason,))


def carry_out(settings: Settings, desk: Desk, order: TrainingOrder) -> TrainingResult:
    """Train a challenger, let the gate judge it, add it to the registry, promote the better one.

    Raises Cancelled and MlError; until the very end nothing outside a temporary folder changes.
    """
    registry = _open_registry(settings)
    champion = registry.champion()
    with tempfile.TemporaryDirectory(prefix="nastroi-training-") as folder:
        inputs = _inputs(settings, order, registry.path(champion), Path(folder))
        recipe = Recipe(seed=order.seed, threads=settings.train_threads)
        training = Retraining(inputs, recipe, desk.tell)  # type: ignore[arg-type]
        version = f"{order.id[:40]}"
        challenger = Path(folder) / version
        training.train(challenger, version)
        desk.tell("judging", 0.92)
        sets = training.judge(challenger)
        verdict = gate.decide(sets, slowdown(inputs.champion, challenger, sets))
        desk.tell("judging", 0.99)
        version = registry.add(challenger, version)
    if verdict.passes:
        registry.promote(version)
    registry.prune(KEPT_VERSIONS, protected=[version])
    return TrainingResult(
        id=order.id,
        outcome="promoted" if verdict.passes else "kept",
        version=version,
        champion=champion,
        reasons=tuple(
            Reason(code=r.code, numbers=r.numbers, names=r.names) for r in verdict.reasons
        ),
        changes=tuple(_changes(sets)),
        better=tuple(_examples(training, sets, better=True)),
        worse=tuple(_examples(training, sets, better=False)),
        picture=_picture(sets),
    )


def _open_registry(settings: Settings) -> Registry:
    return Registry(
        settings.models_address,
        cache_dir=settings.var_dir / "cache" / "versions",
        storage_options=settings.models_access,
    )


def _inputs(settings: Settings, order: TrainingOrder, champion: Path, folder: Path) -> Inputs:
    return Inputs(
        champion=champion,
        labelled=write_labelled(order.labelled, folder),
        unlabelled=write_lines(order.unlabelled, folder / "unlabelled.txt"),
        base_data=settings.base_data,
    )


def _changes(sets: Sequence[Judged]) -> Iterable[TaskChange]:
    for judged in sets:
        before = gate.figures(judged, judged.before)
        after = gate.figures(judged, judged.after)
        yield TaskChange(
            task=judged.task,
            on=judged.on,
            before=_figures(before, judged.labels),
            after=_figures(after, judged.labels),
        )


def _figures(found: gate.Figures, labels: Sequence[str]) -> TaskFigures:
    return TaskFigures(
        n=found.n,
        accuracy=found.accuracy,
        macro_f1=found.macro_f1,
        ece=found.ece,
        recall=found.recall,
        confusion=tuple(map(tuple, found.confusion)),
        labels=tuple(labels),
    )


def _examples(
    training: Retraining, sets: Sequence[Judged], *, better: bool
) -> Iterable[ChangedExample]:
    """Pick held-out texts of the community that one of the two got right and the other wrong."""
    own = [judged for judged in sets if judged.on == COMMUNITY]
    tables = [table for table in training.held_out if table.texts]
    found = []
    for judged, table in zip(own, tables, strict=True):
        before, after = judged.before.argmax(axis=1), judged.after.argmax(axis=1)
        right, wrong = (after, before) if better else (before, after)
        for i in ((right == judged.truth) & (wrong != judged.truth)).nonzero()[0].tolist():
            example = ChangedExample(
                text=table.texts[i][:LONGEST_EXAMPLE],
                task=judged.task,
                truth=judged.labels[judged.truth[i]],
                before=judged.labels[before[i]],
                after=judged.labels[after[i]],
            )
            found.append(example)
    return found[:MOST_EXAMPLES]


def _picture(sets: Sequence[Judged]) -> str | None:
    from ml.confusion_pair import draw_pair

    own = [judged for judged in sets if judged.on == COMMUNITY]
    return base64.b64encode(draw_pair(own)).decode() if own else None
