"""Reviews that people ask about: a link, a file or a paste in private, /reviews here and there."""

import asyncio
import html
import io
import time
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.types import Document
from aiogram.types import Message as TelegramMessage

from bot.communities.rights import Role, communities_where
from bot.handlers import labels_files
from bot.messages import answers_asking, brings_reviews, link_in, sender_of
from bot.reviews.desk import Brought, ReviewDesk
from bot.reviews.files import holds_labels, read_review_file
from bot.reviews.limits import MOST_IN_AN_HOUR, Refusal
from bot.reviews.links import address_of, link_among
from bot.reviews.pasted import pasted_reviews
from bot.reviews.readings import Asked, Kind
from bot.storage import communities
from bot.tables import MOST_BYTES, RefusedFileError
from bot.talk import Talk


@dataclass(frozen=True, slots=True)
class Request:
    """A message that asks for something, and where it goes."""

    message: TelegramMessage
    talk: Talk
    desk: ReviewDesk

    def asked(self, kind: Kind, url: str = "") -> Asked:
        """Say who asks for what; the message is what is asked with."""
        message = self.message
        return Asked(
            press=f"message:{message.chat.id}:{message.message_id}",
            kind=kind,
            url=url,
            address=address_of(url) if url else "",
            asked_by=sender_of(message) or message.chat.id,
            chat_id=message.chat.id,
            reply_to=message.message_id,
            language=self.talk.language,
            at=time.time(),
        )


def router() -> Router:
    """Handlers for private chats, and of /reviews for moderators' chats."""
    here = Router(name="reviews")
    is_private = F.chat.type == ChatType.PRIVATE
    here.message.register(take_command, Command("reviews"), is_private)
    here.message.register(take_command_in_group, Command("reviews"))
    here.message.register(take_message, is_private, brings_reviews)
    here.message.register(take_answer_in_group, answers_asking)
    return here


async def take_command(
    message: TelegramMessage, command: CommandObject, talk: Talk, review_desk: ReviewDesk
) -> None:
    """Read what stands behind the command, or what it replies to; else say how it is used."""
    request = Request(message, talk, review_desk)
    words = (command.args or "").strip()
    replied = message.reply_to_message
    document = message.document or (replied.document if replied else None)
    if document is not None:
        await take_file(request, document)
    elif words:
        await take_words(request, words)
    elif replied is not None and replied.text:
        await take_words(request, link_in(replied) or replied.text)
    else:
        await message.answer(talk.say("reviews-how"))


async def take_command_in_group(
    message: TelegramMessage, command: CommandObject, talk: Talk, review_desk: ReviewDesk
) -> None:
    """Read for those who look after a community, in the chat where they do."""
    if await talk.storage.read(communities.communities_of_moderators_chat, message.chat.id):
        await take_command(message, command, talk, review_desk)


async def take_answer_in_group(
    message: TelegramMessage, talk: Talk, review_desk: ReviewDesk
) -> None:
    """Read what a reply pastes in a moderators' chat, where it is a text like any other as well."""
    if await talk.storage.read(communities.communities_of_moderators_chat, message.chat.id):
        await take_message(message, talk, review_desk)


async def take_message(message: TelegramMessage, talk: Talk, review_desk: ReviewDesk) -> None:
    """Read what a message brings, in private or in answer to us."""
    request = Request(message, talk, review_desk)
    if message.document is not None:
        await take_file_unless_labels(request, message.document)
    elif link := link_in(message):
        await take_link(request, link)
    else:
        await take_paste(request, message.text or "")


async def take_words(request: Request, words: str) -> None:
    """Read the link among words, or the reviews that they are."""
    if link := link_among(words):
        await take_link(request, link)
    elif "\n" in words:
        await take_paste(request, words)
    else:
        await request.message.reply(request.talk.say("reviews-no-link"))


async def take_link(request: Request, link: str) -> None:
    """Have a page read."""
    await _answer(request, await request.desk.ask(request.asked("link", link)))


async def take_paste(request: Request, text: str) -> None:
    """Take pasted reviews."""
    found = pasted_reviews(text)
    if not found:
        await request.message.reply(request.talk.say("reviews-no-texts"))
        return
    await _answer(request, await request.desk.bring(request.asked("text"), Brought("", found)))


async def take_file_unless_labels(request: Request, document: Document) -> None:
    """Take a file of reviews; an admin's labelled texts are asked about as /import does."""
    message, talk = request.message, request.talk
    if await communities_where(talk.bot, talk.storage, message.chat.id, Role.admin):
        try:
            data = await _fetch(talk, document)
        except RefusedFileError as refused:
            await message.reply(_why(talk, refused))
            return
        if await asyncio.to_thread(holds_labels, data):
            await labels_files.take_file(message, talk)
            return
    await take_file(request, document)


async def take_file(request: Request, document: Document) -> None:
    """Take a file of reviews, or say what is wrong with it."""
    name = document.file_name or ""
    try:
        data = await _fetch(request.talk, document)
        found = await asyncio.to_thread(read_review_file, data, name)
    except RefusedFileError as refused:
        await request.message.reply(_why(request.talk, refused))
        return
    await _answer(request, await request.desk.bring(request.asked("file"), Brought(name, found)))


async def _fetch(talk: Talk, document: Document) -> bytes:
    """Fetch a file. Raises RefusedFileError."""
    if (document.file_size or 0) > MOST_BYTES:
        raise RefusedFileError("too-big", megabytes=MOST_BYTES // 1024**2)
    data = io.BytesIO()
    await talk.bot.download(document, data)
    return data.getvalue()


async def _answer(request: Request, refused: Refusal | None) -> None:
    if refused is not None:
        await request.message.reply(waiting_words(request.talk, refused))


def waiting_words(talk: Talk, refused: Refusal) -> str:
    """Say why somebody has to wait."""
    if refused.code == "under-way":
        return talk.say("reviews-wait-under-way")
    return talk.say("reviews-wait-too-often", most=MOST_IN_AN_HOUR, minutes=refused.minutes)


def _why(talk: Talk, refused: RefusedFileError) -> str:
    values = {
        name: html.escape(value) if isinstance(value, str) else value
        for name, value in refused.values.items()
    }
    return talk.say("reviews-refused", reason=talk.say(f"reviews-refused-{refused.code}", **values))
