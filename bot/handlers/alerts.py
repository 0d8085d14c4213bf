"""The buttons of alerts: somebody has seen a rise, or calls it none, which tunes the alarm."""

import time

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.communities.rights import may_moderate
from bot.handlers.labels import answer_press
from bot.news.alert_message import AlertPress
from bot.news.parts import MoodNews
from bot.storage import alarms
from bot.storage.alarms import NoAlarmError
from bot.storage.incidents import Presser
from bot.talk import Talk


def router() -> Router:
    """The handler of presses on alerts."""
    here = Router(name="alerts")
    here.callback_query.register(press_alert, AlertPress.filter())
    return here


async def press_alert(
    query: CallbackQuery, callback_data: AlertPress, talk: Talk, mood_news: MoodNews
) -> None:
    """Remember what a button says, if its presser moderates the community now."""
    try:
        rise = await talk.storage.read(alarms.find_by_token, callback_data.token)
    except NoAlarmError:
        await answer_press(query, talk.say("press-stale"))
        return
    if not may_moderate(await talk.role(rise.chat_id, query.from_user.id)):
        await answer_press(query, talk.say("press-no-right"))
        return
    presser = Presser(query.from_user.id, query.from_user.full_name, time.time())
    is_first = await talk.storage.write(alarms.judge, rise.id, callback_data.act, presser)
    mood_news.wake()
    key = f"alert-said-{callback_data.act}" if is_first else "alert-said-too-late"
    await answer_press(query, talk.say(key))
