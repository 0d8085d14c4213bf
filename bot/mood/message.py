"""How /mood reads: a few short sections of HTML that fit a phone's width. Pure words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answers import EMOJI
from bot.mood.outside import Outside
from bot.mood.overview import MoodView, OwnPostsView, PostsView, ThreadView
from bot.mood.presses import MoodPress
from bot.mood.quoting import linked, place_of, quoted, shorten
from bot.mood.score import Figure
from bot.percents import percents
from bot.storage.moods_texts import DrawnText
from bot.talk import keyboard
from bot.words import Words

PERIODS = ("24h", "7d", "30d")
LONGEST_TITLE, LONGEST_WORDS = 40, 48
MINUS = "\u2212"


class MoodMessage:
    """Says a view in one language; `names` are the public names of chats that have one."""

    def __init__(self, words: Words, language: str, names: Mapping[int, str]) -> None:
        self._words = words
        self._language = language
        self._names = names

    def text(self, view: MoodView) -> str:
        """Put the whole message together; below Telegram's 4096 characters."""
        if not view.now.messages:
            return f"{self._heading(view)}\n\n{self._say('mood-silent')}"
        parts = [
            self._heading(view),
            "\n".join(self._score(view)),
            self._shares(view),
            self._outside(view),
            self._threads(view.threads),
            *(self._posts(view.posts) if view.posts else ()),
            *(self._own_posts(view.own) if view.own else ()),
            self._examples(view),
            *(["\n".join(self._moved(view))] if view.words else []),
            self._say("mood-footnote"),
        ]
        return "\n\n".join(part for part in parts if part)

    def caption(self, view: MoodView) -> str:
        """Say what the picture is of, or that there is nothing to draw."""
        whose = self._heading(view).partition("\n")[0]
        return whose if view.now.messages else f"{whose}\n\n{self._say('mood-silent')}"

    def buttons(self, view: MoodView, community: int) -> InlineKeyboardMarkup:
        """Offer the usual periods, the shown one marked."""
        return keyboard([[self._button(name, view, community) for name in PERIODS]])

    def _button(self, name: str, view: MoodView, community: int) -> InlineKeyboardButton:
        period = self._period(name)
        is_shown = name == view.period.name
        text = self._say("mood-button-shown", period=period) if is_shown else period
        data = MoodPress(community=community, period=name).pack()
        return InlineKeyboardButton(text=text, callback_data=data)

    def _heading(self, view: MoodView) -> str:
        lines = [
            self._say(
                "mood-heading",
                title=shorten(view.titles[view.chat_id], LONGEST_TITLE),
                period=self._period(view.period.name) or self._days(view),
            )
        ]
        for chat_id, title in view.titles.items():
            if chat_id != view.chat_id:
                title = shorten(title, LONGEST_TITLE)
                lines.append(self._say("mood-with-discussion", title=title))
        return "\n".join(lines)

    def _period(self, name: str) -> str:
        """A period's length in words; empty for one between two days."""
        if not name[:-1].isdecimal():
            return ""
        key = "mood-hours" if name.endswith("h") else "mood-days"
        return self._say(key, count=int(name[:-1]))

    def _days(self, view: MoodView) -> str:
        first = datetime.fromtimestamp(view.period.since, view.zone)
        last = datetime.fromtimestamp(view.period.until, view.zone) - timedelta(seconds=1)
        if first.date() == last.date():
            return f"{first:%d.%m.%Y}"
        return f"{first:%d.%m.%Y} – {last:%d.%m.%Y}"

    def _score(self, view: MoodView) -> Iterator[str]:
        if view.score is None:
            yield self._say("mood-few")
            return
        yield self._say("mood-score", score=signed(view.score.value), interval=_ends(view.score))
        if view.change is None:
            yield self._say("mood-no-before")
            return
        yield self._say(
            f"mood-change-{change_way(view.change)}",
            before=signed(view.before.score),
            # As the two rounded scores differ, which stand beside it.
            by=signed(round(view.score.value) - round(view.before.score)),
            interval=_ends(view.change),
        )

    def _shares(self, view: MoodView) -> str:
        shares = zip(EMOJI.values(), percents(view.now.shares), strict=True)
        lines = ["  ".join(f"{emoji} {percent} %" for emoji, percent in shares)]
        votes, messages = round(view.now.votes), view.now.messages
        lines.append(
            self._say(
                "mood-volume",
                votes=self._say("mood-votes", count=votes),
                messages=self._say("mood-messages", count=messages),
            )
        )
        return "\n".join(lines)

    def _outside(self, view: MoodView) -> str:
        """What buyers say beside what members say; empty where no product pages are linked."""
        if view.outside is None:
            return ""
        figure, reviews = view.outside.figure, view.outside.reviews
        if figure is None:
            few = self._say("mood-outside-few", reviews=reviews)
            return " ".join([few, *self._ever(view.outside)])
        return self._say(
            "mood-outside",
            outside=signed(figure.value),
            interval=_ends(figure),
            reviews=reviews,
            inside=signed(view.now.score),
        )

    def _ever(self, outside: Outside) -> Iterator[str]:
        if outside.ever:
            yield self._say(
                "mood-outside-ever",
                outside=signed(outside.ever.value),
                interval=_ends(outside.ever),
                reviews=outside.heard.ever.opinions,
            )

    def _threads(self, threads: Sequence[ThreadView]) -> str:
        lines = [self._say("mood-threads"), *(self._thread(one) for one in threads)]
        return "\n".join(lines) if threads else ""

    def _posts(self, posts: PostsView) -> Iterator[str]:
        for key, found in (("mood-posts-best", posts.best), ("mood-posts-worst", posts.worst)):
            lines = [self._say(key, count=posts.ranked), *(self._thread(one) for one in found)]
            yield "\n".join(lines)

    def _own_posts(self, posts: OwnPostsView) -> Iterator[str]:
        for key, found in (("mood-own-best", posts.best), ("mood-own-worst", posts.worst)):
            yield "\n".join([self._say(key, count=posts.ranked), *map(self._own_post, found)])

    def _own_post(self, post: DrawnText) -> str:
        score = signed(100 * (post.positive - post.negative))
        return self._say("mood-own-post", post=quoted(post, self._names), score=score)

    def _thread(self, view: ThreadView) -> str:
        mood = view.mood
        place = place_of(mood)
        name = view.text or self._say("mood-thread-unnamed", number=place[1])
        return self._say(
            "mood-thread",
            thread=linked(place, name, self._names),
            score=signed(view.tally.score),
            votes=self._say("mood-votes", count=round(view.tally.votes)),
        )

    def _examples(self, view: MoodView) -> str:
        lines = [
            f"{emoji} {quoted(text, self._names)}"
            for emoji, texts in ((EMOJI["negative"], view.bad), (EMOJI["positive"], view.good))
            for text in texts
        ]
        return "\n".join([self._say("mood-examples"), *lines]) if lines else ""

    def _moved(self, view: MoodView) -> Iterator[str]:
        if view.words is None:
            return
        for key, found in (
            ("mood-words-more", view.words.more),
            ("mood-words-less", view.words.less),
        ):
            if found:
                yield self._say(key, words=", ".join(shorten(one, LONGEST_WORDS) for one in found))
        if view.words.more or view.words.less:
            yield self._say("mood-words-note", texts=view.words.texts)

    def _say(self, key: str, **values: str | int) -> str:
        return self._words.say(self._language, key, **values)


def change_way(change: Figure) -> Literal["none", "up", "down"]:
    """Which way a score went, by more than chance explains."""
    if not change.is_clear:
        return "none"
    return "up" if change.value > 0 else "down"


def signed(value: float) -> str:
    """Write a score with its sign, in whole hundredths."""
    number = round(value)
    if number == 0:
        return "0"
    return f"+{number}" if number > 0 else f"{MINUS}{-number}"


def _ends(figure: Figure) -> str:
    return f"{signed(figure.low)} … {signed(figure.high)}"
