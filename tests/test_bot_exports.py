"""/export mood: files of verdicts, what stands in them and who gets them."""

import csv
import io
import json
import time

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from bot_parts import rows, until
from card_parts import link

from bot.handlers import exports
from bot.handlers.exports import Request
from bot.mood import exporting
from bot.mood.exporting import write_verdicts
from bot.outside.channels import FIRST_ID
from bot.outside.watching import save_part
from bot.storage import channel_readings, chats, communities, forgetting, watches
from bot.storage.communities import By
from bot.storage.forgetting import Forgetting
from bot.storage.verdict_rows import Wanted
from bot.storage.watches import Asked
from bot.talk import Talk
from core.contracts import Text
from core.queues import put_texts, score_queue
from core.reading import ChannelPost, ReadEnd, ReadPart

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = "private:admin"


def by_bot(message):
    return message["author_id"] == 42


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    """A running bot whose group is linked and has said something."""
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await link(app.storage, ids, "watch")
    said = [("oleg", "Спасибо!"), ("anna", "=1+1, кошмар"), ("oleg", "И вам")]
    await playground.write_many([{"chat": "group", "sender": s, "text": t} for s, t in said])
    await until(lambda: rows(app.storage, "SELECT count(*) FROM verdicts") == [(3,)])
    return app


async def ask(playground, text, person="admin"):
    chat = f"private:{person}"
    written = await playground.write(chat, person, text)
    return await playground.wait_for(chat, by_bot, after=written["message_id"])


async def download(playground, sent):
    url = f"{playground.url}/control/files/{sent['document']['file_id']}"
    async with ClientSession() as session, session.get(url) as response:
        return (await response.read()).decode("utf-8-sig")


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


async def test_a_csv_file_tells_what_the_model_says_of_each_message(linked, playground, ids):
    sent = await ask(playground, "/export mood")
    assert "«Двор на Садовой»: 3 оценённых сообщения" in sent["caption"]
    first, second, _ = table(await download(playground, sent))
    assert (first["label"], first["probability"], first["text"]) == ("positive", "0.9", "Спасибо!")
    assert (first["sentiment.negative"], first["toxicity.toxic"]) == ("0.05", "0.03")
    assert second["label"] == "negative"
    chat = str(ids["group"]).removeprefix("-100")
    assert first["link"].startswith(f"https://t.me/c/{chat}/")


async def test_a_text_is_no_formula_for_a_spreadsheet(linked, playground):
    found = table(await download(playground, await ask(playground, "/export mood 24h")))
    assert found[1]["text"] == "'=1+1, кошмар"


async def test_authors_have_names_that_hold_in_one_file_only(linked, playground, ids):
    files = [await download(playground, await ask(playground, "/export mood")) for _ in range(2)]
    (one, two, three), (other, *_) = map(table, files)
    assert one["author"] == three["author"] != two["author"]
    assert one["author"] != other["author"]
    assert str(ids["oleg"]) not in files[0]


async def test_a_jsonl_file_holds_an_object_a_line(linked, playground):
    sent = await ask(playground, "/export mood 7d jsonl")
    found = [json.loads(line) for line in (await download(playground, sent)).splitlines()]
    assert [one["text"] for one in found] == ["Спасибо!", "=1+1, кошмар", "И вам"]
    assert found[0]["scores"]["toxicity"] == {"toxic": 0.03}
    assert found[0]["thread"] is None


async def test_what_is_forgotten_is_in_no_file(linked, playground, ids):
    order = Forgetting("p", ids["oleg"], ids["oleg"], None, 2.0)
    for step in (forgetting.begin, forgetting.forget_texts):
        await linked.storage.write(step, order)
    found = table(await download(playground, await ask(playground, "/export mood")))
    assert [one["label"] for one in found] == ["negative"]


async def test_texts_are_there_only_as_long_as_they_are_kept(linked, playground):
    await linked.storage.write(lambda c: c.execute("UPDATE messages SET text = NULL"))
    found = table(await download(playground, await ask(playground, "/export mood")))
    assert [one["text"] for one in found] == ["", "", ""]
    assert all(one["label"] for one in found)


async def test_another_period_is_another_file(linked, playground):
    await linked.storage.write(lambda c: c.execute("UPDATE messages SET sent_at = 9 WHERE rowid=1"))
    assert "2 оценённых" in (await ask(playground, "/export mood 24h"))["caption"]
    assert "оценок нет" in (await ask(playground, "/export mood 01.01.2020"))["text"]
    assert "не понял" in (await ask(playground, "/export mood вчера"))["text"]


async def test_who_administers_nothing_gets_nothing(linked, playground):
    assert "получают администраторы" in (await ask(playground, "/export mood", "oleg"))["text"]


async def test_a_file_ends_where_telegram_takes_no_more(linked, ids, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_BYTES", 400)
    wanted = Wanted(ids["group"], 0.0, time.time() + 9)
    written = await write_verdicts(linked.storage, tmp_path / "x", wanted, "jsonl")
    assert (written.messages, written.is_cut) == (1, True)
    assert (tmp_path / "x").stat().st_size <= 400


async def test_rows_are_read_some_at_a_time_and_each_once(linked, ids, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS_AT_A_TIME", 1)
    wanted = Wanted(ids["group"], 0.0, time.time() + 9)
    written = await write_verdicts(linked.storage, tmp_path / "x", wanted, "jsonl")
    assert (written.messages, written.is_cut) == (3, False)
    assert len((tmp_path / "x").read_text().splitlines()) == 3


async def test_a_message_of_a_group_that_moved_has_no_link(linked, playground, ids):
    await linked.storage.write(chats.move, ids["group"], -1005, 2.0)
    wanted = Wanted(-1005, 0.0, time.time() + 9)
    path = linked.settings.var_dir / "x"
    await write_verdicts(linked.storage, path, wanted, "jsonl")
    assert [json.loads(line)["link"] for line in path.read_text().splitlines()] == [None] * 3


async def watch(app, ids):
    """Let the group watch a channel that has two posts, one of them deleted since."""
    await app.storage.write(watches.watch, Asked(ids["group"], "gorod", 7), By(7, 1.0))
    for number, shown in enumerate([(5, 6, 7), (5, 7)]):
        reading = await app.storage.write(channel_readings.begin, 1, time.time() + number)
        posts = [ChannelPost(number=n, text="Ура", posted_at=time.time()) for n in shown]
        end = ReadEnd(outcome="read", title="Город")
        part = ReadPart(order_id=reading.order_id, number=0, posts=tuple(posts), end=end)
        texts: list[Text] = list(await app.storage.write(save_part, part, time.time() + number))
        await put_texts(app.connection, score_queue(app.wakes), texts)
        count = "SELECT count(*) FROM verdicts WHERE message LIKE '-9%'"
        await until(lambda: rows(app.storage, count) == [(3,)])  # noqa: B023


async def test_a_watched_channel_can_be_chosen_and_shows_no_deleted_posts(linked, playground, ids):
    await watch(linked, ids)
    asked = await ask(playground, "/export mood 24h")
    buttons = [b for row in asked["reply_markup"]["inline_keyboard"] for b in row]
    assert [one["text"] for one in buttons] == ["Двор на Садовой", "Город"]
    await playground.press(ADMIN, asked["message_id"], buttons[1]["callback_data"], "admin")
    sent = await playground.wait_for(ADMIN, lambda m: by_bot(m) and "document" in m)
    found = table(await download(playground, sent))
    assert [one["link"] for one in found] == ["https://t.me/gorod/5", "https://t.me/gorod/7"]
    assert found[0]["author"] == ""


async def test_who_lost_the_right_before_the_press_gets_no_file(linked, playground, ids):
    await watch(linked, ids)
    asked = await ask(playground, "/export mood")
    (button, _) = [b for row in asked["reply_markup"]["inline_keyboard"] for b in row]
    await playground.set_member("group", "admin", "member")
    press = (ADMIN, asked["message_id"], button["callback_data"], "admin")
    assert "только администратор" in (await playground.press(*press))["text"]


async def test_a_channel_that_is_watched_no_more_is_nobodys(linked, playground, ids):
    await watch(linked, ids)
    asked = await ask(playground, "/export mood")
    (_, button) = [b for row in asked["reply_markup"]["inline_keyboard"] for b in row]
    await linked.storage.write(communities.unlink, ids["group"], 7, 2.0)
    press = (ADMIN, asked["message_id"], button["callback_data"], "admin")
    assert "только администратор" in (await playground.press(*press))["text"]


async def test_a_watched_channels_days_are_those_of_who_watches_it(linked, ids):
    await watch(linked, ids)
    zone = ("time_zone", "Asia/Vladivostok")
    await linked.storage.write(communities.save_setting, ids["group"], zone, By(7, 1.0))
    talk = Talk(linked.bot, linked.storage, linked.words, "ru")
    request = Request("01.11.2025", "csv")
    own = await request.when(talk, ids["group"])
    assert await request.when(talk, FIRST_ID - 1) == own


async def test_no_more_places_are_offered_than_fit_below_a_message(
    linked, playground, ids, monkeypatch
):
    monkeypatch.setattr(exports, "MOST_CHOICES", 1)
    await watch(linked, ids)
    asked = await ask(playground, "/export mood 24h")
    assert len(asked["reply_markup"]["inline_keyboard"]) == 1
