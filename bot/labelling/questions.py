"""Which text to ask a labeller about next: those from which the model would learn most.

Pure: what is stored and shown is decided here and done elsewhere.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.vocabulary import SENTIMENT, SENTIMENTS, TOXIC, TOXICITY, likeliest
from core.contracts import Scores

Reason = Literal["conflict", "uncertain", "random", "second opinion", "shadow"]

NOT_TOXIC = "ok"
# A toxicity this far from its threshold is not asked about.
NEAR_THRESHOLD = 0.25
# Every third question is drawn by lot: from the uncertain ones alone nobody could tell how often
# the model is right, and what it is wrongly sure of would never come up.
RANDOM_EVERY = 3
# Among those drawn by lot, how often it is a text that somebody else has labelled: for agreement.
SECOND_OPINION_EVERY = 3
# Among the uncertain ones, how often it is the toxicity that is asked about.
TOXICITY_EVERY = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that somebody could be asked about, with what the model says of it."""

    key: str
    text: str
    chat_id: int
    scores: Scores
    model: str


@dataclass(frozen=True, slots=True)
class Question:
    """A text to ask about, for which task, and why this one."""

    candidate: Candidate
    task: str
    reason: Reason


def rank(
    candidates: Sequence[Candidate], turn: int, seed: str, thresholds: Mapping[int, float]
) -> list[Question]:
    """Order the questions for somebody's turn, counted from 0, the best one first.

    `thresholds` says by chat from which toxicity on a text is a card.
    """
    asked = [one for one in candidates if one.scores.get(SENTIMENT)]
    if turn % RANDOM_EVERY == RANDOM_EVERY - 1:
        shuffled = random.Random(seed).sample(asked, len(asked))
        return [Question(one, SENTIMENT, "random") for one in shuffled]
    by_margin = sorted(asked, key=lambda one: margin(one.scores[SENTIMENT]))
    questions = [Question(one, SENTIMENT, "uncertain") for one in by_margin]
    if _uncertain_turn(turn) % TOXICITY_EVERY == TOXICITY_EVERY - 1:
        return _nearest_to_threshold(candidates, thresholds) + questions
    return questions


def wants_second_opinion(turn: int) -> bool:
    """Tell whether the turn is for a text that somebody else has labelled."""
    drawn, rest = divmod(turn, RANDOM_EVERY)
    is_drawn = rest == RANDOM_EVERY - 1
    return is_drawn and drawn % SECOND_OPINION_EVERY == SECOND_OPINION_EVERY - 1


def margin(probabilities: Mapping[str, float]) -> float:
    """By how much the likeliest label leads over the next one: 0 where the model can't tell."""
    ordered = sorted(probabilities.values(), reverse=True)
    return ordered[0] - ordered[1] if len(ordered) > 1 else 1.0


def choices(task: str, scores: Scores) -> tuple[str, ...]:
    """List the labels of a task in the order of their buttons."""
    if task == TOXICITY:
        return (NOT_TOXIC, TOXIC)
    known = scores.get(task, {})
    others = sorted(label for label in known if label not in SENTIMENTS)
    return (*(label for label in SENTIMENTS if not known or label in known), *others)


def said_by_model(task: str, scores: Scores, threshold: float) -> str:
    """The label that the model gives, by the threshold for toxicity; empty if it gives none."""
    of_task = scores.get(task, {})
    if not of_task:
        return ""
    if task == TOXICITY:
        return TOXIC if of_task.get(TOXIC, 0.0) >= threshold else NOT_TOXIC
    return likeliest(of_task)


def _uncertain_turn(turn: int) -> int:
    """Count the turns before this one that were not drawn by lot."""
    return turn - turn // RANDOM_EVERY


def _nearest_to_threshold(
    candidates: Sequence[Candidate], thresholds: Mapping[int, float]
) -> list[Question]:
    far = [
        (abs(one.scores[TOXICITY].get(TOXIC, 0.0) - thresholds[one.chat_id]), number)
        for number, one in enumerate(candidates)
        if one.scores.get(TOXICITY)
    ]
    near = sorted(pair for pair in far if pair[0] <= NEAR_THRESHOLD)
    return [Question(candidates[number], TOXICITY, "uncertain") for _, number in near]
