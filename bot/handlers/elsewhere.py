"""Commands that are answered in private only, where somebody writes them in a group."""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import InlineKeyboardButton, User
from aiogram.types import Message as TelegramMessage

from bot.commands import IN_PRIVATE
from bot.communities.linking import GROUP_KINDS
from bot.handlers.commanders import is_command_place
from bot.handlers.start import PAYLOAD
from bot.talk import Talk, keyboard


def router() -> Router:
    """The handler of what no other one took; it has to be asked last."""
    here = Router(name="elsewhere")
    here.message.register(lead, Command(*IN_PRIVATE), F.chat.type.in_(GROUP_KINDS))
    return here


async def lead(message: TelegramMessage, command: CommandObject, talk: Talk, me: User) -> None:
    """Lead into private who means this bot; without its name another bot may be meant."""
    if not command.mention and not await is_command_place(message, talk.storage):
        return
    url = f"https://t.me/{me.username}?start={PAYLOAD}"
    button = InlineKeyboardButton(text=talk.say("command-button-private"), url=url)
    await message.reply(talk.say("command-in-private"), reply_markup=keyboard([[button]]))
