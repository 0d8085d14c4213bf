"""Alerts about watched channels in a running bot: whose chat hears of them, and what is said."""

import asyncio
import time

import pytest
import pytest_asyncio
from bot_parts import rows, until
from card_parts import cards, link, press
from news_parts import HOUR_ROW, set_to
from watch_parts import WATCHED, calm_past

from bot.messages import Chat
from bot.mood.votes import HOUR_SECONDS
from bot.outside.watching import take_posts
from bot.storage import channel_readings, chats, communities, watches
from bot.storage.communities import By
from bot.storage.watches import Asked
from core.bells import Bell
from core.queues import score_queue
from core.reading import ChannelPost, ReadEnd, ReadPart
from worker.bells import put_bell

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

BAD_HOURS = 25
SAID = "SELECT 1 FROM mood_texts WHERE chat_id = ?"


@pytest_asyncio.fixture(loop_scope="module")
async def quiet(app, playground, ids):
    """A community that watches a channel of which seven calm weeks are known."""
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await link(app.storage, ids, "watch")
    await set_to(app.storage, ids["group"], digest="off")
    group = Chat(ids["group"], "supergroup", "Двор & сад")
    await app.storage.write(chats.save, {group.id: (group, 1.0)})
    await watch(app, ids["group"], ids["moderators"])
    before = int(time.time() // HOUR_SECONDS) - BAD_HOURS
    past = [(WATCHED, *hour) for hour in calm_past(before)]
    await app.storage.write(lambda c: c.executemany(HOUR_ROW, past))
    return app


async def watch(app, chat_id, staff):
    await app.storage.write(watches.watch, Asked(chat_id, "gorod", staff), By(1, 1.0))


async def post_bad_news(app):
    """Let the channel's page be read, which shows a bad post in each of the last hours."""
    now = time.time()
    reading = await app.storage.write(channel_readings.begin, 1, now)
    posts = [
        ChannelPost(number=n, text=f"Кошмар {n}", posted_at=now - HOUR_SECONDS * (BAD_HOURS - n))
        for n in range(1, BAD_HOURS)
    ]
    end = ReadEnd(outcome="read", title="Город <новости>")
    part = ReadPart(order_id=reading.order_id, number=0, posts=tuple(posts), end=end)
    await take_posts(app.storage, app.connection, score_queue(app.wakes), part)
    await until(lambda: len(rows(app.storage, SAID, WATCHED)) == BAD_HOURS - 1)


def ring(app):
    put_bell(app.wakes, Bell(id="look-1", kind="look", due_at=time.time()))


async def alert(playground):
    return await told(playground, "В канале негатива стало больше")


async def told(playground, words, chat="moderators"):
    """Wait until a chat shows such words, however long a picture is drawn before."""
    return await playground.wait_for(chat, lambda m: words in m.get("text", ""), timeout_seconds=60)


async def test_moderators_are_told_of_a_channel_with_links_to_its_posts(quiet, playground):
    await post_bad_news(quiet)
    ring(quiet)
    message = await alert(playground)
    assert "Город <новости>\nза ним следит «Двор & сад»" in message["text"]
    assert "час с постами — один голос" in message["text"]
    links = [e["url"] for e in message["entities"] if e["type"] == "text_link"]
    assert links[0] == "https://t.me/gorod"
    assert len([one for one in links if one.startswith("https://t.me/gorod/")]) == 3
    picture = await playground.wait_for("moderators", lambda m: "photo" in m, timeout_seconds=60)
    assert picture["reply_to_message"]["message_id"] == message["message_id"]


async def test_an_episode_is_told_once_and_judged_by_a_button(quiet, playground, ids):
    await post_bad_news(quiet)
    ring(quiet)
    message = await alert(playground)
    for _ in range(3):
        ring(quiet)
        await asyncio.sleep(0.05)
    assert len([m for m in await cards(playground) if "негатива" in m.get("text", "")]) == 1
    answer = await press(playground, message, "false", wait=40)
    assert "буду осторожнее" in answer["text"]
    await told(playground, "Ложная тревога: Тимур")
    assert rows(quiet.storage, "SELECT about, judged FROM alarms") == [(WATCHED, "false")]


async def test_each_community_hears_of_it_in_its_own_chat_and_language(quiet, playground, ids):
    staff = {"nastroi_bot": "administrator", "admin": "creator"}
    garden = (await playground.add_chat("garden", "Garden", members=staff))["id"]
    chat = Chat(garden, "supergroup", "Garden")
    await quiet.storage.write(chats.save, {garden: (chat, 1.0)})
    await quiet.storage.write(communities.link, garden, garden, ids["admin"], 1.0)
    await set_to(quiet.storage, garden, language="en", digest="off", quiet_from=0, quiet_to=23)
    await watch(quiet, garden, garden)
    await post_bad_news(quiet)
    ring(quiet)
    await alert(playground)
    message = await told(playground, "More negativity in a channel", "garden")
    assert "watched by “Garden”" in message["text"]


async def test_where_alerts_are_off_or_nobody_watches_any_more_nobody_is_told(quiet, ids):
    await post_bad_news(quiet)
    await quiet.storage.write(watches.unwatch, ids["group"], 1, By(1, 2.0))
    await quiet.storage.write(raise_of_channel, ids["group"])
    ring(quiet)
    noted = "SELECT state, note FROM alarms"
    await until(lambda: rows(quiet.storage, noted) == [("skipped", "nobody is to be told")])


def raise_of_channel(connection, chat_id):
    hour = int(time.time() // HOUR_SECONDS)
    connection.execute(
        "INSERT INTO alarms (token, chat_id, about, hour, since, votes, negative, expected,"
        " raised_at) VALUES ('t', ?, ?, ?, ?, 30, 20, 6, 1)",
        (chat_id, WATCHED, hour, hour - 30),
    )
