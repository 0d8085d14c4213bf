"""The playground's page in a real browser: people write, a bot answers, everything shows live."""

import asyncio
import re
import shutil
from contextlib import asynccontextmanager, suppress

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from playground.server import serve

pytest_plugins = ["playground_fixtures"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), "")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
ARGUMENTS += ["--disable-component-update", "--no-first-run"]
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
KEYBOARD = {"inline_keyboard": [[{"text": "Верно", "callback_data": "label:ok"}]]}

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: install chromium"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser():
    async with async_playwright() as player:
        opened = await player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        await opened.close()


@asynccontextmanager
async def visit(browser, url, **look):
    """Open a page whose console must stay clean."""
    context = await browser.new_context(**{"viewport": WIDE, "locale": "ru-RU"} | look)
    page = await context.new_page()
    page.set_default_timeout(10_000)
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda line: line.type in ("error", "warning") and trouble.append(line.text))
    await page.goto(url)
    yield page
    assert trouble == []
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser, playground):
    async with visit(browser, f"{playground.url}/#private:anna") as opened:
        yield opened


async def answer(telegram, update):
    """Do what a small bot would: offer a button, thank for a press."""
    if query := update.get("callback_query"):
        place = {"chat_id": query["from"]["id"], "message_id": query["message"]["message_id"]}
        await telegram("editMessageText", **place, text="Записано")
        call = {"callback_query_id": query["id"], "text": "Спасибо за ответ"}
        await telegram("answerCallbackQuery", **call)
    elif message := update.get("message"):
        text = f"Вы написали: {message['text']}"
        chat_id = message["chat"]["id"]
        await telegram("sendMessage", chat_id=chat_id, text=text, reply_markup=KEYBOARD)


@pytest_asyncio.fixture(loop_scope="module")
async def bot(telegram):
    """A bot that answers while the test runs."""

    async def run():
        offset = 0
        while True:
            for update in await telegram("getUpdates", offset=offset, timeout=10):
                offset = update["update_id"] + 1
                await answer(telegram, update)

    task = asyncio.create_task(run())
    yield telegram
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def bubble(page, text):
    return page.locator(".entry", has_text=text)


async def say(page, text):
    await page.fill("#field", text)
    await page.keyboard.press("Enter")


async def open_menu(page, text, item):
    await bubble(page, text).last.click(button="right", position={"x": 60, "y": 12})
    await page.get_by_role("menuitem", name=item).click()


async def write_as(page, name):
    await page.click(".persona")
    await page.get_by_role("menuitemradio", name=name).click()


async def test_a_talk_with_a_bot_goes_live_from_start_to_pressed_button(page, bot):
    await page.get_by_role("button", name="Начать").click()
    await expect(bubble(page, "Вы написали: /start")).to_be_visible()
    await say(page, "Кошмар, заказ не пришёл")
    answered = bubble(page, "Вы написали: Кошмар, заказ не пришёл")
    await answered.get_by_role("button", name="Верно").click()
    await expect(page.locator(".toast")).to_have_text("Спасибо за ответ")
    await expect(bubble(page, "Записано")).to_have_count(1)
    await expect(answered).to_have_count(0)


async def test_an_alert_waits_to_be_read(page, telegram, anna):
    await telegram("sendMessage", chat_id=anna, text="выбор", reply_markup=KEYBOARD)
    await page.get_by_role("button", name="Верно").click()
    await expect(page.locator(".key.waiting")).to_have_count(1)
    [update] = await telegram("getUpdates", timeout=5)
    query = {"callback_query_id": update["callback_query"]["id"], "text": "Нет прав"}
    await telegram("answerCallbackQuery", **query, show_alert=True)
    await expect(page.get_by_role("dialog")).to_contain_text("Нет прав")
    await page.get_by_role("button", name="Понятно").click()
    await expect(page.locator(".key.waiting")).to_have_count(0)


async def offer_links(telegram, chat_id):
    """Let the bot send buttons that are deep links to itself and to elsewhere."""
    links = {"Лично": "start=one", "В группу": "startgroup=two"}
    row = [{"text": k, "url": f"https://t.me/nastroi_bot?{v}"} for k, v in links.items()]
    keyboard = {"inline_keyboard": [row]}
    await telegram("sendMessage", chat_id=chat_id, text="ссылки", reply_markup=keyboard)


async def test_a_deep_link_opens_the_private_chat_of_who_presses(page, playground, bot, group):
    await page.goto(f"{playground.url}/#group")
    await offer_links(bot, group)
    await page.get_by_role("link", name="Лично").click()
    await expect(bubble(page, "Вы написали: /start one")).to_be_visible()
    assert page.url.endswith("#private:anna")


async def test_a_deep_link_to_a_group_asks_to_which(page, telegram, anna):
    await offer_links(telegram, anna)
    await page.get_by_role("link", name="В группу").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Модераторы двора")
    await dialog.get_by_role("button", name="Двор на Садовой").click()
    await expect(bubble(page, "/start@nastroi_bot two")).to_be_visible()
    assert page.url.endswith("#group")


async def test_own_messages_are_edited_and_deleted_by_their_menu(page, telegram, anna):
    await say(page, "первая мысль")
    await open_menu(page, "первая мысль", "Изменить")
    await say(page, "вторая мысль")
    await expect(bubble(page, "вторая мысль")).to_contain_text("изменено")
    edited = (await telegram.updates())[-1]["edited_message"]
    assert edited["text"] == "вторая мысль"
    await open_menu(page, "вторая мысль", "Удалить")
    await expect(bubble(page, "вторая мысль")).to_have_count(0)


async def test_a_message_vanishes_when_the_bot_deletes_it(page, playground, telegram, group):
    await page.goto(f"{playground.url}/#group")
    message = await playground.write("group", "oleg", "реклама казино")
    await expect(bubble(page, "реклама казино")).to_be_visible()
    await telegram("deleteMessage", chat_id=group, message_id=message["message_id"])
    await expect(bubble(page, "реклама казино")).to_have_count(0)


async def test_one_writes_as_anyone_who_may(page, playground, telegram):
    await page.goto(f"{playground.url}/#group")
    await write_as(page, "Кирилл")
    await say(page, "всем привет")
    await write_as(page, "Анонимный администратор")
    await say(page, "добро пожаловать")
    await write_as(page, "Лавка у дома")
    await say(page, "с новосельем")
    await expect(bubble(page, "с новосельем")).to_be_visible()
    names = [update["message"]["from"]["first_name"] for update in await telegram.updates()]
    assert names == ["Кирилл", "Group", "Channel"]


async def test_who_is_muted_cannot_write(page, playground, telegram, ids):
    await page.goto(f"{playground.url}/#group")
    call = {"chat_id": ids["group"], "user_id": ids["anna"], "permissions": {}}
    await telegram("restrictChatMember", **call)
    await expect(page.locator("#composer")).to_contain_text("писать сюда сейчас нельзя")
    await write_as(page, "Тимур Гареев")
    await expect(page.locator("#field")).to_be_visible()


async def test_replies_and_reactions_reach_the_bot(page, playground, telegram):
    await telegram("getUpdates", allowed_updates=["message", "message_reaction"])
    await page.goto(f"{playground.url}/#group")
    await open_menu(page, "best сосед ever", "Ответить")
    await say(page, "согласна")
    await open_menu(page, "best сосед ever", "Реакция 🔥")
    reply, reaction = bubble(page, "согласна"), bubble(page, "best сосед ever").locator(".reaction")
    await expect(reply.locator(".quote")).to_contain_text("Даша")
    await expect(reaction.first).to_contain_text("🔥")
    first, second = await telegram.updates()
    assert first["message"]["reply_to_message"]["text"].startswith("petrovich")
    assert second["message_reaction"]["new_reaction"][0]["emoji"] == "🔥"


async def test_commands_are_suggested_while_one_types_a_slash(page, telegram, anna):
    commands = [{"command": "ping", "description": "Всё ли работает"}]
    await telegram("setMyCommands", commands=commands, scope={"type": "all_private_chats"})
    await page.locator("#field").press_sequentially("/p")
    await expect(page.get_by_role("option")).to_contain_text("Всё ли работает")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.own").last).to_contain_text("/ping")
    [update] = await telegram.updates()
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 5}]


async def test_several_photos_make_an_album(page, telegram, anna, picture):
    files = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": picture} for n in range(2)]
    await page.locator("input[type=file]").set_input_files(files)
    await expect(page.locator(".thumbnails img")).to_have_count(2)
    await say(page, "посылка пришла мятой")
    await expect(page.locator(".entry .photos.count-2 img")).to_have_count(2)
    first, second = [update["message"] for update in await telegram.updates()]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("посылка пришла мятой", False)


async def test_a_replaced_picture_is_shown_in_its_place(page, telegram, anna, picture, another):
    first = await telegram.upload("sendPhoto", {"photo": picture}, chat_id=str(anna), caption="раз")
    image = page.locator(".entry img")
    await expect(image).to_have_js_property("naturalWidth", 3)
    place = {"chat_id": str(anna), "message_id": str(first["message_id"])}
    media = '{"type":"photo","media":"attach://new","caption":"два"}'
    await telegram.upload("editMessageMedia", {"new": another}, media=media, **place)
    await expect(image).to_have_js_property("naturalWidth", 4)
    await expect(bubble(page, "два")).to_have_count(1)
    await expect(bubble(page, "раз")).to_have_count(0)


async def test_comments_open_under_a_post(page, playground, telegram):
    await page.goto(f"{playground.url}/#channel")
    uncommented = page.get_by_role("button", name="Прокомментировать")
    await expect(uncommented).to_have_count(1)  # the counts of the others come a moment later
    await uncommented.click()
    await write_as(page, "Анна Белова")
    await say(page, "сыр я люблю")
    await expect(bubble(page, "сыр я люблю")).to_be_visible()
    message = (await telegram.updates())[-1]["message"]
    assert message["reply_to_message"]["is_automatic_forward"]
    await page.get_by_role("button", name="К каналу").click()
    await expect(page.get_by_role("button", name="1 комментарий")).to_be_visible()


async def test_markup_is_shown_and_what_people_write_stays_text(page, telegram, anna):
    await say(page, "<img src=x onerror=alert(1)>")
    await expect(bubble(page, "<img src=x onerror=alert(1)>")).to_be_visible()
    text = '<b>Негатив</b> <a href="https://ya.ru">ещё</a>'
    await telegram("sendMessage", chat_id=anna, text=text, parse_mode="HTML")
    answered = bubble(page, "Негатив ещё")
    await expect(answered.locator("strong")).to_have_text("Негатив")
    await expect(answered.locator("a")).to_have_attribute("href", "https://ya.ru")


async def test_a_conversation_can_be_walked_by_keyboard(page, playground):
    await page.goto(f"{playground.url}/#group")
    await bubble(page, "во сколько в субботу").focus()
    await page.keyboard.press("ArrowUp")
    await expect(bubble(page, "best сосед ever")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menu")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menu")).to_have_count(0)
    await expect(bubble(page, "best сосед ever")).to_be_focused()


async def test_everything_that_can_be_pressed_has_a_name(page, playground):
    await page.goto(f"{playground.url}/#group")
    await expect(page.locator(".entry").first).to_be_attached()
    nameless = "(all) => all.filter((one) => !(one.ariaLabel || one.textContent.trim())).length"
    assert await page.eval_on_selector_all("button, a", nameless) == 0
    assert await page.locator("img:not([alt])").count() == 0


async def test_words_switch_to_english(page):
    await page.get_by_role("button", name="Switch to English").click()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "en"


async def test_a_phone_shows_the_list_and_the_talk_as_two_screens(browser, playground):
    async with visit(browser, playground.url, viewport=PHONE, has_touch=True) as page:
        await page.get_by_role("link", name=re.compile("Двор на Садовой")).click()
        await expect(page.locator("#field")).to_be_visible()
        await expect(page.locator("#sidebar")).to_be_hidden()
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        await page.get_by_role("button", name="К списку чатов").click()
        await expect(page.locator("#sidebar")).to_be_visible()
        await expect(page.locator("#conversation")).to_be_hidden()


async def test_colours_follow_the_systems_theme(browser, playground):
    async def paper(theme):
        async with visit(browser, playground.url, color_scheme=theme) as page:
            await expect(page.locator(".chat").first).to_be_visible()
            return await page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert await paper("light") == "rgb(255, 255, 255)"
    assert await paper("dark") == "rgb(22, 32, 31)"


async def test_a_page_catches_up_after_the_server_was_away(browser):
    async with serve() as server:
        context = await browser.new_context(viewport=WIDE)
        page = await context.new_page()
        await page.goto(f"{server.url}/#group")
        await expect(bubble(page, "best сосед ever")).to_be_visible()
    await expect(page.locator("#offline")).to_be_visible()
    port = int(server.url.rpartition(":")[2])
    async with serve(port=port, world=server.world):
        await expect(page.locator("#offline")).to_be_hidden(timeout=15_000)
        await expect(bubble(page, "best сосед ever")).to_be_visible()
        await context.close()
