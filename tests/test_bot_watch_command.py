"""/watch as admins meet it: who may ask, what is ordered, what is told; parts come by hand."""

import asyncio
import time

import pytest
import pytest_asyncio
from bot_parts import rows, until
from card_parts import INSULT, link
from rq import Worker as RqWorker

from bot.handlers.watching import Listed, WatchPress, list_text
from bot.limiter import Call
from bot.messages import Chat
from bot.outside.channels import FIRST_ID, is_watched
from bot.outside.watcher import Pages, Watcher
from bot.storage import chats, communities, watches
from bot.storage.watches import Watched
from bot.talk import Talk
from core.jobs import AllowedJob
from core.reading import ChannelPost, ReadEnd, ReadOrder, ReadPart, put_part
from core.reading_orders import read_queue

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


def page(*numbers, text="Привет", outcome="read", at=100.0):
    """What the first reading finds."""
    posts = [ChannelPost(number=n, text=text, posted_at=at) for n in numbers]
    end = ReadEnd(outcome=outcome, title="Город")
    return ReadPart(order_id="", number=0, posts=tuple(posts), end=end)


async def hand_over(app, queue, part):
    """Put a part where readers put theirs, of the reading that was ordered."""
    (order,) = await until(lambda: orders(queue))
    own = part.model_copy(update={"order_id": order.id})
    await asyncio.to_thread(put_part, app.wakes, own)


def by_bot(message):
    return message["author_id"] == 42 and "text" in message


async def say(playground, chat, sender, text):
    """Write and return the bot's next message there."""
    written = await playground.write(chat, sender, text)
    return await playground.wait_for(chat, by_bot, after=written["message_id"])


async def press(playground, chat, message, sender):
    """Press the first button below a message."""
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    return await playground.press(chat, message["message_id"], data, sender)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Let the watcher look often: no test waits for seconds."""
    monkeypatch.setattr("bot.outside.watcher.LOOK_SECONDS", 0.02)


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    """A running bot whose group is linked to the moderators' chat."""
    await link(app.storage, ids, "ask")
    group = Chat(ids["group"], "supergroup", "Двор на Садовой")
    await app.storage.write(chats.save, {group.id: (group, 1.0)})
    return app


@pytest.fixture
def reader(redis_sync):
    """A queue that someone listens to; its jobs are left for the test to look at."""
    queue = read_queue(redis_sync)
    worker = RqWorker([queue], connection=redis_sync, serializer="json", job_class=AllowedJob)
    worker.register_birth()
    yield queue
    worker.register_death()


@pytest.fixture
def seen(monkeypatch):
    """The chats that the bot names to Telegram, whatever it asks."""
    found = []
    make = Call.make

    async def note(call):
        found.append(call.chat_id)
        return await make(call)

    monkeypatch.setattr(Call, "make", note)
    return found


def orders(queue):
    """What was ordered, as the reader is handed it."""
    return [ReadOrder.model_validate_json(job.args[0]) for job in queue.jobs]


async def test_an_admin_watches_a_channel_and_is_told_that_it_works(linked, playground, reader):
    asked = await say(playground, "moderators", "admin", "/watch t.me/s/Gorod")
    assert "Слежу за @gorod для «Двор на Садовой»" in asked["text"]
    (order,) = await until(lambda: orders(reader))
    assert (order.kind, order.url) == ("channel", f"{playground.url}/shop/s/gorod")
    await hand_over(linked, reader, page(5, 6))
    told = await playground.wait_for("moderators", by_bot, after=asked["message_id"])
    assert "@gorod читается: уже 2 поста" in told["text"]
    scored = lambda: rows(linked.storage, "SELECT 1 FROM verdicts WHERE message LIKE '-9%'")  # noqa: E731
    assert len(await until(lambda: len(scored()) == 2 and scored())) == 2


async def test_no_card_and_no_action_comes_of_a_watched_post(linked, playground, reader):
    await say(playground, "moderators", "admin", "/watch @gorod")
    await hand_over(linked, reader, page(5, text=INSULT))
    await until(lambda: rows(linked.storage, "SELECT 1 FROM verdicts"))
    assert rows(linked.storage, "SELECT 1 FROM incidents") == []
    assert rows(linked.storage, "SELECT 1 FROM actions") == []


async def test_a_channel_that_cannot_be_seen_is_told_once(linked, playground, reader):
    asked = await say(playground, "private:admin", "admin", "/watch @gorod")
    await hand_over(linked, reader, page(outcome="not-found"))
    told = await playground.wait_for("private:admin", by_bot, after=asked["message_id"])
    assert "такого канала нет" in told["text"]
    await until(lambda: watches.find_news(linked.storage.connection) == [])


async def test_a_lost_order_is_given_again_and_given_up_unless_it_waits(linked, playground, reader):
    await say(playground, "private:admin", "admin", "/watch @gorod")
    (first,) = await until(lambda: orders(reader))
    reader.empty()
    watcher, begun = Watcher(linked.bot, linked.storage, linked.words, Pages(reader)), time.time()
    await watcher.look(begun + 60)
    (again,) = orders(reader)
    assert (again.id, again.url) == (first.id, "https://t.me/s/gorod")
    await watcher.look(begun + 700)
    assert rows(linked.storage, "SELECT outcome FROM watched_channels") == [(None,)]
    reader.empty()
    await watcher.look(begun + 800)
    assert rows(linked.storage, "SELECT outcome FROM watched_channels") == [("crashed",)]


async def test_without_a_reader_nothing_is_begun(linked, playground, redis_sync):
    await say(playground, "private:admin", "admin", "/watch @gorod")
    queue = read_queue(redis_sync)
    await Watcher(linked.bot, linked.storage, linked.words, Pages(queue)).look(time.time() + 9)
    assert rows(linked.storage, "SELECT readings FROM watched_channels") == [(0,)]


async def test_members_and_moderators_may_not_choose_channels(linked, playground):
    assert "привяжите" in (await say(playground, "private:anna", "anna", "/watch @gorod"))["text"]
    await playground.set_member("group", "moderator", "member", by="admin")
    refused = await say(playground, "moderators", "moderator", "/watch @gorod")
    assert "решают администраторы" in refused["text"]
    assert rows(linked.storage, "SELECT 1 FROM watches") == []


async def test_what_is_no_public_channel_is_refused_in_words(linked, playground):
    assert "Не узнаю" in (await say(playground, "private:admin", "admin", "/watch t.me/+x"))["text"]


async def test_the_list_says_how_it_goes_and_stops_by_a_press(linked, playground):
    assert "ни за одним" in (await say(playground, "private:admin", "admin", "/watch"))["text"]
    await say(playground, "private:admin", "admin", "/watch @gorod")
    listed = await say(playground, "private:admin", "admin", "/watch")
    assert "@gorod · ещё не читал" in listed["text"]
    assert (await press(playground, "private:admin", listed, "admin"))["text"] == "Больше не слежу"
    assert rows(linked.storage, "SELECT 1 FROM watches") == []


async def test_unwatch_takes_a_channel_by_its_name(linked, playground):
    await say(playground, "private:admin", "admin", "/watch @gorod")
    stopped = await say(playground, "moderators", "admin", "/unwatch t.me/gorod")
    assert "Больше не слежу за @gorod" in stopped["text"]
    again = await say(playground, "moderators", "admin", "/unwatch @gorod")
    assert "и не следил" in again["text"]


async def test_who_lost_the_right_before_the_press_stops_nothing(linked, playground):
    await say(playground, "private:admin", "admin", "/watch @gorod")
    listed = await say(playground, "private:admin", "admin", "/watch")
    await playground.set_member("group", "admin", "member")
    answer = await press(playground, "private:admin", listed, "admin")
    assert "только администратор" in answer["text"]
    assert len(rows(linked.storage, "SELECT 1 FROM watches")) == 1


async def test_who_administers_several_communities_is_asked_which(linked, playground, ids):
    await playground.post_channel("Открылись!")
    await until(lambda: rows(linked.storage, "SELECT 1 FROM chats WHERE kind = 'channel'"))
    places = (ids["channel"], ids["moderators"], ids["admin"], 1.0)
    await linked.storage.write(communities.link, *places)
    asked = await say(playground, "private:admin", "admin", "/watch @gorod")
    assert "Для какого сообщества" in asked["text"]
    await press(playground, "private:admin", asked, "admin")
    begun = lambda m: "Слежу за @gorod" in m.get("text", "")  # noqa: E731
    await playground.wait_for("private:admin", begun)
    assert len(rows(linked.storage, "SELECT 1 FROM watches")) == 1


async def mood_button(playground, text):
    """Ask for the mood of the community; return the answer and one of its buttons."""
    written = await playground.write("private:admin", "admin", "/mood 24h")
    has_buttons = lambda m: by_bot(m) and "reply_markup" in m  # noqa: E731
    mood = await playground.wait_for("private:admin", has_buttons, after=written["message_id"])
    found = [b for row in mood["reply_markup"]["inline_keyboard"] for b in row if b["text"] == text]
    return mood, found[0]["callback_data"]


async def test_the_mood_of_a_watched_channel_is_a_press_away(linked, playground, reader):
    await say(playground, "private:admin", "admin", "/watch @gorod")
    await hand_over(linked, reader, page(5, 6, at=time.time()))
    await until(lambda: rows(linked.storage, "SELECT 1 FROM mood_hours WHERE chat_id < -9e12"))
    mood, data = await mood_button(playground, "👀 Город")
    await playground.press("private:admin", mood["message_id"], data, "admin")
    shown = lambda m: m["message_id"] == mood["message_id"] and "Город" in m["text"]  # noqa: E731
    await playground.wait_for("private:admin", shown)


async def test_the_mood_of_a_watched_channel_is_not_for_others(linked, playground, reader, ids):
    await say(playground, "private:admin", "admin", "/watch @gorod")
    mood, data = await mood_button(playground, "👀 @gorod")
    await playground.set_member("group", "admin", "member")
    press = ("private:admin", mood["message_id"], data, "admin")
    assert "только" in (await playground.press(*press))["text"]


async def test_telegram_is_never_asked_about_a_watched_channel(linked, playground, reader, seen):
    await say(playground, "private:admin", "admin", "/watch @gorod")
    await hand_over(linked, reader, page(5, text=INSULT, at=time.time()))
    await until(lambda: rows(linked.storage, "SELECT 1 FROM verdicts"))
    for command in ("/mood", "/settings", "/link", "/watch", "/stats", "/unwatch @gorod"):
        await say(playground, "private:admin", "admin", command)
    assert len(seen) > 6
    assert not any(is_watched(chat_id) for chat_id in seen if isinstance(chat_id, int))


@pytest.mark.parametrize("name", ["<b>", "../../x", "gorod\n", "Gorod", "a" * 33])
async def test_a_forged_press_names_no_channel(name):
    with pytest.raises(ValueError, match="name"):
        WatchPress.unpack(f"watch1:1:{name}")


async def test_a_list_of_many_communities_ends_where_a_message_does(linked):
    talk = Talk(linked.bot, linked.storage, linked.words, "ru")
    watched = [Watched(n, f"{'a' * 30}{n:02}", FIRST_ID - n, "new", None, 0) for n in range(10)]
    text = list_text(talk, [Listed(n, "<Двор>", watched) for n in range(20)])
    assert 3000 < len(text) < 4096
    assert "…" in text.splitlines()
    assert text.endswith(talk.say("watch-how"))


async def test_a_list_that_fits_stands_whole(linked):
    talk = Talk(linked.bot, linked.storage, linked.words, "ru")
    watched = [Watched(1, "gorod", FIRST_ID - 1, "new", None, 0)]
    text = list_text(talk, [Listed(n, "Двор", watched) for n in range(20)])
    assert text.count("@gorod") == 20
    assert "…" not in text
