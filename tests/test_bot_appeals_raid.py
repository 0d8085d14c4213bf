"""Several authors of one incident: each appeals for themself, and is judged for themself."""

import pytest
import pytest_asyncio
from bot_parts import rows, until
from card_parts import INSULT, appeal, card_with, gone, link, press, told
from sqlite_utils import Database

from bot.moderation.incidents import SANCTIONS, Exhibit
from bot.moderation.sanctions import lift, plan_sanction, take_back
from bot.policy import Decision
from bot.storage import appeals, communities, filing, incidents
from bot.storage.incidents import Presser
from migrations.schema import TRANSACTIONAL
from migrations.step_021_members import members

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
in_module_loop = pytest.mark.asyncio(loop_scope="module")

MUTED = "SELECT state FROM measures WHERE kind = 'mute'"
STATES = "SELECT person_id, state FROM appeals ORDER BY id"
GROUP, ANNA, BORIS, VERA = -100500, 1, 2, 3
JUDGE = Presser(9, "Судья", 20.0)
EARLIER_INCIDENT = """
INSERT INTO incidents (id, token, chat_id, kind, state, reasons, opened_at, changed_at)
VALUES (7, 'i', -1, 'moderate', 'settled', '[]', 0, 0)
"""
EARLIER_APPEAL = """
INSERT INTO appeals (token, incident, person_id, state, asked_at) VALUES ('a', 7, 5, 'upheld', 1)
"""


@pytest_asyncio.fixture(loop_scope="module")
async def muted(app, playground, ids):
    """Copies of one insult by three people, settled by one press."""
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await link(app.storage, ids, "ask")
    for person in ("petrovich", "oleg", "dasha"):
        await playground.write("group", person, INSULT)
    await press(playground, await card_with(playground, "ещё 2 сообщения"), "muted-day")
    await gone(playground, INSULT)
    await until(lambda: rows(app.storage, MUTED) == [("done",)] * 3)
    return app


@in_module_loop
async def test_taking_back_for_one_lifts_nothing_of_the_others(muted, playground, telegram, ids):
    first, second = await appeal(playground), await appeal(playground, "oleg", "Олег")
    await press(playground, first, "back", by="admin")
    await told(playground, "Решение отменено", INSULT)
    await card_with(playground, "По апелляции отменено для", "Рассудил(а): Марина", "Отменить")
    await until(lambda: rows(muted.storage, "SELECT 1 FROM measures WHERE kind = 'unmute'"))
    assert rows(muted.storage, STATES) == [(ids["petrovich"], "taken-back"), (ids["oleg"], "open")]
    await press(playground, second, "uphold", by="admin")
    await told(playground, "остаётся в силе", person="oleg")
    person = {"chat_id": ids["group"], "user_id": ids["oleg"]}
    assert (await telegram("getChatMember", **person))["status"] == "restricted"


@in_module_loop
async def test_an_appeals_card_shows_only_its_author(muted, playground):
    card = await appeal(playground, "oleg", "Олег")
    assert "Сергей" not in card["text"]
    assert "ещё" not in card["text"]


@in_module_loop
async def test_one_appellant_hears_nothing_of_anothers_appeal(muted, playground):
    await press(playground, await appeal(playground), "back", by="admin")
    await told(playground, "Решение отменено")
    await playground.write("private:oleg", "oleg", "/appeal")
    offer = await told(playground, "С каким решением", person="oleg")
    assert "отменено" not in offer["text"]
    assert len(await playground.messages("private:oleg")) == 2


def message(number, person, text="Купите мой гараж"):
    key = f"{GROUP}:{number}"
    said = {"toxicity": {"toxic": 0.9}}
    return Exhibit(
        f"{key}:0", key, GROUP, number, None, person, f"Имя {person}", text, False, said, "1"
    )


def file(storage, number, person, text="Купите мой гараж"):
    decision = Decision("moderate", (), acts=True)
    return filing.file(storage.connection, message(number, person, text), decision, 1.0)


def settle(storage, number, by):
    """Settle an incident with a ban, and take its measures."""
    incidents.open_(storage.connection, number)
    incidents.settle(storage.connection, number, "banned", by)
    found = incidents.find(storage.connection, number)
    plan_sanction(storage.connection, found, SANCTIONS["banned"], by)
    return found


@pytest.fixture
def raid(storage):
    """Copies by three people, one of whom wrote something else besides, all banned."""
    communities.link(storage.connection, GROUP, -9, 1, 1.0)
    for number, person in ((1, ANNA), (2, BORIS), (3, VERA)):
        incident = file(storage, number, person)
    file(storage, 4, ANNA, "Или дачу")
    found = settle(storage, incident, Presser(8, "Решивший", 2.0))
    storage.connection.execute("UPDATE measures SET state = 'done'")
    return found


def ask(storage, incident, person):
    assert appeals.ask(storage.connection, incident.token, person, 3.0) == "open"


def judge(storage, incident, person, state="taken-back"):
    ((number,),) = rows(storage, "SELECT id FROM appeals WHERE person_id = ?", person)
    assert appeals.judge(storage.connection, number, state, JUDGE)
    if state == "taken-back":
        lift(storage.connection, incidents.find(storage.connection, incident.id), person, JUDGE)


def reversals(storage):
    query = "SELECT kind, target FROM measures WHERE kind IN ('restore', 'unban') ORDER BY id"
    return rows(storage, query)


def test_of_a_raid_only_ones_own_messages_come_back(storage, raid):
    ask(storage, raid, ANNA)
    judge(storage, raid, ANNA)
    assert sorted(reversals(storage)) == [("restore", 1), ("restore", 4), ("unban", ANNA)]
    assert incidents.find(storage.connection, raid.id).state == "settled"


def test_what_is_planned_against_others_stays_planned(storage, raid):
    storage.connection.execute("DELETE FROM measures")
    plan_sanction(storage.connection, raid, SANCTIONS["banned"], JUDGE)
    ask(storage, raid, ANNA)
    judge(storage, raid, ANNA)
    planned = "SELECT kind, target FROM measures WHERE state = 'planned' ORDER BY id"
    left = [("delete", 2), ("delete", 3), ("ban", BORIS), ("ban", VERA)]
    assert rows(storage, planned) == left


def test_a_decision_that_is_taken_back_for_all_is_undone(storage, raid):
    for person in (ANNA, BORIS, VERA):
        ask(storage, raid, person)
        judge(storage, raid, person)
    assert incidents.find(storage.connection, raid.id).state == "undone"
    unbanned = [target for kind, target in reversals(storage) if kind == "unban"]
    assert unbanned == [ANNA, BORIS, VERA]


def test_undoing_it_all_ends_the_open_appeals_and_tells_who_was_refused(storage, raid):
    for person in (ANNA, BORIS):
        ask(storage, raid, person)
    judge(storage, raid, ANNA, "upheld")
    assert take_back(storage.connection, raid, JUDGE)
    assert rows(storage, STATES) == [(ANNA, "upheld"), (BORIS, "taken-back")]
    (course,) = appeals.list_courses(storage.connection, ANNA, 30.0)
    assert (course.state, course.text) == ("taken-back", "Или дачу")


def test_a_warning_is_taken_back_from_one_alone(storage, raid):
    plan_sanction(storage.connection, raid, SANCTIONS["warned"], JUDGE)
    ask(storage, raid, ANNA)
    judge(storage, raid, ANNA)
    in_force = "SELECT person_id FROM warnings WHERE withdrawn_at IS NULL"
    assert rows(storage, in_force) == [(BORIS,), (VERA,)]


def test_what_an_appellant_writes_after_it_is_another_incident(storage):
    communities.link(storage.connection, GROUP, -9, 1, 1.0)
    incident = settle(storage, file(storage, 1, ANNA), Presser(0, "", 2.0))
    assert file(storage, 2, BORIS) == incident.id
    ask(storage, incident, ANNA)
    assert file(storage, 3, ANNA) != incident.id


def test_who_has_many_later_decisions_can_still_ask_about_an_early_one(storage, raid):
    for number in range(5, 14):
        later = file(storage, number, ANNA, f"Продам и {number}")
        settle(storage, later, Presser(8, "Решивший", float(number)))
    assert raid.token not in [
        one.token for one in appeals.list_appealable(storage.connection, ANNA, 3.0)
    ]
    ask(storage, raid, ANNA)


def test_appeals_of_an_earlier_version_are_kept(tmp_path):
    database = Database(tmp_path / "earlier.db")
    for step in TRANSACTIONAL[: TRANSACTIONAL.index(members)]:
        step(database)
    database.execute(EARLIER_INCIDENT)
    database.execute(EARLIER_APPEAL)
    members(database)
    kept = database.execute("SELECT token, incident, person_id, state FROM appeals").fetchall()
    assert kept == [("a", 7, 5, "upheld")]
