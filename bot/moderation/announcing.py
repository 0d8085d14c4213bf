"""What the bot says aloud in a community about what was done there; silent in quiet hours."""

import html
import time
from collections.abc import Collection, Mapping, Sequence

from aiogram import Bot
from aiogram.types import ReplyParameters

from bot.communities.community import is_quiet
from bot.moderation.incidents import Exhibit, Incident
from bot.storage import communities, exhibits, warnings
from bot.storage.database import Storage
from bot.storage.warnings import Warned
from bot.words import Words

MOST_NAMED = 5


class Announcer:
    """Speaks in communities, in their languages."""

    def __init__(self, bot: Bot, storage: Storage, words: Words) -> None:
        self._bot = bot
        self._storage = storage
        self._words = words

    async def say_restored(self, exhibit: Exhibit) -> None:
        """Say again what was deleted. Raises what Telegram answers."""
        language, is_silent = await self._manner(exhibit.chat_id)
        name = html.escape(exhibit.sender_name or self._words.say(language, "card-somebody"))
        text = self._words.say(
            language, "restored", name=name, text=html.escape(exhibit.text or "")
        )
        await self._bot.send_message(exhibit.chat_id, text, disable_notification=is_silent)

    async def say_warned(self, incident: Incident, people: Collection[int]) -> None:
        """Say whom an incident got a warning, unless that was taken back since."""
        given = await self._storage.read(warnings.list_of_incident, incident.id)
        warned = [one for one in given if one.person_id in people]
        if not warned:
            return
        language, is_silent = await self._manner(incident.chat_id)
        people = [one.person_id for one in warned[:MOST_NAMED]]
        found = await self._storage.read(exhibits.list_latest_of, incident.id, people)
        names = {e.sender_id: e.sender_name for e in found if e.sender_id and e.sender_name}
        await self._bot.send_message(
            incident.chat_id,
            warning_text(self._words, language, warned, names),
            reply_parameters=_reply_to(incident, found, warned),
            disable_notification=is_silent,
        )

    async def say_unwarned(self, incident: Incident, people: Collection[int]) -> None:
        """Say whose warning is taken back; where a message is restored, that says it."""
        if incident.outcome != "warned":
            return
        language, is_silent = await self._manner(incident.chat_id)
        named = sorted(people)[:MOST_NAMED]
        found = await self._storage.read(exhibits.list_latest_of, incident.id, named)
        names = {e.sender_id: e.sender_name for e in found if e.sender_id and e.sender_name}
        shown = [_mention(self._words, language, person, names) for person in named]
        text = self._words.say(language, "unwarned", who=", ".join(shown))
        await self._bot.send_message(incident.chat_id, text, disable_notification=is_silent)

    async def _manner(self, chat_id: int) -> tuple[str, bool]:
        """In which language to speak in a chat now, and whether silently."""
        community = await self._storage.read(communities.find, chat_id)
        return self._words.language(community.language), is_quiet(community, time.time())


def warning_text(
    words: Words, language: str, warned: Sequence[Warned], names: Mapping[int, str]
) -> str:
    """Compose one short message on all who are warned at once."""
    lines = []
    for one in warned[:MOST_NAMED]:
        who = _mention(words, language, one.person_id, names)
        key = "warned-and-muted" if one.mutes else "warned"
        lines.append(words.say(language, key, who=who, number=one.number, most=one.most))
    if len(warned) > MOST_NAMED:
        lines.append(words.say(language, "warned-more", count=len(warned) - MOST_NAMED))
    return "\n".join(lines)


def _mention(words: Words, language: str, person_id: int, names: Mapping[int, str]) -> str:
    name = html.escape(names.get(person_id) or words.say(language, "card-somebody"))
    return f'<a href="tg://user?id={person_id}">{name}</a>'


def _reply_to(
    incident: Incident, found: Sequence[Exhibit], warned: Sequence[Warned]
) -> ReplyParameters | None:
    """Reply to what one person is warned for, where it still stands."""
    theirs = [e for e in found if e.sender_id == warned[0].person_id]
    if incident.outcome != "warned" or len(warned) > 1 or not theirs:
        return None
    latest = theirs[-1]
    if latest.has_moved:
        return None
    return ReplyParameters(message_id=latest.message_id, allow_sending_without_reply=True)
