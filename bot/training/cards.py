"""How a training looks while it goes on and when it has ended: pure words and buttons."""

import html
from collections.abc import Iterable, Iterator, Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answers import BAR_CELLS, EMPTY, FULL, label_word
from bot.storage.trainings import Training
from bot.training.model_presses import promote_button, version_button
from bot.training.reasons import reason_text
from bot.words import Words
from core.training import (
    ChangedExample,
    Outcome,
    Stage,
    TaskChange,
    TaskFigures,
    TrainingProgress,
    TrainingResult,
)

MOST_EXAMPLES = 3
LONGEST_EXAMPLE = 140
MOST_CHANGES = 6
COMMUNITY = "community"

STEPS: dict[Stage, str] = {
    "queued": "training-step-queued",
    "preparing": "training-step-preparing",
    "training": "training-step-training",
    "judging": "training-step-judging",
    "interrupted": "training-step-interrupted",
    "done": "training-step-done",
    "failed": "training-step-done",
    "cancelled": "training-step-done",
}
HEADINGS: dict[Outcome, str] = {
    "promoted": "training-promoted",
    "kept": "training-kept",
    "failed": "training-failed",
    "cancelled": "training-cancelled",
}
TASKS = {"sentiment": "task-sentiment", "toxicity": "task-toxicity"}


class TrainPress(CallbackData, prefix="train1"):
    """A button about trainings: `start` one, `cancel` the one named, or wait till `later`."""

    act: str
    training: str = ""


def progress_text(
    words: Words, language: str, training: Training, progress: TrainingProgress, is_ending: bool
) -> str:
    """Say in HTML how far a training is: a bar, the step, and the time left."""
    full = int(progress.share * BAR_CELLS + 0.5)
    step = "training-step-cancelling" if is_ending else _step(progress)
    parts = [words.say(language, step), _left(words, language, progress)]
    return words.say(
        language,
        "training-progress",
        labels=training.labels,
        bar=FULL * full + EMPTY * (BAR_CELLS - full),
        percent=int(100 * progress.share + 0.5),
        step=" · ".join(part for part in parts if part),
    )


def progress_buttons(words: Words, language: str, training: Training) -> InlineKeyboardMarkup:
    """Offer to cancel."""
    press = TrainPress(act="cancel", training=training.id)
    return _keyboard(_button(words, language, "training-button-cancel", press))


def proposal_buttons(words: Words, language: str) -> InlineKeyboardMarkup:
    """Offer to train, or to leave it."""
    return _keyboard(
        _button(words, language, "training-button-start", TrainPress(act="start")),
        _button(words, language, "training-button-later", TrainPress(act="later")),
    )


def result_text(words: Words, language: str, result: TrainingResult) -> str:
    """Say in HTML how a training ended, why, what changed, and on which texts."""
    parts = [
        _heading(words, language, result),
        "\n".join(f"• {reason_text(words, language, reason)}" for reason in result.reasons),
        *(_change_text(words, language, change) for change in result.changes[:MOST_CHANGES]),
        _examples_text(words, language, "training-better", result.better),
        _examples_text(words, language, "training-worse", result.worse),
    ]
    return "\n\n".join(part for part in parts if part)


def result_buttons(
    words: Words, language: str, result: TrainingResult
) -> InlineKeyboardMarkup | None:
    """Offer the way back from a promotion, or to try or promote a version that was only kept."""
    if result.outcome == "promoted" and result.champion:
        return _keyboard(promote_button(words, language, "model-button-back", result.champion))
    if result.outcome == "kept" and result.version:
        return _keyboard(
            version_button(words, language, "shadow-button-try", ("try", result.version)),
            promote_button(words, language, "model-button-anyway", result.version),
        )
    return None


def set_word(words: Words, language: str, name: str) -> str:
    """A set of texts in the user's language, or by its file's name."""
    if name == COMMUNITY:
        return words.say(language, "training-set-community")
    return html.escape(name.removesuffix(".csv"))


def task_word(words: Words, language: str, task: str) -> str:
    """A task in the user's language, or as the checkpoint calls it."""
    return words.say(language, TASKS[task]) if task in TASKS else html.escape(task)


def _heading(words: Words, language: str, result: TrainingResult) -> str:
    key = HEADINGS[result.outcome]
    if result.outcome == "kept" and result.version is None:
        key = "training-nothing-made"
    return words.say(
        language,
        key,
        version=html.escape(result.version or ""),
        champion=html.escape(result.champion or ""),
    )


def _step(progress: TrainingProgress) -> str:
    if progress.resumed and progress.stage in ("preparing", "training"):
        return "training-step-resumed"
    return STEPS[progress.stage]


def _left(words: Words, language: str, progress: TrainingProgress) -> str:
    seconds = progress.seconds_left
    if seconds is None:
        return ""
    if seconds < 60:
        return words.say(language, "training-left-seconds")
    return words.say(language, "training-left-minutes", minutes=round(seconds / 60))


def _change_text(words: Words, language: str, change: TaskChange) -> str:
    heading = words.say(
        language,
        "training-change",
        task=task_word(words, language, change.task),
        set=set_word(words, language, change.on),
        count=change.after.n,
    )
    return "\n".join([heading, *_figures(words, language, change.before, change.after)])


def _figures(
    words: Words, language: str, before: TaskFigures | None, after: TaskFigures
) -> Iterator[str]:
    if before is None:
        yield words.say(language, "training-new-task", accuracy=after.accuracy, f1=after.macro_f1)
        return
    pairs = (
        ("training-accuracy", before.accuracy, after.accuracy),
        ("training-macro-f1", before.macro_f1, after.macro_f1),
        ("training-ece", before.ece, after.ece),
    )
    for key, was, now in pairs:
        yield words.say(language, key, before=was, after=now)
    if after.recall:
        recalls = _recalls(words, language, before, after)
        yield words.say(language, "training-recalls", recalls=", ".join(recalls))


def _recalls(words: Words, language: str, before: TaskFigures, after: TaskFigures) -> Iterable[str]:
    for label, now in after.recall.items():
        yield words.say(
            language,
            "training-recall",
            label=html.escape(label_word(words, language, label)),
            before=before.recall.get(label, 0.0),
            after=now,
        )


def _examples_text(
    words: Words, language: str, key: str, examples: Sequence[ChangedExample]
) -> str:
    lines = [_example(words, language, one) for one in examples[:MOST_EXAMPLES]]
    return "\n".join([words.say(language, key), *lines]) if lines else ""


def _example(words: Words, language: str, one: ChangedExample) -> str:
    text = one.text if len(one.text) <= LONGEST_EXAMPLE else one.text[:LONGEST_EXAMPLE] + "…"
    return words.say(
        language,
        "training-example",
        text=html.escape(" ".join(text.split())),
        before=html.escape(label_word(words, language, one.before)),
        after=html.escape(label_word(words, language, one.after)),
    )


def _button(words: Words, language: str, key: str, press: TrainPress) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=words.say(language, key), callback_data=press.pack())


def _keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])
