"""Communities in SQLite: defaults, settings and their audit, links, moves."""

import sqlite3

import pytest

from bot.communities.community import Community
from bot.storage import chats, communities, moderators
from bot.storage.communities import By

pytest_plugins = ["bot_fixtures"]

OLD, NEW, STAFF = -4000, -1004000, -5000
BY = By(7, 10.0)


@pytest.fixture
def connection(storage):
    return storage.connection


def test_a_chat_that_nobody_set_up_watches(connection):
    assert communities.find(connection, OLD) == Community(OLD)
    assert Community(OLD).mode == "watch"
    assert rows_of(connection, "SELECT * FROM communities") == []


def rows_of(connection, sql):
    return connection.execute(sql).fetchall()


def test_the_table_and_the_value_have_the_same_defaults(connection):
    connection.execute("INSERT INTO communities (chat_id, updated_at) VALUES (?, 0.0)", (OLD,))
    assert communities.find(connection, OLD) == Community(OLD)


def test_a_setting_is_saved_and_written_into_the_audit_once(connection):
    for _ in range(2):
        saved = communities.save_setting(connection, OLD, ("toxic_threshold", 0.8), BY)
    assert (saved.toxic_threshold, saved.updated_at) == (0.8, 10.0)
    (change,) = communities.changes(connection, OLD, 10)
    assert (change.who, change.what, change.before, change.after) == (
        7,
        "toxic_threshold",
        0.85,
        0.8,
    )


def test_what_is_no_setting_and_no_mode_is_refused(connection):
    with pytest.raises(KeyError):
        communities.save_setting(connection, OLD, ("chat_id = 1 --", 1), BY)
    with pytest.raises(sqlite3.IntegrityError):
        communities.save_setting(connection, OLD, ("mode", "rage"), BY)


def test_the_audit_is_not_rewritten(connection):
    communities.save_setting(connection, OLD, ("mode", "ask"), BY)
    with pytest.raises(sqlite3.IntegrityError, match="written down"):
        connection.execute("UPDATE settings_changes SET who = 8")


def test_one_moderators_chat_serves_several_communities(connection):
    for community in (OLD, NEW):
        communities.link(connection, community, STAFF, 7, 10.0)
    found = communities.communities_of_moderators_chat(connection, STAFF)
    assert sorted(one.chat_id for one in found) == sorted([OLD, NEW])
    assert communities.all_linked(connection) == found


def test_linking_again_keeps_who_linked_first(connection):
    communities.link(connection, OLD, STAFF, 7, 10.0)
    again = communities.link(connection, OLD, STAFF, 8, 20.0)
    assert (again.linked_by, again.linked_at) == (7, 10.0)
    assert len(list(communities.changes(connection, OLD, 10))) == 1


def test_unlinking_keeps_the_other_settings(connection):
    communities.link(connection, OLD, STAFF, 7, 10.0)
    communities.save_setting(connection, OLD, ("mode", "act"), BY)
    assert communities.unlink(connection, OLD, 7, 20.0)
    assert not communities.unlink(connection, OLD, 7, 30.0)
    left = communities.find(connection, OLD)
    assert (left.mode, left.moderators_chat, left.linked_by) == ("act", None, None)


def test_moderators_are_named_and_dismissed_once(connection):
    assert moderators.name(connection, OLD, 9, BY)
    assert not moderators.name(connection, OLD, 9, BY)
    assert moderators.of_chat(connection, OLD) == [9]
    assert moderators.dismiss(connection, OLD, 9, BY)
    assert not moderators.dismiss(connection, OLD, 9, BY)
    changes = [(c.before, c.after) for c in communities.changes(connection, OLD, 10)]
    assert changes == [(9, None), (None, 9)]


def test_a_community_that_moves_takes_its_settings_along(connection):
    communities.link(connection, OLD, STAFF, 7, 10.0)
    moderators.name(connection, OLD, 9, BY)
    communities.save_setting(connection, NEW, ("mode", "act"), BY)
    chats.move(connection, OLD, NEW, 20.0)
    moved = communities.find(connection, NEW)
    assert (moved.moderators_chat, moved.mode) == (STAFF, "watch")
    assert moderators.is_named(connection, NEW, 9)
    assert communities.find(connection, OLD) == Community(OLD)


def test_a_moderators_chat_that_moves_keeps_its_communities(connection):
    communities.link(connection, OLD, STAFF, 7, 10.0)
    chats.move(connection, STAFF, NEW, 20.0)
    assert communities.find(connection, OLD).moderators_chat == NEW


def test_a_language_is_the_communitys_also_where_it_is_moderated(connection):
    communities.link(connection, OLD, STAFF, 7, 10.0)
    communities.save_setting(connection, OLD, ("language", "en"), BY)
    assert communities.find_language(connection, OLD) == "en"
    assert communities.find_language(connection, STAFF) == "en"
    assert communities.find_language(connection, NEW) is None
