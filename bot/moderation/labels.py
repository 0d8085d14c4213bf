"""What a moderator's decision says about texts: a label on each that the card shows."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.moderation.cards import MOST_TEXTS, NOT_TOXIC, distinct
from bot.moderation.incidents import Exhibit, Incident
from bot.storage import exhibits, labels
from bot.storage.incidents import Presser
from bot.storage.labels import Label
from bot.vocabulary import TOXIC, TOXICITY, likeliest

# Of a large incident the first messages say what it is about.
MOST_LOOKED_AT = 1000


@dataclass(frozen=True, slots=True)
class Given:
    """A label as somebody pressed it."""

    press: str
    """Telegram's id of the press."""
    presser: Presser
    source: str
    """One of `bot.storage.labels.Source`."""
    task: str
    chosen: str


def label_texts(connection: sqlite3.Connection, shown: Sequence[Exhibit], given: Given) -> None:
    """Label each text that a card shows, where the model was asked about it."""
    for number, exhibit in enumerate(shown):
        scores = exhibit.scores.get(given.task, {})
        if not scores:
            continue
        label = Label(
            press=f"{given.press}:{number}",
            pressed_at=given.presser.at,
            who=given.presser.id,
            source=given.source,
            key=exhibit.key,
            task=given.task,
            model=exhibit.model,
            shown=_said_of(given.task, scores),
            chosen=given.chosen,
        )
        labels.append(connection, label)


def shown_texts(connection: sqlite3.Connection, incident: Incident) -> list[Exhibit]:
    """List what a card shows of an incident, each text once."""
    found = exhibits.list_of_incident(connection, incident.id, MOST_LOOKED_AT)
    return distinct(found)[:MOST_TEXTS]


def unedited(
    connection: sqlite3.Connection, incident: int, shown: Sequence[Exhibit]
) -> list[Exhibit]:
    """Keep the texts that stand as they became a matter.

    Who is punished for an insult and has put something kind in its place has not written that
    the kind words are one.
    """
    edited = exhibits.list_edited(connection, incident)
    return [exhibit for exhibit in shown if exhibit.message not in edited]


def own_texts(connection: sqlite3.Connection, incident: int, person: int) -> list[Exhibit]:
    """List what the card of a person's appeal shows: of their own texts, each once."""
    found = exhibits.list_of_sender(connection, incident, person, MOST_LOOKED_AT)
    return distinct(found)[:MOST_TEXTS]


def _said_of(task: str, scores: dict[str, float]) -> str:
    if task == TOXICITY:
        return TOXIC if scores.get(TOXIC, 0.0) >= 0.5 else NOT_TOXIC
    return likeliest(scores)
