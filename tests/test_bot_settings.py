"""/settings: who may open and press what, what each page says and sets."""

import time

import pytest
import pytest_asyncio
from bot_parts import rows, until

from bot.communities.community import MODES, Community
from bot.communities.presses import FIRST, SettingsPress
from bot.communities.values import SETTINGS, chosen_value, setting_of_page
from bot.storage import communities, labels, moderators, targets
from bot.storage.communities import By
from bot.storage.labels import Label

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

STAFF = "moderators"


def by_bot(message):
    return message["author_id"] == 42 and "text" in message


def keys(message):
    return [one for row in message["reply_markup"]["inline_keyboard"] for one in row]


async def say(playground, chat, sender, text, **extra):
    written = await playground.write(chat, sender, text, **extra)
    return await playground.wait_for(chat, by_bot, after=written["message_id"])


class Screen:
    """A message with buttons, and someone who presses them."""

    def __init__(self, playground, chat, message):
        self.playground = playground
        self.chat = chat
        self.id = message["message_id"]

    async def now(self, part=""):
        same = lambda m: m["message_id"] == self.id and part in str(m)  # noqa: E731
        return await self.playground.wait_for(self.chat, same)

    async def press(self, part, sender="admin"):
        """Press the button whose text holds a part; return what the bot says to that."""
        button = next(one for one in keys(await self.now(part)) if part in one["text"])
        data = button["callback_data"]
        return (await self.playground.press(self.chat, self.id, data, sender))["text"]


async def link(app, chat_id, staff):
    await app.storage.write(communities.link, chat_id, staff, 1, 1.0)


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    """A bot whose group is linked to the moderators' chat, with the titles known."""
    for chat in ("group", STAFF):
        await playground.write(chat, "admin", "привет")
    await until(lambda: rows(app.storage, "SELECT count(*) FROM chats") == [(2,)])
    await link(app, ids["group"], ids[STAFF])
    return app


async def opened(playground, chat=STAFF, sender="admin"):
    return Screen(playground, chat, await say(playground, chat, sender, "/settings"))


def community(app, ids):
    return communities.find(app.storage.connection, ids["group"])


async def test_an_admin_sees_everything_in_the_moderators_chat(linked, playground):
    screen = await opened(playground)
    message = await screen.now()
    assert "Двор на Садовой" in message["text"]
    assert "Карточки приходят в «Модераторы двора»" in message["text"]
    assert {"👀 Только смотрю", "⚠️ Карточка: 85 %", "🗄 Хранить: обычно"} <= {
        one["text"] for one in keys(message)
    }


async def test_a_mode_is_set_by_two_presses_and_written_down(linked, playground, ids):
    screen = await opened(playground)
    await screen.press("Только смотрю")
    assert "Удаляю сам" in (await screen.now("решение можно отменить"))["text"]
    assert await screen.press("Удаляю сам") == "Сохранено"
    assert community(linked, ids).mode == "act"
    change, *_ = communities.changes(linked.storage.connection, ids["group"], 1)
    assert (change.who, change.what, change.after) == (ids["admin"], "mode", "act")
    await screen.now("✅ ⚡ Удаляю сам")


async def test_a_threshold_moves_to_what_the_button_said_however_often_it_is_pressed(
    linked, playground, telegram, ids
):
    screen = await opened(playground)
    await screen.press("Карточка: 85 %")
    await screen.press("▼ 80 %")
    assert community(linked, ids).toxic_threshold == 0.8
    data = SettingsPress(community=1, page=2, value=30).pack()
    late = {"inline_keyboard": [[{"text": "▼ 80 %", "callback_data": data}]]}
    again = await telegram("sendMessage", chat_id=ids[STAFF], text="x", reply_markup=late)
    await playground.press(STAFF, again["message_id"], data, "admin")
    assert community(linked, ids).toxic_threshold == 0.8


async def test_a_threshold_stands_beside_what_it_would_have_done(linked, playground, ids):
    for text in ("ты урод", "сам урод", "тоже урод"):
        written = await playground.write("group", "oleg", text)
    await until(lambda: linked.storage.count_verdicts() >= 5)
    key = f"{ids['group']}:{written['message_id']}:0"
    wrong = Label("p", time.time(), 7, "card", key, "toxicity", "tiny-1", "toxic", "ok")
    await linked.storage.write(labels.append, wrong)
    screen = await opened(playground)
    line = "85 %: 3 карточки об оскорблении, 1 из них потом признана ошибкой"
    assert line in (await screen.now())["text"]
    await screen.press("Карточка: 85 %")
    page = await screen.now("Ниже порог")
    assert "95 %: ни одной карточки" in page["text"]
    assert "97 %: ничего не удалил бы сам" not in page["text"]


async def test_a_member_of_the_moderators_chat_opens_and_presses_nothing(linked, playground, ids):
    screen = await opened(playground)
    await playground.set_member("group", "moderator", "member")
    assert "только администратор" in await screen.press("Карточка", "moderator")
    refused = await say(playground, STAFF, "moderator", "/settings")
    assert "reply_markup" not in refused
    assert community(linked, ids) == communities.find(linked.storage.connection, ids["group"])


async def test_a_press_by_who_lost_the_right_sets_nothing(linked, playground, ids):
    screen = await opened(playground)
    await screen.press("Только смотрю")
    await playground.set_member("group", "admin", "member")
    assert "только администратор" in await screen.press("Удаляю сам")
    assert community(linked, ids).mode == "watch"


async def test_an_anonymous_admin_opens_and_presses_as_themselves(linked, playground, ids):
    screen = await opened(playground, sender="anonymous_admin")
    await screen.press("Только смотрю")
    await screen.press("Показываю карточки")
    assert community(linked, ids).mode == "ask"


async def test_who_administers_several_chooses_one_in_private(linked, playground, ids):
    other = await playground.add_chat(
        "other", "Соседи", members={"admin": "creator", "nastroi_bot": "member"}
    )
    await playground.write("other", "admin", "привет")
    await until(lambda: rows(linked.storage, "SELECT 1 FROM chats WHERE title = 'Соседи'"))
    await link(linked, other["id"], ids[STAFF])
    screen = await opened(playground, "private:admin")
    await screen.press("Соседи")
    assert "⚙️ Соседи" in (await screen.now("Карточка"))["text"]
    await screen.press("Другой чат")
    assert {one["text"] for one in keys(await screen.now("Какое"))} == {"Двор на Садовой", "Соседи"}


async def test_who_administers_nothing_sees_nothing(linked, playground):
    answer = await say(playground, "private:anna", "anna", "/settings")
    assert "reply_markup" not in answer
    assert "Двор" not in answer["text"]


async def test_in_the_community_an_admin_is_led_into_private(linked, playground):
    await playground.write("group", "anna", "/settings")
    answer = await say(playground, "group", "admin", "/settings")
    url = keys(answer)[0]["url"]
    assert url == "https://t.me/nastroi_bot?start=settings"
    started = await playground.follow(url, "admin")
    shown = await playground.wait_for("private:admin", by_bot, after=started["message_id"])
    assert "Двор на Садовой" in shown["text"]
    assert len([m for m in await playground.messages("group") if by_bot(m)]) == 1


async def test_unlinking_is_asked_twice(linked, playground, ids):
    screen = await opened(playground)
    await screen.press("Отвязать")
    assert community(linked, ids).is_linked
    await screen.press("Да, отвязать")
    assert not community(linked, ids).is_linked
    assert "reply_markup" not in await screen.now("Отвязал")


async def test_closing_takes_the_buttons_away(linked, playground):
    screen = await opened(playground)
    await screen.press("Закрыть")
    assert "reply_markup" not in await screen.now("закрыты")


async def test_the_language_that_is_set_is_spoken_at_once(linked, playground):
    screen = await opened(playground)
    await screen.press("Язык")
    await screen.press("English")
    assert "The language in which I write" in (await screen.now("✅ English"))["text"]
    assert "Only watch" in str(keys(await (await opened(playground)).now()))


@pytest.mark.parametrize("data", ["set1:999:0:-1", "set1:1:1:99", "set1:1:1:-2", "set1:1:100:0"])
async def test_a_forged_press_sets_nothing(linked, playground, telegram, ids, data):
    number = targets.number_of(linked.storage.connection, ids["group"])
    linked.storage.connection.commit()
    assert number == 1
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    forged = await telegram("sendMessage", chat_id=ids[STAFF], text="x", reply_markup=markup)
    answer = await playground.press(STAFF, forged["message_id"], data, "admin")
    assert "устарела" in answer["text"]


async def test_every_page_of_every_setting_can_be_shown(linked, playground, telegram, ids):
    number = await linked.storage.write(targets.number_of, ids["group"])
    pressed = [SettingsPress(community=number, page=s.page).pack() for s in SETTINGS]
    rows_of = [[{"text": data, "callback_data": data}] for data in pressed]
    for data in pressed:
        shown = await telegram(
            "sendMessage",
            chat_id=ids[STAFF],
            text="x",
            reply_markup={"inline_keyboard": rows_of},
        )
        await playground.press(STAFF, shown["message_id"], data, "admin")
        await Screen(playground, STAFF, shown).now("← Назад")


async def test_buttons_keep_the_meaning_that_they_had():
    columns = [setting_of_page(FIRST + n).column for n in range(11)]
    assert columns[:4] == ["mode", "toxic_threshold", "act_threshold", "care_threshold"]
    assert columns[4:8] == ["newcomer_hours", "warnings_before_mute", "language", "retention_days"]
    assert columns[8:] == ["quiet_from", "quiet_to", "time_zone"]
    assert MODES == ("watch", "ask", "act")
    assert chosen_value(SettingsPress(community=1, page=2, value=30)) == ("toxic_threshold", 0.8)


async def test_every_default_stands_on_a_button():
    assert [s.column for s in SETTINGS if s.of(Community(1)) not in s.values] == []


async def test_what_is_kept_longer_than_the_operator_allows_is_not_offered(linked, playground):
    screen = await opened(playground)
    await screen.press("Хранить")
    texts = [one["text"] for one in keys(await screen.now("забываю тексты"))]
    assert texts == ["✅ обычно", "1 дн.", "3 дн.", "7 дн.", "14 дн.", "← Назад"]


async def test_settings_changed_by_hand_are_shown_too(linked, playground, ids):
    odd = By(1, 2.0)
    for name, value in (("toxic_threshold", 0.333), ("newcomer_hours", 5.5), ("retention_days", 2)):
        await linked.storage.write(communities.save_setting, ids["group"], (name, value), odd)
    screen = await opened(playground)
    assert "33 %" in str(keys(await screen.now("🗄 Хранить: 2 дн.")))


async def test_moderators_are_listed_and_dismissed(linked, playground, ids):
    by = By(ids["admin"], 1.0)
    await linked.storage.write(moderators.name, ids["group"], ids["anna"], by)
    screen = await opened(playground)
    await screen.press("Модераторы")
    await screen.now("только решают")
    await screen.press("Снять: Анна Белова")
    assert moderators.of_chat(linked.storage.connection, ids["group"]) == []
