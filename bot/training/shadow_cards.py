"""How a trial looks when it begins, while it goes on and when it has ended: words and buttons."""

import html
import math
from collections.abc import Iterator, Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.answers import LARGEST_NUMBER, label_word
from bot.links import message_link
from bot.storage.shadow_differences import Example
from bot.storage.shadows import Shadow
from bot.training.cards import LONGEST_EXAMPLE, MOST_EXAMPLES, task_word
from bot.training.model_presses import promote_button, version_button
from bot.training.shadow_desk import Standing
from bot.training.trial import MOST_JUDGED, SIGNIFICANT, Figures, Winner
from bot.words import Words

ENDED = {
    "judged": "shadow-ended-judged",
    "time": "shadow-ended-time",
    "stopped": "shadow-ended-stopped",
    "over": "shadow-ended-over",
}
EXAMPLES: dict[Winner, str] = {
    "challenger": "shadow-examples-challenger",
    "champion": "shadow-examples-champion",
}


class ShadowPress(CallbackData, prefix="try1"):
    """A button about trials: `look` at the one under way, `stop` it, or `leave` things be."""

    act: str
    shadow: int = Field(default=0, ge=0, le=LARGEST_NUMBER)
    """Which one shall be stopped; 0 for whichever is under way."""


def try_button(words: Words, language: str, key: str, version: str) -> InlineKeyboardButton:
    """A button that begins a trial of a version."""
    return version_button(words, language, key, ("try", version))


def look_button(words: Words, language: str) -> InlineKeyboardButton:
    """A button that shows how the trial under way goes."""
    return _button(words, language, "shadow-button-look", ShadowPress(act="look"))


def started_text(words: Words, language: str, shadow: Shadow) -> str:
    """Say in HTML what a trial does, and when it ends."""
    names = _names(shadow)
    return words.say(language, "shadow-started", needed=MOST_JUDGED, **names)


def standing_text(words: Words, language: str, standing: Standing, *, is_running: bool) -> str:
    """Say in HTML how far a trial is; without who is right, so that nobody judges by it."""
    shadow, figures = standing.shadow, standing.figures
    judged = min(figures.judged, MOST_JUDGED)
    parts = [
        words.say(language, "shadow-standing", **_names(shadow)),
        "\n".join(_tasks(words, language, figures)),
        words.say(language, "shadow-standing-judged", judged=judged, needed=MOST_JUDGED),
        "" if is_running else words.say(language, "shadow-not-running"),
    ]
    return "\n\n".join(part for part in parts if part)


def stop_buttons(words: Words, language: str, shadow_id: int = 0) -> InlineKeyboardMarkup:
    """Offer to end a trial."""
    press = ShadowPress(act="stop", shadow=shadow_id)
    return _keyboard(_button(words, language, "shadow-button-stop", press))


def result_text(words: Words, language: str, shadow: Shadow, examples: Sequence[Example]) -> str:
    """Say in HTML how a trial ended, who was right how often, and on which messages."""
    parts = [
        words.say(language, ENDED[shadow.outcome or "over"], **_names(shadow)),
        "\n".join(_tasks(words, language, shadow.figures)),
        *_judgement(words, language, shadow),
        *(_examples_text(words, language, shadow, _of(examples, who)) for who in EXAMPLES),
    ]
    return "\n\n".join(part for part in parts if part)


def result_buttons(words: Words, language: str, shadow: Shadow) -> InlineKeyboardMarkup | None:
    """Offer to promote the version or to leave things; none where another champion serves."""
    if shadow.outcome == "over":
        return None
    return _keyboard(
        promote_button(words, language, "shadow-button-promote", shadow.version),
        _button(words, language, "shadow-button-leave", ShadowPress(act="leave")),
    )


def _tasks(words: Words, language: str, figures: Figures) -> Iterator[str]:
    for one in figures.tallies:
        yield words.say(
            language,
            "shadow-task",
            task=task_word(words, language, one.task),
            agreed=one.agreed,
            differed=one.differed,
        )
    if not figures.tallies:
        yield words.say(language, "shadow-nothing-compared")


def _judgement(words: Words, language: str, shadow: Shadow) -> Iterator[str]:
    figures = shadow.figures
    if not any(one.differed for one in figures.tallies):
        if figures.tallies:
            yield words.say(language, "shadow-same")
        return
    if not figures.judged:
        yield words.say(language, "shadow-unjudged")
        return
    yield words.say(
        language,
        "shadow-judged",
        judged=figures.judged,
        challenger=figures.challenger,
        before=figures.champion,
        neither=figures.judged - figures.challenger - figures.champion,
        **_names(shadow),
    )
    # Rounded up, so that none reads as nothing at all.
    p_value = math.ceil(figures.p_value * 1000) / 1000
    yield words.say(language, _conclusion(figures), p=p_value, **_names(shadow))


def _conclusion(figures: Figures) -> str:
    if figures.p_value >= SIGNIFICANT:
        return "shadow-unclear"
    return "shadow-better" if figures.challenger > figures.champion else "shadow-worse"


def _of(examples: Sequence[Example], who: Winner) -> list[Example]:
    return [one for one in examples if one.winner == who][:MOST_EXAMPLES]


def _examples_text(words: Words, language: str, shadow: Shadow, examples: Sequence[Example]) -> str:
    """List examples on which the same version was right."""
    if not examples:
        return ""
    heading = words.say(language, EXAMPLES[examples[0].winner], **_names(shadow))
    return "\n".join([heading, *(_example(words, language, one) for one in examples)])


def _example(words: Words, language: str, one: Example) -> str:
    text = " ".join(one.text.split())
    text = text if len(text) <= LONGEST_EXAMPLE else text[:LONGEST_EXAMPLE] + "…"
    link = message_link(one.chat_id, one.message_id) if one.message_id else ""
    values = {
        "text": html.escape(text),
        "before": html.escape(label_word(words, language, one.difference.before)),
        "after": html.escape(label_word(words, language, one.difference.after)),
    }
    if link:
        return words.say(language, "shadow-example", link=html.escape(link), **values)
    return words.say(language, "training-example", **values)


def _names(shadow: Shadow) -> dict[str, str]:
    return {"version": html.escape(shadow.version), "champion": html.escape(shadow.champion)}


def _button(words: Words, language: str, key: str, press: ShadowPress) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=words.say(language, key), callback_data=press.pack())


def _keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])
