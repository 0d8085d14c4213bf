"""What /mood reads from words and works out of votes: periods, buckets, scores, intervals."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mood.buckets import blocks, cut
from bot.mood.period import PeriodError, read_period
from bot.mood.score import LEAST_VOTES, Sample, Tally, student, tally_by_hour, total
from bot.storage.moods import HourMood

MOSCOW, SAMARA = "Europe/Moscow", ZoneInfo("Europe/Samara")
# A Wednesday, 14:30 in Moscow.
NOW = datetime(2026, 11, 25, 11, 30, tzinfo=UTC).timestamp()


def local(at):
    return datetime.fromtimestamp(at, ZoneInfo(MOSCOW)).strftime("%d.%m.%y %H:%M")


def read(words, now=NOW):
    """The four ends of a period, in Moscow."""
    period = read_period(words, now, MOSCOW)
    ends = (period.since, period.until, period.before_since, period.before_until)
    return [local(end) for end in ends]


def problem(words):
    with pytest.raises(PeriodError) as error:
        read_period(words, NOW, MOSCOW)
    return error.value.problem


@pytest.mark.parametrize("words", ["24h", "24 h", "24ч", " 24H "])
def test_hours_are_the_last_ones_up_to_now(words):
    assert read(words) == [
        "24.11.26 14:30",
        "25.11.26 14:30",
        "23.11.26 14:30",
        "24.11.26 14:30",
    ]


@pytest.mark.parametrize("words", ["", "7d", "7 д", "1w", "1н"])
def test_days_are_whole_ones_and_today_against_the_same_part_of_the_time_before(words):
    assert read(words) == [
        "19.11.26 00:00",
        "25.11.26 14:30",
        "12.11.26 00:00",
        "18.11.26 14:30",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "01.11–15.11",
        "1.11 - 15.11",
        "01.11..15.11",
        "01.11 15.11",
        "01.11.26—15.11.2026",
        "2026-11-01..2026-11-15",
        "2026-11-01 2026-11-15",
    ],
)
def test_dates_are_read_as_people_write_them_both_included(words):
    assert read(words) == [
        "01.11.26 00:00",
        "16.11.26 00:00",
        "17.10.26 00:00",
        "01.11.26 00:00",
    ]


def test_one_date_is_a_day():
    assert read("02.11")[:2] == ["02.11.26 00:00", "03.11.26 00:00"]


def test_what_lies_in_the_future_is_cut_off():
    assert read("20.11.26-30.11.26") == [
        "20.11.26 00:00",
        "25.11.26 14:30",
        "09.11.26 00:00",
        "14.11.26 14:30",
    ]


def test_a_date_without_a_year_is_the_last_such_day():
    assert read("30.12-02.01")[:2] == ["30.12.25 00:00", "03.01.26 00:00"]
    assert read("29.02")[0] == "29.02.24 00:00"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("вчера", "unreadable"),
        ("7", "unreadable"),
        ("0d", "unreadable"),
        ("01.11-15.11-20.11", "unreadable"),
        ("31.02", "no-such-day"),
        ("2026-13-01", "no-such-day"),
        ("2026-11-15 2026-11-01", "backwards"),
        ("15.11-01.11", "backwards"),
        ("2026-11-26", "future"),
        ("400d", "too-long"),
        ("73h", "too-long"),
        ("2025-01-01..2026-11-01", "too-long"),
    ],
)
def test_what_is_no_period_is_told_apart(words, expected):
    assert problem(words) == expected


@given(st.text(max_size=30) | st.from_regex(r"[0-9.\-–/hdчд ]{1,24}", fullmatch=True))
def test_any_words_are_a_period_or_a_problem(words):
    try:
        period = read_period(words, NOW, MOSCOW)
    except PeriodError:
        return
    assert period.before_since < period.before_until <= period.since < period.until <= NOW
    assert read_period(period.name, NOW, MOSCOW) == period
    assert len(period.name) <= 24


def hours_of(period, votes, score=0.0):
    """The same votes in each hour of a period, of a score from -1 to 1."""
    first, last = int(period.since // 3600) + 1, int(period.until // 3600)
    half = votes / 2
    tally = Tally(votes, half * (1 - score), 0, half * (1 + score), int(3 * votes))
    return dict.fromkeys(range(first, last + 1), tally)


@pytest.mark.parametrize(
    ("words", "step", "count"),
    [
        ("24h", 1, 24),
        ("3d", 1, 63),
        ("7d", 3, 53),
        ("30d", 24, 30),
        ("60d", 24, 60),
        ("90d", 168, 14),
    ],
)
def test_the_longer_a_period_the_longer_its_buckets(words, step, count):
    period = read_period(words, NOW, MOSCOW)
    found = cut(hours_of(period, 50), period, ZoneInfo(MOSCOW))
    assert (found.step, len(found.buckets)) == (step, count)


def test_where_little_is_said_buckets_are_longer():
    period = read_period("7d", NOW, MOSCOW)
    assert cut(hours_of(period, 1), period, ZoneInfo(MOSCOW)).step == 24
    assert cut({}, period, ZoneInfo(MOSCOW)).step == 3


def test_buckets_are_days_of_the_community():
    period = read_period("30d", NOW, "Europe/Samara")
    midnight = datetime(2026, 11, 20, tzinfo=SAMARA).timestamp()
    hour = int(midnight // 3600)
    found = cut({hour - 1: Tally(50, 10), hour: Tally(60, 20)}, period, SAMARA)
    votes = {bucket.start: bucket.tally.votes for bucket in found.buckets}
    assert votes[midnight] == 60
    assert votes[midnight - 86400] == 50


@given(st.sampled_from(["24h", "1d", "3d", "7d", "30d", "90d", "366d"]), st.integers(0, 3))
def test_nothing_is_lost_between_buckets_or_blocks(words, votes):
    period = read_period(words, NOW, MOSCOW)
    hours = hours_of(period, votes)
    found = cut(hours, period, ZoneInfo(MOSCOW))
    assert total(one.tally for one in found.buckets).votes == votes * len(hours)
    assert total(blocks(hours, period)).votes == votes * len(hours)
    assert len(found.buckets) <= 73


def test_the_hours_of_several_chats_are_summed_up():
    hours = [
        HourMood(5, 2, 1, 1, 0, 3, 2),
        HourMood(5, 1, 0, 0, 1, 1, 1),
        HourMood(6, 1, 1, 0, 0, 1, 1),
    ]
    assert tally_by_hour(hours) == {5: Tally(3, 1, 1, 1, 4), 6: Tally(1, 1, 0, 0, 1)}


def test_a_score_is_the_share_of_positive_less_that_of_negative():
    assert Tally(4, 1, 1, 2, 9).score == 25
    assert Tally().score == 0


def test_with_few_votes_or_hours_there_is_nothing_to_tell():
    enough = [Tally(LEAST_VOTES / 5, 1, 1, 2)] * 5
    assert Sample.of(enough)
    assert Sample.of(enough[:4] * 10)
    assert Sample.of(enough[:4]) is None
    assert Sample.of([Tally(3, 1, 1, 1)] * 5) is None


def test_an_interval_is_never_surer_than_as_many_votes_are():
    even = Sample.of([Tally(10, 2, 5, 3)] * 10)
    assert even.figure.high - even.figure.value == pytest.approx(student(9) * 7.0, rel=1e-6)
    shaky = Sample.of([Tally(10, 8, 1, 1), Tally(10, 0, 1, 9)] * 5)
    assert shaky.figure.high - shaky.figure.low > 3 * (even.figure.high - even.figure.low)


def test_a_difference_is_clear_where_chance_does_not_explain_it():
    calm, angry = (Sample.of([Tally(100, n, 100 - n - 30, 30)] * 10) for n in (10, 40))
    assert angry.less(calm).is_clear
    assert angry.less(calm).value == pytest.approx(-30)
    assert not calm.less(calm).is_clear


@pytest.mark.parametrize(("freedom", "exact"), [(4, 2.7764), (7, 2.3646), (30, 2.0423)])
def test_students_distribution_is_near_enough(freedom, exact):
    assert student(freedom) == pytest.approx(exact, rel=0.005)
