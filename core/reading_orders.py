"""The bot's end of a reading: orders it, and knows whether anyone reads."""

import redis
from rq import Queue, Worker
from rq.job import Job

from core.jobs import AllowedJob
from core.queues import FAILURE_TTL_SECONDS, RESULT_TTL_SECONDS
from core.reading import READ_JOB, READ_QUEUE, READ_SECONDS, ReadOrder

# RQ kills what takes longer than the reader's own limit and these seconds.
GRACE_SECONDS = 5


def read_queue(connection: redis.Redis) -> Queue:
    """The RQ queue that carries readings; JSON only, and only allowed functions."""
    return Queue(READ_QUEUE, connection=connection, serializer="json", job_class=AllowedJob)


def has_reader(queue: Queue) -> bool:
    """Tell whether a worker listens for readings, or is at one."""
    return bool(reader_pids(queue))


def reader_pids(queue: Queue) -> list[int]:
    """List the process ids of those who listen for readings, on whatever host each is."""
    found = Worker.all(queue=queue, job_class=AllowedJob, serializer="json")
    return [worker.pid or 0 for worker in found]


def is_queued(queue: Queue, order_id: str) -> bool:
    """Tell whether an order waits for a reader that is at others. Raises redis.RedisError."""
    return order_id in queue.get_job_ids()


def order_reading(queue: Queue, order: ReadOrder) -> None:
    """Put a reading into the queue; the same order again changes nothing. Synchronous, as RQ is.

    Raises redis.RedisError.
    """
    if Job.exists(order.id, connection=queue.connection):
        return
    queue.enqueue_call(
        READ_JOB,
        (order.model_dump_json(),),
        job_id=order.id,
        timeout=READ_SECONDS + GRACE_SECONDS,
        result_ttl=RESULT_TTL_SECONDS,
        failure_ttl=FAILURE_TTL_SECONDS,
    )
