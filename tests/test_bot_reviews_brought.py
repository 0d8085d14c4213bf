"""Reviews that people bring themselves: pasted text, text and CSV files; and files that are bad."""

import base64
import time

import pytest
from bot_parts import rows
from review_parts import ANNA, review, says

from bot.reviews.files import MOST_ROWS, holds_labels, read_review_file
from bot.reviews.pasted import looks_like_reviews, pasted_reviews
from bot.tables import RefusedFileError

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

TABLE = 'text,stars\nСпасибо!,5\n"Кошмар, порвалось",1\nНу так себе,\n'
PASTE = "★★★★★ Отличная куртка, спасибо\n\n2/5 Кошмар, молния сломалась\n\n⭐️⭐️⭐️ Нормально"


FOUND = review("да")


def as_file(content, name="Отзывы.CSV"):
    data = content if isinstance(content, bytes) else content.encode()
    return {"data": base64.b64encode(data).decode(), "name": name}


async def send(playground, text="", part="", **extra):
    """Write in private and wait for an answer that says something."""
    written = await playground.write(ANNA, "anna", text, **extra)
    return await playground.wait_for(ANNA, says(part), after=written["message_id"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
async def test_a_table_is_reported_whatever_its_encoding(app, playground, encoding):
    report = await send(playground, document=as_file(TABLE.encode(encoding)), part="1. «")
    assert "Отзывы.CSV\n3 отзыва" in report["text"]
    assert "Звёзды: 3 из 5 (2 оценки)" in report["text"]
    assert rows(app.storage, "SELECT kind, outcome FROM readings") == [("file", "read")]


async def test_a_text_file_is_split_at_blank_lines(app, playground):
    report = await send(playground, document=as_file(PASTE, "отзывы.txt"), part="1. «")
    assert "3 отзыва" in report["text"]


async def test_a_caption_does_not_make_a_file_a_text(app, playground):
    await send(playground, "вот", document=as_file(TABLE), part="1. «")
    assert rows(app.storage, "SELECT count(*) FROM messages") == [(0,)]


async def test_a_paste_with_stars_is_known_for_reviews(app, playground):
    report = await send(playground, PASTE, part="1. «")
    assert report["text"].startswith("🗣 Отзывы\n3 отзыва")
    assert "Кошмар, молния сломалась» ★★☆☆☆" in report["text"]


async def test_pasted_text_behind_the_command_is_taken(app, playground):
    report = await send(playground, "/reviews Отлично. Да\n\nКошмар, не берите", part="1. «")
    assert "2 отзыва" in report["text"]


async def test_a_reply_to_our_asking_for_text_is_a_paste(app, playground):
    failed = await send(playground, "https://shop.example/", part="читать некому")
    report = await send(
        playground, "Хорошая вещь\n\nКошмар", reply_to=failed["message_id"], part="1. «"
    )
    assert "2 отзыва" in report["text"]


async def test_several_paragraphs_alone_are_one_text(app, playground):
    await send(playground, "Кошмар\n\nЗвоню третий день\n\nНикто не берёт", part="Негативно")


async def test_the_command_alone_explains_itself(app, playground):
    assert "Пришлите ссылку" in (await send(playground, "/reviews"))["text"]
    assert "Не вижу здесь ссылки" in (await send(playground, "/reviews куртка"))["text"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("text,stars\nда,5\nнет,6\n", "Строка 3: звёзд «6» не бывает"),
        ("text,stars\nда,нет\n", "Строка 2: звёзд «нет» не бывает"),
        ("text,stars\nну, да,5\n", "Строка 2: колонок 3, а в первой строке 2"),
        ("text,stars\n,\n", "Строка 2: нет текста"),
        ('text,stars\n"да,5\n', "Строка 2: кавычка не закрыта"),
        ("отзыв\nда\n", "название колонки text"),
        ("text\n", "нет ни одного отзыва"),
        (b"text\n\xd0\xff\xfe\x98\n", "Строка 2: не читается"),
        ("text\n" + "а" * 4001, "Строка 2: текст длиннее 4"),
        ("text\n" + "да\n" * (MOST_ROWS + 1), "больше 2\xa0000 отзывов"),
    ],
)
async def test_a_bad_file_is_told_its_row_and_reason(app, playground, content, reason):
    said = await send(playground, document=as_file(content), part="⛔ Файл не прочитан.")
    assert reason in said["text"]
    assert rows(app.storage, "SELECT count(*) FROM readings") == [(0,)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("★★★★☆ Хорошо\n\n5/5 — супер", [(4, "Хорошо"), (5, "супер")]),
        ("1. Оценка: 4 Нормально\n2) 3 из 5: так себе", [(4, "Нормально"), (3, "так себе")]),
        ("5 звёзд! Берите\n- 1★ ужас", [(5, "Берите"), (1, "ужас")]),
        ("Раз\r\nи два\r\n \r\nТри", [(None, "Раз\nи два"), (None, "Три")]),
        ("5 раз заказывала", [(None, "5 раз заказывала")]),
        ("⭐⭐⭐\n\n", [(3, "")]),
        ("Да \ud83d\n\nНет", [(None, "Да \ufffd"), (None, "Нет")]),
        ("Оценка: 4,5 из 5 Да\n3.5/5 Нет", [(4.5, "Да"), (3.5, "Нет")]),
        ("Оценка: 5.2 Да\n10/5 Нет", [(None, "Оценка: 5.2 Да"), (None, "10/5 Нет")]),
        (" \n\n ", []),
    ],
)
async def test_pasted_text_is_split_into_reviews(text, expected):
    assert [(one.stars, one.text) for one in pasted_reviews(text)] == expected


async def test_a_hostile_text_takes_no_time():
    hostile = "рейтинг" + " " * 100_000 + "x"
    begun = time.monotonic()
    assert pasted_reviews(f"{hostile}\n\nда")[0].stars is None
    assert time.monotonic() - begun < 1


async def test_of_a_file_of_millions_of_lines_no_more_is_made_than_is_taken(monkeypatch):
    made = []
    monkeypatch.setattr("bot.reviews.pasted.Review", lambda **found: made.append(found) or FOUND)
    with pytest.raises(RefusedFileError, match="too-many"):
        read_review_file(b"a\n" * 100_000, "a.txt")
    assert len(made) == MOST_ROWS + 1


async def test_a_list_with_a_star_before_each_line_is_no_paste():
    assert not looks_like_reviews("⭐️ Доставка за час\n⭐️ Скидки\n⭐️ Подарки")
    assert looks_like_reviews("★☆☆☆☆ Кошмар\n★☆☆☆☆ Ужас")
    assert looks_like_reviews("⭐ Кошмар\n⭐⭐ Плохо")


async def test_one_starred_line_is_no_paste():
    assert looks_like_reviews(PASTE)
    assert not looks_like_reviews("5/5 матчей выиграли\nМолодцы!")
    assert not looks_like_reviews("★★★★★ Отлично")


async def test_a_file_of_labels_is_none_of_reviews():
    assert holds_labels("text,label\nда,ok\n".encode())
    assert not holds_labels("text,label,stars\nда,ok,5\n".encode())
    with pytest.raises(RefusedFileError):
        read_review_file(b"", "a.csv")
