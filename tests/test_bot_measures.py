"""Measures against people and messages, beside other measures and in trouble; a real playground."""

import time

import pytest
import pytest_asyncio
from bot_parts import rows

from bot.app import build_bot
from bot.handlers.cards import Press, carry_out
from bot.moderation.cards import card_text
from bot.moderation.incidents import SANCTIONS, Exhibit
from bot.moderation.keeper import look_up
from bot.moderation.measures import MeasureRunner
from bot.moderation.sanctions import plan_sanction, take_back
from bot.policy import Decision
from bot.storage import chats, filing, incidents, measures, moderators
from bot.storage.communities import By
from bot.storage.incidents import Presser
from bot.words import Words

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

HOUR = 3600
NOTES = "SELECT kind, note FROM measures WHERE state = 'failed' ORDER BY id"


def presser():
    return Presser(8, "Тимур", time.time())


class Hand:
    """Decides about messages in a group, and takes what that plans."""

    def __init__(self, storage, runner, chat_id):
        self.storage, self.runner, self.chat_id = storage, runner, chat_id

    def file(self, person, *numbers):
        decision = Decision("moderate", ())
        for number in numbers:
            message, said = f"{self.chat_id}:{number}", {"toxicity": {"toxic": 0.9}}
            exhibit = Exhibit(
                f"{message}:0", message, self.chat_id, number, None, person, "Кто-то",
                "Ты урод", False, said, "tiny-1",
            )  # fmt: skip
            incident = filing.file(self.storage.connection, exhibit, decision, time.time())
        incidents.open_(self.storage.connection, incident)
        return incidents.find(self.storage.connection, incident)

    def decide(self, incident, act):
        assert incidents.settle(self.storage.connection, incident.id, act, presser())
        plan_sanction(self.storage.connection, incident, SANCTIONS[act], presser())

    async def punish(self, person, act, *numbers):
        incident = self.file(person, *numbers)
        self.decide(incident, act)
        await self.take()
        return incident

    async def undo(self, incident):
        found = incidents.find(self.storage.connection, incident.id)
        assert take_back(self.storage.connection, found, presser())
        await self.take()

    async def take(self):
        while found := self.runner.find(self.storage.connection, [], 10):
            for group in found:
                await self.runner.perform(group)


@pytest_asyncio.fixture(loop_scope="module")
async def hand(bot_settings, storage, playground, ids):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    bot = build_bot(bot_settings, storage)
    runner = MeasureRunner(bot, storage, Words("ru"), lambda: None)
    yield Hand(storage, runner, ids["group"])
    await bot.session.close()


@pytest.fixture
def member(telegram, ids):
    async def ask(name="petrovich"):
        return await telegram("getChatMember", chat_id=ids["group"], user_id=ids[name])

    return ask


async def test_undoing_one_ban_leaves_another_in_force(hand, member, ids):
    first = await hand.punish(ids["petrovich"], "banned", 9001)
    second = await hand.punish(ids["petrovich"], "banned", 9002)
    await hand.undo(second)
    assert (await member())["status"] == "kicked"
    assert ("unban", "is banned for something else") in rows(hand.storage, NOTES)
    await hand.undo(first)
    assert (await member())["status"] == "left"


async def test_a_mute_lets_nobody_banned_in_again(hand, member, ids):
    await hand.punish(ids["petrovich"], "banned", 9001)
    await hand.punish(ids["petrovich"], "muted-hour", 9002)
    assert (await member())["status"] == "kicked"


async def test_an_hour_of_silence_makes_no_day_of_it_shorter(hand, member, ids):
    await hand.punish(ids["petrovich"], "muted-day", 9001)
    hour = await hand.punish(ids["petrovich"], "muted-hour", 9002)
    await hand.undo(hour)
    after = await member()
    assert (after["status"], after["can_send_messages"]) == ("restricted", False)
    assert after["until_date"] > time.time() + 2 * HOUR


async def test_undoing_a_day_leaves_the_hour_that_was_before_it(hand, member, ids):
    await hand.punish(ids["petrovich"], "muted-hour", 9001)
    await hand.undo(await hand.punish(ids["petrovich"], "muted-day", 9002))
    after = await member()
    assert (after["status"], after["can_send_messages"]) == ("restricted", False)
    assert time.time() < after["until_date"] < time.time() + 2 * HOUR


async def test_undoing_a_day_leaves_the_hour_that_was_decided_within_it(hand, member, ids):
    day = await hand.punish(ids["petrovich"], "muted-day", 9001)
    hour = await hand.punish(ids["petrovich"], "muted-hour", 9002)
    await hand.undo(day)
    after = await member()
    assert (after["status"], after["can_send_messages"]) == ("restricted", False)
    assert time.time() < after["until_date"] < time.time() + 2 * HOUR
    await hand.undo(hour)
    assert (await member())["status"] == "member"


async def test_who_moderates_here_is_neither_silenced_nor_banned(hand, member, ids):
    name = (ids["group"], ids["petrovich"], By(ids["admin"], 1.0))
    moderators.name(hand.storage.connection, *name)
    await hand.punish(ids["petrovich"], "banned", 9001)
    assert (await member())["status"] == "member"
    assert rows(hand.storage, NOTES) == [("ban", "moderates here")]


async def test_a_message_too_old_to_be_deleted_keeps_no_other(hand, playground, ids):
    old = await playground.write("group", "petrovich", "старое")
    await playground.set(advance_seconds=49 * HOUR)
    fresh = await playground.write("group", "petrovich", "свежее")
    numbers = (old["message_id"], fresh["message_id"])
    await hand.punish(ids["petrovich"], "deleted", *numbers)
    left = [m.get("text") for m in await playground.messages("group")]
    assert "старое" in left
    assert "свежее" not in left
    failed = "SELECT target FROM measures WHERE kind = 'delete' AND state = 'failed'"
    assert rows(hand.storage, failed) == [(old["message_id"],)]


async def test_measures_in_a_group_that_moves_unheard_are_taken_in_the_supergroup(
    hand, playground, telegram, ids
):
    members = {"petrovich": "member", "admin": "creator", "nastroi_bot": "administrator"}
    made = await playground.add_chat("small", "Подъезд", type="group", members=members)
    hand.chat_id = made["id"]
    incident = hand.file(ids["petrovich"], 9001)
    hand.decide(incident, "banned")
    after = await playground.migrate("small")
    await hand.take()
    person = {"chat_id": after["id"], "user_id": ids["petrovich"]}
    assert (await telegram("getChatMember", **person))["status"] == "kicked"
    assert "group has moved" in rows(hand.storage, NOTES)[0][1]


async def test_what_is_undone_before_it_is_begun_is_not_taken(hand, ids):
    incident = hand.file(ids["petrovich"], 9001)
    hand.decide(incident, "banned")
    (group,) = hand.runner.find(hand.storage.connection, [], 10)
    await hand.undo(incident)
    await hand.runner.perform(group)
    assert rows(hand.storage, "SELECT DISTINCT state FROM measures") == [("failed",)]
    assert measures.start(hand.storage.connection, group.measures, 1.0) == []


async def test_a_correction_that_comes_after_a_decision_says_nothing(hand, ids):
    open_one = hand.file(ids["petrovich"], 9001)
    late = Press("press", presser(), open_one, "L0")
    hand.decide(open_one, "deleted")
    assert carry_out(hand.storage.connection, late) == "card-said-too-late"
    assert rows(hand.storage, "SELECT count(*) FROM labels") == [(0,)]


async def test_no_card_links_to_an_old_number_in_a_supergroup(hand, ids):
    hand.chat_id = -100500
    incident = hand.file(ids["petrovich"], 9001)
    chats.move(hand.storage.connection, -100500, -1001234567890, 1.0)
    view = look_up(hand.storage.connection, incident.id).view
    assert "t.me" not in card_text(Words("ru"), "ru", view)
