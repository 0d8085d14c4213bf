"""Where orders to the registry are given, by a command or a button."""

import redis
import redis.asyncio

from bot.training.model_presses import version_digest
from core.models import ModelsAnswer, ModelsOrder, Verb, ask_models, models_queue

PATIENCE_SECONDS = 5.0


class UnknownDigestError(LookupError):
    """No version that the registry lists has this digest."""


class ModelDesk:
    """Asks the workers about the registry."""

    def __init__(self, connection: redis.asyncio.Redis, wakes: redis.Redis) -> None:
        self._connection = connection
        self._queue = models_queue(wakes)

    async def ask(self, order_id: str, verb: Verb, version: str = "") -> ModelsAnswer:
        """Have an order carried out, once an id. Raises NobodyAnswersError and redis errors."""
        order = ModelsOrder(id=order_id, verb=verb, version=version)
        return await ask_models(self._connection, self._queue, order, PATIENCE_SECONDS)

    async def ask_about(self, order_id: str, verb: Verb, digest: str) -> ModelsAnswer:
        """Have an order carried out on the version behind a button.

        Raises UnknownDigestError, NobodyAnswersError and redis errors.
        """
        listed = await self.ask(f"{order_id}-list", "list")
        return await self.ask(order_id, verb, name_of(listed, digest))


def name_of(listed: ModelsAnswer, digest: str) -> str:
    """Find the version behind a digest. Raises UnknownDigestError."""
    for version in listed.versions:
        if version_digest(version.name) == digest:
            return version.name
    raise UnknownDigestError(digest)
