"""The commands that Telegram's clients suggest: other ones in private, in groups and to admins."""

from collections.abc import Iterator, Sequence

from aiogram import Bot
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
    BotCommandScopeUnion,
)

from bot.words import LANGUAGES, Words

IN_PRIVATE = (
    "start",
    "help",
    "settings",
    "link",
    "label",
    "mood",
    "stats",
    "reviews",
    "watch",
    "unwatch",
    "products",
    "retrain",
    "models",
    "rollback",
    "import",
    "export",
    "appeal",
    "forget",
    "ping",
)
IN_GROUPS = ("report",)
# Telegram shows the narrowest list alone, so what everyone may is here again.
FOR_ADMINS = ("link", "settings", "mood", "moderator", "unlink", "report")


async def publish_commands(bot: Bot, words: Words) -> None:
    """Tell Telegram's clients which commands there are, in each language. Raises AiogramError."""
    default = words.default_language
    for code, language in [(None, default), *((code, code) for code in LANGUAGES)]:
        for names, scope in _scopes():
            commands = [
                BotCommand(command=name, description=words.say(language, f"command-{name}"))
                for name in names
            ]
            await bot.set_my_commands(commands, scope=scope, language_code=code)


def _scopes() -> Iterator[tuple[Sequence[str], BotCommandScopeUnion]]:
    yield IN_PRIVATE, BotCommandScopeDefault()
    yield IN_GROUPS, BotCommandScopeAllGroupChats()
    yield FOR_ADMINS, BotCommandScopeAllChatAdministrators()
