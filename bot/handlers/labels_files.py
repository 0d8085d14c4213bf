"""/import and /export: files of labelled texts, for those who administer a community."""

import asyncio
import html
import io
import time
from collections.abc import AsyncIterator, Sequence

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    Document,
    InaccessibleMessage,
    InlineKeyboardButton,
    ReplyParameters,
)
from aiogram.types import Message as TelegramMessage
from pydantic import Field

from bot.answers import LARGEST_NUMBER
from bot.communities.rights import Role, communities_where, may_administer
from bot.fingerprints import fingerprint
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.labelling.files import LabelFile, fingerprinted, read_label_file
from bot.storage import labels, targets, texts
from bot.storage.database import Storage
from bot.storage.labels import EXPORT_COLUMNS, LabelInForce
from bot.storage.targets import NoTargetError
from bot.storage.texts import Counts, Import
from bot.tables import MOST_BYTES, UTF8, RefusedFileError, without_formula, write_table
from bot.talk import Talk, keyboard

# Some ten milliseconds' work at a time: messages come in between.
ROWS_AT_A_TIME = 100
LABELS_AT_A_TIME = 500
FILE_NAME = "labels.csv"


class ImportPress(CallbackData, prefix="import1"):
    """The community that the labels of the file above are for, by its number among targets."""

    community: int = Field(ge=0, le=LARGEST_NUMBER)


def router() -> Router:
    """Handlers for private chats."""
    here = Router(name="label files")
    here.message.filter(F.chat.type == ChatType.PRIVATE)
    here.message.register(take_file, Command("import"))
    here.message.register(explain_export, Command("export", magic=F.args))
    here.message.register(hand_file_out, Command("export"))
    is_private = F.message.chat.type == ChatType.PRIVATE
    here.callback_query.register(take_pressed, ImportPress.filter(), is_private)
    return here


async def take_file(
    message: TelegramMessage, talk: Talk, command: CommandObject | None = None
) -> None:
    """Import a file, or ask which community it is for; without a file say how to send one."""
    who = message.chat.id
    found = await communities_where(talk.bot, talk.storage, who, Role.admin)
    with_file = next((m for m in (message, message.reply_to_message) if m and m.document), None)
    if not found:
        await message.answer(talk.say("import-no-community"))
    elif with_file is None or with_file.document is None:
        await message.answer(talk.say("import-how"))
    elif command and len(found) == 1:
        batch = Import(f"import:{who}:{message.message_id}", who, found[0], time.time())
        await message.answer(await take(talk, with_file.document, batch))
    else:
        # The press finds the file through this reply.
        to = ReplyParameters(message_id=with_file.message_id)
        buttons = keyboard([[await _button(talk, chat)] for chat in found])
        text = talk.say("import-where")
        await message.answer(text, reply_markup=buttons, reply_parameters=to)


async def take_pressed(query: CallbackQuery, callback_data: ImportPress, talk: Talk) -> None:
    """Take the file's labels into the community, or say what is wrong with it."""
    who, document = query.from_user.id, _document_above(query)
    try:
        chat_id = await talk.storage.read(targets.find, callback_data.community)
    except NoTargetError:
        document = None
    if document is None:
        await answer_press(query, talk.say("import-gone"))
        return
    if not may_administer(await talk.role(chat_id, who)):
        await answer_press(query, talk.say("import-no-right"))
        return
    await answer_press(query, talk.say("import-reading"))
    batch = Import(f"import:{query.id}", who, chat_id, time.time())
    await show_text(query, await take(talk, document, batch), None)


async def explain_export(message: TelegramMessage, talk: Talk) -> None:
    """Say what there is to export; /export mood has a handler of its own, which is asked first."""
    await message.answer(talk.say("export-how"))


async def hand_file_out(message: TelegramMessage, talk: Talk) -> None:
    """Send the labels of the communities that someone administers, and their own imports."""
    who = message.chat.id
    found = await communities_where(talk.bot, talk.storage, who, Role.admin)
    rows = await _collect(talk.storage, who, found)
    if not rows:
        await message.answer(talk.say("export-nothing" if found else "export-no-community"))
        return
    safe = [(without_formula(str(text)), *rest) for text, *rest in rows]
    data = await asyncio.to_thread(write_table, EXPORT_COLUMNS, safe)
    caption = talk.say("export-caption", labels=len(rows))
    await message.answer_document(BufferedInputFile(data, FILE_NAME), caption=caption)


async def take(talk: Talk, document: Document, batch: Import) -> str:
    """Import a file and return what became of it, in words."""
    try:
        file = await _read(talk.bot, document)
    except RefusedFileError as refused:
        values = {name: _escaped(value) for name, value in refused.values.items()}
        reason = talk.say(f"import-refused-{refused.code}", **values)
        return talk.say("import-refused", reason=reason)
    rows = await asyncio.to_thread(fingerprinted, file.rows)
    messages = await _labelled_messages(talk.storage, batch.chat_id)
    counts = Counts()
    for first in range(0, len(rows), ROWS_AT_A_TIME):
        some = rows[first : first + ROWS_AT_A_TIME]
        counts += await talk.storage.write(texts.add_labels, batch, some, messages)
    return _report(talk, file, counts, contradicting=len(file.rows) - len(rows))


async def _read(bot: Bot, document: Document) -> LabelFile:
    """Fetch a file and read it. Raises RefusedFileError."""
    if (document.file_size or 0) > MOST_BYTES:
        raise RefusedFileError("too-big", megabytes=MOST_BYTES // 1024**2)
    data = io.BytesIO()
    await bot.download(document, data)
    return await asyncio.to_thread(read_label_file, data.getvalue())


async def _labelled_messages(storage: Storage, chat_id: int) -> dict[str, str]:
    """Find the keys of a chat's labelled messages by the fingerprints of their texts."""
    found: dict[str, str] = {}
    async for some in _pages(storage):
        here = [one for one in some if one.chat_id == chat_id and not texts.is_imported(one.key)]
        found |= await asyncio.to_thread(_by_fingerprint, here)
    return found


def _by_fingerprint(labelled: Sequence[LabelInForce]) -> dict[str, str]:
    return {fingerprint(one.text): one.key for one in labelled}


async def _collect(storage: Storage, who: int, chat_ids: list[int]) -> Sequence[Sequence[object]]:
    """List what someone may have, in EXPORT_COLUMNS, the oldest first."""
    found = [
        (one.text, one.label, one.task, one.shown, one.model, one.source, one.labelled_at, one.key)
        async for some in _pages(storage)
        for one in some
        if one.chat_id in chat_ids or (one.who == who and one.source == texts.SOURCE)
    ]
    return found[::-1]


async def _pages(storage: Storage) -> AsyncIterator[list[LabelInForce]]:
    before: int | None = labels.NEWEST_PAGE
    while before is not None:
        found, before = await storage.read(labels.page, before, LABELS_AT_A_TIME)
        yield found


async def _button(talk: Talk, chat_id: int) -> InlineKeyboardButton:
    data = ImportPress(community=await talk.number(chat_id)).pack()
    return InlineKeyboardButton(text=await talk.title(chat_id), callback_data=data)


def _document_above(query: CallbackQuery) -> Document | None:
    """The file that the pressed message replies to, while Telegram still tells of it."""
    message = query.message
    if message is None or isinstance(message, InaccessibleMessage):
        return None
    return message.reply_to_message.document if message.reply_to_message else None


def _report(talk: Talk, file: LabelFile, counts: Counts, contradicting: int) -> str:
    lines = [talk.say("import-done", added=counts.added, known=counts.known)]
    if counts.conflicts:
        lines.append(talk.say("import-conflicts", conflicts=counts.conflicts))
    if contradicting:
        lines.append(talk.say("import-contradicting", rows=contradicting))
    if file.encoding != UTF8:
        lines.append(talk.say("import-encoding", encoding=file.encoding))
    return "\n".join(lines)


def _escaped(value: str | int) -> str | int:
    return html.escape(value) if isinstance(value, str) else value
