"""The words and the picture of a /mood stay two messages, whatever is pressed below them."""

import asyncio

import pytest
import pytest_asyncio
from aiogram import Bot

from bot.charts.pictures import Artist, PictureError
from bot.mood.board import MoodBoard, Shown
from bot.session import ApiSession

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

CHAT = "private:anna"


@pytest_asyncio.fixture(loop_scope="module")
async def board(playground, storage, tmp_path):
    """A board in a fresh playground."""
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await playground.write(CHAT, "anna", "/start")
    bot = Bot("42:playground", session=ApiSession(playground.url))
    yield MoodBoard(bot, storage, Artist(tmp_path))
    await bot.session.close()


def shown(period, png=None):
    """What is to be shown of a period, with its picture where there is one."""
    drawing = asyncio.get_running_loop().create_future()
    drawing.set_result(png)
    return Shown(f"Настроение за {period}", None, f"за {period}", drawing if png else None)


async def open_words(board, anna, what):
    """Say a first period; return where its words stand."""
    sent = await board._bot.send_message(anna, what.text)
    words = (anna, sent.message_id)
    await board.show_picture(words, what)
    return words


async def press(board, words, what):
    """Press for another period; return where the words stand then."""
    now = await board.edit_words(words, what)
    await board.show_picture(now, what)
    return now


async def look(playground):
    """What the bot has in the chat: numbers, and texts or captions."""
    found = [m for m in await playground.messages(CHAT) if m["author_id"] == 42]
    return [(m["message_id"], m.get("text") or m.get("caption")) for m in found]


async def delete(telegram, words):
    await telegram("deleteMessage", chat_id=words[0], message_id=words[1])


async def test_a_press_edits_words_and_picture_in_place(board, playground, anna, picture, another):
    words = await open_words(board, anna, shown("неделю", picture))
    (_, below) = await look(playground)
    assert await press(board, words, shown("сутки", another)) == words
    assert await look(playground) == [(words[1], "Настроение за сутки"), (below[0], "за сутки")]
    photo = (await playground.messages(CHAT))[-1]["photo"][-1]
    assert photo["file_size"] == len(another)


async def test_what_is_shown_already_is_shown_once(board, playground, anna, picture):
    words = await open_words(board, anna, shown("неделю", picture))
    before = await look(playground)
    await press(board, words, shown("неделю", picture))
    assert await look(playground) == before


async def test_a_deleted_picture_is_sent_anew_below_its_words(
    board, playground, telegram, anna, picture
):
    words = await open_words(board, anna, shown("неделю", picture))
    await delete(telegram, (anna, (await look(playground))[1][0]))
    await press(board, words, shown("сутки", picture))
    newer = (await playground.messages(CHAT))[-1]
    assert (newer["caption"], newer["reply_to_message"]["message_id"]) == ("за сутки", words[1])
    await press(board, words, shown("месяц", picture))
    assert (await look(playground))[1] == (newer["message_id"], "за месяц")


async def test_deleted_words_are_said_anew_and_their_old_picture_goes(
    board, playground, telegram, anna, picture
):
    words = await open_words(board, anna, shown("неделю", picture))
    await delete(telegram, words)
    now = await press(board, words, shown("сутки", picture))
    assert now[1] > words[1]
    assert [text for _, text in await look(playground)] == ["Настроение за сутки", "за сутки"]
    assert await press(board, now, shown("месяц", picture)) == now
    assert [text for _, text in await look(playground)] == ["Настроение за месяц", "за месяц"]


async def test_where_there_is_nothing_to_draw_the_picture_goes_and_may_come_back(
    board, playground, anna, picture
):
    words = await open_words(board, anna, shown("неделю", picture))
    await press(board, words, shown("сутки"))
    assert [text for _, text in await look(playground)] == ["Настроение за сутки"]
    await press(board, words, shown("месяц", picture))
    assert [text for _, text in await look(playground)] == ["Настроение за месяц", "за месяц"]


async def test_a_picture_that_cannot_be_drawn_leaves_the_words(board, playground, anna, picture):
    words = await open_words(board, anna, shown("неделю", picture))
    drawing = asyncio.get_running_loop().create_future()
    drawing.set_exception(PictureError("no font"))
    await press(board, words, Shown("Настроение за сутки", None, "за сутки", drawing))
    assert [text for _, text in await look(playground)] == ["Настроение за сутки", "за неделю"]


async def test_a_picture_too_old_to_be_deleted_is_said_to_be_of_no_time(
    board, playground, anna, picture
):
    words = await open_words(board, anna, shown("неделю", picture))
    await playground.set(advance_seconds=49 * 3600)
    await press(board, words, shown("сутки"))
    assert [text for _, text in await look(playground)] == ["Настроение за сутки", "за сутки"]
