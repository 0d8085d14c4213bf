"""docs/datasette: every ready query runs on the real schema, and shows nobody's words."""

import re
import time

import pytest
import yaml
from bot_parts import rows, score, verdict_on

from bot.messages import Chat, Message
from bot.outside.watching import save_part
from bot.storage import (
    channel_readings,
    communities,
    forgetting,
    labels,
    messages,
    verdicts,
    watches,
)
from bot.storage.communities import By
from bot.storage.forgetting import Forgetting
from bot.storage.labels import Label
from bot.storage.watches import Asked
from bot.verdicts import save_and_plan
from core.contracts import Text
from core.reading import ChannelPost, ReadEnd, ReadPart
from core.settings import PROJECT

pytest_plugins = ["bot_fixtures"]

DOCS = PROJECT / "docs" / "datasette"
METADATA = yaml.safe_load((DOCS / "metadata.yaml").read_text(encoding="utf-8"))
NASTROI = METADATA["databases"]["nastroi"]
GROUP = Chat(-1001000000001, "supergroup", "Двор")
PRIVATE = Chat(7, "private", None)
NOW = int(time.time())
SECRET = "Кошмар"


def message(number, chat=GROUP, sender=5, text=SECRET):
    times = {"sent_at": NOW - 60, "edited_at": 0, "received_at": float(NOW)}
    rest = dict.fromkeys(("thread_id", "reply_to", "album", "language"))
    return Message(
        chat, number, sender, text, update_id=number, sender_name="Анна", **times, **rest
    )


def say(connection, spoken):
    """Store messages with their verdicts; return the verdicts' keys."""
    texts = messages.save(connection, spoken)
    found = [verdict_on(text, score(text.text)) for text in texts]
    save_and_plan(connection, found, float(NOW))
    return [text.key for text in texts]


@pytest.fixture
def seen(storage):
    """A database of a community with verdicts, cards, labels, a watched channel and a model."""
    with storage.connection as connection:
        communities.link(connection, GROUP.id, GROUP.id, 7, 1.0)
        communities.save_setting(connection, GROUP.id, ("mode", "ask"), By(7, 1.0))
        keys = say(connection, [message(1, text=f"{SECRET}, урод"), message(2, sender=6)])
        say(connection, [message(3, PRIVATE, 7)])
        for who, chosen in ((7, "negative"), (8, "neutral")):
            given = ("card", keys[1], "sentiment", "tiny-1", "negative", chosen)
            labels.append(connection, Label(f"p{who}", float(NOW), who, *given))
        watches.watch(connection, Asked(GROUP.id, "gorod", 7), By(7, 1.0))
        say_in_channel(connection)
    return storage


def say_in_channel(connection):
    order_id = channel_readings.begin(connection, 1, float(NOW)).order_id
    posts = (ChannelPost(number=4, text=SECRET, posted_at=NOW - 60.0),)
    end = ReadEnd(outcome="read", title="Город")
    part = ReadPart(order_id=order_id, number=0, posts=posts, end=end)
    texts: list[Text] = list(save_part(connection, part, float(NOW)))
    verdicts.save(connection, [verdict_on(t, score(t.text)) for t in texts], float(NOW))


def views(storage):
    return {n for (n,) in rows(storage, "SELECT name FROM sqlite_master WHERE type = 'view'")}


def ask(storage, name, **given):
    """Run a ready query; what is not given stays empty, as in Datasette's form."""
    sql = NASTROI["queries"][name]["sql"]
    values = dict.fromkeys(re.findall(r":([a-z_]+)", sql), "") | given
    cursor = storage.connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


@pytest.mark.parametrize("name", NASTROI["queries"])
def test_a_ready_query_runs_on_an_empty_database(storage, name):
    # It raises where a column or table is not there.
    ask(storage, name)


@pytest.mark.parametrize(
    "name",
    sorted(set(NASTROI["queries"]) - {"worst_days", "false_alarms", "reviews_against_stars"}),
)
def test_a_ready_query_finds_what_there_is(seen, name):
    assert ask(seen, name)


def test_the_mood_of_a_day_is_what_was_voted(seen):
    (day,) = ask(seen, "mood_of_a_chat", chat="Двор")
    assert (day["negative"], day["positive"], day["score"], day["votes"]) == (0.9, 0.05, -0.85, 2)


def test_messages_are_links_and_those_of_private_chats_are_left_out(seen):
    found = [row["link"] for row in ask(seen, "most_negative_messages")]
    links = ["https://t.me/c/1000000001/1", "https://t.me/c/1000000001/2", "https://t.me/gorod/4"]
    assert sorted(found) == links


def test_what_is_forgotten_is_linked_to_no_more(seen):
    order = Forgetting("p", 5, 5, None, 2.0)
    forgetting.begin(seen.connection, order)
    forgetting.forget_texts(seen.connection, order)
    found = [row["link"] for row in ask(seen, "most_negative_messages", chat="Двор")]
    assert found == ["https://t.me/c/1000000001/2"]


def test_two_who_differ_do_not_agree(seen):
    (found,) = ask(seen, "agreement_of_labellers")
    assert (found["pairs"], found["share_agreed"]) == (1, 0.0)


def test_no_open_view_tells_what_people_wrote_or_who_they_are(seen):
    closed = set(NASTROI["tables"])
    shown = str([rows(seen, f"SELECT * FROM {view}") for view in views(seen) - closed])
    assert SECRET not in shown
    assert "Анна" not in shown


def test_every_table_is_closed_and_so_is_sql_of_ones_own(storage):
    sql = "SELECT name FROM sqlite_master WHERE type = 'table'"
    tables = {name for (name,) in rows(storage, sql)}
    assert tables - set(NASTROI["tables"]) == set()
    assert all(table == {"allow": False} for table in NASTROI["tables"].values())
    assert NASTROI["allow_sql"] is False


def test_the_page_names_every_open_view_and_no_query_hides_one(storage):
    page = (DOCS / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE))
    assert listed == views(storage) - set(NASTROI["tables"])
    assert listed.isdisjoint(NASTROI["queries"])


def test_the_charts_that_the_page_links_to_are_there(storage):
    page = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"`/nastroi/([a-z_]+)", page))
    assert linked <= set(NASTROI["queries"]) | views(storage)
