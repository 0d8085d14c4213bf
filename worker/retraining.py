"""One training, as an RQ job: from an order in Redis to a version in the registry and a result."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from loguru import logger
from rq.timeouts import JobTimeoutException

from core.connections import connect, wait_for_redis
from core.settings import Settings, load_settings
from core.training import Reason, TrainingLostError, TrainingOrder, TrainingResult
from core.training_orders import TIMEOUT_SECONDS
from ml import gate
from ml.errors import Cancelled, TooFewLabelsError
from ml.registry import Registry
from ml.retraining import Inputs, Recipe, Retraining
from worker.desk import Desk
from worker.labelled_files import write_labelled, write_lines
from worker.outcome import Outcome, describe
from worker.papers import note_figures
from worker.timing import slowdown

KEPT_VERSIONS = 12
REDIS_PATIENCE_SECONDS = 60
LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class Job:
    """What one training works with."""

    settings: Settings
    desk: Desk
    order: TrainingOrder
    folder: Path
    """Gone when the training ends."""


def retrain(order_id: str) -> None:
    """Carry out one order; what goes wrong becomes a result that says so.

    An order that has ended, or whose place is another's by now, changes nothing.
    """
    settings = load_settings()
    started = time.monotonic()
    with connect(settings.redis_address) as connection:
        desk = Desk(connection, order_id)
        try:
            result = _result(settings, desk, desk.order())
        except TrainingLostError as error:
            logger.warning("training {} ends without a result: {}", order_id, error)
            return
        wait_for_redis(connection, settings.redis_address, REDIS_PATIENCE_SECONDS)
        desk.end(result.model_copy(update={"seconds": time.monotonic() - started}))
    logger.bind(model=result.version).info("training {} {}", order_id, result.outcome)


def _result(settings: Settings, desk: Desk, order: TrainingOrder) -> TrainingResult:
    try:
        with tempfile.TemporaryDirectory(prefix="nastroi-training-") as folder:
            return carry_out(Job(settings, desk, order, Path(folder)))
    except TrainingLostError:
        raise
    except Cancelled:
        return TrainingResult(id=order.id, outcome="cancelled")
    except TooFewLabelsError as error:
        numbers = {"labels": float(error.labels), "needed": float(error.needed)}
        return _failed(order, Reason(code="too-few-labels", numbers=numbers))
    except JobTimeoutException:
        return _failed(order, Reason(code="out-of-time", numbers={"minutes": TIMEOUT_SECONDS / 60}))
    except Exception as error:  # noqa: BLE001 - whatever it was, somebody waits for an answer
        logger.opt(exception=error).error("training {} failed", order.id)
        said = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
        return _failed(order, Reason(code="crashed", names={"error": said}))


def _failed(order: TrainingOrder, reason: Reason) -> TrainingResult:
    return TrainingResult(id=order.id, outcome="failed", reasons=(reason,))


def carry_out(job: Job) -> TrainingResult:
    """Train a challenger, let the gate judge it, and add it to the registry.

    Until it is added nothing changes outside the job's folder. Raises Cancelled,
    TrainingLostError, and whatever goes wrong.
    """
    registry = _open_registry(job.settings)
    champion, challenger = registry.champion(), job.folder / job.order.id
    with job.desk.kept():
        outcome = _challenge(job, registry.path(champion), challenger)
    note_figures(challenger, outcome.changes)
    version = registry.add(challenger, job.order.id)
    result = TrainingResult(
        id=job.order.id,
        outcome="kept",
        version=version,
        champion=champion,
        reasons=outcome.reasons,
        changes=outcome.changes,
        better=outcome.better,
        worse=outcome.worse,
    )
    return _published(registry, result, outcome)


def _challenge(job: Job, champion: Path, challenger: Path) -> Outcome:
    inputs = Inputs(
        champion=champion,
        labelled=write_labelled(job.order.labelled, job.folder),
        unlabelled=write_lines(job.order.unlabelled, job.folder / "unlabelled.txt"),
        base_data=job.settings.base_data,
    )
    recipe = Recipe(seed=job.order.seed, threads=job.settings.train_threads)
    training = Retraining(inputs, recipe, job.desk.tell)  # type: ignore[arg-type]
    training.train(challenger, challenger.name)
    job.desk.tell("judging", 0.92)
    sets = training.judge(challenger)
    verdict = gate.decide(sets, slowdown(champion, challenger, sets))
    job.desk.tell("judging", 0.99)
    return describe(verdict, sets)


def _published(registry: Registry, result: TrainingResult, outcome: Outcome) -> TrainingResult:
    """Promote the version that passed, unless somebody has chosen another champion meanwhile."""
    now = registry.pointer().champion
    if outcome.passes and now == result.champion and result.version:
        registry.promote(result.version)
        result = result.model_copy(update={"outcome": "promoted"})
    elif outcome.passes:
        changed = Reason(code="champion-changed", names={"version": now})
        result = result.model_copy(update={"reasons": (*result.reasons, changed)})
    registry.prune(KEPT_VERSIONS, protected=[result.version or ""])
    return result


def _open_registry(settings: Settings) -> Registry:
    return Registry(
        settings.models_address,
        cache_dir=settings.var_dir / "cache" / "versions",
        storage_options=settings.models_access,
    )
