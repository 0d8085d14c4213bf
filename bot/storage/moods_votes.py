"""Keeps how chats feel: what verdicts change of it, in the transaction that saves them.

A message that moderators delete still counts: it was said and read, and a chat must not look
better the more is removed from it. What its author forgets counts no longer, as long as the hour is
open; a closed hour holds only sums, which name nobody.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from bot.mood.votes import (
    HOUR_SECONDS,
    SENTIMENT,
    Copies,
    MoodText,
    Seat,
    Sums,
    Total,
    Vote,
    copy_of,
    feeling_of,
    first_of_copies,
)
from bot.storage.judged import Judged

COLUMNS = "message, chat_id, hour, thread, author, copy, sent_at, negative, neutral, positive"
FIND = f"SELECT {COLUMNS} FROM mood_texts WHERE message IN (SELECT value FROM json_each(?))"
FIRST_COPY = f"""
SELECT {COLUMNS} FROM mood_texts WHERE chat_id = ? AND hour = ? AND copy = ?
ORDER BY sent_at, message LIMIT 1
"""
OF_HOUR = f"SELECT {COLUMNS} FROM mood_texts WHERE chat_id = ? AND hour = ?"
ADD_TEXT = f"INSERT INTO mood_texts ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
DROP_TEXT = "DELETE FROM mood_texts WHERE message = ?"

VOTES = """
SELECT thread, messages, texts, negative, neutral, positive FROM mood_votes
WHERE chat_id = ? AND hour = ? AND author = ?
"""
SAVE_VOTE = "INSERT OR REPLACE INTO mood_votes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
DROP_VOTE = """
DELETE FROM mood_votes WHERE chat_id = ? AND hour = ? AND author = ? AND thread = ?
"""

ADD_TO_THREAD = """
INSERT INTO mood_threads VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET votes = votes + excluded.votes,
    negative = negative + excluded.negative, neutral = neutral + excluded.neutral,
    positive = positive + excluded.positive, messages = messages + excluded.messages
"""
ADD_TO_HOUR = """
INSERT INTO mood_hours (
    chat_id, hour, votes, negative, neutral, positive, messages, authors, is_closed
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
ON CONFLICT DO UPDATE SET votes = votes + excluded.votes,
    negative = negative + excluded.negative, neutral = neutral + excluded.neutral,
    positive = positive + excluded.positive, messages = messages + excluded.messages,
    authors = authors + excluded.authors
"""
IS_CLOSED = "SELECT 1 FROM mood_hours WHERE chat_id = ? AND hour = ? AND is_closed"

Change = tuple[MoodText | None, MoodText | None]
"""A message's part before and after; None where it has none."""


def add(connection: sqlite3.Connection, fresh: Sequence[Judged]) -> None:
    """Count what verdicts say that were stored just now; again is harmless.

    They count in the hour in which their messages were sent, unless that is closed. A verdict on
    an older edit says nothing, and neither does one on a private chat: those alone have ids above
    zero.
    """
    spoken = (one for one in fresh if one.message.chat_id < 0 and one.is_latest)
    _replace(connection, {one.message.id: _to_text(one) for one in spoken})


def withdraw(connection: sqlite3.Connection, messages: Sequence[str]) -> None:
    """Let messages count no longer, those of closed hours excepted."""
    _replace(connection, dict.fromkeys(messages))


def _replace(connection: sqlite3.Connection, after: Mapping[str, MoodText | None]) -> None:
    found = connection.execute(FIND, (json.dumps(list(after)),))
    before = {row[0]: _text(row) for row in found}
    changes = [(before.get(message), text) for message, text in after.items()]
    apply(connection, _without_closed(connection, [c for c in changes if c[0] != c[1]]))


def apply(connection: sqlite3.Connection, changes: Sequence[Change]) -> None:
    """Replace what messages say by something else, each once, and all sums with it."""
    if not changes:
        return
    removed = [old for old, _ in changes if old]
    added = [new for _, new in changes if new]
    counted = _find_first(connection, {text.copies for text in (*removed, *added)})
    connection.executemany(DROP_TEXT, ((text.message,) for text in removed))
    left = _find_first(connection, {text.copies for text in counted}) if removed else counted
    connection.executemany(ADD_TEXT, map(_row, added))
    count_now = first_of_copies([*left, *added])
    seats = {text.seat for text in (*removed, *added, *counted, *count_now)}
    votes = _find_votes(connection, seats)
    before = Sums.of(votes)
    _recount(votes, (removed, counted), -1)
    _recount(votes, (added, count_now), 1)
    _save_votes(connection, {seat: votes[seat] for seat in seats})
    _add_sums(connection, Sums.of(votes).since(before))


def list_of_hour(connection: sqlite3.Connection, chat_id: int, hour: int) -> list[MoodText]:
    """List what the messages of an open hour say."""
    return [_text(row) for row in connection.execute(OF_HOUR, (chat_id, hour))]


def _recount(
    votes: Mapping[Seat, Vote],
    what: tuple[Iterable[MoodText], Iterable[MoodText]],
    times: int,
) -> None:
    heard, counted = what
    for text in heard:
        votes[text.seat].hear(times)
    for text in counted:
        votes[text.seat].count(text.feeling, times)


def _without_closed(connection: sqlite3.Connection, changes: Iterable[Change]) -> list[Change]:
    """Leave out what is about hours whose texts are dropped: nothing can be taken away there."""
    found = list(changes)
    places = {text.copies[:2] for change in found for text in change if text}
    closed = {place for place in places if connection.execute(IS_CLOSED, place).fetchone()}
    return [
        change for change in found if not any(text and text.copies[:2] in closed for text in change)
    ]


def _find_first(connection: sqlite3.Connection, copies: Iterable[Copies]) -> list[MoodText]:
    """Find of each text's copies the one that counts, where there are any."""
    rows = (connection.execute(FIRST_COPY, which).fetchone() for which in copies)
    return [_text(row) for row in rows if row]


def _find_votes(connection: sqlite3.Connection, seats: Collection[Seat]) -> dict[Seat, Vote]:
    """Find the votes of whole authors and hours, and an empty one where there is none."""
    votes = {seat: Vote() for seat in seats}
    for chat_id, hour, author in {seat[:3] for seat in seats}:
        for thread, *sums in connection.execute(VOTES, (chat_id, hour, author)):
            votes[chat_id, hour, author, thread] = Vote(*sums)
    return votes


def _save_votes(connection: sqlite3.Connection, votes: Mapping[Seat, Vote]) -> None:
    rows = (
        (*seat, vote.messages, vote.texts, vote.negative, vote.neutral, vote.positive)
        for seat, vote in votes.items()
        if vote.messages
    )
    connection.executemany(SAVE_VOTE, rows)
    connection.executemany(DROP_VOTE, (seat for seat, vote in votes.items() if not vote.messages))


def _add_sums(connection: sqlite3.Connection, sums: Sums) -> None:
    threads = [(*place, *_columns(total)) for place, total in sums.threads.items()]
    connection.executemany(ADD_TO_THREAD, threads)
    hours = sums.hours
    changed = {*hours, *(hour for hour, authors in sums.authors.items() if authors)}
    connection.executemany(
        ADD_TO_HOUR,
        ((*hour, *_columns(hours.get(hour, Total())), sums.authors[hour]) for hour in changed),
    )


def _columns(total: Total) -> tuple[int, ...]:
    return total.votes, total.negative, total.neutral, total.positive, total.messages


def _to_text(one: Judged) -> MoodText | None:
    """What a message says; None for one whose text is gone, or that holds nothing to score."""
    spoken, feeling = one.message, feeling_of(one.verdict.scores.get(SENTIMENT, {}))
    if not spoken.text or feeling is None:
        return None
    hour, copy = spoken.sent_at // HOUR_SECONDS, copy_of(spoken.text)
    place = (spoken.chat_id, hour, spoken.thread)
    return MoodText(spoken.id, *place, spoken.author, copy, spoken.sent_at, feeling)


def _text(row: Sequence[Any]) -> MoodText:
    message, chat_id, hour, thread, author, copy, sent_at, *feeling = row
    return MoodText(message, chat_id, hour, thread, author, copy, sent_at, tuple(feeling))


def _row(text: MoodText) -> tuple[object, ...]:
    return (
        text.message,
        text.chat_id,
        text.hour,
        text.thread,
        text.author,
        text.copy,
        text.sent_at,
        *text.feeling,
    )
