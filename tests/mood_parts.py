"""What tests of moods share: messages that are said, scored and counted, and a plain recount."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bot_parts import rows, verdict_on

from bot.fingerprints import fingerprint
from bot.intake import sort_updates
from bot.storage import channel_posts, forgetting, messages, verdicts
from bot.storage.database import Storage
from bot.storage.forgetting import Forgetting
from core.contracts import Text, Verdict

CHAT, OLD_CHAT, CHANNEL = -1002, -4, -1009
HOUR = 472_000
NOW = HOUR * 3600
FEELINGS = {
    "bad": {"negative": 0.8, "neutral": 0.15, "positive": 0.05},
    "good": {"negative": 0.1, "neutral": 0.2, "positive": 0.7},
    "plain": {"negative": 0.1, "neutral": 0.8, "positive": 0.1},
}


def update(number: int, text: str, **fields: Any) -> dict[str, Any]:
    """What Telegram says of a message; `author`, `thread`, `at`, `chat_id` and `edit` differ."""
    chat_id = fields.get("chat_id", CHAT)
    kind = {CHANNEL: "channel", OLD_CHAT: "group"}.get(chat_id, "supergroup")
    body: dict[str, Any] = {
        "message_id": number,
        "date": fields.get("at", NOW),
        "chat": {
            "id": chat_id,
            "type": kind if chat_id < 0 else "private",
            "title": "Двор на Садовой",
        },
        "text": text,
    }
    if chat_id == CHANNEL:
        body["sender_chat"] = body["chat"]
    else:
        body["from"] = {"id": fields.get("author", 7), "is_bot": False, "first_name": "Анна"}
    if fields.get("thread"):
        body["message_thread_id"] = fields["thread"]
    if "edit" in fields:
        body["edit_date"] = fields["edit"]
    return {"update_id": number + fields.get("edit", 0), "message": body}


def say(storage: Storage, number: int, text: str, **fields: Any) -> Text:
    """Store a message, or a state of it, that waits for its verdict."""
    batch = sort_updates([update(number, text, **fields)], fields.get("at", NOW) + 1.0)
    channel_posts.save(storage.connection, batch.posts)
    (found,) = messages.save(storage.connection, batch.to_score)
    return found


def judge(storage: Storage, text: Text, feeling: str = "bad") -> Verdict:
    """Save what the model says of a text."""
    scores = {"sentiment": FEELINGS[feeling]} if text.text else {}
    verdict = verdict_on(text, scores)
    verdicts.save(storage.connection, [verdict], NOW + 5.0)
    return verdict


def tell(storage: Storage, number: int, text: str, feeling: str = "bad", **fields: Any) -> Verdict:
    """Store a message with its verdict."""
    return judge(storage, say(storage, number, text, **fields), feeling)


def forget(storage: Storage, person: int = 7) -> None:
    """Forget what somebody wrote, as far as texts go."""
    order = Forgetting("press", person, person, None, NOW)
    forgetting.begin(storage.connection, order)
    while forgetting.forget_texts(storage.connection, order):
        pass


SPOKEN = """
SELECT m.id, m.chat_id, m.sent_at, coalesce(m.thread_id, 0), m.sender_id, m.text, v.scores
FROM messages AS m JOIN verdicts AS v ON v.key = m.id || ':' || m.state
WHERE m.chat_id < 0 AND m.text <> '' ORDER BY m.sent_at, m.id
"""
Sums = Mapping[tuple[int, int], Sequence[int]]


def recount(storage: Storage) -> dict[tuple[int, int], list[int]]:
    """Count from scratch what every chat's hours hold, as a page of text would say it."""
    votes: defaultdict[tuple[int, ...], list[list[int]]] = defaultdict(list)
    said: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    heard = set()
    for _, chat, sent_at, thread, author, text, scores in rows(storage, SPOKEN):
        hour, sentiment = sent_at // 3600, json.loads(scores)["sentiment"]
        said[chat, hour].append(author)
        if (chat, hour, fingerprint(text)) not in heard:
            heard.add((chat, hour, fingerprint(text)))
            feeling = [round(1e6 * sentiment[label]) for label in sorted(sentiment)]
            votes[chat, hour, thread, author].append(feeling)
    means = {
        seat: [sum(part) // len(texts) for part in zip(*texts, strict=True)]
        for seat, texts in votes.items()
    }
    found = {}
    for place, authors in said.items():
        mine = [mean for seat, mean in means.items() if seat[:2] == place]
        sums = [sum(part) for part in zip(*mine, strict=True)]
        found[place] = [len(mine), *sums, len(authors), len(set(authors))]
    return found


KEPT = """
SELECT chat_id, hour, votes, negative, neutral, positive, messages, authors
FROM mood_hours WHERE messages <> 0 OR votes <> 0 OR authors <> 0
"""


def kept(storage: Storage) -> dict[tuple[int, int], list[int]]:
    """What the writer keeps of every chat's hours."""
    return {(chat, hour): sums for chat, hour, *sums in map(list, rows(storage, KEPT))}
