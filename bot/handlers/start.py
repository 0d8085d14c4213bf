"""First words: /start, /help, and what to say to a command or a message without words."""

import difflib
import html

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandStart
from aiogram.types import Message as TelegramMessage
from aiogram.types import User

from bot.commands import FOR_ADMINS, IN_PRIVATE
from bot.communities.linking import adding_button
from bot.talk import Talk, keyboard
from bot.words import Words

# The payload of a deep link that opens the help in private.
PAYLOAD = "help"


def router() -> Router:
    """Handlers for private chats."""
    here = Router(name="start")
    here.message.filter(F.chat.type == ChatType.PRIVATE)
    here.message.register(explain, CommandStart(deep_link=True, magic=F.args == PAYLOAD))
    here.message.register(greet, CommandStart())
    here.message.register(explain, Command("help"))
    here.message.register(send_to_groups, Command(*set(FOR_ADMINS).difference(IN_PRIVATE)))
    here.message.register(explain_unknown_command, F.text.startswith("/"))
    # Parts of an album without a caption come one by one: no answer to each.
    here.message.register(ask_for_words, ~F.media_group_id, F.content_type.in_(WORDLESS))
    return here


WORDLESS = frozenset(
    {
        "animation",
        "audio",
        "contact",
        "dice",
        "document",
        "location",
        "photo",
        "poll",
        "sticker",
        "story",
        "venue",
        "video",
        "video_note",
        "voice",
    }
)


async def greet(message: TelegramMessage, talk: Talk, me: User) -> None:
    """Introduce the bot, and offer to add it to a group."""
    buttons = keyboard([[adding_button(talk, me.username or "")]])
    await message.answer(talk.say("start"), reply_markup=buttons)


async def explain(message: TelegramMessage, words: Words, language: str) -> None:
    """Say what the bot does."""
    await message.answer(words.say(language, "help"))


async def send_to_groups(message: TelegramMessage, talk: Talk) -> None:
    """Say that a command is for groups."""
    await message.answer(talk.say("command-in-group"))


async def explain_unknown_command(message: TelegramMessage, talk: Talk) -> None:
    """Say that there is no such command, and which one may be meant."""
    name = (message.text or "").split()[0].partition("@")[0].removeprefix("/").lower()
    near = difflib.get_close_matches(name, IN_PRIVATE, n=1)
    key = "unknown-command-near" if near else "unknown-command"
    await message.answer(talk.say(key, command=html.escape("".join(near))))


async def ask_for_words(message: TelegramMessage, words: Words, language: str) -> None:
    """Say that a picture, a sticker or a voice message holds nothing to read."""
    key = "answer-no-text-in-file" if message.document else "answer-no-text"
    await message.reply(words.say(language, key))
