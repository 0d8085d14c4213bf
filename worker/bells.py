"""Rings a bell that is due, as an RQ job: the bot hears it on a stream."""

import redis
from rq import get_current_job

from core.bells import MOST_UNHEARD, Bell
from core.queues import BELLS


class NoJobError(RuntimeError):
    """A bell was rung outside of RQ, so there is no connection to ring it over."""


def ring(bell_json: str) -> None:
    """Ring one bell over the connection of the job that this is. Raises NoJobError."""
    job = get_current_job()
    if job is None:
        raise NoJobError("only RQ rings bells")
    put_bell(job.connection, Bell.model_validate_json(bell_json))


def put_bell(connection: redis.Redis, bell: Bell) -> None:
    """Tell the bot that a bell rings. Raises redis.RedisError."""
    connection.xadd(BELLS, {"bell": bell.model_dump_json()}, maxlen=MOST_UNHEARD)
