"""The commands that Telegram suggests: everyone in a group sees few, its admins theirs."""

import pytest

from bot.commands import FOR_ADMINS, IN_GROUPS

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def listed(telegram, scope):
    """Wait until the bot has published its last list, and return the one of a scope."""
    last = {"type": "all_chat_administrators"}
    while not await telegram("getMyCommands", scope=last, language_code="en"):
        pass
    return await telegram("getMyCommands", scope={"type": scope}, language_code="en")


async def test_members_and_admins_of_groups_see_different_commands(app, telegram):
    members = await listed(telegram, "all_group_chats")
    admins = await listed(telegram, "all_chat_administrators")
    assert [one["command"] for one in members] == list(IN_GROUPS)
    assert [one["command"] for one in admins] == list(FOR_ADMINS)
    assert all(one["description"] for one in admins)
