"""How the registry looks: its versions with their figures, and a button for each act."""

import html
from collections.abc import Iterator
from datetime import date

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.training.cards import set_word, task_word
from bot.training.model_presses import ModelPress, promote_button, version_button
from bot.training.shadow_cards import look_button, try_button
from bot.words import Words
from core.models import ModelsAnswer, ModelVersion, SetFigures

MOST_FIGURES = 3


def models_text(words: Words, language: str, answer: ModelsAnswer) -> str:
    """List the versions in HTML, the newest first."""
    parts = [words.say(language, "models-heading", count=answer.count)]
    versions = (_lines(words, language, one, answer) for one in answer.versions)
    parts += ("\n".join(lines) for lines in versions)
    if len(answer.versions) < answer.count:
        older = answer.count - len(answer.versions)
        parts.append(words.say(language, "models-older", count=older))
    if not answer.shadow and len(answer.versions) > 1:
        parts.append(words.say(language, "models-try-how"))
    return "\n\n".join(parts)


def models_buttons(
    words: Words, language: str, answer: ModelsAnswer
) -> InlineKeyboardMarkup | None:
    """Offer to promote, to try and to delete each version that may be, or to look at a trial."""
    rows = [[look_button(words, language)]] if answer.shadow else []
    for version in answer.versions:
        if version.name == answer.champion:
            continue
        row = [version_button(words, language, "model-button-promote", ("promote", version.name))]
        if not answer.shadow:
            row.append(try_button(words, language, "shadow-button-try-short", version.name))
        if not version.is_base:
            press = ("delete", version.name)
            row.append(version_button(words, language, "model-button-delete", press))
        rows.append(row)
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def sure_buttons(words: Words, language: str, name: str) -> InlineKeyboardMarkup:
    """Ask once more before a version is gone for good."""
    no = InlineKeyboardButton(
        text=words.say(language, "model-button-keep"), callback_data=ModelPress(act="list").pack()
    )
    sure = version_button(words, language, "model-button-sure", ("sure", name))
    return InlineKeyboardMarkup(inline_keyboard=[[sure], [no]])


def back_buttons(words: Words, language: str, name: str) -> InlineKeyboardMarkup | None:
    """Offer the way back to a version; none where there was none."""
    if not name:
        return None
    button = promote_button(words, language, "model-button-back", name)
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def _day(moment: str) -> str:
    """A day as everywhere else in the bot's words; `moment` is in ISO 8601."""
    return date.fromisoformat(moment[:10]).strftime("%d.%m.%Y")


def _lines(
    words: Words, language: str, version: ModelVersion, answer: ModelsAnswer
) -> Iterator[str]:
    keys = {answer.shadow: "models-tried", answer.champion: "models-serving"}
    key = keys.get(version.name, "models-version")
    yield words.say(language, key, version=html.escape(version.name))
    about = [
        words.say(language, "models-base") if version.is_base else "",
        _day(version.created_at) if version.created_at else "",
        words.say(language, "models-parent", version=html.escape(version.parent))
        if version.parent
        else "",
    ]
    if line := " · ".join(part for part in about if part):
        yield line
    for figures in version.figures[:MOST_FIGURES]:
        yield words.say(
            language,
            "models-figures",
            set=_set_and_task(words, language, figures),
            f1=figures.macro_f1,
            accuracy=figures.accuracy,
            count=figures.n,
        )


def _set_and_task(words: Words, language: str, figures: SetFigures) -> str:
    task = task_word(words, language, figures.task).lower() if figures.task else ""
    return ", ".join(filter(None, [set_word(words, language, figures.on), task]))
