"""Hours whose texts are not kept any longer: what names authors goes, the sums stay."""

import sqlite3

from bot.mood.votes import HOUR_SECONDS

MOST_HOURS = 200

OPEN = """
SELECT chat_id, hour, messages FROM mood_hours
WHERE is_closed = 0 AND hour < :hour AND (:chat IS NULL OR chat_id = :chat)
ORDER BY hour LIMIT :limit
"""
CLOSE = (
    "DELETE FROM mood_texts WHERE chat_id = ? AND hour = ?",
    "DELETE FROM mood_votes WHERE chat_id = ? AND hour = ?",
    "UPDATE mood_hours SET is_closed = 1 WHERE chat_id = ? AND hour = ?",
)


def close(
    connection: sqlite3.Connection, sent_before: float, most: int, chat_id: int | None = None
) -> bool:
    """Close some hours that ended before an epoch second, of one chat or of all.

    Until `most` messages are passed, one hour at least. Returns whether there may be more.
    """
    values = {"hour": int(sent_before // HOUR_SECONDS), "chat": chat_id, "limit": MOST_HOURS}
    passed = 0
    found = connection.execute(OPEN, values).fetchall()
    for chat, hour, messages in found:
        for statement in CLOSE:
            connection.execute(statement, (chat, hour))
        passed += messages
        if passed >= most:
            break
    # Hours in which all was forgotten hold no messages, but there may be others behind them.
    return bool(found)
