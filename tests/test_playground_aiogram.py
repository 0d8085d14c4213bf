"""A bot written with a library that knows nothing of the playground runs against it."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.filters import CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    ChatPermissions,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReactionTypeEmoji,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

pytest_plugins = ["playground_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="верно", callback_data="label:ok")]]
)


def make_bot(url, token="42:playground"):
    return Bot(token, AiohttpSession(api=TelegramAPIServer.from_base(url)))


@pytest_asyncio.fixture(loop_scope="module")
async def bot(playground):
    made = make_bot(playground.url)
    yield made
    await made.session.close()


def make_dispatcher():
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def greet(message):
        await message.answer("Здравствуйте!", reply_markup=KEYBOARD)

    @dispatcher.callback_query(F.data == "label:ok")
    async def thank(query):
        await query.message.edit_text("Записано")
        await query.answer("Спасибо", show_alert=True)

    return dispatcher


@asynccontextmanager
async def polling(bot):
    dispatcher = make_dispatcher()
    task = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
    )
    yield
    await asyncio.sleep(0)
    await dispatcher.stop_polling()
    await task


@asynccontextmanager
async def hooked(bot):
    app = web.Application()
    handler = SimpleRequestHandler(
        make_dispatcher(), bot, handle_in_background=False, secret_token="secret"
    )
    handler.register(app, path="/hook")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await bot.set_webhook(url, secret_token="secret")
    yield
    await bot.delete_webhook()
    await runner.cleanup()


@pytest.mark.parametrize("serving", [polling, hooked])
async def test_a_bot_greets_takes_a_press_and_answers_it(playground, bot, serving):
    async with serving(bot):
        await playground.write("private:anna", "anna", "/start")
        greeting = await playground.wait_for(
            "private:anna", lambda one: one.get("text") == "Здравствуйте!"
        )
        answer = await playground.press("private:anna", greeting["message_id"], "label:ok")
        assert answer == {"text": "Спасибо", "show_alert": True, "url": ""}
        [edited] = await playground.messages("private:anna", after=greeting["message_id"] - 1)
        assert (edited["text"], "reply_markup" in edited) == ("Записано", False)


async def test_messages_are_sent_edited_copied_and_deleted(bot, anna):
    message = await bot.send_message(anna, "<b>раз</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    assert message.html_text == "<b>раз</b>"
    assert message.reply_markup.inline_keyboard[0][0].callback_data == "label:ok"
    edited = await message.edit_text("два")
    assert edited.text == "два"
    copy = await message.copy_to(anna)
    assert copy.message_id > message.message_id
    assert await bot.delete_messages(anna, [message.message_id, copy.message_id])


async def test_files_go_both_ways(bot, anna, picture, another):
    photo = BufferedInputFile(picture, "вид.png")
    message = await bot.send_photo(anna, photo, caption="вид")
    assert (await bot.download(message.photo[-1])).read() == picture
    media = [InputMediaPhoto(media=photo, caption="раз"), InputMediaPhoto(media=photo)]
    album = await bot.send_media_group(anna, media)
    assert len({message.media_group_id for message in album}) == 1
    newer = InputMediaPhoto(media=BufferedInputFile(another, "иной.png"), caption="иначе")
    edited = await bot.edit_message_media(newer, chat_id=anna, message_id=message.message_id)
    assert (await bot.download(edited.photo[-1])).read() == another
    document = await bot.send_document(anna, BufferedInputFile(b"a,b", "выгрузка.csv"))
    assert document.document.file_name == "выгрузка.csv"


async def test_moderation_methods_parse(bot, playground, ids):
    message = await playground.write("group", "oleg", "реклама")
    place = {"chat_id": ids["group"], "user_id": ids["oleg"]}
    assert await bot.restrict_chat_member(**place, permissions=ChatPermissions())
    assert (await bot.get_chat_member(**place)).status == "restricted"
    assert await bot.ban_chat_member(**place)
    assert (await bot.get_chat_member(**place)).status == "kicked"
    assert await bot.unban_chat_member(**place)
    reaction = [ReactionTypeEmoji(emoji="👀")]
    assert await bot.set_message_reaction(ids["group"], message["message_id"], reaction)
    admins = await bot.get_chat_administrators(ids["group"])
    assert {admin.status for admin in admins} == {"creator", "administrator"}
    assert (await bot.get_chat(ids["channel"])).linked_chat_id == ids["group"]


async def test_commands_are_announced(bot):
    await bot.set_my_commands([BotCommand(command="ping", description="Проверка")])
    [command] = await bot.get_my_commands()
    assert (command.command, command.description) == ("ping", "Проверка")
    assert (await bot.get_webhook_info()).url == ""


async def test_refusals_become_the_librarys_errors(playground, bot, anna, ids):
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(ids["oleg"], "привет")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(1, "привет")
    after = await playground.migrate("moderators")
    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(ids["moderators"], "привет")
    assert moved.value.migrate_to_chat_id == after["id"]
    await playground.set(failures={"every": 1, "error_code": 429, "retry_after": 7})
    with pytest.raises(TelegramRetryAfter) as flood:
        await bot.send_message(anna, "привет")
    assert flood.value.retry_after == 7


async def test_a_wrong_token_and_a_second_reader_are_told(playground, bot):
    stranger = make_bot(playground.url, "42:wrong")
    with pytest.raises(TelegramUnauthorizedError):
        await stranger.get_me()
    await stranger.session.close()
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    await bot.get_updates()
    with pytest.raises(TelegramConflictError):
        await poll


async def test_every_kind_of_update_parses(playground, bot):
    kinds = ["message", "edited_message", "channel_post", "edited_channel_post", "chat_member"]
    kinds += ["message_reaction", "message_reaction_count", "my_chat_member"]
    await bot.get_updates(allowed_updates=kinds)
    post = await playground.post_channel("пост")
    await playground.edit("channel", post["message_id"], "правка")
    await playground.react("channel", post["message_id"], "🔥", "anna")
    comment = await playground.comment(post["message_id"], "anna", "комментарий")
    await playground.react("group", comment["message_id"], "👍", "oleg")
    await playground.write("private:anna", "anna", "/start")
    await playground.block("private:anna")
    await playground.set_member("moderators", "anna", "member", by="admin")
    seen = {update.event_type for update in await bot.get_updates()}
    assert seen == set(kinds)
