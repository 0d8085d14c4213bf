"""How people feel, on the playground's page: what buyers say, and three months of a community.

The link leads to the playground's shop; the months are written into the bot's database while it is
down, and end with five hours of brown water and a digest that came due meanwhile.
"""

import time

import pytest
import pytest_asyncio
from bot_parts import until
from playwright.async_api import expect
from test_page_day import browser  # noqa: F401
from test_playground_page import CHROMIUM, bubble, say, visit

from benchmarks.months import find_group, live_through
from bot.storage import communities
from bot.storage.database import Storage
from playground.client import Playground
from stack.isolated import isolated_stack

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: install chromium"),
]

DUE = "INSERT INTO digests (chat_id, since, due_at, changed_at) VALUES (?, ?, ?, ?)"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack():
    async with isolated_stack(print) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def playground(stack):
    async with Playground(stack.settings.playground_url) as client:
        for name in ("anna", "admin"):
            await client.write(f"private:{name}", name, "/start")
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def months(stack, playground):
    """A linked group with a past, whose bot was down for a while."""
    await playground.write("group", "anna", "Всем привет")
    seen = Storage.open(stack.settings.database_path, read_only=True)
    await until(lambda: has_group(seen))
    seen.close()
    await stack.processes["bot"].stop()
    write_past(stack.settings.database_path, await playground.state())
    await stack.processes["bot"].start()


def has_group(storage):
    return storage.connection.execute("SELECT 1 FROM chats WHERE kind LIKE '%group'").fetchall()


def write_past(path, world):
    ids = {one["handle"]: one["id"] for one in world["chats"] + world["people"]}
    storage, now = Storage.open(path), time.time()
    group = find_group(storage.connection)
    with storage.connection as connection:
        communities.link(connection, group.id, ids["moderators"], ids["admin"], now)
    live_through(storage, group, now)
    with storage.connection as connection:
        connection.execute(DUE, (group.id, now - 8 * 86400, now - 600, now))
    storage.close()


async def test_a_link_to_a_shop_becomes_a_report_whose_quotes_teach(browser, playground):  # noqa: F811
    async with visit(browser, f"{playground.url}/#private:anna") as page:
        await say(page, f"{playground.url}/shop/parka")
        report = bubble(page, "Парка «Иней»").first
        await expect(report).to_contain_text("500 отзывов", timeout=20_000)
        await expect(report).to_contain_text("Ругают:")
        await expect(page.locator(".entry img").last).to_be_visible(timeout=20_000)
        await report.get_by_role("button", name="✏️ 1").click()
        await report.get_by_role("button", name="негативно").click()
        await expect(report.get_by_role("button", name="✏️ 1")).to_be_visible()


async def test_a_link_that_is_not_to_be_visited_is_refused_in_words(browser, playground):  # noqa: F811
    async with visit(browser, f"{playground.url}/#private:anna") as page:
        await say(page, "http://169.254.169.254/latest/meta-data/")
        await expect(bubble(page, "не хожу").last).to_be_visible(timeout=20_000)


@pytest.mark.usefixtures("months")
async def test_three_months_give_a_picture_a_digest_and_one_alert(browser, playground):  # noqa: F811
    async with visit(browser, f"{playground.url}/#moderators") as page:
        alert = bubble(page, "Негатива стало больше обычного").first
        await expect(alert).to_be_visible(timeout=30_000)
        await expect(bubble(page, "Подробнее: /mood")).to_be_visible(timeout=30_000)
        await alert.get_by_role("button", name="Вижу, спасибо").click()
        await expect(alert).to_contain_text("Принято: ", timeout=30_000)
        await page.goto(f"{playground.url}/#private:admin")
        await say(page, "/mood 30d")
        await expect(bubble(page, "Раньше было").last).to_be_visible(timeout=20_000)
        picture = page.locator(".entry img")
        await expect(picture).to_be_visible(timeout=20_000)
        drawn = await picture.get_attribute("src")
        # The picture below quotes the words.
        words = bubble(page, "Раньше было").first
        await words.get_by_role("button", name="24 часа").click()
        await expect(bubble(page, "Говорят чаще").last).to_contain_text("вода", timeout=20_000)
        # Another picture, in the place of the first.
        await expect(picture).not_to_have_attribute("src", drawn, timeout=20_000)
        await expect(picture).to_have_count(1)
    told = [m for m in await playground.messages("moderators") if "Негатива" in m.get("text", "")]
    assert len(told) == 1
