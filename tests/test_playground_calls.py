"""How the Bot API is called: tokens, names, the ways to hand in parameters, refusals."""

import asyncio
from pathlib import Path

import pytest

import playground
from playground.server import make_app

pytest_plugins = ["playground_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_method_names_take_any_case(telegram):
    assert await telegram("GETME") == await telegram("getMe")
    assert (await telegram("getme"))["username"] == "nastroi_bot"


async def test_wrong_token_is_unauthorized(telegram):
    telegram.root = telegram.root.replace("playground", "wrong")
    expected = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert await telegram.answer("getMe") == expected


async def test_unknown_method_is_not_found(telegram):
    assert (await telegram.answer("sendNothing"))["error_code"] == 404


@pytest.mark.parametrize("way", ["params", "data", "json"])
async def test_parameters_come_by_query_form_or_json(telegram, anna, way):
    call = {"chat_id": str(anna), "text": "привет", "disable_notification": "true"}
    async with telegram.session.post(f"{telegram.root}/sendMessage", **{way: call}) as response:
        assert (await response.json())["result"]["text"] == "привет"


async def test_get_requests_work_too(telegram, anna):
    query = {"chat_id": str(anna), "text": "привет"}
    async with telegram.session.get(f"{telegram.root}/sendMessage", params=query) as response:
        assert (await response.json())["ok"]


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 999, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "@nowhere", "text": "x"}, "chat not found"),
        ("getChatMember", {"chat_id": 1, "user_id": "x"}, "invalid user_id specified"),
        ("setMyCommands", {"commands": "["}, "can't parse commands JSON object"),
        ("getFile", {"file_id": "nope"}, "invalid file_id"),
    ],
)
async def test_bad_parameters_are_refused_in_telegrams_words(telegram, method, parameters, words):
    assert await telegram.refusal(method, **parameters) == f"Bad Request: {words}"


async def test_broken_json_is_a_bad_request(telegram):
    headers = {"Content-Type": "application/json"}
    async with telegram.session.post(
        f"{telegram.root}/getMe", data=b"{", headers=headers
    ) as response:
        assert response.status == 400


async def test_passing_a_limit_says_how_long_to_wait(playground, telegram, anna):
    await playground.set(limits={"enabled": True, "chat_per_second": 1, "chat_burst": 2})
    for number in range(2):
        await telegram("sendMessage", chat_id=anna, text=str(number))
    refused = await telegram.answer("sendMessage", chat_id=anna, text="ещё")
    assert refused["error_code"] == 429
    assert refused["parameters"] == {"retry_after": 1}
    assert refused["description"] == "Too Many Requests: retry after 1"
    await playground.set(advance_seconds=1)
    await telegram("sendMessage", chat_id=anna, text="ещё")


async def test_a_group_takes_twenty_a_minute(playground, telegram, group):
    await playground.set(limits={"enabled": True, "chat_burst": 100})
    for number in range(20):
        await telegram("sendMessage", chat_id=group, text=str(number))
    refused = await telegram.answer("sendMessage", chat_id=group, text="ещё")
    assert refused["parameters"]["retry_after"] == 3


async def test_every_nth_call_fails_when_asked(playground, telegram):
    await playground.set(failures={"every": 2, "error_code": 502, "methods": ["getMe"]})
    codes = [(await telegram.answer("getMe")).get("error_code", 200) for _ in range(4)]
    assert codes == [200, 502, 200, 502]
    await telegram("getWebhookInfo")


async def test_commands_are_kept_by_scope_and_language(telegram):
    commands = [{"command": "stats", "description": "Показатели"}]
    await telegram("setMyCommands", commands=commands, scope={"type": "all_group_chats"})
    assert await telegram("getMyCommands", scope={"type": "all_group_chats"}) == commands
    assert await telegram("getMyCommands") == []
    await telegram("deleteMyCommands", scope={"type": "all_group_chats"})
    assert await telegram("getMyCommands", scope={"type": "all_group_chats"}) == []
    refusal = await telegram.refusal("setMyCommands", commands=[commands[0] | {"command": "Ё"}])
    assert refusal == "Bad Request: BOT_COMMAND_INVALID"


async def test_any_bot_may_be_registered_and_has_its_own_updates(playground, telegram, anna):
    await playground.add_bot("77:second", "second_bot", "Второй")
    await playground.write("private:second_bot:anna", "anna", "второму")
    assert await telegram("getUpdates") == []
    telegram.root = telegram.root.replace("42:playground", "77:second")
    [update] = await telegram("getUpdates")
    assert update["message"]["text"] == "второму"


async def test_control_refuses_what_it_does_not_know(playground):
    with pytest.raises(Exception, match="colour"):
        await playground.write("group", "anna", "привет", colour="red")
    with pytest.raises(Exception, match="no person is called 'nobody'"):
        await playground.write("group", "nobody", "привет")


async def test_a_page_hears_of_messages_by_server_sent_events(playground, telegram):
    async with telegram.session.get(f"{playground.url}/control/events") as stream:
        await stream.content.readuntil(b"data: {}\n\n")
        await playground.write("group", "anna", "привет")
        event = await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 5)
    assert event.startswith(b"event: message\ndata: {")
    assert "привет" in event.decode()


async def test_another_sites_page_cannot_use_the_control_api(playground, telegram):
    headers = {"Origin": "https://elsewhere.example"}
    url = f"{playground.url}/control/reset"
    async with telegram.session.post(url, headers=headers) as response:
        assert response.status == 403


async def test_every_control_path_is_documented():
    readme = (Path(playground.__file__).parent / "README.md").read_text("utf-8")
    paths = {route.resource.canonical for route in make_app().router.routes()}
    missing = [path for path in paths if path.startswith("/control") and path not in readme]
    assert missing == []
