"""/products and both lines of /mood: what buyers say outside, and what members say inside."""

import time

import pytest
import pytest_asyncio
from bot_parts import rows, until
from card_parts import link
from rq import Worker as RqWorker

from bot.messages import Chat
from bot.outside.product_reader import LOST_SECONDS, ProductReader
from bot.storage import chats, communities, products
from core.jobs import AllowedJob
from core.queues import create_groups
from core.reading import ReadEnd, ReadOrder, ReadPart, Review, put_part
from core.reading_orders import read_queue

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = "private:admin"
PAGE = "https://shop.example/tea"


def by_bot(message):
    return message["author_id"] == 42 and "text" in message


async def say(playground, chat, sender, text):
    """Write and return the bot's next message there."""
    written = await playground.write(chat, sender, text)
    return await playground.wait_for(chat, by_bot, after=written["message_id"])


def buttons_of(message):
    return [b for row in message["reply_markup"]["inline_keyboard"] for b in row]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr("bot.outside.product_reader.LOOK_SECONDS", 0.02)


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    """A running bot whose group is linked to the moderators' chat."""
    await link(app.storage, ids, "watch")
    group = Chat(ids["group"], "supergroup", "Двор на Садовой")
    await app.storage.write(chats.save, {group.id: (group, 1.0)})
    await create_groups(app.connection)
    return app


@pytest.fixture
def reader(redis_sync):
    """A queue that someone listens to; its jobs are left for the test to look at."""
    queue = read_queue(redis_sync)
    worker = RqWorker([queue], connection=redis_sync, serializer="json", job_class=AllowedJob)
    worker.register_birth()
    yield queue
    worker.register_death()


async def ordered(queue):
    """Wait for the order of a page and return it."""
    job = await until(lambda: next(iter(queue.jobs), None))
    return ReadOrder.model_validate_json(job.args[0])


def found(order, *texts, outcome="read", at=None):
    """What a reader finds: one part, and its end."""
    said = tuple(Review(text=text, stars=5, written_at=at) for text in texts)
    end = ReadEnd(outcome=outcome, title="Чай", host="shop.example")
    return ReadPart(order_id=order.id, number=0, reviews=said, end=end)


async def test_an_admin_links_a_page_which_is_read_and_told_of(linked, playground, reader):
    added = await say(playground, ADMIN, "admin", f"/products add {PAGE}")
    assert "Добавил shop.example/tea для «Двор на Садовой»" in added["text"]
    order = await ordered(reader)
    assert (order.kind, order.url) == ("reviews", PAGE)
    put_part(linked.wakes, found(order, "Вкусно", "Кошмар", "Хорошо"))
    told = await playground.wait_for(ADMIN, by_bot, after=added["message_id"])
    assert "Чай: прочитал 3 отзыва" in told["text"]
    assert rows(linked.storage, "SELECT count(*), sum(negative > 0.5) FROM opinions") == [(3, 1)]


async def test_what_was_read_is_kept_as_figures_only(linked, playground, reader):
    await say(playground, ADMIN, "admin", f"/products {PAGE}")
    put_part(linked.wakes, found(await ordered(reader), "Вкусно"))
    await until(lambda: rows(linked.storage, "SELECT 1 FROM opinions"))
    assert rows(linked.storage, "SELECT 1 FROM reviews") == []
    assert rows(linked.storage, "SELECT 1 FROM readings") == []


async def test_the_reading_of_a_page_is_shown_nowhere(linked, playground, reader):
    added = await say(playground, ADMIN, "admin", f"/products {PAGE}")
    put_part(linked.wakes, found(await ordered(reader), "Вкусно"))
    await playground.wait_for(ADMIN, by_bot, after=added["message_id"])
    said = [m for m in await playground.messages("group") if m["author_id"] == 42]
    assert said == []
    assert rows(linked.storage, "SELECT asked_by FROM readings WHERE asked_by > 0") == []


async def test_a_page_that_cannot_be_read_is_told_once_in_words(linked, playground, reader):
    added = await say(playground, ADMIN, "admin", f"/products {PAGE}")
    put_part(linked.wakes, found(await ordered(reader), outcome="blocked"))
    told = await playground.wait_for(ADMIN, by_bot, after=added["message_id"])
    assert "сайт не пускает программы" in told["text"]
    ((due_at,),) = rows(linked.storage, "SELECT due_at - read_at FROM products")
    assert due_at == products.DAY_SECONDS
    await until(lambda: products.find_untold(linked.storage.connection) == [])


async def test_mood_shows_what_is_said_outside_and_inside(linked, playground, reader):
    await say(playground, ADMIN, "admin", f"/products {PAGE}")
    said = [f"Кошмар номер {n}" for n in range(6)]
    put_part(linked.wakes, found(await ordered(reader), *said, at=time.time() - 7200))
    await until(lambda: rows(linked.storage, "SELECT 1 FROM opinions"))
    await playground.write("group", "oleg", "Спасибо")
    await until(lambda: rows(linked.storage, "SELECT 1 FROM mood_hours"))
    has_lines = lambda m: by_bot(m) and "Снаружи" in m["text"]  # noqa: E731
    await playground.write(ADMIN, "admin", "/mood 7d")
    mood = await playground.wait_for(ADMIN, has_lines)
    assert "Снаружи −85" in mood["text"]
    assert "по 6 отзывам за это время, внутри +85" in mood["text"]
    await playground.wait_for(ADMIN, lambda m: "photo" in m)


async def test_too_few_reviews_say_so_and_no_page_says_nothing(linked, playground, reader):
    await playground.write("group", "oleg", "Спасибо")
    await until(lambda: rows(linked.storage, "SELECT 1 FROM mood_hours"))
    assert "наружи" not in (await say(playground, ADMIN, "admin", "/mood 7d"))["text"]
    await say(playground, ADMIN, "admin", f"/products {PAGE}")
    mood = await say(playground, "moderators", "admin", "/mood 7d")
    assert "Снаружи за это время отзывов не было" in mood["text"]


async def test_the_list_says_how_it_goes_and_takes_off_by_a_press(linked, playground, reader):
    assert "Страниц пока нет" in (await say(playground, ADMIN, "admin", "/products"))["text"]
    await say(playground, ADMIN, "admin", f"/products {PAGE}")
    listed = await say(playground, "moderators", "admin", "/products")
    assert "shop.example/tea · ещё не читал" in listed["text"]
    again, off = (b["callback_data"] for b in buttons_of(listed))
    press = ("moderators", listed["message_id"])
    assert "заново" in (await playground.press(*press, again, "admin"))["text"]
    assert (await playground.press(*press, off, "admin"))["text"] == "Убрал"
    assert rows(linked.storage, "SELECT 1 FROM products") == []


async def test_a_page_is_taken_off_by_its_link(linked, playground):
    await say(playground, ADMIN, "admin", f"/products {PAGE}")
    off = await say(playground, ADMIN, "admin", "/products remove shop.example/tea?utm_source=x")
    assert "Убрал" in off["text"]
    off = await say(playground, ADMIN, "admin", f"/products remove {PAGE}")
    assert "и не было" in off["text"]


async def test_members_and_moderators_may_not_choose_pages(linked, playground):
    refused = await say(playground, "private:anna", "anna", f"/products {PAGE}")
    assert "привяжите" in refused["text"]
    await playground.set_member("group", "moderator", "member", by="admin")
    refused = await say(playground, "moderators", "moderator", f"/products {PAGE}")
    assert "решают администраторы" in refused["text"]
    assert rows(linked.storage, "SELECT 1 FROM products") == []


async def test_who_lost_the_right_before_the_press_changes_nothing(linked, playground):
    await say(playground, ADMIN, "admin", f"/products {PAGE}")
    listed = await say(playground, ADMIN, "admin", "/products")
    await playground.set_member("group", "admin", "member")
    for button in buttons_of(listed):
        press = (ADMIN, listed["message_id"], button["callback_data"], "admin")
        assert "только администратор" in (await playground.press(*press))["text"]
    assert len(rows(linked.storage, "SELECT 1 FROM products")) == 1


@pytest.mark.parametrize("between", [" add ", "\n"])
async def test_who_administers_several_communities_is_asked_which(linked, playground, ids, between):
    await playground.post_channel("Открылись!")
    await until(lambda: rows(linked.storage, "SELECT 1 FROM chats WHERE kind = 'channel'"))
    await linked.storage.write(communities.link, ids["channel"], ids["moderators"], 7, 1.0)
    asked = await say(playground, ADMIN, "admin", f"/products{between}{PAGE}")
    data = buttons_of(asked)[0]["callback_data"]
    await playground.press(ADMIN, asked["message_id"], data, "admin")
    await playground.wait_for(ADMIN, lambda m: "Добавил" in m.get("text", ""))
    assert rows(linked.storage, "SELECT url FROM products") == [(PAGE,)]


@pytest.mark.parametrize(
    "words", ["чай", "add", "remove чай", "ftp://shop.example/x", "a@b.example"]
)
async def test_what_is_no_link_is_told_how_it_goes(linked, playground, words):
    assert "Вот как можно" in (await say(playground, ADMIN, "admin", f"/products {words}"))["text"]


async def test_a_lost_order_is_given_again_and_given_up_unless_it_waits(linked, playground, reader):
    await say(playground, ADMIN, "admin", f"/products {PAGE}")
    first, begun = await ordered(reader), time.time()
    reader.empty()
    keeper = ProductReader(linked.bot, linked.storage, linked.words, reader)
    await keeper.look(begun + 60)
    assert (await ordered(reader)).id == first.id
    await keeper.look(begun + LOST_SECONDS + 60)
    assert rows(linked.storage, "SELECT outcome FROM products") == [(None,)]
