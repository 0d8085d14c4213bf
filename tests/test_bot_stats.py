"""/stats as an admin meets it: who is answered where, what is said, and the picture."""

import asyncio

import pytest
import pytest_asyncio
from bot_parts import rows, until
from card_parts import link

from bot.messages import Chat
from bot.storage import chats, communities, labels
from bot.storage.labels import Label
from core.contracts import WorkerStatus
from core.queues import DEAD, WORKERS

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = "private:admin"


def says(message):
    return message["author_id"] == 42 and "text" in message


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, ids):
    """A bot whose group is linked to the moderators' chat and only watched."""
    await link(app.storage, ids, "watch")
    return app


async def ask(playground, chat=ADMIN, sender="admin"):
    """Write /stats and return the text of the bot's answer."""
    written = await playground.write(chat, sender, "/stats")
    answer = await playground.wait_for(chat, says, after=written["message_id"])
    return written, answer["text"]


async def talk(app, playground, texts):
    """Have the group say something and wait until it is scored; return the verdicts' keys."""
    await playground.write_many([{"chat": "group", "sender": "oleg", "text": t} for t in texts])
    found = "SELECT key FROM verdicts WHERE message LIKE '-%'"
    return [key for (key,) in await until(lambda: _enough(rows(app.storage, found), len(texts)))]


def _enough(found, count):
    return found if len(found) == count else None


async def label(app, keys, chosen="negative", who=7):
    for key in keys:
        shown = ("tiny-1", "negative", chosen)
        row = Label(f"{key}/{who}", 9e9, who, "label queue", key, "sentiment", *shown)
        await app.storage.write(labels.append, row)


async def test_an_admin_sees_quality_speed_and_the_present_model(linked, playground):
    keys = await talk(linked, playground, [f"Кошмар {n}" for n in range(40)])
    await label(linked, keys[:36])
    await label(linked, keys[36:], "neutral")
    _, text = await ask(playground)
    lines = text.splitlines()
    assert lines[0] == "📊 Двор на Садовой"
    assert lines[2:6] == ["Настроение", "7 дней · 40 меток", "верно 90 % (77–96)", lines[5]]
    assert "Скорость · 40 текстов за 7 дней" in text
    assert [line.split()[0] for line in lines if " мс" in line][:3] == [
        "очередь",
        "модель",
        "всего",
    ]
    assert "Модель tiny-1 · с " in text
    assert "нужно ещё" not in text


async def test_few_labels_are_counted_and_judge_nothing_yet_and_labellers_agreement_is_told(
    linked, playground
):
    keys = await talk(linked, playground, ["Кошмар", "Спасибо", "Беда, кошмар"])
    for who in (7, 8):
        await label(linked, keys, who=who)
    _, text = await ask(playground)
    assert "30 дней · 3 метки\nЧтобы судить о модели, нужно ещё 27 меток: /label" in text
    assert "Настроение: 3 метки, нужно ещё 27" in text
    assert not any(part in text for part in ("ECE", "верно", "F1", "95 %"))
    assert "Согласие людей: κ 1, всего 3 пары меток" in text


async def test_without_labels_the_way_to_them_is_shown(linked, playground):
    await talk(linked, playground, ["Кошмар"])
    _, text = await ask(playground)
    assert "Меток за 30 дней нет. Разметить: /label" in text
    assert "Настроение" in text
    assert "Токсичность" in text


async def test_the_queue_the_workers_and_dead_letters_are_told(linked, playground):
    for name in ("w1", "w2"):
        status = WorkerStatus(name=name, model="tiny-1", device="cpu", engine="onnx", pid=7)
        await linked.connection.set(WORKERS + name, status.model_dump_json(), ex=10)
    await linked.connection.xadd(DEAD, {"key": "1:1:0"})
    _, text = await ask(playground)
    assert "Сейчас: 0 сообщ./с · ждут 0 · не прочитано 1" in text
    assert "2 воркера: 2 × cpu (onnx)" in text


async def test_the_picture_follows_the_words(linked, playground):
    written, _ = await ask(playground)
    shown = await playground.wait_for(ADMIN, lambda m: "photo" in m, after=written["message_id"])
    assert shown["photo"][-1]["width"] == 1080


async def test_words_come_without_a_picture_where_none_can_be_drawn(
    linked, playground, log_lines, monkeypatch
):
    monkeypatch.setattr("bot.charts.pictures.PATIENCE_SECONDS", 0.01)
    _, text = await ask(playground)
    assert "Скорость" in text
    await until(lambda: [line for line in log_lines if "stats.png is not shown" in line])


async def test_who_administers_nothing_is_told_whom_it_is_for(linked, playground):
    _, text = await ask(playground, "private:anna", "anna")
    assert "администраторам" in text
    assert "Скорость" not in text


async def found_community(app, playground, ids, title, **members):
    """Make a group, known to the bot and linked to itself."""
    staff = {"nastroi_bot": "administrator"} | members
    made = await playground.add_chat("second", title, members=staff)
    seen = {made["id"]: (Chat(made["id"], "supergroup", title), 1.0)}
    await app.storage.write(chats.save, seen)
    await app.storage.write(communities.link, made["id"], made["id"], ids["admin"], 1.0)


async def test_an_admin_of_several_communities_sees_all_and_each(linked, playground, ids):
    await found_community(linked, playground, ids, "Цветы & <b>сад</b>", admin="creator")
    await label(linked, await talk(linked, playground, ["Кошмар"]))
    _, text = await ask(playground)
    assert text.startswith("📊 Все ваши сообщества: 2")
    assert "Двор на Садовой\nНастроение: 1 метка, нужно ещё 29\n1 текст за неделю, p99" in text
    assert "Цветы & <b>сад</b>\nза неделю текстов не было" in text


async def test_an_admin_of_one_community_sees_nothing_of_another(linked, playground, ids):
    await playground.add_person("olga", "Ольга")
    await found_community(linked, playground, ids, "Сад", olga="creator")
    await label(linked, await talk(linked, playground, ["Кошмар"]))
    _, text = await ask(playground, "private:olga", "olga")
    assert text.startswith("📊 Сад")
    assert "Двор" not in text
    assert "за 7 дней текстов не было" in text
    assert "Меток на её ответах пока нет" in text


async def test_a_moderators_chat_shows_its_own_community_to_an_admin(linked, playground, ids):
    await found_community(linked, playground, ids, "Сад", admin="creator")
    await talk(linked, playground, ["Кошмар"])
    _, text = await ask(playground, "moderators")
    assert text.startswith("📊 Двор на Садовой")


async def test_a_moderators_chat_refuses_who_is_no_admin(linked, playground):
    await playground.set_member("moderators", "anna", "member")
    _, text = await ask(playground, "moderators", "anna")
    assert "только администраторам" in text


async def test_who_lost_the_right_a_moment_ago_is_refused(linked, playground):
    await ask(playground, "moderators", "moderator")
    await playground.set_member("group", "moderator", "member", by="admin")
    _, text = await ask(playground, "moderators", "moderator")
    assert "только администраторам" in text


async def test_a_group_is_not_answered(linked, playground):
    await playground.write("group", "admin", "/stats")
    await ask(playground)
    await asyncio.sleep(0.1)
    assert not any("Скорость" in m.get("text", "") for m in await playground.messages("group"))


async def test_an_english_admin_is_answered_in_english(linked, playground):
    await playground.add_person("john", "John", language_code="en")
    await playground.set_member("group", "john", "administrator", by="admin")
    _, text = await ask(playground, "private:john", "john")
    assert "Speed · no texts in 7 days" in text
