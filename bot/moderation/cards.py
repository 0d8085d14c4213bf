"""How an incident looks in the moderators' chat: pure words and buttons."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answers import EMOJI, OTHER_EMOJI, bar, label_word
from bot.links import message_link
from bot.moderation.incidents import REPORTED, Exhibit, Incident, Measure
from bot.policy import NEGATIVE
from bot.vocabulary import SENTIMENT, TOXIC, TOXICITY, label_order
from bot.words import Words
from core.contracts import Scores

MOST_TEXTS = 3
LONGEST_TEXT = 700
MOST_LIFTED = 5
NOT_TOXIC = "ok"
# Why Telegram refused, by a part of what it says; anything else is shown as it is.
REFUSALS = {
    "not enough rights": "no-rights",
    "CHAT_ADMIN_REQUIRED": "no-rights",
    "need administrator rights": "no-rights",
    "message can't be deleted": "cannot-delete",
    "is an administrator": "is-admin",
    "can't remove chat owner": "is-admin",
    "group has moved": "moved",
    "too late": "too-late",
    "channel can't be muted": "is-channel",
    "before a restart": "restarted",
    "moderates here": "is-moderator",
    "banned already": "banned-already",
    "silent for longer": "silent-already",
    "banned for something else": "banned-besides",
    "silent for something else": "silent-besides",
    "only for supergroups": "basic-group",
    "for supergroup and channel chats only": "basic-group",
}

# Acts of buttons that settle a card, by kind, in rows.
SETTLING = {
    "moderate": (("deleted", "warned"), ("muted-hour", "muted-day"), ("banned", "left")),
    "care": (("answered", "left"),),
}
TASK_OF_KIND = {"moderate": TOXICITY, "care": SENTIMENT}


class CardPress(CallbackData, prefix="card1"):
    """A button of a card: which incident, by its token, and what to do.

    `act` is an outcome, `take`, `undo`, `fix` (choose the right label), `back`, or `L<n>`: the
    n-th of `label_choices`.
    """

    token: str
    act: str


@dataclass(frozen=True, slots=True)
class View:
    """All that a card shows."""

    incident: Incident
    community: str
    exhibits: Sequence[Exhibit]
    """The latest states; not all of a large incident."""
    messages: int
    senders: int
    states: int
    measures: Sequence[Measure]
    earlier: Exhibit | None = None
    """What an author has written over since it became a matter, the first of it."""
    lifted: Sequence[tuple[str, str]] = ()
    """For whom appeals took the decision back, and who judged so."""
    corrected_to: str | None = None
    """The label that whoever called the model wrong has chosen instead, while it holds."""


def card_text(words: Words, language: str, view: View) -> str:
    """Compose a card in HTML, below Telegram's 4,096 characters."""
    shown = [*texts_part(words, language, view), *_why(words, language, view)]
    parts = [
        _heading(words, language, view),
        "\n".join(shown),
        "\n".join(_end(words, language, view)),
    ]
    return "\n\n".join(part for part in parts if part)


def card_buttons(
    words: Words, language: str, incident: Incident, is_scored: bool = True
) -> InlineKeyboardMarkup | None:
    """Offer what can be done about the incident as it stands.

    Where the model was not asked, as about a reported picture, it can't have been wrong.
    """
    if incident.state == "undone":
        return None
    if incident.state == "settled":
        return _keyboard([[_button(words, language, incident, "undo")]])
    rows = [list(row) for row in SETTLING[incident.kind]]
    if incident.kind == "care" and incident.assigned_name is None:
        rows.insert(0, ["take"])
    if is_scored:
        rows.append(["fix"])
    return _keyboard([[_button(words, language, incident, act) for act in row] for row in rows])


def label_choices(scores: Scores) -> list[tuple[str, str]]:
    """List (task, label) that a verdict can be corrected to."""
    choices = [(SENTIMENT, label) for label in label_order(scores.get(SENTIMENT, {}))]
    if TOXIC in scores.get(TOXICITY, {}):
        choices = [(TOXICITY, NOT_TOXIC), (TOXICITY, TOXIC), *choices]
    return choices


def label_buttons(
    words: Words, language: str, incident: Incident, scores: Scores
) -> InlineKeyboardMarkup:
    """Offer the right labels, each task in a row, and the way back."""
    rows: dict[str, list[InlineKeyboardButton]] = {}
    for number, (task, label) in enumerate(label_choices(scores)):
        text = f"{EMOJI.get(label, OTHER_EMOJI)} {label_word(words, language, label)}"
        press = CardPress(token=incident.token, act=f"L{number}").pack()
        rows.setdefault(task, []).append(InlineKeyboardButton(text=text, callback_data=press))
    return _keyboard([*rows.values(), [_button(words, language, incident, "back")]])


def _keyboard(rows: list[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _button(words: Words, language: str, incident: Incident, act: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        text=words.say(language, f"card-button-{act}"),
        callback_data=CardPress(token=incident.token, act=act).pack(),
    )


def _heading(words: Words, language: str, view: View) -> str:
    return words.say(
        language,
        f"card-heading-{_heading_key(view.incident)}",
        chat=html.escape(view.community),
        messages=view.messages,
        senders=view.senders,
    )


def _heading_key(incident: Incident) -> str:
    if incident.is_raid:
        return "raid"
    # What members reported need not be an insult: the model may see nothing in it.
    is_only_reported = {code for code, _ in incident.reasons} == {REPORTED}
    return "reported" if is_only_reported else incident.kind


def texts_part(words: Words, language: str, view: View) -> Iterator[str]:
    """Yield lines with the messages themselves and who wrote them."""
    shown = distinct(view.exhibits)[:MOST_TEXTS]
    for exhibit in shown:
        yield _byline(words, language, exhibit)
        text = exhibit.text or words.say(language, "card-no-text")
        yield f"<blockquote>{html.escape(_cut(text))}</blockquote>"
    if view.messages > len(shown):
        yield words.say(language, "card-more", count=view.messages - len(shown))
    if view.states > view.messages:
        yield from _before_edits(words, language, view.earlier)


def _before_edits(words: Words, language: str, earlier: Exhibit | None) -> Iterator[str]:
    """Show what an author has written over, or else an insult would hide behind an edit."""
    if earlier is None:
        yield words.say(language, "card-edited")
        return
    yield words.say(language, "card-edited-before")
    yield f"<blockquote>{html.escape(_cut(earlier.text or ''))}</blockquote>"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"


def _byline(words: Words, language: str, exhibit: Exhibit) -> str:
    name = f"<b>{html.escape(exhibit.sender_name or words.say(language, 'card-somebody'))}</b>"
    link = "" if exhibit.has_moved else message_link(exhibit.chat_id, exhibit.message_id)
    if not link:
        return name
    return f'{name} · <a href="{link}">{words.say(language, "card-link")}</a>'


def distinct(exhibits: Sequence[Exhibit]) -> list[Exhibit]:
    """Keep the first exhibit of each text."""
    return list({exhibit.text: exhibit for exhibit in reversed(exhibits)}.values())[::-1]


def scores_part(words: Words, language: str, view: View) -> Iterator[str]:
    """Yield lines with what the model says of the latest message."""
    if view.exhibits:
        scores = view.exhibits[-1].scores
        toxic, negative = scores.get(TOXICITY, {}).get(TOXIC), scores.get(SENTIMENT, {})
        if toxic is not None:
            yield bar(words, language, TOXIC, toxic)
        if NEGATIVE in negative:
            yield bar(words, language, NEGATIVE, negative[NEGATIVE])


def _why(words: Words, language: str, view: View) -> Iterator[str]:
    yield from scores_part(words, language, view)
    reasons = [
        words.say(language, f"reason-{code}", percent=percent)
        for code, percent in view.incident.reasons
    ]
    # Nobody asked the model about a reported picture.
    if view.exhibits and view.exhibits[-1].model:
        model = html.escape(view.exhibits[-1].model)
        reasons.append(words.say(language, "card-model", model=model))
    yield words.say(language, "card-why", reasons="; ".join(reasons))


def _end(words: Words, language: str, view: View) -> Iterator[str]:
    incident = view.incident
    if incident.assigned_name:
        yield words.say(language, "card-taken", name=html.escape(incident.assigned_name))
    if incident.outcome:
        yield _outcome(words, language, view)
    failures = {(m.kind, m.note) for m in view.measures if m.state == "failed" and m.note}
    for kind, note in sorted(failures):
        if note != "undone before it was taken":
            what = words.say(language, f"measure-{kind}")
            yield words.say(language, "card-failed", what=what, why=_refusal(words, language, note))
    if incident.state == "settled":
        yield from _lifted(words, language, view)
    if incident.undone_name:
        yield words.say(language, "card-undone", name=html.escape(incident.undone_name))


def _outcome(words: Words, language: str, view: View) -> str:
    name = html.escape(view.incident.settled_name or "")
    key = f"card-outcome-{view.incident.outcome}"
    if view.corrected_to is not None:
        label = html.escape(label_word(words, language, view.corrected_to))
        return words.say(language, f"{key}-label", name=name, label=label)
    return words.say(language, key if name else f"{key}-by-bot", name=name)


def _lifted(words: Words, language: str, view: View) -> Iterator[str]:
    for who, name in view.lifted[:MOST_LIFTED]:
        shown = html.escape(who or words.say(language, "card-somebody"))
        yield words.say(language, "card-lifted", who=shown, name=html.escape(name))
    if len(view.lifted) > MOST_LIFTED:
        yield words.say(language, "card-lifted-more", count=len(view.lifted) - MOST_LIFTED)


def _refusal(words: Words, language: str, note: str) -> str:
    for part, key in REFUSALS.items():
        if part in note:
            return words.say(language, f"refusal-{key}")
    return html.escape(note)
