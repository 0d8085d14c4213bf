"""Opens digests when they are due, and sends each once to everyone who is to get it."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Collection, Sequence
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.types import Message as TelegramMessage
from loguru import logger

from bot.charts.pictures import Artist
from bot.communities.community import Community, is_quiet
from bot.communities.rights import may_moderate, role_in
from bot.lane_runner import LaneRunner
from bot.moderation.keeper import NO_PREVIEW
from bot.mood.drawing import PicturePost
from bot.mood.overview import mood_view
from bot.mood.public_names import public_names
from bot.news.digest_message import DigestMessage, DigestView, digest_period
from bot.news.once import leave, send_once
from bot.news.schedule import Digest
from bot.news.watched import channel_moods
from bot.patience import Patience
from bot.storage import communities, digest_sendings, digests, moods_facts, people
from bot.storage.database import Storage
from bot.storage.digest_sendings import LATE, NOBODY, SILENT, Sending
from bot.storage.digests import LATEST_SECONDS, Planned
from bot.words import Words

# A due digest waits so much longer at most where its bell is not heard.
LOOK_SECONDS = 15.0


class DigestClock:
    """Keeps the next digest of each community planned, and opens what is due."""

    def __init__(self, storage: Storage, on_open: Callable[[], None]) -> None:
        self._storage = storage
        self._on_open = on_open
        self._wake = asyncio.Event()
        self._patience = Patience("planning digests")

    def wake(self) -> None:
        """Say that something may be due, or to be planned anew."""
        self._wake.set()

    async def run(self, on_plans: Callable[[Sequence[Planned]], None]) -> None:
        """Plan and open until cancelled; `on_plans` hears what is planned."""
        while True:
            self._wake.clear()
            try:
                on_plans(await self.look(time.time()))
            except sqlite3.Error as error:
                await self._patience.wait(error)
                continue
            self._patience.succeeded()
            await self._wait()

    async def look(self, now: float) -> Sequence[Planned]:
        """Open what is due at an epoch second and plan what comes next. Raises sqlite3.Error."""
        turn = await self._storage.write(digests.turn, now)
        for one in turn.late:
            log = logger.bind(chat_id=one.chat_id)
            log.warning("a digest is skipped: it was due {:.0f} h ago", (now - one.due_at) / 3600)
        if turn.opened:
            self._on_open()
        return turn.planned

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return


class SendingSlip:
    """Writes down what becomes of a sending."""

    def __init__(self, storage: Storage, sending: Sending) -> None:
        self._storage = storage
        self._sending = sending

    async def sending(self) -> None:
        await self._note("sending", None)

    async def sent(self, message: TelegramMessage) -> None:
        await self._note("sent", None)

    async def skipped(self, why: str) -> None:
        await self._note("skipped", why)

    async def _note(self, state: str, note: str | None) -> None:
        await self._storage.write(
            digest_sendings.note_sending, self._sending, state, note, time.time()
        )


class DigestSender(LaneRunner[Sending]):
    """Sends what was opened."""

    what = "sending a digest"

    def __init__(self, bot: Bot, storage: Storage, words: Words, artist: Artist) -> None:
        super().__init__(storage)
        self._bot = bot
        self._words = words
        self._pictures = PicturePost(bot, words, artist)

    def find(
        self, connection: sqlite3.Connection, busy_lanes: Collection[int], limit: int
    ) -> list[Sending]:
        """Find the oldest digest on its way to each free target."""
        return digest_sendings.find_to_send(connection, busy_lanes, limit)

    async def perform(self, task: Sending) -> None:
        """Send a digest, or note why not."""
        sending = await self._storage.read(digest_sendings.find_sending, task.digest, task.target)
        slip = SendingSlip(self._storage, sending)
        if sending.state == "sending":
            await leave(sending.target, slip)
        elif time.time() - sending.due_at > LATEST_SECONDS:
            logger.bind(chat_id=sending.chat_id).warning("a digest is skipped: it is too late")
            await slip.skipped(LATE)
        elif sending.state == "planned":
            await self._send(sending, slip)

    async def _send(self, sending: Sending, slip: SendingSlip) -> None:
        community = await self._storage.read(communities.find, sending.chat_id)
        if not await self._may_get(sending, community):
            await slip.skipped(NOBODY)
            return
        view = await self._storage.read_at_length(look_over, sending, community)
        if view.is_silent and not sending.on_demand:
            await slip.skipped(SILENT)
            return
        language = await self._language(sending, community)
        names = await public_names(self._bot, view.mood.titles)
        text = DigestMessage(self._words, language, names).digest(view)

        async def send() -> TelegramMessage:
            return await self._bot.send_message(
                sending.target,
                text,
                link_preview_options=NO_PREVIEW,
                disable_notification=is_quiet(community, time.time()),
            )

        sent = await send_once(self._bot, sending.target, slip, send)
        if sent and view.mood.now.messages:
            await self._pictures.send(sent, view.mood, language)

    async def _may_get(self, sending: Sending, community: Community) -> bool:
        """Tell whether a target still is the moderators' chat, or someone who moderates."""
        if sending.target < 0:
            return sending.target == community.moderators_chat
        role = await role_in(self._bot, self._storage, sending.chat_id, sending.target)
        if not may_moderate(role):
            reader = (sending.chat_id, sending.target)
            await self._storage.write(digests.set_reader, *reader, False, time.time())
        return may_moderate(role)

    async def _language(self, sending: Sending, community: Community) -> str:
        """The community's language; in private, where it has none, the person's own."""
        code = community.language
        if code is None and sending.target > 0:
            code = await self._storage.read(people.find_language, sending.target)
        return self._words.language(code)


def look_over(connection: sqlite3.Connection, sending: Sending, community: Community) -> DigestView:
    """Read and work out what a digest says."""
    period = digest_period(Digest(sending.since, sending.due_at), community)
    facts = moods_facts.gather(connection, sending.chat_id, period)
    return DigestView(
        mood=mood_view(facts, period, ZoneInfo(community.time_zone)),
        cards=digests.count_cards(connection, sending.chat_id, period.since, period.until),
        channels=channel_moods(connection, sending.chat_id, period),
        was_missed=not sending.on_demand and digest_sendings.was_missed(connection, sending),
    )
