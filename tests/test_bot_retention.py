"""A community may keep its texts for less time than the operator; others stay as they are."""

import pytest
from bot_parts import rows

from bot.intake import sort_updates
from bot.retention import DAY_SECONDS, purge_sooner
from bot.storage import communities, labels, messages
from bot.storage.communities import By
from bot.storage.labels import Label

pytest_plugins = ["bot_fixtures"]

HERE, ELSEWHERE = -4000, -5000
NOW = 100 * DAY_SECONDS


@pytest.fixture
def say(storage):
    """Stores a message that came so many days ago."""

    def store(number, days_ago, chat_id=HERE):
        chat = {"id": chat_id, "type": "group", "title": "Двор"}
        user = {"id": 7, "is_bot": False, "first_name": "Анна"}
        message = {"message_id": number, "date": 1, "chat": chat, "from": user, "text": "раз"}
        batch = sort_updates([{"update_id": number, "message": message}], NOW)
        messages.save(storage.connection, batch.to_score)
        received = "UPDATE messages SET received_at = ? WHERE id = ?"
        at = NOW - days_ago * DAY_SECONDS
        storage.connection.execute(received, (at, f"{chat_id}:{number}"))
        storage.connection.commit()

    return store


def kept(storage):
    return [
        row[0]
        for row in rows(storage, "SELECT id FROM messages WHERE text IS NOT NULL ORDER BY id DESC")
    ]


async def test_old_texts_go_where_the_community_says_so(storage, say):
    say(1, days_ago=9)
    say(2, days_ago=5)
    say(3, days_ago=9, chat_id=ELSEWHERE)
    await storage.write(communities.save_setting, HERE, ("retention_days", 7), By(7, NOW))
    assert await purge_sooner(storage, NOW) == 1
    assert kept(storage) == [f"{ELSEWHERE}:3", f"{HERE}:2"]
    assert await purge_sooner(storage, NOW) == 0


async def test_more_texts_than_go_at_once_all_go(storage, say, monkeypatch):
    monkeypatch.setattr("bot.retention.ROWS_AT_A_TIME", 2)
    for number in range(5):
        say(number, days_ago=9)
    await storage.write(communities.save_setting, HERE, ("retention_days", 7), By(7, NOW))
    assert await purge_sooner(storage, NOW) == 5
    assert kept(storage) == []


async def test_a_labelled_text_stays(storage, say):
    say(1, days_ago=9)
    label = Label("p", NOW, 7, "card", f"{HERE}:1:0", "sentiment", "tiny-1", "", "positive")
    await storage.write(labels.append, label)
    await storage.write(communities.save_setting, HERE, ("retention_days", 7), By(7, NOW))
    assert await purge_sooner(storage, NOW) == 0
    assert kept(storage) == [f"{HERE}:1"]
