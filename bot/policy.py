"""What to do about a verdict: pure decisions that say their reasons.

Nothing here deletes for sentiment: a care card only asks for an answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.communities.community import Community
from bot.messages import Chat
from bot.vocabulary import SENTIMENT, TOXIC, TOXICITY
from core.contracts import Scores, Verdict

NEGATIVE = "negative"
# How much sooner a newcomer's message becomes a card.
NEWCOMER_STRICTNESS = 0.1

Kind = Literal["answer", "nothing", "care", "moderate"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a key of the locale files and one percentage."""

    code: str
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and why; `acts` when the bot deletes by itself."""

    kind: Kind
    reasons: tuple[Reason, ...]
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a sender without asking Telegram."""

    is_newcomer: bool = False


def decide(
    verdict: Verdict, chat: Chat, community: Community, standing: Standing = Standing()
) -> Decision:
    """Decide about the verdict on a message's latest state."""
    if chat.is_private:
        scored = () if verdict.scores else (Reason("nothing-to-score"),)
        return Decision("answer", (Reason("private"), *scored))
    if chat.kind == "channel":
        return Decision("nothing", (Reason("channel"),))
    if community.moderators_chat is None:
        return Decision("nothing", (Reason("not-linked"),))
    if community.mode == "watch":
        return Decision("nothing", (Reason("watching"),))
    return _decide_in_community(verdict.scores, community, standing)


def _decide_in_community(scores: Scores, community: Community, standing: Standing) -> Decision:
    toxic = scores.get(TOXICITY, {}).get(TOXIC, 0.0)
    negative = scores.get(SENTIMENT, {}).get(NEGATIVE, 0.0)
    easing = NEWCOMER_STRICTNESS if standing.is_newcomer else 0.0
    if toxic >= community.toxic_threshold - easing:
        acts = community.mode == "act" and toxic >= community.act_threshold
        reasons = tuple(_toxic_reasons(toxic, community, standing, acts))
        return Decision("moderate", reasons, acts)
    if negative >= community.care_threshold:
        return Decision("care", (_over("negative-over", negative, community.care_threshold),))
    return Decision("nothing", (Reason("calm"),))


def _toxic_reasons(
    toxic: float, community: Community, standing: Standing, acts: bool
) -> Iterator[Reason]:
    if toxic >= community.toxic_threshold:
        yield _over("toxic-over", toxic, community.toxic_threshold)
    if standing.is_newcomer:
        yield Reason("newcomer", round(100 * (community.toxic_threshold - NEWCOMER_STRICTNESS)))
    if acts:
        yield Reason("acted-over", round(100 * community.act_threshold))


def _over(code: str, probability: float, threshold: float) -> Reason:
    return Reason(code, round(100 * threshold))
