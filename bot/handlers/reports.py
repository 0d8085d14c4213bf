"""/report: members point at a message, quietly; moderators see a card when it is needed."""

import html
import time

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)
from aiogram.filters import Command
from aiogram.types import Message as TelegramMessage
from loguru import logger

from bot.communities.linking import GROUP_KINDS
from bot.communities.rights import may_moderate
from bot.messages import Message, UnreadableMessageError, is_not_a_persons, sender_of, to_message
from bot.moderation.incidents import Exhibit
from bot.moderation.parts import Moderation
from bot.moderation.reporting import take_report
from bot.storage import communities, reports
from bot.storage.reports import EVERYONE, Report
from bot.talk import Talk


def router() -> Router:
    """Handlers of /report, in communities and in private."""
    here = Router(name="reports")
    is_private = F.chat.type == ChatType.PRIVATE
    here.message.register(take, Command("report"), F.chat.type.in_(GROUP_KINDS))
    here.message.register(explain, Command("report"), is_private)
    return here


async def take(message: TelegramMessage, talk: Talk, moderation: Moderation) -> None:
    """Count a report and take its message away; nobody in the chat is told anything.

    Where nobody gets reports, that is said instead, for the report would be taken for heard.
    """
    community = await talk.storage.read(communities.find, message.chat.id)
    if not community.is_linked:
        await _say_that_nobody_hears(message, talk)
        return
    reported = message.reply_to_message
    if reported is not None and (report := await report_of(message, reported, talk)):
        await _file(report, reported, talk, moderation)
    await _delete(message)


async def explain(message: TelegramMessage, talk: Talk) -> None:
    """Say where reports are made."""
    await message.answer(talk.say("report-where"))


async def _say_that_nobody_hears(message: TelegramMessage, talk: Talk) -> None:
    """Tell who reports, in private where that is possible, and silently the admins, each once."""
    chat_id, reporter = message.chat.id, sender_of(message) or 0
    if await talk.storage.read(communities.communities_of_moderators_chat, chat_id):
        return
    if reporter > 0:
        text = talk.say("report-unheard", chat=html.escape(message.chat.title or ""))
        await _tell_once(talk, (chat_id, reporter), reporter, text)
    await _tell_once(talk, (chat_id, EVERYONE), chat_id, talk.say("report-how-to-hear"))


async def _tell_once(talk: Talk, notice: tuple[int, int], where: int, text: str) -> None:
    """Send what somebody was not told lately; better missed than said twice."""
    if not await talk.storage.write(reports.note_notice, *notice, time.time()):
        return
    try:
        await talk.bot.send_message(where, text, disable_notification=True)
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        logger.bind(chat_id=notice[0]).debug("nobody is told of reports: {}", error.message)


async def report_of(
    message: TelegramMessage, reported: TelegramMessage, talk: Talk
) -> Report | None:
    """The report that a message is; None when it is about oneself, about staff, or nobody's."""
    chat_id, reporter, author = message.chat.id, sender_of(message), sender_of(reported)
    if reporter is None or author is None or reporter == author or is_not_a_persons(reported):
        return None
    if reported.forum_topic_created:
        # In a topic a message that replies to nothing comes as a reply to its beginning.
        return None
    if may_moderate(await talk.role(chat_id, author)):
        return None
    by_moderator = may_moderate(await talk.role(chat_id, reporter))
    if reporter < 0 and not by_moderator:
        # One person may speak as many channels.
        return None
    return Report(chat_id, reported.message_id, reporter, by_moderator, time.time())


async def _file(
    report: Report, reported: TelegramMessage, talk: Talk, moderation: Moderation
) -> None:
    try:
        seen = _exhibit_of(to_message(reported, 0, report.at))
    except UnreadableMessageError:
        return
    if await talk.storage.write(take_report, report, seen):
        logger.bind(chat_id=report.chat_id).info("message {} is reported", report.message_id)
    moderation.wake()


def _exhibit_of(message: Message) -> Exhibit:
    """Evidence of a message that the model was never asked about: a picture, say."""
    return Exhibit(
        key=f"{message.id}:{message.edited_at}",
        message=message.id,
        chat_id=message.chat.id,
        message_id=message.message_id,
        album=message.album,
        sender_id=message.sender_id,
        sender_name=message.sender_name,
        text=message.text or None,
        has_media=message.has_media,
        scores={},
        model="",
    )


async def _delete(message: TelegramMessage) -> None:
    try:
        await message.delete()
    except (TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat) as error:
        # Without the right it stays; and after a crash it is gone already.
        logger.bind(chat_id=message.chat.id).debug("a report stays: {}", error.message)
