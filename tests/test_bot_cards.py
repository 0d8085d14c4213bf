"""A moderator's card: one an incident, settled by one press, undone by another."""

import asyncio
import base64
import time

import pytest
import pytest_asyncio
from bot_parts import rows, running, until
from card_parts import INSULT, card_with, cards, gone, link, press

from bot.retention import purge
from bot.storage import communities
from bot.storage.communities import By
from bot.storage.database import Storage

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

COMPLAINT = "Кошмар, заказ не пришёл"


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    """A running bot whose group is linked to the moderators' chat, and asks."""
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await link(app.storage, ids, "ask")
    return app


async def group_texts(playground):
    return [m.get("text") for m in await playground.messages("group")]


def settled(storage):
    return rows(storage, "SELECT state, outcome, settled_name FROM incidents ORDER BY id")


async def test_an_insult_becomes_a_card_with_its_author_text_and_reasons(linked, playground):
    await playground.write("group", "petrovich", INSULT)
    card = await card_with(playground, INSULT)
    for part in ("Похоже на оскорбление", "Двор на Садовой", "Сергей", "91 %", "85 %", "tiny-1"):
        assert part in card["text"]
    assert INSULT in await group_texts(playground)


async def test_a_complaint_asks_for_care_and_never_offers_to_delete(linked, playground):
    await playground.write("group", "anna", COMPLAINT)
    card = await card_with(playground, COMPLAINT)
    assert "ответить" in card["text"]
    assert "Удалить" not in str(card["reply_markup"])


async def test_one_press_deletes_and_the_card_says_who_did(linked, playground):
    await playground.write("group", "petrovich", INSULT)
    await press(playground, await card_with(playground, INSULT), "deleted")
    await gone(playground, INSULT)
    card = await card_with(playground, "Удалено. Решение: Тимур Гареев")
    assert INSULT in card["text"]


async def test_of_two_who_press_at_once_one_decides(linked, playground):
    await playground.write("group", "petrovich", INSULT)
    card = await card_with(playground, INSULT)
    said = await asyncio.gather(
        press(playground, card, "left", "admin"), press(playground, card, "banned", "moderator")
    )
    late = [answer for answer in said if "Уже решено" in str(answer)]
    assert len(late) == 1
    assert len(settled(linked.storage)) == 1


async def test_a_press_by_one_who_lost_the_right_does_nothing(linked, playground):
    await playground.write("group", "petrovich", INSULT)
    card = await card_with(playground, INSULT)
    await playground.set_member("group", "moderator", "member")
    answer = await press(playground, card, "deleted")
    assert "только модераторы" in str(answer)
    assert settled(linked.storage) == [("open", None, None)]


async def test_a_mute_deletes_and_silences_and_undo_takes_both_back(
    linked, playground, telegram, ids
):
    await playground.write("group", "petrovich", INSULT)
    await press(playground, await card_with(playground, INSULT), "muted-hour")
    await gone(playground, INSULT)
    person = {"chat_id": ids["group"], "user_id": ids["petrovich"]}
    await until(
        lambda: rows(linked.storage, "SELECT 1 FROM measures WHERE kind='mute' AND state='done'")
    )
    muted = await telegram("getChatMember", **person)
    assert (muted["status"], muted["can_send_messages"]) == ("restricted", False)
    await press(playground, await card_with(playground, "час тишины"), "undo")
    await playground.wait_for("group", lambda m: "вернули сообщение" in m.get("text", ""))
    assert "Отменено" in (await card_with(playground, "Отменено"))["text"]


async def test_a_ban_is_lifted_by_undo(linked, playground, telegram, ids):
    await playground.write("group", "petrovich", INSULT)
    await press(playground, await card_with(playground, INSULT), "banned")
    person = {"chat_id": ids["group"], "user_id": ids["petrovich"]}
    card = await card_with(playground, "забанен")
    await gone(playground, INSULT)
    await until(
        lambda: rows(linked.storage, "SELECT 1 FROM measures WHERE kind='ban' AND state='done'")
    )
    assert (await telegram("getChatMember", **person))["status"] == "kicked"
    await press(playground, card, "undo")
    await until(
        lambda: rows(linked.storage, "SELECT 1 FROM measures WHERE kind='unban' AND state='done'")
    )
    assert (await telegram("getChatMember", **person))["status"] == "left"


async def test_what_moderators_write_themselves_is_no_incident(linked, playground):
    await playground.write("group", "moderator", INSULT)
    await playground.write("group", "anonymous_admin", "И ты урод, сам знаешь почему")
    await until(lambda: len(settled(linked.storage)) == 2)
    await until(lambda: {row[1] for row in settled(linked.storage)} == {"exempt"})
    assert await cards(playground) == []


async def test_an_outburst_of_one_person_is_one_card(linked, playground):
    for number in range(3):
        await playground.write("group", "petrovich", f"{INSULT} {number}")
    await card_with(playground, f"{INSULT} 2")
    assert len(await cards(playground)) == 1


async def test_copies_of_one_text_by_several_people_are_one_card(linked, playground):
    for sender in ("petrovich", "oleg", "dasha"):
        await playground.write("group", sender, INSULT)
    card = await card_with(playground, "и ещё 2 сообщения")
    await press(playground, card, "deleted")
    await gone(playground, INSULT)
    assert len(await cards(playground)) == 1


async def test_a_raid_becomes_one_summarising_card(linked, playground):
    people = [f"raider{number}" for number in range(30)]
    for handle in people:
        await playground.add_person(handle, handle)
        await playground.set_member("group", handle, "member")
    await playground.write_many(
        {"chat": "group", "sender": handle, "text": f"ты урод, {handle * 2} {n}"}
        for n in range(3)
        for handle in people
    )
    raid = await card_with(playground, "Набег", "сообщений")
    await until(lambda: rows(linked.storage, "SELECT 1 FROM exhibits LIMIT 1 OFFSET 89"))
    assert len(await cards(playground)) <= 7
    await press(playground, await card_with(playground, "Набег"), "banned")
    await until(
        lambda: not rows(linked.storage, "SELECT 1 FROM measures WHERE state <> 'done'"), 30
    )
    assert raid["message_id"]


async def test_an_edit_from_kind_to_vile_and_back_is_one_card_that_keeps_the_evidence(
    linked, playground
):
    message = await playground.write("group", "petrovich", "Добрый день")
    await playground.edit("group", message["message_id"], INSULT, "petrovich")
    await card_with(playground, INSULT)
    await playground.set(advance_seconds=2)
    await playground.edit("group", message["message_id"], "Всем мира", "petrovich")
    card = await card_with(playground, "Всем мира", "правил текст")
    assert card["message_id"] == (await cards(playground))[0]["message_id"]
    kept = rows(linked.storage, "SELECT text FROM exhibits ORDER BY id")
    assert kept == [(INSULT,), ("Всем мира",)]


async def test_an_insult_hides_behind_no_edit_and_the_kind_words_are_not_called_one(
    linked, playground
):
    message = await playground.write("group", "petrovich", INSULT)
    await card_with(playground, INSULT)
    await playground.set(advance_seconds=2)
    await playground.edit("group", message["message_id"], "Всем мира", "petrovich")
    card = await card_with(playground, "Всем мира", "сначала было", INSULT)
    await press(playground, card, "deleted")
    await gone(playground, "Всем мира")
    assert rows(linked.storage, "SELECT 1 FROM labels") == []


async def test_the_right_label_settles_and_is_in_the_ledger(linked, playground):
    await playground.write("group", "petrovich", INSULT)
    card = await card_with(playground, INSULT)
    await press(playground, card, "fix")
    choices = await card_with(playground, "не оскорбление")
    await press(playground, choices, "L0")
    said = "Модель ошиблась, на деле: не оскорбление. Поправка: Тимур Гареев"
    await card_with(playground, said)
    ledger = "SELECT source, task, shown, chosen FROM labels_in_force"
    assert rows(linked.storage, ledger) == [("card", "toxicity", "toxic", "ok")]


async def test_undo_withdraws_the_label_that_the_press_gave(linked, playground):
    await playground.write("group", "petrovich", INSULT)
    await press(playground, await card_with(playground, INSULT), "deleted")
    assert rows(linked.storage, "SELECT chosen FROM labels_in_force") == [("toxic",)]
    await press(playground, await card_with(playground, "Решение"), "undo")
    assert rows(linked.storage, "SELECT chosen FROM labels_in_force") == []


async def test_in_mode_act_the_bot_deletes_what_it_is_sure_of_and_says_so(linked, playground, ids):
    by = By(ids["admin"], 2.0)
    for setting in (("mode", "act"), ("act_threshold", 0.9)):
        await linked.storage.write(communities.save_setting, ids["group"], setting, by)
    await playground.write("group", "petrovich", INSULT)
    await gone(playground, INSULT)
    card = await card_with(playground, "Удалено ботом")
    assert "Отменить" in str(card["reply_markup"])


async def test_a_refusal_stands_on_the_card(linked, playground):
    message = await playground.write("group", "petrovich", INSULT)
    card = await card_with(playground, INSULT)
    await playground.set_member("group", "nastroi_bot", "member")
    await press(playground, card, "deleted")
    assert "Не вышло удалить" in (await card_with(playground, "Не вышло"))["text"]
    assert message["text"] in await group_texts(playground)


async def test_an_album_is_one_card_with_a_copy_of_its_picture(linked, playground, picture):
    photo = {"data": base64.b64encode(picture).decode()}
    for text in (INSULT, f"{INSULT} ещё раз"):
        await playground.write("group", "oleg", text, photo=photo, media_group_id="7")
    await card_with(playground, "ещё раз", "Похоже")
    posted = await cards(playground)
    assert sum("reply_markup" in m for m in posted) == 1
    assert any("photo" in m for m in posted)


async def test_a_card_that_was_pressed_before_a_restart_is_settled_after_it(
    bot_settings, worker, playground, ids
):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    async with running(bot_settings) as app:
        await link(app.storage, ids, "ask")
        await playground.write("group", "petrovich", INSULT)
        card = await card_with(playground, INSULT)
    data = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await playground.press("moderators", card["message_id"], data, "moderator")
    async with running(bot_settings):
        await gone(playground, INSULT)
        await card_with(playground, "Решение: Тимур Гареев")


async def test_incidents_and_measures_only_move_forward(settings):
    storage = Storage.open(settings.database_path)
    insert = (
        "INSERT INTO incidents (token, chat_id, kind, state, reasons, opened_at, changed_at)"
        " VALUES ('t', -1, 'care', 'settled', '[]', 0, 0)"
    )
    storage.connection.execute(insert)
    with pytest.raises(Exception, match="only moves forward"):
        storage.connection.execute("UPDATE incidents SET state = 'open'")
    storage.close()


async def test_evidence_is_dropped_with_the_texts_that_are_too_old_to_be_kept(linked, playground):
    await playground.write("group", "petrovich", INSULT)
    await card_with(playground, INSULT)
    await purge(linked.storage, received_before=time.time() + 60)
    assert rows(linked.storage, "SELECT text FROM exhibits") == [(None,)]


async def test_a_corrected_complaint_says_its_label_until_it_is_undone(linked, playground):
    await playground.write("group", "anna", COMPLAINT)
    await press(playground, await card_with(playground, COMPLAINT), "fix")
    await press(playground, await card_with(playground, "нейтрально"), "L3")
    settled_card = await card_with(playground, "на деле: нейтрально. Поправка: Тимур Гареев")
    await press(playground, settled_card, "undo")
    await card_with(playground, "Модель ошиблась. Поправка: Тимур Гареев", "Отменено")
