"""Quick questions to a worker about the registry: which versions there are, and who shall serve.

The bot may not open the registry; scoring workers answer on a queue that they look at first.
"""

import asyncio
from typing import Literal

import redis
import redis.asyncio
from pydantic import Field
from rq import Queue
from rq.job import Job

from core.contracts import Contract, Probability
from core.jobs import AllowedJob
from core.queues import FAILURE_TTL_SECONDS, RESULT_TTL_SECONDS
from core.training import Reason

ANSWER = "nastroi:models:"
ANSWER_TTL_SECONDS = 600

MODELS_QUEUE = "models"
MODELS_JOB = "worker.models.answer"
"""Its one argument is a ModelsOrder, as JSON."""
TIMEOUT_SECONDS = 60
# Who asked has given up by then: a promotion must not come as a surprise.
WAITING_TTL_SECONDS = 10
LOOK_SECONDS = 0.05

Verb = Literal["list", "promote", "rollback", "delete", "try", "end-trial"]


class ModelsOrder(Contract):
    """What to do in the registry; `version` says with what, except for list and rollback."""

    id: str = Field(pattern=r"^[\w-]{1,64}$")
    verb: Verb
    version: str = ""


class SetFigures(Contract):
    """How well a version did on one set of texts when it was made."""

    on: str
    task: str = ""
    """Empty where the set's name says it all."""
    n: int
    accuracy: Probability
    macro_f1: Probability
    ece: Probability | None = None


class ModelVersion(Contract):
    """What the registry knows of one version."""

    name: str
    is_base: bool = False
    created_at: str | None = None
    """UTC in ISO 8601; None for a checkpoint without papers."""
    tasks: tuple[str, ...] = ()
    parent: str | None = None
    figures: tuple[SetFigures, ...] = ()


class ModelsAnswer(Contract):
    """The registry after an order, or why the order was refused."""

    id: str
    champion: str = ""
    """Who serves; workers follow within two seconds."""
    replaced: str = ""
    """Who served before the order was carried out."""
    predecessor: str = ""
    """Whom a rollback would let serve."""
    shadow: str = ""
    """Who is tried beside the champion; empty for nobody."""
    versions: tuple[ModelVersion, ...] = ()
    """The newest first; not all where there are many."""
    count: int = 0
    refusal: Reason | None = None


class NobodyAnswersError(Exception):
    """No worker has answered in time; the order may still be carried out."""


def models_queue(connection: redis.Redis) -> Queue:
    """The RQ queue that carries orders to the registry; only allowed functions."""
    return Queue(MODELS_QUEUE, connection=connection, serializer="json", job_class=AllowedJob)


async def ask_models(
    connection: redis.asyncio.Redis, queue: Queue, order: ModelsOrder, patience_seconds: float
) -> ModelsAnswer:
    """Have an order carried out, once however often it is given, and return what came of it.

    Raises NobodyAnswersError and redis.RedisError.
    """
    await asyncio.to_thread(_enqueue, queue, order)
    try:
        async with asyncio.timeout(patience_seconds):
            while not (found := await connection.get(ANSWER + order.id)):
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise NobodyAnswersError(f"no worker answers on {MODELS_QUEUE}") from None
    return ModelsAnswer.model_validate_json(found)


def find_answer(connection: redis.Redis, order_id: str) -> ModelsAnswer | None:
    """Find what came of an order that was carried out already."""
    found = connection.get(ANSWER + order_id)
    return ModelsAnswer.model_validate_json(found) if isinstance(found, bytes) else None


def put_answer(connection: redis.Redis, answer: ModelsAnswer) -> None:
    """Let whoever asked know."""
    connection.set(ANSWER + answer.id, answer.model_dump_json(), ex=ANSWER_TTL_SECONDS)


def _enqueue(queue: Queue, order: ModelsOrder) -> None:
    job_id = f"models-{order.id}"
    if queue.connection.exists(ANSWER + order.id) or Job.exists(job_id, queue.connection):
        return
    queue.enqueue_call(
        MODELS_JOB,
        (order.model_dump_json(),),
        job_id=job_id,
        timeout=TIMEOUT_SECONDS,
        ttl=WAITING_TTL_SECONDS,
        result_ttl=RESULT_TTL_SECONDS,
        failure_ttl=FAILURE_TTL_SECONDS,
    )
