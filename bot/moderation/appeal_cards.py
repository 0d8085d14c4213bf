"""How appeals look: to who appeals, to who judges, and what is said in the end. Pure words."""

import html
from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.moderation.appeals import Appeal, Appealable, Course
from bot.moderation.cards import View, scores_part, texts_part
from bot.words import Words

ASK, UPHOLD, TAKE_BACK = "ask", "uphold", "back"
LONGEST_ON_BUTTON = 30
LONGEST_QUOTE = 300
LONGEST_IN_LIST = 80


class AppealPress(CallbackData, prefix="appeal1"):
    """A button of appeals: `ask` about the incident of a token, or judge the appeal of one."""

    token: str
    act: str


def choice_buttons(
    words: Words, language: str, offered: Sequence[Appealable]
) -> InlineKeyboardMarkup:
    """Offer the decisions that a person may appeal against."""
    rows = []
    for one in offered:
        text = _cut(one.text or words.say(language, "card-no-text"), LONGEST_ON_BUTTON)
        outcome = words.say(language, f"card-button-{one.outcome}")
        data = AppealPress(token=one.token, act=ASK).pack()
        rows.append([InlineKeyboardButton(text=f"{outcome} · {text}", callback_data=data)])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def offer_text(words: Words, language: str, courses: Sequence[Course], is_offered: bool) -> str:
    """Tell a person where their appeals stand, and ask against what else they appeal."""
    lines = [
        words.say(
            language,
            f"appeal-course-{course.state}",
            chat=html.escape(course.community),
            text=html.escape(
                _cut(course.text or words.say(language, "card-no-text"), LONGEST_IN_LIST)
            ),
        )
        for course in courses
    ]
    ends = [words.say(language, "appeal-choose")] if is_offered else []
    if not courses and not is_offered:
        ends = [words.say(language, "appeal-nothing")]
    return "\n\n".join((*lines, *ends))


def appeal_text(words: Words, language: str, appeal: Appeal, view: View) -> str:
    """Show what was written and what the model says of it, but not what anyone decided."""
    heading = words.say(language, "appeal-heading", chat=html.escape(view.community))
    shown = [*texts_part(words, language, view), *scores_part(words, language, view)]
    end = words.say(language, "appeal-question")
    if appeal.state != "open":
        name = html.escape(appeal.judged_name or "")
        end = words.say(language, f"appeal-outcome-{appeal.state}", name=name)
    return "\n\n".join((heading, "\n".join(shown), end))


def appeal_buttons(words: Words, language: str, appeal: Appeal) -> InlineKeyboardMarkup | None:
    """Offer to judge an appeal that nobody has judged."""
    if appeal.state != "open":
        return None
    row = [
        InlineKeyboardButton(
            text=words.say(language, f"appeal-button-{act}"),
            callback_data=AppealPress(token=appeal.token, act=act).pack(),
        )
        for act in (UPHOLD, TAKE_BACK)
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def result_text(words: Words, language: str, appeal: Appeal, view: View) -> str:
    """Tell who appealed what came of it, quoting what the view holds of them alone."""
    text = (view.exhibits[-1].text if view.exhibits else None) or words.say(
        language, "card-no-text"
    )
    return words.say(
        language,
        f"appeal-result-{appeal.state}",
        chat=html.escape(view.community),
        text=html.escape(_cut(text, LONGEST_QUOTE)),
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"
