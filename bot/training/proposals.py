"""Proposes a training in the moderators' chat once enough new labels have come.

Fewer do where the traffic has drifted: there the model errs in ways that it did not before.
"""

import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from loguru import logger

from bot.communities.community import Community, is_quiet
from bot.lane_runner import PASSING
from bot.patience import Patience
from bot.storage import communities, training_proposals, trainings
from bot.storage.database import Storage
from bot.storage.training_proposals import Proposal
from bot.training.cards import proposal_buttons
from bot.training.drift import find_drifted
from bot.words import Words

LOOK_SECONDS = 15.0
# Drift shows in a week's counts, so nobody need look more often.
DRIFT_SECONDS = 3600.0
# Where the traffic has drifted, so many times fewer labels make a proposal.
DRIFT_EAGERNESS = 5


class Proposer:
    """Counts labels since the last training, and proposes the next, once between two trainings."""

    def __init__(self, bot: Bot, storage: Storage, words: Words, after_labels: int) -> None:
        """`after_labels` new ones in a community make a proposal; 0 never does."""
        self._bot = bot
        self._storage = storage
        self._words = words
        self._after_labels = after_labels
        self._patience = Patience("proposing a training")
        self._drifted: set[int] = set()
        self._looked_for_drift_at = float("-inf")

    async def run(self) -> None:
        """Propose trainings until cancelled."""
        await self._patience.repeat(self.look, LOOK_SECONDS, PASSING)

    async def look(self) -> None:
        """Propose where enough labels have come. Raises errors that time mends."""
        under_way = await self._storage.read(trainings.find_to_show)
        if under_way or not self._after_labels:
            return
        since = await self._storage.read(trainings.find_last_label)
        linked = await self._awake()
        new = await self._storage.read(training_proposals.count_new, since)
        await self._look_for_drift(linked)
        for chat_id, labels in by_moderators_chat(linked, new).items():
            if labels >= self._labels_needed(chat_id):
                proposal = Proposal(chat_id, since, labels)
                await self._storage.write(training_proposals.propose, proposal, time.time())
        for proposal in await self._storage.read(training_proposals.find_unsent, since):
            message_id = await self._send(proposal)
            await self._storage.write(training_proposals.note_message, proposal, message_id)

    async def _look_for_drift(self, linked: Sequence[Community]) -> None:
        if time.monotonic() - self._looked_for_drift_at > DRIFT_SECONDS:
            self._drifted = await self._storage.read_at_length(find_drifted, linked, time.time())
            self._looked_for_drift_at = time.monotonic()

    def _labels_needed(self, moderators_chat: int) -> int:
        if moderators_chat in self._drifted:
            return math.ceil(self._after_labels / DRIFT_EAGERNESS)
        return self._after_labels

    async def _awake(self) -> list[Community]:
        """Return the linked communities whose moderators are not asleep: tomorrow will do."""
        linked = await self._storage.read(communities.all_linked)
        return [community for community in linked if not is_quiet(community, time.time())]

    async def _send(self, proposal: Proposal) -> int:
        code = await self._storage.read(communities.find_language, proposal.chat_id)
        language = self._words.language(code)
        has_drifted = proposal.labels < self._after_labels
        key = "training-proposal-drift" if has_drifted else "training-proposal"
        text = self._words.say(language, key, labels=proposal.labels)
        buttons = proposal_buttons(self._words, language)
        try:
            sent = await self._bot.send_message(proposal.chat_id, text, reply_markup=buttons)
        except PASSING:
            raise
        except (TelegramAPIError, ClientDecodeError) as error:
            log = logger.bind(chat_id=proposal.chat_id)
            log.warning("can't propose a training: {}", type(error).__name__)
            return 0
        return sent.message_id


def by_moderators_chat(linked: Iterable[Community], new: Mapping[int, int]) -> dict[int, int]:
    """Add up the new labels of the communities that each moderators' chat looks after."""
    counts: Counter[int] = Counter()
    for community in linked:
        if community.moderators_chat is not None:
            counts[community.moderators_chat] += new.get(community.chat_id, 0)
    return dict(counts)
