"""Which examples of a training or trial may be shown where: no community sees another's words."""

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
        seen = await self.chats_seen(training.chat_id, training.asked_by)
        return visible(result, chats, seen)

    async def chats_seen(self, chat_id: int, person_id: int) -> set[int] | None:
        """Return the chats whose words may be shown in a chat to who asked there; None for all."""
        if chat_id < 0:
            moderated = await self._storage.read(
                communities.communities_of_moderators_chat, chat_id
            )
            return {community.chat_id for community in moderated}
        if person_id in self._settings.operator_ids:
            return None
        administered = await communities_where(self._bot, self._storage, person_id, Role.admin)
        return {chat_id, *administered}


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
