"""How a question of /label looks: a text, what is asked, buttons, and how far one has come."""

import html
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup
from pydantic import Field

from bot.answers import EMOJI, LARGEST_NUMBER, OTHER_EMOJI, label_word
from bot.labelling.questions import NOT_TOXIC, choices
from bot.storage.labelling import Asked, Progress
from bot.talk import Talk, keyboard
from bot.vocabulary import TOXIC, TOXICITY

# A message holds 4,096 characters, and longer texts are no easier to judge.
LONGEST_TEXT = 2000
TOXICITY_EMOJI = {TOXIC: "⚠️", NOT_TOXIC: "👌"}


class QuestionPress(CallbackData, prefix="ask1"):
    """A label below a question, by its position in `choices`."""

    question: int = Field(ge=0, le=LARGEST_NUMBER)
    choice: int = Field(ge=0, le=LARGEST_NUMBER)


class SkipPress(CallbackData, prefix="skip1"):
    """Whoever asks should ask about another text."""

    question: int = Field(ge=0, le=LARGEST_NUMBER)


class BackPress(CallbackData, prefix="back1"):
    """The last answer was a slip: ask that again instead of this."""

    question: int = Field(ge=0, le=LARGEST_NUMBER)


@dataclass(frozen=True, slots=True)
class View:
    """What somebody is shown: a question, if there is one left, and their progress."""

    asked: Asked | None
    progress: Progress
    has_earlier: bool
    """Whether there is an answer to go back to."""


def question_text(talk: Talk, view: View) -> str:
    """Say the question in HTML, or that there is none left."""
    counts = view.progress
    progress = talk.say(
        "ask-progress", total=counts.total, today=counts.today, changed=counts.changed
    )
    if view.asked is None:
        none_left = talk.say("ask-none-left")
        return f"{none_left}\n\n{progress}"
    question = view.asked.question
    asked = talk.say("ask-question-toxicity" if question.task == TOXICITY else "ask-question")
    if question.reason == "conflict":
        conflict = talk.say("ask-conflict")
        asked = f"{conflict}\n{asked}"
    text = f"<blockquote>{html.escape(shortened(question.candidate.text))}</blockquote>"
    return f"{asked}\n{text}\n{progress}"


def question_buttons(talk: Talk, view: View) -> InlineKeyboardMarkup | None:
    """Offer the labels, to skip, and to go back; None where nothing is asked."""
    if view.asked is None:
        return None
    number, question = view.asked.id, view.asked.question
    offered = [
        talk.button(
            "button-label",
            QuestionPress(question=number, choice=position).pack(),
            emoji=EMOJI.get(label) or TOXICITY_EMOJI.get(label, OTHER_EMOJI),
            label=label_word(talk.words, talk.language, label),
        )
        for position, label in enumerate(choices(question.task, question.candidate.scores))
    ]
    back = [talk.button("ask-back", BackPress(question=number).pack())] if view.has_earlier else []
    skip = talk.button("ask-skip", SkipPress(question=number).pack())
    return keyboard([offered, [*back, skip]])


def shortened(text: str) -> str:
    """Cut a text that is too long to show, at its end."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
