"""A stand-in for the trainer, which says in Redis what the real one does; and labels for it."""

import asyncio
import time
from typing import Any

import redis
from bot_parts import rows, until
from rq import Queue, Worker

from bot.app import App
from bot.storage import communities, labels
from bot.storage.labels import Label
from core.jobs import AllowedJob
from core.training import (
    Stage,
    TaskChange,
    TaskFigures,
    TrainingOrder,
    TrainingProgress,
    TrainingResult,
    keep_place,
    put_progress,
    put_result,
    read_order,
)
from core.training_orders import train_queue
from worker.models import answer


class Trainer:
    """Listens on the queue of trainings, and does with an order what a test says."""

    def __init__(self, connection: redis.Redis) -> None:
        self.redis = connection
        self.queue = train_queue(connection)
        self.worker = Worker(
            [self.queue], connection=connection, job_class=AllowedJob, serializer="json"
        )
        self.worker.register_birth()

    async def take(self) -> TrainingOrder:
        """Wait for an order and take it up."""
        (job_id,) = await until(lambda: self.queue.job_ids)
        self.queue.remove(job_id)
        keep_place(self.redis, job_id)
        return read_order(self.redis, job_id)

    def say(self, order: TrainingOrder, stage: Stage, share: float, left: float) -> None:
        now = time.time()
        put_progress(
            self.redis,
            TrainingProgress(
                id=order.id, stage=stage, share=share, seconds_left=left, updated_at=now
            ),
        )

    def end(self, order: TrainingOrder, outcome: str, **fields: Any) -> None:
        put_result(self.redis, TrainingResult(id=order.id, outcome=outcome, **fields))  # type: ignore[arg-type]


async def answer_all(queue: Queue) -> None:
    """Stand where a scoring worker stands: run what waits on the queue of models."""
    while True:
        for job_id in queue.job_ids:
            queue.remove(job_id)
            job = AllowedJob.fetch(job_id, connection=queue.connection, serializer="json")
            await asyncio.to_thread(answer, *job.args)
        await asyncio.sleep(0.01)


def figures(right: float, n: int = 40) -> TaskFigures:
    found, missed = round(right * n / 2), n // 2 - round(right * n / 2)
    return TaskFigures(
        n=n,
        accuracy=right,
        macro_f1=right,
        ece=0.05,
        recall={"negative": right, "positive": right},
        confusion=((found, missed), (missed, found)),
        labels=("negative", "positive"),
    )


def sentiment_change(before: float, after: float) -> TaskChange:
    return TaskChange(
        task="sentiment", on="community", before=figures(before), after=figures(after)
    )


async def link(app: App, ids: dict[str, int], chat: str = "group") -> None:
    """Let the seed's moderators' chat look after a chat."""
    work = (ids[chat], ids["moderators"], ids["admin"], time.time())
    await app.storage.write(communities.link, *work)


async def teach(app: App, playground: Any, text: str, *, chosen: str, chat: str = "group") -> str:
    """Have Anna write a text and one person label it; return its key."""
    if chat == "channel":
        written = await playground.post_channel(text)
    else:
        written = await playground.write(chat, "anna", text)
    key = f"{written['chat']['id']}:{written['message_id']}:0"
    known = "SELECT 1 FROM messages WHERE id || ':0' = ?"
    while not rows(app.storage, known, key):
        await asyncio.sleep(0.01)
    await app.storage.write(labels.append, a_label(key, chosen))
    return key


def a_label(key: str, chosen: str, who: int = 7, task: str = "sentiment") -> Label:
    return Label(
        press=f"{key}-{who}-{task}-{time.time()}",
        pressed_at=time.time(),
        who=who,
        source="label queue",
        key=key,
        task=task,
        model="tiny-1",
        shown="positive",
        chosen=chosen,
    )
