"""One training, as an RQ job: from an order in Redis to a version in the registry and a result."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from loguru import logger
from rq.timeouts import JobTimeoutException

from core.connections import connect, wait_for_redis
from core.settings import Settings, load_settings
from core.training import Outcome, Reason, TrainingLostError, TrainingOrder, TrainingResult
from core.training_attempts import TIMEOUT_SECONDS
from ml import gate
from ml import manifest as manifests
from ml.errors import Cancelled, TooFewLabelsError
from ml.registry import Registry
from ml.retraining import Inputs, Recipe, Retraining
from worker.desk import Desk
from worker.labelled_files import write_labelled, write_lines
from worker.outcome import Outcome as Judgement
from worker.outcome import describe
from worker.papers import note_figures
from worker.timing import slowdown
from worker.workplaces import judgement_of, read_judgement, workplace_of, write_judgement

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
    """Gone when the training ends; what an attempt leaves there, the next one goes on with."""


def retrain(order_id: str, attempt: int = 1) -> None:
    """Carry out one order; what goes wrong becomes a result that says so.

    An order that has ended, or whose place is another's by now, changes nothing.
    """
    settings = load_settings()
    started = time.monotonic()
    with connect(settings.redis_address) as connection:
        desk = Desk(connection, order_id, attempt)
        try:
            result = _result(settings, desk, desk.order())
        except TrainingLostError as error:
            logger.warning("training {} ends without a result: {}", order_id, error)
            return
        wait_for_redis(connection, settings.redis_address, REDIS_PATIENCE_SECONDS)
        desk.end(result.model_copy(update={"seconds": time.monotonic() - started}))
    shutil.rmtree(workplace_of(settings, order_id), ignore_errors=True)
    logger.bind(model=result.version).info("training {} {}", order_id, result.outcome)


def _result(settings: Settings, desk: Desk, order: TrainingOrder) -> TrainingResult:
    try:
        folder = workplace_of(settings, order.id)
        folder.mkdir(parents=True, exist_ok=True)
        return carry_out(Job(settings, desk, order, folder))
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
    if job.order.id in registry.versions() and not judgement_of(job.folder).exists():
        return _added_elsewhere(registry, job.order.id)
    judged = read_judgement(job.folder) or _judged(job, registry)
    registry.add(job.folder / job.order.id, job.order.id)
    return _published(registry, judged)


def _judged(job: Job, registry: Registry) -> TrainingResult:
    """Train a challenger and judge it; what came of it is written down beside it."""
    champion, challenger = registry.champion(), job.folder / job.order.id
    with job.desk.kept():
        outcome = _challenge(job, registry.path(champion), challenger)
    note_figures(challenger, outcome.changes)
    judged = TrainingResult(
        id=job.order.id,
        outcome="promoted" if outcome.passes else "kept",
        version=job.order.id,
        champion=champion,
        reasons=outcome.reasons,
        changes=outcome.changes,
        better=outcome.better,
        worse=outcome.worse,
    )
    write_judgement(job.folder, judged)
    return judged


def _added_elsewhere(registry: Registry, version: str) -> TrainingResult:
    """The end of a training whose trainer, on another host, died after it had added the version."""
    outcome: Outcome = "promoted" if registry.champion() == version else "kept"
    before = manifests.read(registry.path(version)).parent
    return TrainingResult(id=version, outcome=outcome, version=version, champion=before)


def _challenge(job: Job, champion: Path, challenger: Path) -> Judgement:
    inputs = Inputs(
        champion=champion,
        labelled=write_labelled(job.order.labelled, job.folder),
        unlabelled=write_lines(job.order.unlabelled, job.folder / "unlabelled.txt"),
        base_data=job.settings.base_data,
    )
    recipe = Recipe(seed=job.order.seed, threads=job.settings.train_threads)
    training = Retraining(inputs, recipe, job.desk.tell)  # type: ignore[arg-type]
    training.train(challenger, challenger.name, job.folder / "unfinished")
    job.desk.tell("judging", 0.92)
    sets = training.judge(challenger)
    verdict = gate.decide(sets, slowdown(champion, challenger, sets))
    job.desk.tell("judging", 0.99)
    return describe(verdict, sets)


def _published(registry: Registry, judged: TrainingResult) -> TrainingResult:
    """Promote the version that passed, unless somebody has chosen another champion meanwhile."""
    now, version = registry.pointer().champion, judged.version or ""
    if judged.outcome == "promoted" and now == judged.champion:
        registry.promote(version)
    elif judged.outcome == "promoted" and now != version:
        changed = Reason(code="champion-changed", names={"version": now})
        reasons = (*judged.reasons, changed)
        judged = judged.model_copy(update={"outcome": "kept", "reasons": reasons})
    registry.prune(KEPT_VERSIONS, protected=[version])
    return judged


def _open_registry(settings: Settings) -> Registry:
    return Registry(
        settings.models_address,
        cache_dir=settings.var_dir / "cache" / "versions",
        storage_options=settings.models_access,
    )
