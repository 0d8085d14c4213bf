"""First words: /start, /help, and what to say to a command or a message without words."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandStart
from aiogram.types import Message as TelegramMessage

from bot.words import Words


def router() -> Router:
    """Handlers for private chats."""
    here = Router(name="start")
    here.message.filter(F.chat.type == ChatType.PRIVATE)
    here.message.register(greet, CommandStart())
    here.message.register(explain, Command("help"))
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


async def greet(message: TelegramMessage, words: Words, language: str) -> None:
    """Introduce the bot."""
    await message.answer(words.say(language, "start"))


async def explain(message: TelegramMessage, words: Words, language: str) -> None:
    """Say what the bot does."""
    await message.answer(words.say(language, "help"))


async def explain_unknown_command(message: TelegramMessage, words: Words, language: str) -> None:
    """Say that there is no such command, and which there are."""
    parts = (words.say(language, key) for key in ("unknown-command", "help"))
    await message.answer("\n\n".join(parts))


async def ask_for_words(message: TelegramMessage, words: Words, language: str) -> None:
    """Say that a picture, a sticker or a voice message holds nothing to read."""
    await message.reply(words.say(language, "answer-no-text"))
