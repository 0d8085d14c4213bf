"""The queue: a stream of texts under one coalesced RQ wake-up, and a stream of verdicts back.

The bot puts texts and reads verdicts, the worker does the opposite; both find the names here.
"""

import asyncio
from collections.abc import Sequence

import redis
import redis.asyncio
from redis.exceptions import ResponseError
from rq import Queue

from core.contracts import Text
from core.jobs import AllowedJob

TEXTS = "nastroi:texts"
VERDICTS = "nastroi:verdicts"
UPDATES = "nastroi:updates"
"""What the bot has received that is not a text to score: commands, presses, memberships."""
DEAD = "nastroi:dead"
"""Texts that no worker could score: they killed it three times, or made it raise."""
WAKE = "nastroi:wake"
"""Held while a `score` job waits in RQ's queue; the job lets go of it when it starts."""
DONE = "nastroi:done:"
WORKERS = "nastroi:workers:"
READINGS = "nastroi:readings"
"""Parts of pages, `core.reading.ReadPart`, as readers find them."""
BELLS = "nastroi:bells"
"""What is due, `core.bells.Bell`, rung by RQ's scheduler."""
BOT_PID = "nastroi:bot"
"""The process id of the bot that serves; who starts it learns here that it is ready."""

SCORERS = "scorers"
BOT = "bot"
GROUPS = ((TEXTS, SCORERS), (VERDICTS, BOT), (UPDATES, BOT), (READINGS, BOT), (BELLS, BOT))

SCORE_QUEUE = "score"
SCORE_JOB = "worker.jobs.score"
SCORE_TIMEOUT_SECONDS = 60
# Nobody reads a score job's result. Not 0: with Retry, RQ 3.0 records such a success as a failure.
RESULT_TTL_SECONDS = 60
FAILURE_TTL_SECONDS = 24 * 3600
# KEYS: texts, wake-up. ARGV: seconds, then texts. A MULTI would be answered once for each text.
PUT_TEXTS = """
for i = 2, #ARGV do
  redis.call('XADD', KEYS[1], '*', 'text', ARGV[i])
end
return redis.call('SET', KEYS[2], 1, 'NX', 'EX', ARGV[1])
"""
# If the woken job is lost with its worker, the wake-up may be taken again after this long.
WAKE_TTL_SECONDS = 4


def score_queue(connection: redis.Redis) -> Queue:
    """The RQ queue that carries wake-ups; JSON only, and only allowed functions."""
    return Queue(SCORE_QUEUE, connection=connection, serializer="json", job_class=AllowedJob)


def wake_scorers(queue: Queue) -> None:
    """Enqueue one `score` job. Call it only after taking WAKE."""
    queue.enqueue_call(
        SCORE_JOB,
        timeout=SCORE_TIMEOUT_SECONDS,
        result_ttl=RESULT_TTL_SECONDS,
        failure_ttl=FAILURE_TTL_SECONDS,
    )


def wake_if_asleep(connection: redis.Redis, queue: Queue) -> None:
    """Enqueue a `score` job unless one waits already."""
    if connection.set(WAKE, 1, nx=True, ex=WAKE_TTL_SECONDS):
        wake_scorers(queue)


async def put_texts(connection: redis.asyncio.Redis, queue: Queue, texts: Sequence[Text]) -> None:
    """Store texts for scoring, all or none, and make sure that a scorer will look.

    Raises redis.RedisError when they may not have been stored: put them again, scoring twice
    is harmless.
    """
    if not texts:
        return
    values = [text.model_dump_json() for text in texts]
    if await connection.eval(PUT_TEXTS, 2, TEXTS, WAKE, WAKE_TTL_SECONDS, *values):
        await asyncio.to_thread(wake_scorers, queue)


async def create_groups(connection: redis.asyncio.Redis) -> None:
    """Create the consumer groups where they are missing: on the first start, or after data loss."""
    for stream, group in GROUPS:
        try:
            await connection.xgroup_create(stream, group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise


async def count_waiting(connection: redis.asyncio.Redis) -> int:
    """How many texts have no verdict yet; committed ones are deleted from the stream."""
    return int(await connection.xlen(TEXTS))
