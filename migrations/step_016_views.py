"""Views for whoever looks at the file with Datasette or SQL: figures in the field's words.

No text is in any, and nothing of what people wrote to the bot in private or had forgotten.
"""

from sqlite_utils import Database

# Days are those of UTC. A vote is an author in an hour and thread, see bot/storage/moods.py.
MOOD_BY_DAY = """
CREATE VIEW mood_by_day AS
SELECT h.chat_id, c.title AS chat, date(3600 * h.hour, 'unixepoch') AS day,
    round((sum(h.positive) - sum(h.negative)) / 1e6 / sum(h.votes), 4) AS score,
    round(sum(h.negative) / 1e6 / sum(h.votes), 4) AS negative,
    round(sum(h.neutral) / 1e6 / sum(h.votes), 4) AS neutral,
    round(sum(h.positive) / 1e6 / sum(h.votes), 4) AS positive,
    sum(h.votes) AS votes, sum(h.messages) AS messages
FROM mood_hours AS h JOIN chats AS c ON c.id = h.chat_id
WHERE h.votes > 0 GROUP BY h.chat_id, day
"""

MOOD_BY_HOUR_OF_WEEK = """
CREATE VIEW mood_by_hour_of_week AS
SELECT h.chat_id, c.title AS chat,
    CAST(strftime('%w', 3600 * h.hour, 'unixepoch') AS INTEGER) AS weekday,
    h.hour % 24 AS hour_utc,
    round((sum(h.positive) - sum(h.negative)) / 1e6 / sum(h.votes), 4) AS score,
    sum(h.votes) AS votes, sum(h.messages) AS messages
FROM mood_hours AS h JOIN chats AS c ON c.id = h.chat_id
WHERE h.votes > 0 GROUP BY h.chat_id, weekday, hour_utc
"""

# A message's latest state. No author: the link leads to them, for those who may see the chat. A
# number from before a group moved names another message now.
VERDICTS = """
CREATE VIEW verdicts_with_links AS
SELECT v.key, m.chat_id, c.title AS chat,
    strftime('%Y-%m-%d %H:%M:%S', m.sent_at, 'unixepoch') AS sent_at,
    CASE
        WHEN w.name IS NOT NULL THEN 'https://t.me/' || w.name || '/' || m.message_id
        WHEN m.chat_id < -1000000000000 AND m.id = m.chat_id || ':' || m.message_id
        THEN 'https://t.me/c/' || substr(m.chat_id, 5) || '/' || m.message_id
    END AS link,
    json_extract(v.scores, '$.sentiment.negative') AS negative,
    json_extract(v.scores, '$.sentiment.neutral') AS neutral,
    json_extract(v.scores, '$.sentiment.positive') AS positive,
    json_extract(v.scores, '$.toxicity.toxic') AS toxic,
    v.model, m.thread_id AS thread, m.edited_at > 0 AS is_edited
FROM messages AS m
JOIN chats AS c ON c.id = m.chat_id AND c.kind <> 'private'
JOIN verdicts AS v ON v.key = m.id || ':' || m.state
LEFT JOIN watched_channels AS w ON w.chat_id = m.chat_id
LEFT JOIN watched_posts AS p ON p.channel = w.id AND p.number = m.message_id
WHERE (m.sender_id IS NOT NULL OR c.kind = 'channel') AND p.gone_at IS NULL
"""

CARDS = """
CREATE VIEW cards AS
SELECT i.id, i.chat_id, c.title AS chat, i.kind, i.is_raid, i.state, i.outcome,
    i.settled_by = 0 AS is_by_bot,
    strftime('%Y-%m-%d %H:%M:%S', i.opened_at, 'unixepoch') AS opened_at,
    round((i.settled_at - i.opened_at) / 60, 1) AS minutes_to_settle,
    (SELECT count(DISTINCT e.message) FROM exhibits AS e WHERE e.incident = i.id) AS messages
FROM incidents AS i JOIN chats AS c ON c.id = i.chat_id
"""
CARDS_BY_OUTCOME = """
CREATE VIEW cards_by_outcome AS
SELECT chat_id, chat, substr(opened_at, 1, 7) AS month, kind,
    CASE WHEN state = 'undone' THEN 'undone' ELSE coalesce(outcome, 'open') END AS outcome,
    count(*) AS cards, round(avg(minutes_to_settle), 1) AS mean_minutes_to_settle
FROM cards GROUP BY chat_id, month, kind, 5
"""

# Labels in force where the model had said something: what it said, and what people chose.
LABELS = """
CREATE VIEW labels_by_model AS
SELECT l.model, l.task, l.shown, l.chosen, l.source, count(*) AS labels,
    l.shown = l.chosen AS is_right
FROM labels_in_force AS l WHERE l.shown <> ''
GROUP BY l.model, l.task, l.shown, l.chosen, l.source
"""
ACCURACY = """
CREATE VIEW accuracy_by_week AS
SELECT l.task, date(l.pressed_at, 'unixepoch', 'weekday 0', '-6 days') AS week,
    count(*) AS labels, round(avg(l.shown = l.chosen), 4) AS agreed_with_model
FROM labels_in_force AS l WHERE l.shown <> '' GROUP BY l.task, week
"""
AGREEMENT = """
CREATE VIEW labels_agreement AS
SELECT a.task, min(a.chosen, b.chosen) AS one, max(a.chosen, b.chosen) AS other,
    count(*) AS pairs, a.chosen = b.chosen AS is_agreed
FROM labels_in_force AS a
JOIN labels_in_force AS b
    ON b.message = a.message AND b.key = a.key AND b.task = a.task AND b.who > a.who
GROUP BY a.task, one, other
"""

REVIEWS = """
CREATE VIEW reviews_by_reading AS
SELECT g.id AS reading, g.kind, g.address,
    strftime('%Y-%m-%d %H:%M:%S', g.asked_at, 'unixepoch') AS asked_at, g.outcome,
    count(r.id) AS reviews, round(avg(r.stars), 2) AS mean_stars,
    round(avg(json_extract(r.scores, '$.sentiment.negative')), 4) AS negative,
    round(avg(json_extract(r.scores, '$.sentiment.neutral')), 4) AS neutral,
    round(avg(json_extract(r.scores, '$.sentiment.positive')), 4) AS positive
FROM readings AS g LEFT JOIN reviews AS r ON r.reading = g.id
WHERE g.source = g.id GROUP BY g.id
"""

WATCHED = """
CREATE VIEW channels_watched AS
SELECT k.name, c.title AS watched_by, k.outcome, k.readings,
    round(k.pause / 60, 1) AS pause_minutes,
    (SELECT count(*) FROM watched_posts AS p WHERE p.channel = k.id) AS posts,
    (SELECT count(*) FROM watched_posts AS p WHERE p.channel = k.id AND p.gone_at > 0) AS deleted
FROM watches AS s
JOIN watched_channels AS k ON k.id = s.channel
LEFT JOIN chats AS c ON c.id = s.chat_id
"""

MODELS = """
CREATE VIEW models_by_labels AS
SELECT s.model, strftime('%Y-%m-%d %H:%M', s.first_saved_at, 'unixepoch') AS since,
    l.task, sum(l.labels) AS labels, sum(l.labels * l.is_right) AS right,
    round(1.0 * sum(l.labels * l.is_right) / sum(l.labels), 4) AS accuracy
FROM model_starts AS s LEFT JOIN labels_by_model AS l ON l.model = s.model
GROUP BY s.model, l.task
"""

TEXTS_BY_DAY = """
CREATE VIEW texts_by_day AS
SELECT p.chat_id, c.title AS chat, date(86400 * p.day, 'unixepoch') AS day, p.model, p.task,
    p.label, sum(p.texts) AS texts
FROM prediction_counts AS p JOIN chats AS c ON c.id = p.chat_id AND c.kind <> 'private'
GROUP BY p.chat_id, p.day, p.model, p.task, p.label
"""


def views(database: Database) -> None:
    """Create the views; nothing of the bot's own reads them."""
    for statement in (
        MOOD_BY_DAY,
        MOOD_BY_HOUR_OF_WEEK,
        VERDICTS,
        CARDS,
        CARDS_BY_OUTCOME,
        LABELS,
        ACCURACY,
        AGREEMENT,
        REVIEWS,
        WATCHED,
        MODELS,
        TEXTS_BY_DAY,
    ):
        database.execute(statement)
