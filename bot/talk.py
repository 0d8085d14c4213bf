"""What an answer needs: whom it goes through, what is known, and in which language it is said."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.communities.rights import NOT_THERE, Role, role_in
from bot.storage import chats, targets
from bot.storage.database import Storage
from bot.words import Value, Words

Buttons = Iterable[Iterable[InlineKeyboardButton]]
# Of Telegram's 4096 characters, which count no tags; the rest is for what stands around a list.
MOST_LISTED = 3500
TAG = re.compile("<[^>]*>")


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation's ends, handed to handlers by the dispatcher."""

    bot: Bot
    storage: Storage
    words: Words
    language: str

    def say(self, key: str, **values: Value) -> str:
        """Format words. Raises UnknownWordError."""
        return self.words.say(self.language, key, **values)

    def button(self, key: str, data: str, **values: Value) -> InlineKeyboardButton:
        """A button that is pressed."""
        return InlineKeyboardButton(text=self.say(key, **values), callback_data=data)

    async def role(self, chat_id: int, person_id: int) -> Role:
        """Ask for someone's role in a chat now; see `bot.rights.role_in`."""
        return await role_in(self.bot, self.storage, chat_id, person_id)

    async def title(self, chat_id: int) -> str:
        """What a chat is called."""
        return await self.storage.read(chats.find_title, chat_id)

    async def name(self, chat_id: int, person_id: int) -> str:
        """What someone in a chat is called; their id where Telegram does not tell."""
        try:
            return (await self.bot.get_chat_member(chat_id, person_id)).user.full_name
        except NOT_THERE:
            return str(person_id)

    async def number(self, target: int) -> int:
        """The number by which buttons name a chat or person."""
        return await self.storage.write(targets.number_of, target)


def keyboard(rows: Buttons) -> InlineKeyboardMarkup:
    """Put buttons below a message, empty rows left out."""
    kept = [list(row) for row in rows]
    return InlineKeyboardMarkup(inline_keyboard=[row for row in kept if row])


def that_fit(blocks: Iterable[str]) -> list[str]:
    """Keep the first blocks of HTML that a message has room for; "…" stands for all others."""
    kept: list[str] = []
    room = MOST_LISTED
    for block in blocks:
        room -= len(TAG.sub("", block)) + 2
        if room < 0:
            return [*kept, "…"]
        kept.append(block)
    return kept
