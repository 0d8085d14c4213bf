"""What tests of trials share: what the version on trial says, presses, answers to /label."""

import time

from bot_parts import rows, until

from bot.storage import shadows
from bot.storage.shadows import NewShadow

ADMIN, MODERATOR = "private:admin", "private:moderator"


def flipped(text):
    """What the version on trial says: of good things that they are bad."""
    first = "positive" if "кошмар" in text.lower() else "negative"
    if "спасибо" in text.lower():
        first = "positive"
    sentiment = dict.fromkeys(("neutral", "positive", "negative"), 0.05) | {first: 0.9}
    return {"sentiment": sentiment, "toxicity": {"toxic": 0.03}}


async def begin(app):
    ((admin,),) = rows(app.storage, "SELECT linked_by FROM communities")
    new = NewShadow("p", "second", "tiny-1", admin, admin, "ru", time.time())
    return await app.storage.write(shadows.begin, new)


async def say(playground, text, sender="admin", chat=None):
    return await playground.write(chat or f"private:{sender}", sender, text)


async def write(app, playground, *texts, chat="group"):
    """Write in a group and wait until both versions have judged it."""
    for text in texts:
        written = await playground.write(chat, "anna", text)
    key = f"{written['chat']['id']}:{written['message_id']}:0"
    await until(lambda: rows(app.storage, "SELECT 1 FROM verdicts WHERE key = ?", key))


async def heard(playground, part, chat=ADMIN):
    return await playground.wait_for(
        chat, lambda m: m["author_id"] == 42 and part in m.get("text", "")
    )


def buttons(message):
    return {
        b["text"]: b["callback_data"]
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for b in row
    }


async def press(playground, message, button, sender="admin", chat=ADMIN):
    data = buttons(message)[button]
    return await playground.press(chat, message["message_id"], data, sender)


async def judge(playground, *labels, sender="moderator"):
    """Answer what /label asks, and return the first question."""
    written = await say(playground, "/label", sender)
    chat, after = f"private:{sender}", written["message_id"]
    first = question = await playground.wait_for(
        chat, lambda m: m["author_id"] == 42 and "🏷" in m.get("text", ""), after=after
    )
    for number, label in enumerate(labels, 1):
        await press(playground, question, label, sender, chat)
        question = await heard(playground, f"Размечено {number},", chat)
    return first
