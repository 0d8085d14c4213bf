"""Saves the workers' verdicts and decides what follows; both in one transaction."""

import sqlite3
import time
from collections.abc import Callable, Sequence

import redis.asyncio

from bot.communities.community import Community
from bot.following import Follower
from bot.messages import Chat
from bot.policy import Decision, Standing, decide
from bot.storage import actions, arrivals, communities, exhibits, filing, reviews, verdicts
from bot.storage.actions import Plan
from bot.storage.database import Storage
from core.contracts import Verdict, is_review
from core.queues import VERDICTS


class VerdictFollower(Follower[Verdict]):
    """Saves verdicts and whatever they make the bot plan; then says so."""

    stream, field, contract = VERDICTS, "verdict", Verdict
    batch = 200
    what = "saving verdicts"

    def __init__(
        self,
        storage: Storage,
        connection: redis.asyncio.Redis,
        on_plans: Callable[[], None],
    ) -> None:
        super().__init__(connection)
        self._storage = storage
        self._on_plans = on_plans

    async def take(self, found: Sequence[Verdict]) -> None:
        """Save and plan in one transaction; a verdict that is saved already changes nothing."""
        if await self._storage.write(save_and_plan, found, time.time()):
            self._on_plans()


def save_and_plan(connection: sqlite3.Connection, found: Sequence[Verdict], at: float) -> int:
    """Save verdicts, plan what they call for, and return how much there is to do or show."""
    if of_reviews := [verdict for verdict in found if is_review(verdict.key)]:
        # No message's, so that nothing is counted or decided.
        changed = reviews.save_verdicts(connection, of_reviews)
        rest = [verdict for verdict in found if not is_review(verdict.key)]
        return len(changed) + save_and_plan(connection, rest, at)
    judged = verdicts.save(connection, found, at)
    chats = {one.message.chat_id for one in judged}
    known = {chat: communities.find(connection, chat) for chat in chats}
    plans, filed = [], 0
    for one in judged:
        chat = one.chat
        # A verdict on an older edit changes nothing on screen.
        if chat is None or not one.is_latest:
            continue
        verdict = one.verdict
        decision = _decide(connection, verdict, chat, known[chat.id])
        if decision.kind == "answer":
            reasons = [reason.code for reason in decision.reasons]
            plans.append(Plan(decision.kind, verdict.key, chat.id, reasons))
        else:
            filed += _file(connection, verdict, decision, at)
    actions.plan(connection, plans, at)
    return len(plans) + filed


def _decide(
    connection: sqlite3.Connection, verdict: Verdict, chat: Chat, community: Community
) -> Decision:
    is_newcomer = community.moderators_chat is not None and arrivals.is_newcomer(
        connection, verdict.key, community
    )
    return decide(verdict, chat, community, Standing(is_newcomer))


def _file(connection: sqlite3.Connection, verdict: Verdict, decision: Decision, at: float) -> int:
    """Put a message to its incident; returns how many cards that changes."""
    is_edit = not verdict.key.endswith(":0")
    if decision.kind == "nothing" and not is_edit:
        return 0
    exhibit = exhibits.find_of_verdict(connection, verdict.key)
    if exhibit is None:
        return 0
    if decision.kind == "nothing":
        return int(filing.note_edit(connection, exhibit, at))
    filing.file(connection, exhibit, decision, at)
    return 1
