"""How an alert reads: what rose, from what to what, since when, and where. Pure words."""

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.answers import EMOJI
from bot.mood.quoting import Names, linked, place_of, quoted
from bot.mood.votes import HOUR_SECONDS
from bot.news.rises import Judgement, Rise
from bot.storage.moods import ThreadMood
from bot.storage.moods_texts import DrawnText
from bot.talk import keyboard
from bot.words import Words

# A thread that holds less of what is more than usual does not drive it.
LEAST_SHARE = 0.3
MOST_EXAMPLES = 3
# An example is one that the model is sure enough of.
CLEAR = 0.6


class AlertPress(CallbackData, prefix="alert1"):
    """A button of an alert."""

    token: str = Field(max_length=20)
    act: Judgement


@dataclass(frozen=True, slots=True)
class AlertView:
    """All that an alert shows."""

    rise: Rise
    title: str
    zone: ZoneInfo
    threads: Sequence[ThreadMood]
    """The busiest since it began."""
    roots: dict[str, str]
    """The texts that they begin with, by message, where those are at hand."""
    texts: Sequence[DrawnText]
    names: Names
    watcher: str = ""
    """What the community is called that watches the channel which this is about, if it is."""

    @property
    def usual_share(self) -> float:
        return self.rise.expected / self.rise.votes

    @property
    def driver(self) -> tuple[ThreadMood, float] | None:
        """The thread that holds most of what is more than usual, and its share of that."""
        whole = self.rise.negative - self.rise.expected
        if not self.threads or whole <= 0:
            return None
        found = max(self.threads, key=self._excess)
        share = min(self._excess(found) / whole, 1.0)
        return (found, share) if share >= LEAST_SHARE else None

    def _excess(self, thread: ThreadMood) -> float:
        return thread.negative - self.usual_share * thread.votes


def alert_text(words: Words, language: str, view: AlertView) -> str:
    """Put an alert together, and what became of it; below Telegram's 4096 characters."""
    say = _Sayer(words, language)
    parts = [
        _heading(say, view),
        "\n".join(_figures(say, view)),
        "\n".join(_evidence(say, view)),
        _judged(say, view.rise),
    ]
    return "\n\n".join(part for part in parts if part)


def alert_buttons(words: Words, language: str, rise: Rise) -> InlineKeyboardMarkup | None:
    """Offer to say that it was seen, or that it was nothing; None once somebody has."""
    if rise.judged is not None:
        return None
    acts: tuple[Judgement, ...] = ("seen", "false")
    return keyboard(
        [
            InlineKeyboardButton(
                text=words.say(language, f"alert-button-{act}"),
                callback_data=AlertPress(token=rise.token, act=act).pack(),
            )
        ]
        for act in acts
    )


def clearest(texts: Iterable[DrawnText], most: int) -> list[DrawnText]:
    """Choose the most clearly negative texts, one a voice."""
    clear = sorted(
        (text for text in texts if text.negative >= CLEAR),
        key=lambda text: (-text.negative, text.message),
    )
    by_voice: dict[int | str, DrawnText] = {}
    for text in clear:
        by_voice.setdefault(text.voice, text)
    return list(by_voice.values())[:most]


class _Sayer:
    def __init__(self, words: Words, language: str) -> None:
        self._words = words
        self._language = language

    def __call__(self, key: str, **values: str | int) -> str:
        return self._words.say(self._language, key, **values)


def _heading(say: _Sayer, view: AlertView) -> str:
    title = html.escape(view.title)
    if not view.watcher:
        return say("alert-heading", title=title)
    name = view.names.get(view.rise.about)
    linked_title = f'<a href="https://t.me/{name}">{title}</a>' if name else title
    watcher = html.escape(view.watcher)
    return say("alert-heading-channel", title=linked_title, community=watcher)


def _figures(say: _Sayer, view: AlertView) -> Iterator[str]:
    rise = view.rise
    begun = datetime.fromtimestamp(rise.since * HOUR_SECONDS, view.zone)
    yield say(
        "alert-rose-channel" if view.watcher else "alert-rose",
        since=f"{begun:%d.%m %H:%M}",
        now=round(100 * rise.negative / rise.votes),
        usual=round(100 * view.usual_share),
    )
    counts = {"negative": round(rise.negative), "expected": round(rise.expected)}
    key = "alert-votes-channel" if view.watcher else "alert-votes"
    yield say(key, votes=round(rise.votes), **counts)
    yield say("alert-chance")


def _evidence(say: _Sayer, view: AlertView) -> Iterator[str]:
    if view.driver:
        thread, share = view.driver
        name = view.roots.get(thread.root) or say("mood-thread-unnamed", number=place_of(thread)[1])
        link = linked(place_of(thread), name, view.names)
        yield say("alert-thread", thread=link, percent=round(100 * share))
    for text in clearest(view.texts, MOST_EXAMPLES):
        yield f"{EMOJI['negative']} {quoted(text, view.names)}"


def _judged(say: _Sayer, rise: Rise) -> str:
    if rise.judged is None:
        return ""
    return say(f"alert-judged-{rise.judged}", name=html.escape(rise.judged_name or ""))
