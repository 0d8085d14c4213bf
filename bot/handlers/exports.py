"""/export mood: verdicts of a period as a file, for those who administer a community."""

import asyncio
import html
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, FSInputFile, InlineKeyboardButton
from aiogram.types import Message as TelegramMessage
from pydantic import Field

from bot.answers import LARGEST_NUMBER
from bot.communities.rights import Role, communities_where
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.mood.export_rows import FORMATS, Format
from bot.mood.exporting import write_verdicts
from bot.mood.period import Period, PeriodError, read_period
from bot.mood.places import may_look_at, places_of, time_zone_of
from bot.storage import targets
from bot.storage.targets import NoTargetError
from bot.storage.verdict_rows import Wanted
from bot.talk import Talk, keyboard

OF_MOOD = r"(?is)\s*mood\b.*"
DEFAULT_PERIOD = "30d"
# A list of more would not fit a message's buttons.
MOST_CHOICES = 50


class ExportPress(CallbackData, prefix="export1"):
    """The community or channel whose verdicts are wanted, by its number among targets."""

    place: int = Field(ge=0, le=LARGEST_NUMBER)
    period: str = Field(max_length=24)
    format: Format


@dataclass(frozen=True, slots=True)
class Request:
    """Which time, and in what kind of file."""

    period: str
    """As it was written."""
    format: Format

    @classmethod
    def read(cls, arguments: str) -> "Request":
        """Read what stands behind /export."""
        _, *words = arguments.lower().split()
        found: list[Format] = [one for one in FORMATS if one in words]
        period = " ".join(word for word in words if word not in FORMATS)
        return cls(period or DEFAULT_PERIOD, found[0] if found else "csv")

    async def when(self, talk: Talk, chat_id: int) -> Period:
        """The period in a place's time zone. Raises PeriodError."""
        zone = await time_zone_of(talk.storage, chat_id)
        return read_period(self.period, time.time(), zone)


@dataclass(frozen=True, slots=True)
class Order:
    """One file to write."""

    place: int
    """A community, or what stands for a watched channel."""
    period: Period
    format: Format

    @property
    def file_name(self) -> str:
        return f"mood-{self.period.name.replace('..', '-')}.{self.format}"


def router() -> Router:
    """The handlers of /export mood; the files hold people's messages, so only in private."""
    here, desk = Router(name="exports"), ExportDesk()
    here.message.filter(F.chat.type == ChatType.PRIVATE)
    here.message.register(desk.ask, Command("export", magic=F.args.regexp(OF_MOOD)))
    is_private = F.message.chat.type == ChatType.PRIVATE
    here.callback_query.register(desk.hand_out, ExportPress.filter(), is_private)
    return here


class ExportDesk:
    """Writes files one after the other: whoever asks for many waits for them."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def ask(self, message: TelegramMessage, command: CommandObject, talk: Talk) -> None:
        """Send the file, or ask of which community or channel it should be."""
        request = Request.read(command.args or "")
        found = await communities_where(talk.bot, talk.storage, message.chat.id, Role.admin)
        places = await places_of(talk.storage, found)
        if not places:
            await message.answer(talk.say("export-no-community"))
            return
        try:
            period = await request.when(talk, places[0])
        except PeriodError:
            await message.answer(talk.say("export-mood-how"))
            return
        if len(places) == 1:
            await self._send(message, talk, Order(places[0], period, request.format))
            return
        named = Request(period.name, request.format)
        choices = [[await _button(talk, place, named)] for place in places[:MOST_CHOICES]]
        await message.answer(talk.say("export-mood-where"), reply_markup=keyboard(choices))

    async def hand_out(self, query: CallbackQuery, callback_data: ExportPress, talk: Talk) -> None:
        """Send the file of the chosen place, if the presser may look at it now."""
        request = Request(callback_data.period, callback_data.format)
        try:
            place = await talk.storage.read(targets.find, callback_data.place)
            order = Order(place, await request.when(talk, place), request.format)
        except (NoTargetError, PeriodError):
            await answer_press(query, talk.say("press-stale"))
            return
        if not await may_look_at(talk.bot, talk.storage, place, query.from_user.id):
            await answer_press(query, talk.say("settings-only-admins"))
            return
        await answer_press(query, talk.say("export-mood-writing"))
        if isinstance(query.message, TelegramMessage):
            await self._send(query.message, talk, order)
            await show_text(query, talk.say("export-mood-done"), None)

    async def _send(self, message: TelegramMessage, talk: Talk, order: Order) -> None:
        wanted = Wanted(order.place, order.period.since, order.period.until)
        async with self._turn:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / order.file_name
                written = await write_verdicts(talk.storage, path, wanted, order.format)
                if not written.messages:
                    await message.answer(talk.say("export-mood-nothing"))
                    return
                key = "export-mood-cut" if written.is_cut else "export-mood-caption"
                title = html.escape(await talk.title(order.place))
                caption = talk.say(key, messages=written.messages, chat=title)
                await message.answer_document(FSInputFile(path), caption=caption)


async def _button(talk: Talk, place: int, request: Request) -> InlineKeyboardButton:
    number = await talk.number(place)
    press = ExportPress(place=number, period=request.period, format=request.format)
    return InlineKeyboardButton(text=await talk.title(place), callback_data=press.pack())
