"""Which examples of a training may be shown where: no community sees another's words."""

from collections.abc import Mapping

from aiogram import Bot

from bot.communities.rights import Role, communities_where
from bot.storage import communities, training_data, trainings
from bot.storage.database import Storage
from bot.storage.trainings import Training
from core.settings import Settings
from core.training import ChangedExample, TrainingResult


class Audience:
    """Knows which chats' words may be shown where."""

    def __init__(self, bot: Bot, storage: Storage, settings: Settings) -> None:
        self._bot = bot
        self._storage = storage
        self._settings = settings

    async def filter(self, result: TrainingResult, training: Training) -> TrainingResult:
        """Leave out the examples whose texts the training's chat may not see."""
        texts = {one.text for one in (*result.better, *result.worse)}
        if not texts:
            return result
        keys = await self._storage.read(trainings.find_keys, training.id)
        chats = await self._storage.read_at_length(training_data.find_chats, keys, texts)
        return visible(result, chats, await self._chats_seen(training))

    async def _chats_seen(self, training: Training) -> set[int] | None:
        """Return the chats whose words the training's chat may see; None for all."""
        if training.chat_id < 0:
            moderated = await self._storage.read(
                communities.communities_of_moderators_chat, training.chat_id
            )
            return {community.chat_id for community in moderated}
        if training.asked_by in self._settings.operator_ids:
            return None
        administered = await communities_where(
            self._bot, self._storage, training.asked_by, Role.admin
        )
        return {training.chat_id, *administered}


def visible(
    result: TrainingResult, chats: Mapping[str, set[int]], seen: set[int] | None
) -> TrainingResult:
    """Keep the examples that were written in `seen` chats; None sees every chat of ours."""

    def kept(examples: tuple[ChangedExample, ...]) -> tuple[ChangedExample, ...]:
        return tuple(
            one
            for one in examples
            if one.text in chats and (seen is None or chats[one.text] & seen)
        )

    update = {"better": kept(result.better), "worse": kept(result.worse)}
    return result.model_copy(update=update)
