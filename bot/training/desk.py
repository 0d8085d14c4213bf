"""Where trainings are asked for and called off, by a command or a button."""

import asyncio
import hashlib
import time
from dataclasses import dataclass

import redis
import redis.asyncio

from bot.storage import training_data, trainings
from bot.storage.database import Storage
from bot.storage.training_data import TrainingData
from bot.storage.trainings import NewTraining
from core.training import TrainingOrder
from core.training_orders import (
    TrainingBusyError,
    cancel_training,
    has_trainer,
    order_training,
    train_queue,
)


class NoTrainerError(Exception):
    """No worker listens for trainings."""


class NothingToLearnError(Exception):
    """There is no label that people agree on and whose text is at hand."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a training, and where its progress shall be shown."""

    id: str
    """Of what asked for it: the same one twice is one training."""
    person: int
    chat_id: int
    language: str


class TrainingDesk:
    """Orders trainings, one at a time."""

    def __init__(
        self, storage: Storage, connection: redis.asyncio.Redis, wakes: redis.Redis
    ) -> None:
        self._storage = storage
        self._connection = connection
        self._queue = train_queue(wakes)

    async def order(self, asked: Asked) -> None:
        """Order a training on all labels in force; `bot.training.watch` shows how it goes.

        Raises NoTrainerError, NothingToLearnError, TrainingBusyError; redis and sqlite3 errors.
        """
        known = await self._storage.read(trainings.find, asked.id)
        if known and known.state != "open":
            return
        if not await asyncio.to_thread(has_trainer, self._queue):
            raise NoTrainerError
        data = await self._storage.read_at_length(training_data.select)
        if not data.labelled:
            raise NothingToLearnError
        await self._storage.write(trainings.begin, _new(asked, data))
        try:
            await order_training(self._connection, self._queue, _order(asked, data))
        except TrainingBusyError:
            await self._storage.write(trainings.drop, asked.id)
            raise

    async def cancel(self, training_id: str) -> bool:
        """Ask a training to end; return whether it was still under way."""
        training = await self._storage.read(trainings.find, training_id)
        if training is None or training.state != "open":
            return False
        await cancel_training(self._connection, self._queue, training_id)
        return True


def training_id(*asked_by: object) -> str:
    """Make an id from what identifies the asking; the version that comes of it bears it, too."""
    digest = hashlib.sha256(":".join(map(str, asked_by)).encode()).hexdigest()
    return f"own-{digest[:10]}"


def _new(asked: Asked, data: TrainingData) -> NewTraining:
    return NewTraining(
        id=asked.id,
        asked_by=asked.person,
        chat_id=asked.chat_id,
        language=asked.language,
        labels=len(data.labelled),
        last_label=data.last_label,
        keys=data.keys,
        ordered_at=time.time(),
    )


def _order(asked: Asked, data: TrainingData) -> TrainingOrder:
    return TrainingOrder(
        id=asked.id,
        labelled=data.labelled,
        unlabelled=data.unlabelled,
        chat_id=asked.chat_id,
        asked_by=asked.person,
    )
