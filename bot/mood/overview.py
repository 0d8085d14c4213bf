"""What /mood says, worked out from what is stored: numbers and choices, no words. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.mood.buckets import Cut, blocks, cut
from bot.mood.moved import MovedWords, moved_words
from bot.mood.outside import Outside
from bot.mood.period import Period
from bot.mood.score import Figure, Sample, Tally, tally_by_hour, total
from bot.storage.moods import ThreadMood
from bot.storage.moods_facts import MoodFacts, Start
from bot.storage.moods_texts import DrawnText

MOST_THREADS = 3
MOST_POSTS = 3
# With fewer comments a post is not ranked.
LEAST_COMMENTS = 5
# Votes as the whole felt are added to each post's, or those with few comments would lead both ends.
ADDED_VOTES = 10.0
MOST_BAD, MOST_GOOD = 2, 2
# An example of a feeling is one that the model is sure enough of.
CLEAR = 0.6


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread or post, and how it feels."""

    mood: ThreadMood
    tally: Tally
    text: str
    """What it begins with; empty where that is not at hand."""


@dataclass(frozen=True, slots=True)
class PostsView:
    """A channel's posts by how their comments feel: the best and the worst, without overlap."""

    ranked: int
    best: Sequence[ThreadView]
    worst: Sequence[ThreadView]


@dataclass(frozen=True, slots=True)
class OwnPostsView:
    """A channel's posts by how they feel themselves: the best and the worst, without overlap."""

    ranked: int
    best: Sequence[DrawnText]
    worst: Sequence[DrawnText]


@dataclass(frozen=True, slots=True)
class MoodView:
    """How a community feels in a period."""

    chat_id: int
    titles: dict[int, str]
    period: Period
    zone: ZoneInfo
    now: Tally
    before: Tally
    score: Figure | None
    """None where there is too little to tell."""
    change: Figure | None
    cut: Cut
    threads: Sequence[ThreadView]
    posts: PostsView | None
    bad: Sequence[DrawnText]
    good: Sequence[DrawnText]
    """Examples, the clearest first."""
    words: MovedWords | None
    starts: Sequence[Start]
    outside: Outside | None = None
    """What buyers say, where the community has linked product pages."""
    own: OwnPostsView | None = None
    """Of a channel on whose posts nobody is heard."""


def mood_view(facts: MoodFacts, period: Period, zone: ZoneInfo) -> MoodView:
    """Work out what there is to say of a community's period."""
    return with_words(mood_without_words(facts, period, zone), facts)


def with_words(view: MoodView, facts: MoodFacts) -> MoodView:
    """Add the words that moved, which takes by far the longest: half a second."""
    return replace(view, words=moved_words(facts.texts, facts.texts_before))


def mood_without_words(facts: MoodFacts, period: Period, zone: ZoneInfo) -> MoodView:
    """Work out all that a picture needs, and what the message says of it."""
    hours, hours_before = tally_by_hour(facts.hours), tally_by_hour(facts.before)
    sample, before = (Sample.of(blocks(found, period)) for found in (hours, hours_before))
    now = total(hours.values())
    threads = [_thread(one, facts.roots) for one in facts.threads]
    shown = [text for text in facts.texts if text.message not in facts.deleted]
    posts = _rank([one for one in threads if one.mood.post is not None], now)
    own = None if posts else _rank_own([text for text in shown if text.is_post])
    examples = [text for text in shown if not (own and text.is_post)]
    return MoodView(
        chat_id=facts.chat_id,
        titles=facts.titles,
        period=period,
        zone=zone,
        now=now,
        before=total(hours_before.values()),
        score=sample.figure if sample else None,
        change=sample.less(before) if sample and before else None,
        cut=cut(hours, period, zone),
        threads=threads[:MOST_THREADS],
        posts=posts,
        own=own,
        bad=_clearest(examples, "negative", MOST_BAD),
        good=_clearest(examples, "positive", MOST_GOOD),
        words=None,
        starts=facts.starts,
        outside=Outside(facts.heard) if facts.heard else None,
    )


def _thread(mood: ThreadMood, roots: dict[str, str]) -> ThreadView:
    tally = Tally(mood.votes, mood.negative, mood.neutral, mood.positive, mood.messages)
    return ThreadView(mood, tally, roots.get(mood.root, ""))


def _rank(posts: Iterable[ThreadView], whole: Tally) -> PostsView | None:
    """Rank posts by their score, drawn towards the whole's where comments are few."""
    enough = [post for post in posts if post.tally.votes >= LEAST_COMMENTS]
    if len(enough) < 2:
        return None

    def steady(post: ThreadView) -> float:
        votes = post.tally.votes + ADDED_VOTES
        return (post.tally.score * post.tally.votes + whole.score * ADDED_VOTES) / votes

    ranked = sorted(enough, key=steady, reverse=True)
    half = min(MOST_POSTS, len(ranked) // 2)
    return PostsView(len(ranked), ranked[:half], ranked[::-1][:half])


def _rank_own(posts: Sequence[DrawnText]) -> OwnPostsView | None:
    """Rank a channel's own posts; None where there are no two."""
    if len(posts) < 2:
        return None
    ranked = sorted(posts, key=lambda post: (post.negative - post.positive, post.message))
    half = min(MOST_POSTS, len(ranked) // 2)
    return OwnPostsView(len(ranked), ranked[:half], ranked[::-1][:half])


def _clearest(texts: Iterable[DrawnText], feeling: str, most: int) -> list[DrawnText]:
    """Choose the texts that show a feeling most clearly, one a voice."""
    clear = [text for text in texts if getattr(text, feeling) >= CLEAR]
    clear.sort(key=lambda text: (-getattr(text, feeling), text.message))
    by_voice: dict[int | str, DrawnText] = {}
    for text in clear:
        by_voice.setdefault(text.voice, text)
    return list(by_voice.values())[:most]
