"""What of a training's end becomes a picture, in the words of one language. Pure."""

import html

from bot.answers import label_word
from bot.charts.confusion import Confusion, MatrixCaptions
from bot.charts.training import TrainingPicture
from bot.training.cards import COMMUNITY, task_word
from bot.words import Words
from core.training import TaskChange, TaskFigures, TrainingResult

# There is room on a phone for so many.
MOST_CONFUSIONS = 3


def training_picture(words: Words, language: str, result: TrainingResult) -> TrainingPicture | None:
    """Choose what is drawn: the held-out labels' confusions. None where there are none."""
    shown = [
        _confusion(words, language, change, change.before)
        for change in result.changes
        if change.on == COMMUNITY and change.before and change.after.confusion
    ]
    if not shown:
        return None
    captions = MatrixCaptions(
        true=words.say(language, "picture-true"),
        said=words.say(language, "picture-said"),
        percent=words.say(language, "picture-percent", count="{}"),
    )
    title = words.say(language, "picture-change")
    return TrainingPicture(title, captions, shown[:MOST_CONFUSIONS])


def _confusion(words: Words, language: str, change: TaskChange, before: TaskFigures) -> Confusion:
    # The picture is no HTML.
    task = html.unescape(task_word(words, language, change.task)).capitalize()
    note = words.say(
        language, "picture-change-f1", before=before.macro_f1, after=change.after.macro_f1
    )
    labels = [label_word(words, language, label) for label in change.after.labels]
    return Confusion(task, note, labels, change.after.confusion, before.confusion)
