"""A training: what the bot orders, what the worker says of it, and where in Redis both stand.

One training is there at a time. Its id stands under CURRENT, for a day after it was last heard of,
and under HOLDER which attempt at it is under way: whoever dies with one leaves the training to the
next (see `core.training_attempts`).
"""

import time
from typing import Literal

import redis
import redis.asyncio
from pydantic import Field

from core.contracts import Contract, Probability

CURRENT = "nastroi:training:current"
HOLDER = "nastroi:training:holder"
ORDER = "nastroi:training:order:"
PROGRESS = "nastroi:training:progress:"
RESULT = "nastroi:training:result:"
CANCELLED = "nastroi:training:cancelled:"

TRAIN_QUEUE = "train"
TRAIN_JOB = "worker.retraining.retrain"
"""Its arguments are the order's id and, from the second on, the number of the attempt."""

# How long an attempt that waits for a trainer, or stands still, is nobody else's.
QUEUED_TTL_SECONDS = 300
HELD_TTL_SECONDS = 60
# The trainer keeps the place at least this often.
KEEP_SECONDS = 10
# Orders hold texts, and so do results: neither outlives its use by more than this. So long, too, a
# training that was broken off may be gone on with.
PAPERS_TTL_SECONDS = 24 * 3600

# KEYS: current, holder, order. ARGV: id, holder, seconds for that, seconds for the others.
KEEP = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
redis.call('EXPIRE', KEYS[3], ARGV[4])
return redis.call('EXPIRE', KEYS[1], ARGV[4])
"""
# KEYS: current, holder. ARGV: id.
LEAVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1], KEYS[2]) end"

Stage = Literal[
    "queued", "preparing", "training", "judging", "interrupted", "done", "failed", "cancelled"
]
ENDED: frozenset[Stage] = frozenset({"done", "failed", "cancelled"})
Outcome = Literal["promoted", "kept", "failed", "cancelled"]


class LabelledText(Contract):
    """What people agreed on about one text."""

    text: str
    task: str
    label: str
    """As in the files that `ml` learns from; where nothing toxic is seen, `ok`."""


class TrainingOrder(Contract):
    """What to learn from, and who wants to know how it went."""

    id: str = Field(pattern=r"^[\w-]{1,64}$")
    labelled: tuple[LabelledText, ...]
    unlabelled: tuple[str, ...] = ()
    """Recent texts of the same communities, so that what is known already is not forgotten."""
    seed: int = 0
    chat_id: int | None = None
    asked_by: int


class TrainingProgress(Contract):
    """How far a training is."""

    id: str
    stage: Stage
    share: float = Field(0.0, ge=0, le=1)
    """Of the whole training, not of the stage."""
    seconds_left: float | None = None
    updated_at: float
    """Epoch seconds."""
    resumed: int = Field(0, ge=0)
    """How often it was broken off and gone on with."""


class Reason(Contract):
    """Why something ended as it did: the locales hold a sentence for each code.

    A training's codes, with (numbers; names); shares are from 0 to 1:
    better (before, after, p, texts; task), not-better (before, after, p, texts; task),
    recall-fell (before, after; task, label), forgot (before, after; on), worse-calibrated (before,
    after; task), too-slow (before, after in one unit), too-few-held-out (texts, needed),
    too-few-labels (labels, needed), nothing-new (labels), crashed (; error), out-of-time (minutes),
    kept-crashing (times), lost, champion-changed (; version). Of another code the bot shows the
    code itself.
    """

    code: str
    numbers: dict[str, Probability] = Field(default_factory=dict)
    names: dict[str, str] = Field(default_factory=dict)


class TaskFigures(Contract):
    """How well a version does one task on texts that it has not seen."""

    n: int
    accuracy: Probability
    macro_f1: Probability
    ece: Probability
    recall: dict[str, Probability] = Field(default_factory=dict)
    confusion: tuple[tuple[int, ...], ...] = ()
    """Rows are true labels, columns what was said, both in the order of `labels`."""
    labels: tuple[str, ...] = ()


class TaskChange(Contract):
    """One task before and after, on one set of texts."""

    task: str
    on: str
    """`community`: the labels held out; otherwise the name of a base test set."""
    before: TaskFigures | None
    """None where the champion has no such task."""
    after: TaskFigures


class ChangedExample(Contract):
    """A text on which the two versions disagree."""

    text: str
    task: str
    truth: str
    before: str
    after: str


class TrainingResult(Contract):
    """How a training ended. Figures are there once both versions were judged."""

    id: str
    outcome: Outcome
    version: str | None = None
    """The registry's name of what was trained; None where nothing was kept."""
    champion: str | None = None
    """Who served before."""
    reasons: tuple[Reason, ...] = ()
    changes: tuple[TaskChange, ...] = ()
    better: tuple[ChangedExample, ...] = ()
    worse: tuple[ChangedExample, ...] = ()
    seconds: float | None = None
    """How long it took."""


class TrainingLostError(Exception):
    """The order is gone, or its place was given to another training."""


def read_order(connection: redis.Redis, order_id: str) -> TrainingOrder:
    """Read an order. Raises TrainingLostError when it has expired or has ended."""
    found = connection.get(ORDER + order_id)
    if not isinstance(found, bytes):
        raise TrainingLostError(f"the order {order_id} is gone")
    return TrainingOrder.model_validate_json(found)


def holder_of(order_id: str, attempt: int) -> str:
    """What stands under HOLDER while an attempt is under way."""
    return f"{order_id}:{attempt}"


def keep_place(connection: redis.Redis, order_id: str, attempt: int = 1) -> None:
    """Say that a training goes on; at least every KEEP_SECONDS. Raises TrainingLostError."""
    keys = (CURRENT, HOLDER, ORDER + order_id)
    times = (HELD_TTL_SECONDS, PAPERS_TTL_SECONDS)
    if not connection.eval(KEEP, 3, *keys, order_id, holder_of(order_id, attempt), *times):
        raise TrainingLostError(f"the place of the training {order_id} is no longer its own")


def is_cancelled(connection: redis.Redis, order_id: str) -> bool:
    """Tell whether someone has cancelled a training."""
    return bool(connection.exists(CANCELLED + order_id))


def put_progress(connection: redis.Redis, progress: TrainingProgress) -> None:
    """Show how far a training is."""
    value = progress.model_dump_json()
    connection.set(PROGRESS + progress.id, value, ex=PAPERS_TTL_SECONDS)


def put_result(connection: redis.Redis, result: TrainingResult) -> None:
    """End a training, in one step: its result stands, its texts go, its place is free."""
    with connection.pipeline(transaction=True) as pipe:
        write_result(pipe, result)
        pipe.execute()


def write_result(
    pipe: "redis.client.Pipeline | redis.asyncio.client.Pipeline", result: TrainingResult
) -> None:
    """Put the commands that end a training into a transaction."""
    ended: dict[Outcome, Stage] = {"failed": "failed", "cancelled": "cancelled"}
    progress = TrainingProgress(
        id=result.id, stage=ended.get(result.outcome, "done"), share=1, updated_at=time.time()
    )
    pipe.set(RESULT + result.id, result.model_dump_json(), ex=PAPERS_TTL_SECONDS)
    pipe.set(PROGRESS + result.id, progress.model_dump_json(), ex=PAPERS_TTL_SECONDS)
    pipe.delete(ORDER + result.id)
    pipe.eval(LEAVE, 2, CURRENT, HOLDER, result.id)


def say_interrupted(connection: redis.Redis, order_id: str, resumed: int) -> None:
    """Show that a training was broken off and is to be gone on with, as far as it was."""
    found = connection.get(PROGRESS + order_id)
    before = TrainingProgress.model_validate_json(found) if isinstance(found, bytes) else None
    share = before.share if before else 0.0
    now = time.time()
    progress = TrainingProgress(
        id=order_id, stage="interrupted", share=share, updated_at=now, resumed=resumed
    )
    put_progress(connection, progress)
