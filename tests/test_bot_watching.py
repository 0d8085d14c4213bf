"""Channels read from outside: what a page says, when it is read, who may ask for it."""

import pytest
from bot_parts import rows, score, verdict_on

from bot.mood.places import places_of
from bot.outside.channels import (
    LEAST_PAUSE,
    MISSING_PAUSE,
    MOST_PAUSE,
    Look,
    NoChannelError,
    Pace,
    channel_name,
    is_watched,
    next_pace,
)
from bot.outside.watching import save_part
from bot.storage import (
    channel_readings,
    chats,
    communities,
    messages,
    training_data,
    verdicts,
    watches,
)
from bot.storage.communities import By
from bot.storage.watches import Asked
from core.contracts import Text
from core.reading import ChannelPost, ReadEnd, ReadPart

pytest_plugins = ["playground_fixtures", "bot_fixtures"]

YARD, STAFF = -1001, -1002
BY = By(7, 1000.0)


def post(number, text="Привет"):
    return ChannelPost(number=number, text=text, posted_at=100.0 + number)


def posts(*numbers, text="Привет"):
    return tuple(post(number, text) for number in numbers)


def read(outcome="read", title="Город"):
    return ReadEnd(outcome=outcome, title=title)


@pytest.fixture
def watched(storage):
    """A database in which a linked community has just asked for @gorod."""
    with storage.connection:
        communities.link(storage.connection, YARD, STAFF, 7, 1.0)
        watches.watch(storage.connection, Asked(YARD, "gorod", STAFF), BY)
    return storage


def look(storage, shown, at=2000.0, end=None):
    """Read the channel's page once; return the keys of the texts that are to be scored."""
    reading = channel_readings.begin(storage.connection, 1, at)
    part = ReadPart(order_id=reading.order_id, number=0, posts=shown, end=end or read())
    found = save_part(storage.connection, part, at)
    return [text.key for text in found]


def channel(storage, column):
    ((value,),) = rows(storage, f"SELECT {column} FROM watched_channels")
    return value


def gone(storage):
    return [n for (n,) in rows(storage, "SELECT number FROM watched_posts WHERE gone_at > 0")]


@pytest.mark.parametrize(
    "text",
    [
        "@Gorod",
        "gorod",
        "t.me/gorod",
        "https://t.me/s/gorod",
        "https://t.me/gorod/12?single",
        "http://telegram.me/Gorod/",
        "https://t.me/s/gorod?before=40",
    ],
)
def test_a_channel_is_named_in_many_ways(text):
    assert channel_name(text) == "gorod"


@pytest.mark.parametrize(
    "text", ["", "@", "город", "t.me/+AbCdEf123", "t.me/c/12345/6", "t.me/joinchat/AAA", "@a b",
             "https://example.org/gorod", "@1gorod", "@" + "a" * 40, "@duro\u017f"]
)  # fmt: skip
def test_what_names_no_public_channel_is_refused(text):
    with pytest.raises(NoChannelError):
        channel_name(text)


def test_posts_become_messages_of_a_chat_that_telegram_does_not_know(watched):
    assert look(watched, posts(5, 6)) == ["-9000000000001:5:0", "-9000000000001:6:0"]
    stored = rows(watched, "SELECT chat_id, message_id, sender_id, sent_at FROM messages")
    assert stored == [(-9000000000001, 5, None, 105), (-9000000000001, 6, None, 106)]
    assert chats.find_title(watched.connection, -9000000000001) == "Город"


def test_the_same_page_again_changes_nothing(watched):
    look(watched, posts(5, 6))
    assert look(watched, posts(5, 6), 3000.0) == []
    assert rows(watched, "SELECT DISTINCT state FROM messages") == [(0,)]


def test_an_edited_post_is_another_text(watched):
    look(watched, posts(5, 6))
    assert look(watched, (post(5), post(6, "Кошмар")), 3000.0) == ["-9000000000001:6:3000"]


def test_a_post_whose_text_was_dropped_for_its_age_is_not_taken_for_an_edited_one(watched):
    look(watched, posts(5, 6))
    messages.purge_texts(watched.connection, 2500.0, (0, 99))
    assert look(watched, posts(5, 6), 3000.0) == []


def test_a_number_that_the_page_leaves_out_was_deleted(watched):
    look(watched, posts(5, 6, 7))
    assert look(watched, posts(5, 7), 3000.0) == []
    assert gone(watched) == [6]
    assert rows(watched, "SELECT message_id FROM messages WHERE text IS NULL") == [(6,)]


def test_a_page_that_shows_fewer_posts_deletes_none(watched):
    look(watched, posts(5, 6, 7, 8))
    look(watched, posts(7), 3000.0)
    look(watched, (), 4000.0)
    assert gone(watched) == []


def test_a_post_that_comes_back_counts_again(watched):
    look(watched, posts(5, 6, 7))
    look(watched, posts(5, 7), 3000.0)
    assert look(watched, posts(5, 6, 7), 4000.0) == ["-9000000000001:6:4000"]
    assert gone(watched) == []


def test_a_deleted_post_counts_no_longer_in_the_mood(watched):
    keys = look(watched, posts(5, 6, 7))
    scores = score("Привет")
    found = [verdict_on(Text(key=key, text="", received_at=2.0), scores) for key in keys]
    verdicts.save(watched.connection, found, 2001.0)
    assert rows(watched, "SELECT sum(messages) FROM mood_hours") == [(3,)]
    look(watched, posts(5, 7), 3000.0)
    assert rows(watched, "SELECT sum(messages) FROM mood_hours") == [(2,)]


def test_an_older_page_without_posts_is_no_trouble(watched):
    look(watched, posts(*range(81, 101)))
    look(watched, (), 3000.0, read("no-reviews"))
    assert (channel(watched, "outcome"), channel(watched, "before")) == ("read", None)


def test_posts_without_words_are_known_but_not_scored(watched):
    assert look(watched, posts(5, text="")) == []
    assert rows(watched, "SELECT number FROM watched_posts") == [(5,)]
    assert rows(watched, "SELECT 1 FROM messages") == []


def test_a_part_that_comes_twice_or_too_late_changes_nothing(watched):
    reading = channel_readings.begin(watched.connection, 1, 2000.0)
    first = ReadPart(order_id=reading.order_id, number=0, posts=posts(5))
    last = ReadPart(order_id=reading.order_id, number=1, posts=posts(6), end=read())
    assert [len(save_part(watched.connection, p, 2001.0)) for p in (first, last)] == [1, 1]
    late = first.model_copy(update={"posts": posts(5, text="Старое")})
    assert save_part(watched.connection, late, 2002.0) == []
    assert channel(watched, "fresh") == 2


@pytest.mark.parametrize(
    "order_id", ["watch-1-9-2000", "watch-9-1-2000", "watch-1-1-1999", "watch-", "watch-1-1"]
)
def test_a_part_of_no_known_reading_is_passed_over(watched, order_id):
    channel_readings.begin(watched.connection, 1, 2000.0)
    assert save_part(watched.connection, ReadPart(order_id=order_id, number=0), 2001.0) == []


def test_the_first_look_reads_a_few_older_pages(watched):
    look(watched, posts(*range(81, 101)))
    assert (channel(watched, "before"), channel(watched, "due_at")) == (81, 2000 + LEAST_PAUSE)
    look(watched, posts(*range(61, 81)), 3000.0)
    look(watched, posts(*range(41, 61)), 4000.0)
    assert channel(watched, "before") is None
    assert rows(watched, "SELECT count(*) FROM messages") == [(60,)]


def test_more_posts_than_a_page_shows_are_read_back_to_what_is_known(watched):
    look(watched, posts(1, 2))
    look(watched, posts(*range(20, 40)), 3000.0)
    assert channel(watched, "before") == 20
    look(watched, posts(*range(1, 20)), 4000.0)
    assert channel(watched, "before") is None


def test_a_quiet_channel_is_read_ever_more_rarely():
    pace, pauses = Pace(), []
    for _ in range(7):
        pace = next_pace(pace, Look("read", 5, 0))
        pauses.append(pace.pause)
    assert pauses == [120, 240, 480, 960, 1800, 1800, 1800]


@pytest.mark.parametrize("pace", [Pace(), Pace(MOST_PAUSE), Pace(21600.0)])
def test_something_new_brings_the_next_look_to_a_minute(pace):
    assert next_pace(pace, Look("read", 1, 3)).pause == LEAST_PAUSE


@pytest.mark.parametrize("outcome", ["blocked", "unreachable", "busy", "changed", "crashed"])
def test_trouble_keeps_away_for_long_and_then_goes_on_where_it_was(outcome):
    pace = Pace(before=40, pages_left=1)
    first = next_pace(pace, Look(outcome, None, 0))
    second = next_pace(first, Look(outcome, None, 0))
    assert (first.pause, second.pause, second.before) == (900, 3600, 40)


def test_a_channel_that_cannot_be_seen_is_looked_for_once_a_day():
    assert next_pace(Pace(), Look("not-found", None, 0)) == Pace(MISSING_PAUSE)


def test_how_it_goes_is_told_once_and_only_moves_forward(watched):
    states = []
    for outcome in ("blocked", "blocked", "read", "blocked", "not-found", "read"):
        look(watched, (), end=read(outcome))
        news = watches.find_news(watched.connection)
        states.append([one.state for one in news])
        [watches.note_told(watched.connection, one) for one in news]
    assert states == [["trouble"], [], ["read"], [], ["missing"], []]


def test_only_what_someone_watches_is_due(watched):
    assert channel_readings.find_due(watched.connection, 1000.0) == 1
    assert channel_readings.find_due(watched.connection, 999.0) is None
    communities.unlink(watched.connection, YARD, 7, 2.0)
    assert channel_readings.find_due(watched.connection, 1000.0) is None


def test_asking_again_and_again_reads_no_sooner_than_after_a_minute(watched):
    look(watched, posts(5), 2000.0)
    watches.unwatch(watched.connection, YARD, 1, BY)
    watches.watch(watched.connection, Asked(YARD, "gorod", STAFF), By(7, 2010.0))
    assert channel(watched, "due_at") == 2000 + LEAST_PAUSE
    assert rows(watched, "SELECT what, before, after FROM settings_changes WHERE what = 'watch'")


def test_a_community_watches_a_bounded_number_of_channels(watched):
    for number in range(1, watches.MOST_WATCHED):
        watches.watch(watched.connection, Asked(YARD, f"chan{number}", STAFF), BY)
    with pytest.raises(watches.TooManyWatchedError):
        watches.watch(watched.connection, Asked(YARD, "onemore", STAFF), BY)
    assert not watches.watch(watched.connection, Asked(YARD, "gorod", STAFF), BY)


def test_a_watched_channel_is_offered_nowhere(watched):
    look(watched, posts(5))
    assert chats.recent(watched.connection, ["channel"], 9) == []
    assert [one.chat_id for one in communities.all_linked(watched.connection)] == [YARD]


def test_no_training_learns_from_a_watched_channel(watched):
    look(watched, posts(5))
    assert training_data.select(watched.connection).unlabelled == ()


def test_watches_move_with_their_group(watched):
    chats.move(watched.connection, YARD, -77, 3.0)
    assert [one.name for one in watches.of_community(watched.connection, -77)] == ["gorod"]


@pytest.mark.asyncio
async def test_communities_are_offered_before_what_they_watch(watched):
    places = await places_of(watched, [YARD, -1003])
    assert (places[:2], [is_watched(one) for one in places]) == (
        [YARD, -1003],
        [False, False, True],
    )
