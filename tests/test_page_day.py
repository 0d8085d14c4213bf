"""A moderator's whole day on the playground's page, with every process behind it and no reading.

From an empty community to a model of its own: link, card, delete, undo, label, /import, /retrain,
/stats, /rollback. The model is the shipped one, and so is the trainer.
"""

import base64
import random

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect
from test_playground_page import ARGUMENTS, CHROMIUM, bubble, say, visit, write_as

from playground.client import Playground
from stack.isolated import isolated_stack

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: install chromium"),
]

INSULT = "Да ты тупой урод, закрой свой рот, дебил"
WORDS = ("двор", "лавка", "хлеб", "смена", "автобус", "кот", "крыша", "вода", "сосед", "дождь")
# What only this community means by its words.
SLANG = {"negative": "тленчик", "positive": "ауфно", "neutral": "табличка"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser():
    async with async_playwright() as player:
        opened = await player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def playground():
    async with isolated_stack(print) as stack, Playground(stack.settings.playground_url) as client:
        yield client


def slang(count):
    """A file of labelled texts that nobody outside would understand."""
    chance = random.Random(7)
    rows = [
        (f"{' '.join(chance.sample(WORDS, 5))} {SLANG[label]}", label)
        for _ in range(count // 3)
        for label in SLANG
    ]
    return "text,label\n" + "".join(f"{text},{label}\n" for text, label in rows)


async def press(page, text, button):
    await bubble(page, text).last.get_by_role("button", name=button).click()


async def link_community(page, playground):
    await playground.write("moderators", "moderator", "Смену принял")
    await page.goto(f"{playground.url}/#group")
    await write_as(page, "Марина")
    await say(page, "/link")
    await bubble(page, "Где показывать карточки").get_by_role("link").last.click()
    await press(page, "Куда слать карточки", "Модераторы двора")
    await expect(bubble(page, "Готово: карточки сообщества")).to_be_visible()
    await page.goto(f"{playground.url}/#moderators")
    await press(page, "Пока я только смотрю", "Включить карточки")


async def settle_a_card(page, playground):
    await playground.write("group", "petrovich", INSULT)
    await press(page, INSULT, "Удалить")
    await expect(bubble(page, "Удалено. Решение")).to_be_visible()
    await press(page, INSULT, "Отменить")
    await expect(bubble(page, "Отменено:")).to_be_visible()
    await page.goto(f"{playground.url}/#group")
    await expect(bubble(page, "Модераторы вернули сообщение")).to_be_visible()


async def label_and_import(page, playground):
    await page.goto(f"{playground.url}/#private:admin")
    for text in ("А хлеб опять по девяносто, обдираловка", "Лавка сегодня до девяти"):
        await playground.write("group", "oleg", text)
    await say(page, "/label")
    await press(page, "Какое настроение у этого текста", "негативно")
    await expect(bubble(page, "Размечено 1")).to_be_visible()
    file = {"data": base64.b64encode(slang(330).encode()).decode(), "name": "labels.csv"}
    await playground.write("private:admin", "admin", "/import", document=file)
    await expect(bubble(page, "Добавлено 330 меток")).to_be_visible()


async def train_and_go_back(page):
    await say(page, "/retrain")
    await expect(bubble(page, "macro-F1").last).to_contain_text("служит", timeout=180_000)
    await say(page, "/models")
    await say(page, "/rollback")
    await expect(bubble(page, "Снова служит nastroi-tiny")).to_be_visible()


async def test_from_an_empty_community_to_a_model_of_its_own(browser, playground):
    async with visit(browser, playground.url) as page:
        await link_community(page, playground)
        await settle_a_card(page, playground)
        await label_and_import(page, playground)
        await say(page, "/stats")
        await expect(bubble(page, "Скорость").last).to_be_visible()
        await train_and_go_back(page)
