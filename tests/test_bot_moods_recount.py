"""Moods against a count from scratch: whatever happened, whenever it began to be counted."""

from contextlib import closing, suppress

import pytest
from bot_parts import rows
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from mood_parts import (
    CHANNEL,
    CHAT,
    FEELINGS,
    NOW,
    OLD_CHAT,
    forget,
    judge,
    kept,
    recount,
    say,
    tell,
)

from bot.storage import (
    chats,
    judged,
    messages,
    mood_places,
    moods,
    moods_closing,
    moods_texts,
    moods_votes,
)
from bot.storage.database import Storage

pytest_plugins = ["bot_fixtures"]


def forget_moods(path):
    """Take a database back to before there were moods."""
    with closing(Storage.open(path)) as storage:
        for table in ("mood_texts", "mood_votes", "mood_threads", "mood_hours", "channel_posts"):
            storage.connection.execute(f"DROP TABLE {table}")
        storage.connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'moods'")
        storage.connection.commit()


def everything(storage):
    tables = ("mood_texts", "mood_votes", "mood_threads", "mood_hours")
    return [rows(storage, f"SELECT * FROM {table}") for table in tables]


def test_what_was_stored_before_there_were_moods_is_counted(settings):
    with closing(Storage.open(settings.database_path)) as storage:
        for number in range(40):
            at = NOW + number * 900
            tell(storage, number, f"Раз {number % 7}", author=number % 5, thread=number % 3, at=at)
        tell(storage, 1, "Пост", "good", chat_id=CHANNEL)
        tell(storage, 1, "Лично", chat_id=7)
        storage.connection.commit()
        counted = everything(storage)
    forget_moods(settings.database_path)
    with closing(Storage.open(settings.database_path)) as storage:
        assert everything(storage) == counted


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (moods.HOURS, (1, 1, 2)),
        (moods.THREADS, ("[1]", 1, 2, 5)),
        (mood_places.DISCUSSION, (1,)),
        (moods_texts.HOURS, ("[1]", 1, 2)),
        (moods_texts.DRAW, (1, 1, 5)),
        (moods_texts.TEXTS, ("[1]",)),
        (moods_texts.DELETED, ("[1]",)),
        (judged.FIND, ("[1]",)),
        (moods_votes.FIND, ("[1]",)),
        (moods_votes.FIRST_COPY, (1, 1, 1)),
        (moods_votes.VOTES, (1, 1, 1)),
        (moods_closing.OPEN, {"chat": 1, "hour": 1, "limit": 1}),
    ],
)
def test_no_query_goes_through_all_that_is_kept(storage, query, values):
    found = storage.connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
    plan = " ".join(row[3] for row in found)
    assert "SCAN" not in plan.replace("SCAN json_each", "").replace("SCAN h", "")


THREADS_APART = """
SELECT h.chat_id, h.hour FROM mood_hours AS h
JOIN mood_threads AS t ON t.chat_id = h.chat_id AND t.hour = h.hour
GROUP BY h.chat_id, h.hour
HAVING sum(t.votes) <> h.votes OR sum(t.messages) <> h.messages OR sum(t.negative) <> h.negative
OR sum(t.neutral) <> h.neutral OR sum(t.positive) <> h.positive
"""

# Few of each, so that copies, authors, hours and both chats meet.
SAID = (
    st.integers(1, 6),
    st.sampled_from(["раз", "Раз!", "два", ""]),
    st.integers(1, 2),
    st.sampled_from([0, 50]),
    st.integers(50, 69),
    st.sampled_from([CHAT, OLD_CHAT]),
)
FEELING = st.sampled_from(list(FEELINGS))
STEPS = st.one_of(
    st.tuples(st.just("tell"), FEELING, *SAID),
    st.tuples(st.just("tell"), FEELING, *SAID),
    st.tuples(st.just("say"), *SAID),
    st.tuples(st.just("judge"), st.integers(0, 9), FEELING),
    st.tuples(st.just("forget"), st.integers(1, 2)),
    st.tuples(st.just("move")),
)


class History:
    """Plays what may happen to a storage."""

    def __init__(self, storage):
        self.storage, self.told, self.states, self.now = storage, {}, [], NOW + 10**6

    def tell(self, feeling, *said):
        """Write or edit a message, and have the last state of all judged at once."""
        self.say(*said)
        self.judge(-1, feeling)

    def say(self, number, text, author, thread, minute, chat_id):
        """Write a message, or edit the one that has this number."""
        self.now += 1
        first = (author, thread, NOW + 60 * minute)
        author, thread, at = self.told.setdefault((chat_id, number), first)
        fields = {"author": author, "thread": thread, "at": at, "chat_id": chat_id}
        if first != (author, thread, at) or text == "":
            fields["edit"] = self.now
        self._say(number, text, fields)

    def _say(self, number, text, fields):
        # What needs no verdict is none.
        with suppress(ValueError):
            self.states.append(say(self.storage, number, text, **fields))

    def judge(self, number, feeling):
        if self.states:
            judge(self.storage, self.states[number % len(self.states)], feeling)

    def forget(self, person):
        forget(self.storage, person)

    def move(self):
        chats.move(self.storage.connection, OLD_CHAT, CHAT, NOW)

    def end(self):
        """Let every state that waits have its verdict; until then what was before it counts."""
        for text in messages.find_forgotten(self.storage.connection, 2.0 * NOW, 1000):
            judge(self.storage, text, "plain")


@pytest.fixture(scope="module")
def lasting(tmp_path_factory):
    """One file for all histories: to make a new one takes longer than to play one."""
    with closing(Storage.open(tmp_path_factory.mktemp("moods") / "nastroi.db")) as storage:
        yield storage


def clear(storage):
    tables = ("messages", "verdicts", "chats", "chat_moves", "forgettings")
    for table in (*tables, "mood_texts", "mood_votes", "mood_threads", "mood_hours"):
        storage.connection.execute(f"DELETE FROM {table}")


@hypothesis_settings(max_examples=250, deadline=None)
@given(st.lists(STEPS, min_size=4, max_size=30))
def test_sums_are_those_of_a_count_from_scratch_whatever_happened(lasting, steps):
    clear(lasting)
    history = History(lasting)
    for name, *what in steps:
        getattr(history, name)(*what)
    history.end()
    assert kept(lasting) == recount(lasting)
    assert rows(lasting, THREADS_APART) == []
