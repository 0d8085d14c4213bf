"""How the channels that a community watches felt, for its digest."""

import sqlite3
from dataclasses import dataclass

from bot.mood.buckets import blocks
from bot.mood.period import Period
from bot.mood.score import Figure, Sample, Tally, tally_by_hour, total
from bot.storage import chats, mood_places, moods, watches
from bot.storage.watches import Watched


@dataclass(frozen=True, slots=True)
class ChannelMood:
    """How one channel felt."""

    name: str
    title: str
    now: Tally
    score: Figure | None
    """None where there is too little to tell."""
    change: Figure | None


def channel_moods(
    connection: sqlite3.Connection, chat_id: int, period: Period
) -> list[ChannelMood]:
    """Work out how watched channels felt; not the community itself, should it watch itself."""
    return [
        _channel_mood(connection, one, period)
        for one in watches.of_community(connection, chat_id)
        if mood_places.twin_of(connection, one.chat_id) != chat_id
    ]


def _channel_mood(connection: sqlite3.Connection, channel: Watched, period: Period) -> ChannelMood:
    places = mood_places.places_of(connection, channel.chat_id)
    hours, before = (
        tally_by_hour(one for place in places for one in moods.hours(connection, place, *time))
        for time in (
            (period.since, period.until),
            (period.before_since, period.before_until),
        )
    )
    sample, sample_before = (Sample.of(blocks(found, period)) for found in (hours, before))
    return ChannelMood(
        name=channel.name,
        title=chats.find_title(connection, channel.chat_id),
        now=total(hours.values()),
        score=sample.figure if sample else None,
        change=sample.less(sample_before) if sample and sample_before else None,
    )
