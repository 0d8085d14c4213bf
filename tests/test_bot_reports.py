"""/report: quiet for the chat, a card for moderators once it is worth one, and not to be abused."""

import base64

import pytest
import pytest_asyncio
from aiogram.types import Message as TelegramMessage
from bot_parts import rows, until
from card_parts import BOT, INSULT, card_with, cards, gone, link, press

from bot.handlers.reports import report_of
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


async def test_a_report_in_a_topic_that_replies_to_nothing_is_about_nobody():
    def said(**fields):
        sender = {"id": fields.pop("by"), "is_bot": False, "first_name": "Кто-то"}
        chat = {"id": GROUP, "type": "supergroup"}
        message = {"message_id": 1, "date": 1, "chat": chat, "from": sender}
        return TelegramMessage.model_validate(message | fields)

    beginning = said(by=1, forum_topic_created={"name": "Разное", "icon_color": 1})
    assert await report_of(said(by=2, text="/report"), beginning, None) is None


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


async def test_in_private_it_is_said_where_reports_are_made(linked, playground):
    await playground.write("private:anna", "anna", "/report")
    await playground.wait_for("private:anna", lambda m: "ответьте командой" in m.get("text", ""))


async def test_where_the_bot_only_watches_people_raise_a_card_and_the_model_none(
    linked, playground, ids
):
    await link(linked.storage, ids, "watch")
    message = await playground.write("group", "petrovich", INSULT)
    await report(playground, message, "anna", "oleg")
    assert await cards(playground) == []
    await report(playground, message, "dasha")
    card = await card_with(playground, "🚩", "Пожаловались участники", INSULT, "участники: 3")
    assert "Похоже на" not in card["text"]
    assert INSULT in [m.get("text") for m in await playground.messages("group")]
    await press(playground, card, "deleted")
    await gone(playground, INSULT)


@pytest_asyncio.fixture(loop_scope="module")
async def unlinked(app, playground, ids):
    """A group whose moderators nobody has chosen; anna has spoken to the bot, oleg has not."""
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await playground.write("private:anna", "anna", "/start")
    return app


async def said(playground, chat):
    """What the bot said of reports in a chat."""
    found = [m for m in await playground.messages(chat) if m["author_id"] == BOT]
    return [m for m in found if "никому не приходят" in m["text"]]


async def test_where_nobody_gets_reports_it_is_said_once(unlinked, playground):
    message = await playground.write("group", "petrovich", CALM)
    for person in ("anna", "oleg", "anna", "dasha", "anna"):
        await playground.write("group", person, "/report", reply_to=message["message_id"])
    # Updates of one chat are handled in their order.
    await playground.write("group", "admin", "/link")
    await playground.wait_for("group", lambda m: m["author_id"] == BOT and "reply_markup" in m)
    assert len(await said(playground, "group")) == 1
    assert len(await said(playground, "private:anna")) == 1
    assert saved(unlinked) == []


async def test_a_report_among_moderators_themselves_is_nothing_to_speak_of(linked, playground):
    message = await playground.write("moderators", "admin", CALM)
    await playground.write("moderators", "moderator", "/report", reply_to=message["message_id"])
    await playground.write("moderators", "admin", "/settings")
    await card_with(playground, "reply_markup")
    assert await said(playground, "moderators") == []


async def test_after_a_month_it_is_said_again(storage):
    def is_due(at):
        return reports.note_notice(storage.connection, GROUP, 7, at)

    assert [is_due(at) for at in (1.0, 2.0, 31 * 86400.0)] == [True, False, True]


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
