"""What becomes of each kind of Telegram message, and that no shape of one stops the others."""

import json
import sqlite3
from contextlib import closing

import pytest
from aiogram.types import Update
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.intake import sort_updates
from bot.messages import brings_reviews, link_in
from bot.storage import messages
from bot.storage.database import Storage
from bot.updates import order_key

pytest_plugins = ["bot_fixtures"]

USER = {"id": 7, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
GROUP = {"id": -100500, "type": "supergroup", "title": "Двор"}
CHANNEL = {"id": -100900, "type": "channel", "title": "Лавка"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Анна"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


def update(kind="message", **fields):
    message = {"message_id": 5, "date": 1_700_000_000, "chat": GROUP, "from": USER} | fields
    return {"update_id": 1, kind: {k: v for k, v in message.items() if v is not None}}


def sort(*updates):
    return sort_updates(updates, received_at=1.5)


def scored(**fields):
    (message,) = sort(update(**fields)).to_score
    return message


def test_a_group_message_is_scored():
    message = scored(text="Привет", message_thread_id=9)
    assert (message.id, message.chat.id, message.sender_id) == ("-100500:5", -100500, 7)
    assert (message.text, message.thread_id, message.received_at) == ("Привет", 9, 1.5)
    assert (message.sent_at, message.edited_at) == (1_700_000_000, 0)


def test_a_caption_is_a_text():
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    assert scored(caption="Вот такой хлеб", photo=photo).text == "Вот такой хлеб"


def test_a_channel_post_has_no_sender_but_its_channel():
    message = scored(kind="channel_post", chat=CHANNEL, sender_chat=CHANNEL, text="Новость")
    assert message.sender_id == CHANNEL["id"]


@pytest.mark.parametrize(("bot", "speaks_for"), [(ANONYMOUS, GROUP), (CHANNEL_BOT, CHANNEL)])
def test_who_writes_as_a_chat_is_that_chat(bot, speaks_for):
    message = scored(text="Решили так", sender_chat=speaks_for, **{"from": bot})
    assert message.sender_id == speaks_for["id"]


@pytest.mark.parametrize(
    "fields",
    [
        {"from": TELEGRAM, "sender_chat": CHANNEL, "is_automatic_forward": True},
        {"from": TELEGRAM},
        {"from": {"id": 8, "is_bot": True, "first_name": "Бот"}},
    ],
)
def test_what_no_person_wrote_here_goes_nowhere(fields):
    batch = sort(update(text="Новость", **fields))
    assert (batch.to_score, batch.to_handle) == ([], [])


@pytest.mark.parametrize(
    ("text", "chat"),
    [("/start", GROUP), ("/ping@nastroi_bot ", GROUP), ("/help please", PRIVATE)],
)
def test_a_command_goes_to_the_handlers(text, chat):
    command = update(text=text, chat=chat)
    batch = sort(command)
    assert (batch.to_score, batch.to_handle) == ([], [command])


@pytest.mark.parametrize("text", ["/x ты урод", "/help@nastroi_bot\nты урод"])
def test_a_command_hides_no_words_from_a_group(text):
    command = update(text=text)
    batch = sort(command)
    assert ([m.text for m in batch.to_score], batch.to_handle) == ([text], [command])


def test_an_edit_commands_nothing():
    batch = sort(update(kind="edited_message", text="/x ты урод", edit_date=1_700_000_001))
    assert ([m.text for m in batch.to_score], batch.to_handle) == (["/x ты урод"], [])


@pytest.mark.parametrize("text", ["/ плохо", "/Ужас, просто ужас", "5/5 звёзд", "//"])
def test_a_slash_alone_does_not_make_a_command(text):
    assert scored(text=text).text == text


@pytest.mark.parametrize(
    "service",
    [
        {"new_chat_members": [USER]},
        {"migrate_to_chat_id": -100777},
        {"pinned_message": {"message_id": 1, "date": 0, "chat": GROUP}},
    ],
)
def test_a_service_message_goes_to_the_handlers(service):
    batch = sort(update(**service))
    assert (batch.to_score, len(batch.to_handle)) == ([], 1)


def test_only_captioned_parts_of_an_album_are_texts_and_each_is():
    parts = [
        update(message_id=number, media_group_id="77", caption=caption)
        for number, caption in enumerate(["Первый", None, "Третий"], 1)
    ]
    found = sort(*parts).to_score
    assert [(m.text, m.album) for m in found] == [("Первый", "77"), ("Третий", "77")]


def test_the_language_is_kept_only_in_private():
    assert scored(text="a", chat=PRIVATE).language == "ru"
    assert scored(text="a").language is None


def test_half_a_surrogate_pair_is_replaced():
    assert scored(text="ой \ud83d").text == "ой \ufffd"


def test_half_a_surrogate_pair_in_private_stops_no_other_message():
    strange = update(text="ой \ud83d", chat=PRIVATE)
    pasted = update(text="★★ \ud83d\n5/5 да", chat=PRIVATE)
    batch = sort(strange, pasted, update(text="два", chat=PRIVATE))
    assert [message.text for message in batch.to_score] == ["ой \ufffd", "два"]
    assert len(batch.to_handle) == 1


def test_an_unreadable_update_is_logged_without_its_text_and_stops_no_other(log_lines):
    broken = update(text="тайна", chat={"id": "нет", "type": "group"})
    too_large = update(text="тайна", chat={"id": 2**64, "type": "group"})
    batch = sort(update(text="раз"), broken, too_large, update(text="два"))
    assert [message.text for message in batch.to_score] == ["раз", "два"]
    assert len(log_lines) == 2
    assert "тайна" not in str(log_lines)


STRANGE = [
    {"entities": [{"shape": "round"}]},
    {"document": "round"},
    {"forward_origin": {"type": "teleport", "date": 1}},
    {"quote": {"shape": "round"}},
    {
        "reply_to_message": {
            "message_id": 4,
            "date": 1,
            "chat": GROUP,
            "paid_media": {"star_count": 1, "paid_media": [{"type": "hologram"}]},
        }
    },
]


@pytest.mark.parametrize("strange", STRANGE)
def test_what_stands_beside_a_text_never_hides_it(strange):
    message = scored(text="Кошмар", message_thread_id=9, **strange)
    expected = 4 if "reply_to_message" in strange else None
    assert (message.text, message.thread_id, message.reply_to) == ("Кошмар", 9, expected)


@pytest.mark.parametrize("strange", STRANGE)
def test_what_stands_beside_a_command_never_hides_it(strange):
    (raw,) = sort(update(text="/start", chat=PRIVATE, **strange)).to_handle
    assert Update.model_validate(raw).message.text == "/start"


def test_what_stands_beside_a_link_hides_neither_it_nor_the_file_beside_another():
    link = {"type": "text_link", "offset": 0, "length": 6, "url": "https://otzovik.com/reviews/x"}
    strange = {"chat": PRIVATE, "forward_origin": {"type": "teleport", "date": 1}}
    file = {"file_id": "1", "file_unique_id": "2", "file_name": "отзывы.csv"}
    batch = sort(
        update(text="Отзывы", entities=[link], **strange), update(document=file, **strange)
    )
    linked, filed = [Update.model_validate(raw).message for raw in batch.to_handle]
    assert (link_in(linked), brings_reviews(filed)) == (link["url"], True)


def test_what_is_left_of_a_message_is_said_in_the_order_in_which_telegram_said_it():
    names = ["text", "from", "chat", "date", "message_id", "media_group_id", "edit_date", "caption"]
    whole = update(text="/start", media_group_id="1", edit_date=0, caption="", quote=0)["message"]
    (raw,) = sort({"update_id": 1, "message": {n: whole[n] for n in [*names, "quote"]}}).to_handle
    assert list(raw["message"]) == names


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
NUMBERS = st.integers(-(2**70), 2**70)
PEOPLE = st.fixed_dictionaries(
    {"id": NUMBERS, "is_bot": st.booleans(), "first_name": st.text(max_size=5)},
    optional={"language_code": st.text(max_size=5)},
)
CHATS = st.fixed_dictionaries(
    {"id": NUMBERS, "type": st.sampled_from(["private", "group", "supergroup", "channel"])},
    optional={"title": st.text(st.characters(), max_size=5)},
)
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=[]), max_size=30)
JSON = st.recursive(LEAVES, lambda x: st.lists(x) | st.dictionaries(st.text(), x), max_leaves=5)
MESSAGES = st.fixed_dictionaries(
    {"message_id": NUMBERS, "date": NUMBERS, "chat": CHATS},
    optional={
        "from": PEOPLE | JSON,
        "sender_chat": CHATS | JSON,
        "text": ANY_TEXT,
        "caption": ANY_TEXT,
        "edit_date": NUMBERS,
        "message_thread_id": NUMBERS,
        "media_group_id": st.text(max_size=5) | JSON,
        "is_automatic_forward": st.booleans(),
        "reply_to_message": JSON,
        "entities": JSON,
        "migrate_to_chat_id": NUMBERS,
    },
)
KINDS = st.sampled_from(
    ["message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "x"]
)
UPDATES = st.builds(
    lambda number, kind, content: {"update_id": number, kind: content},
    st.integers(0, 2**70),
    KINDS,
    MESSAGES | JSON,
)


@pytest.fixture(scope="module")
def fuzzed_storage(tmp_path_factory):
    with closing(Storage.open(tmp_path_factory.mktemp("fuzz") / "nastroi.db")) as storage:
        yield storage


@hypothesis_settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(UPDATES, max_size=3))
def test_whatever_telegram_sends_can_be_sorted_stored_and_put(fuzzed_storage, updates):
    batch = sort(*updates)
    assert max(len(batch.to_score), len(batch.to_handle)) <= len(updates)
    connection: sqlite3.Connection = fuzzed_storage.connection
    for text in messages.save(connection, batch.to_score):
        text.model_dump_json()
    for raw in batch.to_handle:
        json.dumps(raw).encode("ascii")
        assert isinstance(order_key(raw), str)
