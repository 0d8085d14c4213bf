"""/report: quiet for the chat, a card for moderators once it is worth one, and not to be abused."""

import asyncio
import base64

import pytest
import pytest_asyncio
from bot_parts import rows, until
from card_parts import INSULT, card_with, cards, gone, link, press

from bot.moderation.incidents import Exhibit
from bot.moderation.reporting import take_report
from bot.storage import reports
from bot.storage.reports import Report

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

CALM = "Опять этот ваш двор"
GROUP = -1001


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await link(app.storage, ids, "ask")
    return app


async def report(playground, message, *people):
    """Report a message, and wait until the bot has taken the reports away."""
    for person in people:
        await playground.write("group", person, "/report", reply_to=message["message_id"])
    await gone(playground, "/report")


def saved(app):
    return rows(app.storage, "SELECT person_id FROM reports")


async def test_three_people_raise_a_card_for_what_the_model_found_calm(linked, playground):
    message = await playground.write("group", "petrovich", CALM)
    await report(playground, message, "anna", "oleg", "dasha")
    card = await card_with(playground, CALM, "пожаловались участники: 3")
    assert "Похоже на оскорбление" not in card["text"]
    await press(playground, card, "deleted")
    await gone(playground, CALM)


async def test_two_people_raise_none_and_nobody_is_told(linked, playground):
    message = await playground.write("group", "petrovich", CALM)
    await report(playground, message, "anna", "oleg", "oleg")
    assert len(saved(linked)) == 2
    assert await cards(playground) == []
    assert [m for m in await playground.messages("group") if m["author_id"] == 42] == []


async def test_a_moderator_needs_nobody_else(linked, playground):
    message = await playground.write("group", "petrovich", CALM)
    await report(playground, message, "moderator")
    await card_with(playground, CALM, "пожаловались участники: 1")


async def test_a_picture_without_words_can_be_reported_and_deleted(linked, playground, picture):
    photo = {"data": base64.b64encode(picture).decode()}
    message = await playground.write("group", "petrovich", photo=photo)
    await report(playground, message, "anna", "oleg", "dasha")
    card = await card_with(playground, "без слов", "Петрович")
    assert any("photo" in m for m in await cards(playground))
    assert "Модель ошиблась" not in str(card["reply_markup"])
    await press(playground, card, "deleted")
    await until(lambda: rows(linked.storage, "SELECT 1 FROM measures WHERE state = 'done'"))
    kept = [m["message_id"] for m in await playground.messages("group")]
    assert message["message_id"] not in kept


async def test_a_report_joins_the_card_that_is_open(linked, playground):
    message = await playground.write("group", "petrovich", INSULT)
    await card_with(playground, INSULT)
    await report(playground, message, "anna")
    await card_with(playground, INSULT, "пожаловались участники: 1")
    assert len(await cards(playground)) == 1


async def test_a_message_that_waits_for_care_gets_a_card_against_it_when_reported(
    linked, playground
):
    message = await playground.write("group", "petrovich", "Кошмар, а не двор")
    care = await card_with(playground, "Кошмар")
    await report(playground, message, "moderator")
    await card_with(playground, "Кошмар", "Удалить", after=care["message_id"])


async def test_neither_oneself_nor_staff_nor_the_bot_is_reported(linked, playground):
    own = await playground.write("group", "anna", CALM)
    staff = await playground.write("group", "moderator", "Тише, пожалуйста")
    nobody = await playground.write("group", "anonymous_admin", "И правда")
    for message in (own, staff, nobody):
        await report(playground, message, "anna")
    assert saved(linked) == []


async def test_what_moderators_left_is_not_raised_again(linked, playground):
    message = await playground.write("group", "petrovich", CALM)
    await report(playground, message, "moderator")
    await press(playground, await card_with(playground, CALM), "left")
    await report(playground, message, "anna", "oleg", "dasha")
    assert len(saved(linked)) == 4
    assert len(rows(linked.storage, "SELECT 1 FROM incidents")) == 1


async def test_reports_that_moderators_leave_alone_count_as_futile_until_undone(linked, playground):
    message = await playground.write("group", "petrovich", CALM)
    await report(playground, message, "anna", "oleg", "dasha")
    await press(playground, await card_with(playground, CALM), "left")
    futile = "SELECT count(*) FROM reports WHERE is_futile"
    assert rows(linked.storage, futile) == [(3,)]
    await press(playground, await card_with(playground, "Оставлено"), "undo")
    assert rows(linked.storage, futile) == [(0,)]


async def test_a_report_that_the_model_was_wrong_about_was_not_futile(linked, playground):
    message = await playground.write("group", "petrovich", CALM)
    await report(playground, message, "moderator")
    await press(playground, await card_with(playground, CALM), "fix")
    await press(playground, await card_with(playground, "не оскорбление"), "L1")
    assert rows(linked.storage, "SELECT outcome FROM incidents") == [("wrong",)]
    assert rows(linked.storage, "SELECT is_futile FROM reports") == [(0,)]


async def test_where_the_bot_only_watches_a_report_does_nothing(linked, playground, ids):
    await link(linked.storage, ids, "watch")
    message = await playground.write("group", "petrovich", CALM)
    await playground.write("group", "moderator", "/report", reply_to=message["message_id"])
    await playground.write("private:anna", "anna", "/report")
    await playground.wait_for("private:anna", lambda m: "ответьте командой" in m.get("text", ""))
    await asyncio.sleep(0.1)
    assert saved(linked) == []


def reported(message_id, person=1, at=1000.0, by_moderator=False):
    return Report(GROUP, message_id, person, by_moderator, at)


def of(message_id):
    """A picture that somebody posted."""
    message = f"{GROUP}:{message_id}"
    return Exhibit(
        f"{message}:0", message, GROUP, message_id, None, 9, "Кто-то", None, True, {}, ""
    )


async def test_a_sixth_report_within_an_hour_is_not_counted(storage):
    for number in range(6):
        take_report(storage.connection, reported(number), of(number))
    assert rows(storage, "SELECT count(*) FROM reports") == [(5,)]
    take_report(storage.connection, reported(7, at=1000.0 + 3601), of(7))
    assert rows(storage, "SELECT count(*) FROM reports") == [(6,)]


async def test_who_reported_in_vain_five_times_is_not_heard_for_a_month(storage):
    for number in range(5):
        one = reported(number, at=4000.0 * number)
        reports.add(storage.connection, one)
        reports.link(storage.connection, one, 1)
    reports.judge(storage.connection, 1, is_futile=True)
    assert not reports.is_heard(storage.connection, reported(9, at=100_000.0))
    assert reports.is_heard(storage.connection, reported(9, at=100_000.0, by_moderator=True))
    assert reports.is_heard(storage.connection, reported(9, at=31 * 86400.0))


async def test_the_same_report_after_a_crash_raises_no_second_card(storage):
    for _ in range(2):
        take_report(storage.connection, reported(1, by_moderator=True), of(1))
    assert rows(storage, "SELECT count(*), max(version) FROM incidents") == [(1, 3)]
