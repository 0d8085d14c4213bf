"""Takes measures: deletes, mutes, bans, and takes them back; each is harmless to take twice."""

import sqlite3
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramMigrateToChat
from aiogram.types import (
    ChatMemberBanned,
    ChatMemberRestricted,
    ChatPermissions,
    ResultChatMemberUnion,
)
from loguru import logger

from bot.lane_runner import PASSING, LaneRunner
from bot.moderation.announcing import Announcer
from bot.moderation.incidents import Exhibit, Measure
from bot.moderation.keeper import copy_media, is_exempt
from bot.storage import albums, chats, communities, exhibits, incidents, measures, moderators
from bot.storage.database import Storage
from bot.words import Words

MOST_DELETED_AT_ONCE = 100
# What is done to many at once; everything else goes one by one.
IN_ONE_GO = dict.fromkeys(("delete", "warn", "unwarn"), MOST_DELETED_AT_ONCE)
# What Telegram says of a message that nobody may delete, or not any more.
UNDELETABLE = "message can't be deleted"
# Telegram takes a mute of less than 30 s for one without end.
LEAST_MUTE_SECONDS = 35
NOTHING = ChatPermissions(
    can_send_messages=False,
    can_send_audios=False,
    can_send_documents=False,
    can_send_photos=False,
    can_send_videos=False,
    can_send_video_notes=False,
    can_send_voice_notes=False,
    can_send_polls=False,
    can_send_other_messages=False,
    can_add_web_page_previews=False,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Measures of one kind and incident, at most so many as IN_ONE_GO says."""

    measures: tuple[Measure, ...]

    @property
    def first(self) -> Measure:
        return self.measures[0]

    @property
    def lane(self) -> int:
        return self.first.chat_id


class MeasureError(Exception):
    """A measure can't be taken, for a reason that Telegram need not be asked for."""


class MeasureRunner(LaneRunner[Group]):
    """Takes what was planned, and notes how it ended."""

    what = "taking measures"

    def __init__(
        self, bot: Bot, storage: Storage, words: Words, on_failure: Callable[[], None]
    ) -> None:
        super().__init__(storage)
        self._bot = bot
        self._announcer = Announcer(bot, storage, words)
        self._on_failure = on_failure
        self._take_one: dict[str, Callable[[Measure], Awaitable[object]]] = {
            "mute": self._mute,
            "unmute": self._unmute,
            "ban": self._ban,
            "unban": self._unban,
            "restore": self._restore,
        }

    def find(
        self, connection: sqlite3.Connection, busy_lanes: Collection[int], limit: int
    ) -> list[Group]:
        """Find what is to be done next in each free chat."""
        found = measures.find_next(connection, busy_lanes, limit)
        return [Group(tuple(_in_one_go(group))) for group in found]

    async def perform(self, task: Group) -> None:
        """Take measures and note how they ended."""
        going = await self._storage.write(measures.start, task.measures, time.time())
        if not going:
            return
        try:
            await self._take_and_note(Group(tuple(going)))
        except TelegramMigrateToChat as moved:
            # What is left to do is found again, in the supergroup.
            new_id = moved.migrate_to_chat_id
            await self._storage.write(chats.move, task.lane, new_id, time.time())

    async def _take_and_note(self, task: Group) -> None:
        failure = await self._failure_of(task)
        if failure and UNDELETABLE in failure and len(task.measures) > 1:
            # One that is too old keeps all others from being deleted with it.
            for measure in task.measures:
                await self._take_and_note(Group((measure,)))
            return
        await self._storage.write(measures.finish, task.measures, failure, time.time())
        if failure:
            await self._storage.write(incidents.bump, task.first.incident)
            self._on_failure()

    async def _failure_of(self, task: Group) -> str | None:
        log = logger.bind(chat_id=task.lane)
        try:
            await self._take_all(task)
        except (*PASSING, TelegramMigrateToChat):
            raise
        except TelegramAPIError as error:
            log.warning("can't {}: {}", task.first.kind, error.message)
            return error.message
        except MeasureError as error:
            log.info("no {}: {}", task.first.kind, error)
            return str(error)
        log.info(
            "{} of {} for incident {}", task.first.kind, len(task.measures), task.first.incident
        )
        return None

    async def _take_all(self, task: Group) -> None:
        if task.first.kind == "delete":
            await self._delete(task)
        elif task.first.kind in ("warn", "unwarn"):
            await self._say(task)
        else:
            await self._take_one[task.first.kind](task.first)

    async def _delete(self, task: Group) -> None:
        first = task.first
        targets = {measure.target for measure in task.measures}
        found = await self._storage.read(albums.list_of_messages, first.incident, targets)
        doomed = [e for e in found if not e.has_moved]
        if not doomed:
            raise MeasureError("the group has moved: its old messages can't be reached")
        if first.by_person == 0:
            doomed = [e for e in doomed if not await self._is_exempt(e)]
        for exhibit in doomed:
            await self._keep_media(first, exhibit)
        if doomed:
            await self._bot.delete_messages(first.chat_id, [e.message_id for e in doomed])

    async def _is_exempt(self, exhibit: Exhibit) -> bool:
        return await is_exempt(self._bot, self._storage, exhibit.chat_id, exhibit.sender_id)

    async def _keep_media(self, measure: Measure, exhibit: Exhibit) -> None:
        community = await self._storage.read(communities.find, measure.chat_id)
        if community.moderators_chat is None:
            return
        incident = await self._storage.read(incidents.find, measure.incident)
        await copy_media(self._bot, self._storage, incident, exhibit, community.moderators_chat)

    async def _mute(self, measure: Measure) -> None:
        if measure.target < 0:
            raise MeasureError("a channel can't be muted, only banned")
        if (measure.until or 0) - time.time() < LEAST_MUTE_SECONDS:
            raise MeasureError("too late: its time is over")
        await self._require_no_moderator(measure)
        member = await self._member(measure)
        if isinstance(member, ChatMemberBanned):
            # A mute would let them in again.
            raise MeasureError("is banned already")
        if isinstance(member, ChatMemberRestricted) and _is_silent_after(member, measure):
            await self._require_longer(measure)
            return
        await self._bot.restrict_chat_member(
            measure.chat_id, measure.target, permissions=NOTHING, until_date=measure.until
        )

    async def _require_longer(self, measure: Measure) -> None:
        """Leave it to a longer mute of ours: when that is undone, this one is found in force."""
        until = measure.until or 0
        if not await self._storage.read(measures.find_in_force, measure, "mute", until):
            raise MeasureError("is silent for longer already")

    async def _require_no_moderator(self, measure: Measure) -> None:
        """Telegram refuses what is done to its admins, but knows nothing of named moderators."""
        chat_id, person = measure.chat_id, measure.target
        is_named = await self._storage.read(moderators.is_named, chat_id, person)
        if is_named and await is_exempt(self._bot, self._storage, chat_id, person):
            raise MeasureError("moderates here")

    async def _member(self, measure: Measure) -> ResultChatMemberUnion | None:
        try:
            return await self._bot.get_chat_member(measure.chat_id, measure.target)
        except TelegramBadRequest:
            return None

    async def _unmute(self, measure: Measure) -> None:
        if isinstance(await self._member(measure), ChatMemberBanned):
            raise MeasureError("is banned for something else")
        other = await self._storage.read(measures.find_in_force, measure, "mute", time.time())
        if other:
            await self._bot.restrict_chat_member(
                measure.chat_id, measure.target, permissions=NOTHING, until_date=other.until
            )
            raise MeasureError("is silent for something else")
        chat = await self._bot.get_chat(measure.chat_id)
        permissions = chat.permissions or ChatPermissions(can_send_messages=True)
        await self._bot.restrict_chat_member(
            measure.chat_id, measure.target, permissions=permissions
        )

    async def _ban(self, measure: Measure) -> None:
        if measure.target < 0:
            await self._bot.ban_chat_sender_chat(measure.chat_id, measure.target)
            return
        await self._require_no_moderator(measure)
        await self._bot.ban_chat_member(measure.chat_id, measure.target)

    async def _unban(self, measure: Measure) -> None:
        if await self._storage.read(measures.find_in_force, measure, "ban", time.time()):
            raise MeasureError("is banned for something else")
        if measure.target < 0:
            await self._bot.unban_chat_sender_chat(measure.chat_id, measure.target)
            return
        await self._bot.unban_chat_member(measure.chat_id, measure.target, only_if_banned=True)

    async def _restore(self, measure: Measure) -> None:
        """Say again what was deleted; a message itself can't be brought back."""
        if measure.state == "taking":
            raise MeasureError("it may have been restored before a restart")
        target = {measure.target}
        found = await self._storage.read(exhibits.list_of_messages, measure.incident, target)
        exhibit = next(iter(found), None)
        if exhibit is None or not exhibit.text:
            raise MeasureError("nothing is left to restore")
        try:
            await self._announcer.say_restored(exhibit)
        except TelegramBadRequest as error:
            raise MeasureError(error.message) from None

    async def _say(self, task: Group) -> None:
        """Say in the community who is warned, or is so no more."""
        if task.first.state == "taking":
            raise MeasureError("it may have been said before a restart")
        incident = await self._storage.read(incidents.find, task.first.incident)
        people = {measure.target for measure in task.measures}
        if task.first.by_person == 0:
            people = {
                p for p in people if not await is_exempt(self._bot, self._storage, task.lane, p)
            }
        if task.first.kind == "warn":
            await self._announcer.say_warned(incident, people)
        else:
            await self._announcer.say_unwarned(incident, people)


def _is_silent_after(member: ChatMemberRestricted, measure: Measure) -> bool:
    """Tell whether somebody is silent for longer than a mute would make them."""
    # Telegram's 0 stands for ever.
    until = int(member.until_date.timestamp())
    return not member.can_send_messages and (until == 0 or until > (measure.until or 0))


def _in_one_go(group: Sequence[Measure]) -> Sequence[Measure]:
    return group[: IN_ONE_GO.get(group[0].kind, 1)]
