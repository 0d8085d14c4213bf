"""Rights: a role is what Telegram and the admins of that community say now, of whoever asks."""

import pytest
import pytest_asyncio

from bot.app import build_bot
from bot.communities.community import Community, is_quiet
from bot.communities.rights import (
    Role,
    communities_where,
    may_administer,
    may_command_models,
    may_moderate,
    role_in,
)
from bot.storage import communities, moderators
from bot.storage.communities import By

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ANONYMOUS_ADMIN = 1087968824


@pytest_asyncio.fixture(loop_scope="module")
async def bot(bot_settings, storage):
    made = build_bot(bot_settings, storage)
    yield made
    await made.session.close()


@pytest_asyncio.fixture(loop_scope="module")
async def role(bot, storage, ids):
    """Tells someone's role in the group."""

    async def ask(person, chat="group"):
        return await role_in(bot, storage, ids[chat], ids.get(person, person))

    return ask


def link(storage, chat_id, moderators_chat):
    return communities.link(storage.connection, chat_id, moderators_chat, 7, 1.0)


async def test_the_owner_and_admins_administer_and_members_do_not(role):
    assert [await role(p) for p in ("admin", "moderator", "anna")] == [
        Role.creator,
        Role.admin,
        Role.member,
    ]
    assert may_administer(Role.admin)
    assert not may_administer(Role.moderator)
    assert not may_moderate(Role.member)


async def test_who_was_demoted_has_lost_the_right_at_once(role, playground):
    assert may_moderate(await role("moderator"))
    await playground.set_member("group", "moderator", "member")
    assert not may_moderate(await role("moderator"))


async def test_a_named_moderator_moderates_while_in_the_chat(role, playground, storage, ids):
    by = By(ids["admin"], 1.0)
    assert moderators.name(storage.connection, ids["group"], ids["anna"], by)
    assert await role("anna") == Role.moderator
    await playground.set_member("group", "anna", "left")
    assert await role("anna") == Role.none


async def test_a_name_holds_in_its_own_community_only(role, storage, ids):
    moderators.name(storage.connection, ids["channel"], ids["anna"], By(ids["admin"], 1.0))
    assert await role("anna") == Role.member


@pytest.mark.parametrize(("is_member", "expected"), [(True, Role.member), (False, Role.none)])
async def test_a_restricted_member_is_one_while_inside(
    role, playground, telegram, ids, is_member, expected
):
    if not is_member:
        await playground.set_member("group", "anna", "left")
    muted = {"can_send_messages": False}
    await telegram(
        "restrictChatMember", chat_id=ids["group"], user_id=ids["anna"], permissions=muted
    )
    assert await role("anna") == expected


async def test_an_anonymous_admin_is_one_in_that_chat_alone(role, ids):
    assert await role(ids["group"]) == Role.admin
    assert await role(ids["group"], "moderators") < Role.moderator
    assert await role(ANONYMOUS_ADMIN) == Role.none


async def test_the_groups_own_channel_is_trusted_and_others_are_not(role, playground, ids):
    other = await playground.add_chat("other", "Чужой", type="channel", members={"oleg": "creator"})
    assert await role("channel") == Role.moderator
    assert await role(other["id"]) == Role.member


async def test_where_the_bot_is_not_nobody_has_a_role(role, playground, ids):
    await playground.set_member("group", "nastroi_bot", "kicked", by="admin")
    assert await role("admin") == Role.none
    assert await role(ids["admin"], "group") == Role.none


async def test_a_group_that_became_a_supergroup_is_asked_under_its_new_id(role, playground):
    await playground.migrate("moderators")
    assert await role("admin", "moderators") == Role.creator


async def test_communities_are_found_by_role_among_the_linked(bot, storage, playground, ids):
    link(storage, ids["group"], ids["moderators"])
    other = await playground.add_chat(
        "other", "Чужой", members={"oleg": "creator", "admin": "member", "nastroi_bot": "member"}
    )
    link(storage, other["id"], other["id"])
    assert await communities_where(bot, storage, ids["admin"], Role.admin) == [ids["group"]]
    found = await communities_where(bot, storage, ids["admin"], Role.member)
    assert sorted(found) == sorted([ids["group"], other["id"]])


async def test_without_operators_admins_of_linked_communities_command_models(
    bot, storage, bot_settings, ids
):
    assert not await may_command_models(bot, storage, bot_settings, ids["admin"])
    link(storage, ids["group"], ids["moderators"])
    assert await may_command_models(bot, storage, bot_settings, ids["admin"])
    assert not await may_command_models(bot, storage, bot_settings, ids["anna"])


async def test_operators_alone_command_models_where_there_are_some(bot, storage, bot_settings, ids):
    link(storage, ids["group"], ids["moderators"])
    settings = bot_settings.model_copy(update={"operators": f"5, {ids['anna']}"})
    assert await may_command_models(bot, storage, settings, ids["anna"])
    assert not await may_command_models(bot, storage, settings, ids["admin"])


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [((23, 8), True), ((1, 3), True), ((3, 1), False), ((2, 8), False), ((None, None), False)],
)
async def test_quiet_hours_are_the_zones_and_pass_midnight(hours, quiet):
    community = Community(1, quiet_from=hours[0], quiet_to=hours[1], time_zone="Europe/Moscow")
    half_past_one = 1_700_000_000 // 86400 * 86400 + 22.5 * 3600
    assert is_quiet(community, half_past_one) == quiet
