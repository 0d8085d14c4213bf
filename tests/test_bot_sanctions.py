"""What settling an incident plans, however large the incident is."""

import pytest

from bot.moderation.incidents import SANCTIONS, Exhibit
from bot.moderation.sanctions import plan_sanction, take_back
from bot.policy import Decision
from bot.storage import chats, exhibits, filing, incidents
from bot.storage.database import Storage
from bot.storage.incidents import Presser

GROUP, FLOODER, MESSAGES = -100500, 7, 1200


def message(number):
    key = f"{GROUP}:{number}"
    scores = {"toxicity": {"toxic": 0.9}}
    return Exhibit(
        f"{key}:0", key, GROUP, number, None, FLOODER, "Олег", "Ты урод", False, scores, "1"
    )


@pytest.fixture
def storage(tmp_path):
    storage = Storage.open(tmp_path / "nastroi.db")
    yield storage
    storage.close()


@pytest.fixture
def flood(storage):
    """The number of an incident of more messages than Telegram deletes in ten calls."""
    decision = Decision("moderate", ())
    filed = {
        filing.file(storage.connection, message(number), decision, 1.0)
        for number in range(MESSAGES)
    }
    (incident,) = filed
    return incident


def test_every_message_of_a_flood_is_to_be_deleted_and_its_author_banned_once(storage, flood):
    incident = incidents.find(storage.connection, flood)
    plan_sanction(storage.connection, incident, SANCTIONS["banned"], Presser(1, "Анна", 2.0))
    planned = storage.connection.execute("SELECT kind, target FROM measures").fetchall()
    assert {target for kind, target in planned if kind == "delete"} == set(range(MESSAGES))
    assert [target for kind, target in planned if kind == "ban"] == [FLOODER]


def test_the_last_messages_of_a_flood_are_found_by_their_numbers(storage, flood):
    found = exhibits.list_of_messages(storage.connection, flood, {0, MESSAGES - 1})
    assert [exhibit.message_id for exhibit in found] == [0, MESSAGES - 1]


def test_of_each_sender_the_last_message_is_found(storage, flood):
    (latest,) = exhibits.list_latest_of(storage.connection, flood, [FLOODER, 8])
    assert latest.message_id == MESSAGES - 1


def test_an_undone_flood_is_not_said_again_message_by_message(storage, flood):
    def planned(kind):
        query = "SELECT target FROM measures WHERE kind = ?"
        return [target for (target,) in storage.connection.execute(query, (kind,))]

    anna = Presser(1, "Анна", 2.0)
    incidents.open_(storage.connection, flood)
    incidents.settle(storage.connection, flood, "banned", anna)
    plan_sanction(
        storage.connection, incidents.find(storage.connection, flood), SANCTIONS["banned"], anna
    )
    storage.connection.execute("UPDATE measures SET state = 'done'")
    assert take_back(storage.connection, incidents.find(storage.connection, flood), anna)
    assert (planned("restore"), planned("unban")) == ([0], [FLOODER])


def test_a_card_is_shown_anew_where_its_moderators_group_has_moved(storage, flood):
    incidents.open_(storage.connection, flood)
    before = incidents.find(storage.connection, flood)
    incidents.note_shown(storage.connection, before, (-9, 55))
    for _ in range(2):
        chats.move(storage.connection, -9, -100900, 3.0)
    moved = incidents.find(storage.connection, flood)
    # Number 55 of the supergroup is another message.
    assert (moved.card_chat_id, moved.card_message_id) == (-100900, None)
    assert moved.version == before.version + 1
