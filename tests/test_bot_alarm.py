"""The alarm: what is usual, what chance explains, one alarm an episode, and what tunes it."""

import math
import random
from dataclasses import dataclass

import pytest

from bot.news.alarm import LEAST_AUTHORS, LEAST_VOTES, RISE, Course, advance, limit_of, log_ratio
from bot.news.usual import BASELINE_HOURS, LEAST_OWN, Baseline, Spread, Usual, fit_spread

LIMIT = 8.0
COINS = Usual(0.25, Spread())


@dataclass(frozen=True)
class Hour:
    hour: int
    votes: float
    negative: float
    authors: int = 10


def run(course, hours, usual=COINS, limit=LIMIT):
    """Every state of a course."""
    courses = []
    for hour in hours:
        course = advance(course, hour, usual, limit)
        courses.append(course)
    return courses


def alarms(courses):
    return sum(
        not before.is_episode and after.is_episode
        for before, after in zip([Course(0), *courses], courses, strict=False)
    )


def steady(hours, votes, share):
    return [Hour(n, votes, votes * share(n)) for n in range(hours)]


def test_a_ratio_is_what_the_formula_says():
    # 0.25 may have risen to 0.425; 30 of 50 votes are negative.
    by_hand = 30 * math.log(0.425 / 0.25) + 20 * math.log(0.575 / 0.75)
    assert log_ratio(Hour(1, 50, 30), COINS) == pytest.approx(by_hand)
    assert RISE == 1.7


def test_a_share_that_cannot_rise_so_far_is_thought_to_go_half_way():
    by_hand = 9 * math.log(0.9 / 0.8) + 1 * math.log(0.1 / 0.2)
    assert log_ratio(Hour(1, 10, 9), Usual(0.8, Spread())) == pytest.approx(by_hand)


def test_votes_that_resemble_each_other_say_less():
    resembling = Usual(0.25, Spread(own=1.0, shared=0.01))
    # In a block of four such hours 200 votes vary like three times as many coins.
    assert log_ratio(Hour(1, 50, 30), resembling) == pytest.approx(
        log_ratio(Hour(1, 50, 30), COINS) / 3
    )


def test_a_rise_alarms_and_says_what_rose_from_what():
    course = run(Course(0), [Hour(1, 40, 10), Hour(2, 50, 22), Hour(3, 50, 22)])[-1]
    assert (course.alarmed, course.since) == (3, 2)
    assert (course.votes, course.negative, course.expected) == (100, 44, 25)


def test_the_usual_share_never_alarms():
    assert alarms(run(Course(0), steady(500, 100, lambda n: 0.25))) == 0


@pytest.mark.parametrize(
    ("votes", "authors"), [(LEAST_VOTES - 1, 10), (10 * LEAST_VOTES, LEAST_AUTHORS - 1)]
)
def test_few_votes_or_voices_never_alarm(votes, authors):
    course = run(Course(0), [Hour(1, votes, votes, authors)])[-1]
    assert course.score == LIMIT
    assert not course.is_episode


@pytest.mark.parametrize("seed", range(20))
def test_whatever_comes_no_alarm_rests_on_less_than_the_minimum(seed):
    chance = random.Random(seed)
    course = Course(0)
    for n in range(1, 400):
        votes = chance.choice((0, 1, 3, 30))
        negative = votes * chance.random()
        before, hour = course, Hour(n, votes, negative, chance.randint(1, 4))
        course = advance(course, hour, COINS, LIMIT)
        rang = course.is_episode and not before.is_episode
        assert not rang or (course.votes >= LEAST_VOTES and course.most_authors >= LEAST_AUTHORS)


@pytest.mark.parametrize("seed", range(20))
def test_an_episode_alarms_once_however_it_wavers(seed):
    chance = random.Random(seed)
    raised = [Hour(n, 50, 50 * chance.uniform(0.42, 0.7)) for n in range(1, 60)]
    courses = run(Course(0), raised)
    assert alarms(courses) == 1
    calm = [Hour(n, 50, 12) for n in range(60, 70)]
    assert not run(courses[-1], calm)[-1].is_episode


def test_an_episode_ends_when_negativity_has_come_back_and_the_next_one_alarms():
    raised = [Hour(n, 50, 30) for n in range(1, 6)]
    calm = [Hour(n, 50, 12) for n in range(6, 20)]
    again = [Hour(n, 50, 30) for n in range(20, 26)]
    assert alarms(run(Course(0), [*raised, *calm, *again])) == 2


def test_one_calm_hour_ends_no_episode_that_has_just_begun():
    raised = run(Course(0), [Hour(1, 50, 40), Hour(2, 50, 40)])[-1]
    calm = run(raised, [Hour(3, 200, 30)])[-1]
    assert (calm.score, calm.is_episode) == (0.0, True)


def test_false_alarms_raise_the_limit_fade_and_are_bounded():
    assert limit_of(8, []) == 8
    assert limit_of(8, [0]) == pytest.approx(8 + math.log(2))
    assert limit_of(8, [30, 60]) == pytest.approx(8 + 0.75 * math.log(2))
    assert limit_of(8, [0] * 50) == pytest.approx(8 + 3 * math.log(2))


def test_the_night_is_compared_with_nights():
    night = lambda n: 0.5 if n % 24 < 6 else 0.1  # noqa: E731
    baseline = Baseline(steady(BASELINE_HOURS, 60, night))
    # 56 nights of 60 votes lean on 0.2 overall, 8 of one weekday on that; all with 1000 votes.
    of_nights = (0.5 * 56 * 60 + 0.2 * 1000) / (56 * 60 + 1000)
    by_hand = (0.5 * 8 * 60 + of_nights * 1000) / (8 * 60 + 1000)
    assert baseline.at(24 * 70 + 3).share == pytest.approx(by_hand, abs=1e-4)
    assert baseline.at(24 * 70 + 12).share == pytest.approx(0.12, abs=0.01)


def test_what_is_usual_follows_slow_changes_within_two_weeks():
    changed = lambda n: 0.2 if n < 24 * 42 else 0.3  # noqa: E731
    baseline = Baseline(steady(BASELINE_HOURS, 60, changed))
    assert baseline.at(24 * 70).share == pytest.approx(0.3, abs=0.005)


def test_a_chat_that_is_hardly_known_is_not_judged():
    assert not Baseline(steady(47, 100, lambda n: 0.2)).is_enough
    assert not Baseline(steady(500, 0.3, lambda n: 0.2)).is_enough
    assert Baseline(steady(100, 10, lambda n: 0.2)).is_enough


def test_the_spread_is_learnt_from_how_far_blocks_are_off():
    blocks = [(votes, 0.5 + 0.02 * votes) for votes in (10, 50, 100, 200)]
    fitted = fit_spread(blocks)
    assert (fitted.own, fitted.shared) == (pytest.approx(0.5), pytest.approx(0.02))


def test_an_outlier_or_no_spread_at_all_is_thought_to_be_bounded():
    usual = [(100, 1.0)] * 200
    assert fit_spread([*usual, (100, 1000.0)]).over_coins(25) < 2
    assert fit_spread([(100, 0.0)] * 50).own == LEAST_OWN
    assert fit_spread([]) == Spread()
