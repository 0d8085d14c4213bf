"""The webhook: a right secret, and 200 only for what is stored."""

import asyncio

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from bot_parts import a_worker, rows, running, until
from pydantic import SecretStr

from bot.app import build_app
from bot.serving import run_app
from bot.webhook import SECRET_HEADER
from core.errors import SetupError
from stack.isolated import free_port

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "a-secret-of-one-s-own"


@pytest.fixture
def hook():
    """The settings that turn the webhook on."""
    port = free_port()
    return {
        "webhook_url": f"http://127.0.0.1:{port}/hook",
        "webhook_secret": SecretStr(SECRET),
        "webhook_port": port,
    }


@pytest.fixture
def webhook_settings(bot_settings, hook):
    return bot_settings.model_copy(update=hook)


@pytest_asyncio.fixture(loop_scope="module")
async def post(webhook_settings):
    """Post to the bot's webhook and return the status."""
    async with ClientSession() as session:

        async def send(body, secret=SECRET):
            headers = {SECRET_HEADER: secret} if secret else {}
            url = webhook_settings.webhook_url
            async with session.post(url, data=body, headers=headers) as response:
                return response.status

        yield send


async def registered(telegram, playground_url="http"):
    return (await telegram("getWebhookInfo"))["url"].startswith(playground_url)


async def listening(telegram):
    """Wait until the bot has told Telegram where it listens."""
    async with asyncio.timeout(5):
        while not await registered(telegram):
            await asyncio.sleep(0.01)


async def test_telegram_posts_and_the_person_is_answered(webhook_settings, worker, playground):
    async with running(webhook_settings):
        written = await playground.write("private:anna", "anna", "Кошмар")
        answer = await playground.wait_for(
            "private:anna", lambda m: m["author_id"] == 42, after=written["message_id"]
        )
    assert "Негативно" in answer["text"]


@pytest.mark.parametrize("secret", ["", "wrong", "секрет"])
async def test_a_wrong_secret_is_refused_and_stores_nothing(
    webhook_settings, telegram, post, secret
):
    async with running(webhook_settings) as app:
        await listening(telegram)
        assert await post(b'{"update_id": 1}', secret) == 401
        assert rows(app.storage, "SELECT * FROM messages") == []


async def test_what_is_no_update_is_refused(webhook_settings, telegram, post):
    async with running(webhook_settings):
        await listening(telegram)
        assert [await post(body) for body in (b"{", b"[]", b"\xff")] == [400, 400, 400]


async def test_an_update_is_refused_while_redis_is_away_and_comes_again(
    fragile, hook, playground, telegram
):
    settings, redis_switch = fragile
    await playground.set(webhook={"backoff_seconds": [0.2]})
    async with running(settings.model_copy(update=hook)) as app:
        await listening(telegram)
        redis_switch.off()
        await playground.write("group", "oleg", "Кошмар")
        await until_refused(telegram)
        redis_switch.on()
        async with a_worker(settings.redis_address):
            await until(app.storage.scored_messages)


async def until_refused(telegram):
    async with asyncio.timeout(5):
        while "503" not in (await telegram("getWebhookInfo")).get("last_error_message", ""):
            await asyncio.sleep(0.01)


async def test_a_port_that_is_taken_is_one_readable_line(webhook_settings, playground):
    taken = webhook_settings.model_copy(update={"webhook_port": webhook_settings.playground_port})
    with pytest.raises(SetupError, match="change WEBHOOK_PORT"):
        await run_app(build_app(taken), asyncio.Event())


@pytest.mark.parametrize(
    "url", ["example", "https://", "ftp://a.org/hook", "https://a.org/{x", "https://a.org:x/"]
)
async def test_a_url_that_cannot_be_posted_to_is_one_readable_line(webhook_settings, url):
    wrong = webhook_settings.model_copy(update={"webhook_url": url})
    with pytest.raises(SetupError, match="it must be https:// with a host"):
        await asyncio.wait_for(run_app(build_app(wrong), asyncio.Event()), timeout=5)


async def test_polling_takes_the_webhook_away_and_drops_nothing(
    bot_settings, worker, playground, telegram
):
    await telegram("setWebhook", url="http://127.0.0.1:1/hook")
    await playground.write("group", "oleg", "Кошмар")
    async with running(bot_settings) as app:
        await until(app.storage.scored_messages)
    assert not await registered(telegram)


@pytest.mark.parametrize(
    ("uses_webhook", "method"), [(True, "setWebhook"), (False, "deleteWebhook")]
)
async def test_a_telegram_that_fails_at_the_start_is_waited_for(
    bot_settings, hook, worker, playground, log_lines, monkeypatch, uses_webhook, method
):
    monkeypatch.setattr("bot.limiter.REPEATS", 0)
    await playground.set(failures={"every": 1, "error_code": 502, "methods": [method]})
    await playground.write("group", "oleg", "Кошмар")
    settings = bot_settings.model_copy(update=hook if uses_webhook else {})
    async with running(settings) as app:
        await until(lambda: [line for line in log_lines if "webhook" in line and "fails" in line])
        await playground.set(failures={"every": 0})
        await until(app.storage.scored_messages)
