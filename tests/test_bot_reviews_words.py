"""How a reading reads: each end in a sentence of its own, a report that fits, telling quotes."""

import re
from dataclasses import replace
from typing import get_args

import pytest

from bot.reviews.limits import MOST_IN_AN_HOUR, Refusal, refusal
from bot.reviews.links import Mark, address_of, link_among, lone_link
from bot.reviews.message import LONGEST_MESSAGE, ReadingMessage, star_signs
from bot.reviews.quotes import LONGEST, cut
from bot.reviews.readings import Reading, reading_of_order
from bot.reviews.report import build_report
from bot.reviews.stored import ScoredReview
from bot.tables import without_formula
from bot.words import LANGUAGES, Words
from core.reading import ReadEnd, ReadOutcome

WORDS = Words("ru")
OUTCOMES = [one for one in get_args(ReadOutcome) if one != "read"] + ["no-reader", "lost"]
READING = Reading(
    id=7,
    source=7,
    kind="link",
    url="https://www.shop.example/плащ",
    asked_by=1,
    chat_id=1,
    reply_to=1,
    language="ru",
    asked_at=100.0,
    state="ended",
    version=1,
    message_id=1,
    heard_at=160.0,
    reviews=0,
    outcome="read",
    found=ReadEnd(outcome="read", title="Плащ"),
)


def scored(number, text, label="positive", stars=None, sure=0.9):
    scores = {"sentiment": dict.fromkeys(("negative", "neutral", "positive"), 0.05) | {label: sure}}
    return ScoredReview(number, text, stars, None, "tiny-1", scores)


def report_text(reviews, **end):
    reading = replace(READING, found=ReadEnd(outcome="read", **({"title": "Плащ"} | end)))
    return ReadingMessage(WORDS, "ru").report(reading, build_report(reviews), 300.0).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_end_has_a_sentence_of_its_own_in_every_language(language):
    say = ReadingMessage(WORDS, language).failure
    told = {outcome: say(replace(READING, outcome=outcome)) for outcome in OUTCOMES}
    assert len(set(told.values())) == len(OUTCOMES) == 15
    assert all(text.startswith(tuple("🤷🔍🚧🧩🤖🔒⏳📡🔁🐘🐌🖼💥🙈🕳")) for text in told.values())


@pytest.mark.parametrize("outcome", [one for one in OUTCOMES if one != "no-reviews"])
def test_only_a_page_that_was_understood_is_said_to_have_no_reviews(outcome):
    text = ReadingMessage(WORDS, "ru").failure(replace(READING, outcome=outcome))
    assert "не нашлось" not in text


def test_a_page_without_reviews_asks_for_text_or_a_file():
    text = ReadingMessage(WORDS, "ru").failure(replace(READING, outcome="no-reviews"))
    assert "shop.example" in text
    assert "Вставьте отзывы текстом" in text
    assert "CSV" in text


def test_strangers_words_are_no_markup():
    reviews = [scored(0, "Хорошо <a href='x'>тут</a> & там")]
    text = report_text(reviews, title="<b>Плащ</b> & Ко")
    assert "&lt;b&gt;Плащ&lt;/b&gt; &amp; Ко" in text
    assert "Хорошо &lt;a href='x'&gt;тут&lt;/a&gt; &amp; там" in text


def test_the_longest_report_fits_a_message_and_drops_quotes_from_its_end():
    labels = ("negative", "neutral", "positive")
    words = [f"{chr(1072 + n // 3)}<>&" * 90 for n in range(60)]
    found = [scored(n, text, labels[n % 3], stars=1 + n % 5) for n, text in enumerate(words)]
    text = report_text(found, title="<" * 300, rating=4.9)
    assert len(text) <= LONGEST_MESSAGE
    assert "1. «" in text


def test_a_site_that_shows_a_rating_and_no_stars_is_compared_with_it():
    found = [scored(n, f"Плохо {n}", "negative") for n in range(2)] + [scored(2, "Хорошо")]
    text = report_text(found, rating=4.6)
    assert "На сайте <b>4,6</b> из 5, а недовольны в словах 67 %." in text


def test_the_shares_of_a_report_add_up_to_a_hundred():
    counts = {"negative": 35, "neutral": 83, "positive": 82}
    labels = [label for label, count in counts.items() for _ in range(count)]
    found = [scored(n, f"Слово {n}", label) for n, label in enumerate(labels)]
    text = report_text(found, rating=4.6)
    said = [int(number) for number in re.findall(r"(\d+) % (?:негатив|нейтрал|позитив)", text)]
    assert said == [18, 41, 41]
    assert "недовольны в словах 18 %" in text


def test_a_sites_own_mean_is_told_where_it_is_another():
    found = [scored(0, "Хорошо", stars=4)]
    assert "На сайте средняя — 4,6." in report_text(found, rating=4.6)
    assert "На сайте" not in report_text(found, rating=4.02)


def test_many_stars_beside_unhappy_words_are_a_yet():
    found = [scored(n, f"Хорошо {n}", stars=5) for n in range(8)]
    found += [scored(n, f"Плохо {n}", "negative", stars=5) for n in (8, 9)]
    text = report_text(found)
    assert "поставили только 0 %, и всё же недовольны в словах 20 %" in text
    assert "2 отзыва с 4–5 звёздами — с недовольными словами." in text


def test_few_reviews_and_a_partial_page_are_said_to_be_that():
    text = report_text([scored(0, "Хорошо")], total=90, is_partial=True)
    assert "прочитано 1 из 90" in text
    assert "Это не все отзывы" in text
    assert "Отзывов мало" in text


def test_reviews_without_words_are_counted_apart():
    empty = ScoredReview(1, "", 5, None, "", {})
    text = report_text([scored(0, "Хорошо", stars=4), empty])
    assert "2 отзыва · без слов: 1" in text
    assert "Слов, по которым виден настрой" in report_text([empty])


def test_quotes_are_typical_readable_and_no_copies():
    found = [scored(n, "Отличная куртка, очень тёплая и удобная, берите") for n in range(9)]
    found += [scored(9, "Ок", sure=0.94), scored(10, "Подкладка мягкая, карманы глубокие, спасибо")]
    found += [scored(n, f"Молния сломалась {n}", "negative") for n in range(11, 15)]
    quotes = build_report(found).quotes
    assert [one.number for one in quotes["positive"]] == [0, 10, 9]
    assert len(quotes["negative"]) == 1


def test_a_quote_is_cut_between_words_with_an_ellipsis():
    text = "Слово, " * 60
    assert cut("  Одна \n строка ") == "Одна строка"
    assert cut(text).endswith("Слово…")
    assert len(cut(text)) <= LONGEST
    assert len(cut("ы" * 999)) == LONGEST


@pytest.mark.parametrize(("stars", "signs"), [(5, "★★★★★"), (3.5, "★★★★☆"), (1, "★☆☆☆☆")])
def test_stars_are_drawn(stars, signs):
    assert star_signs(stars) == signs


def test_a_formula_in_a_review_is_no_formula_in_the_file():
    assert without_formula("=1+1") == "'=1+1"
    assert without_formula("Цена = качество") == "Цена = качество"


@pytest.mark.parametrize(
    ("text", "marks", "link"),
    [
        ("https://shop.example/a", [], "https://shop.example/a"),
        ("  HTTP://shop.example  ", [], "HTTP://shop.example"),
        ("shop.example/a", [Mark("url", 0, 14, None)], "https://shop.example/a"),
        ("shop.example/a", [], None),
        ("Плащ 🧥", [Mark("text_link", 0, 7, "https://shop.example")], "https://shop.example"),
        ("a\ud83d", [Mark("text_link", 0, 2, "http://a.b/\ud83d")], "http://a.b/\ufffd"),
        ("Плащ 🧥", [Mark("text_link", 0, 4, "https://shop.example")], None),
        ("tg://user?id=1", [Mark("url", 0, 14, None)], None),
        ("смотри https://shop.example", [Mark("url", 7, 20, None)], None),
        ("https://" + "a" * 3000, [], None),
        ("", [], None),
    ],
)
def test_only_what_is_nothing_but_a_link_is_one(text, marks, link):
    assert lone_link(text, marks) == link


@pytest.mark.parametrize(
    ("words", "link"),
    [
        ("shop.example/a?b=1", "https://shop.example/a?b=1"),
        ("https://shop.example", "https://shop.example"),
        ("Плащ, 990 ₽\nhttps://shop.example/a", "https://shop.example/a"),
        ("Плащ (https://shop.example/a).", "https://shop.example/a"),
        ("«https://shop.example/a_(1)»!", "https://shop.example/a_(1)"),
        ("https://shop.example/\ud83d", "https://shop.example/\ufffd"),
        ("https://a.example https://b.example", None),
        ("Раз\nдва\nтри\nhttps://shop.example/a", None),
        ("Отлично. Берите", None),
        ("куртка", None),
        ("a@b.ru", None),
        ("ftp://a.b", None),
        ("https://" + "a" * 3000, None),
        ("", None),
    ],
)
def test_a_link_behind_a_command_stands_alone_or_with_its_title(words, link):
    assert link_among(words) == link


def test_one_page_has_one_address_whoever_led_to_it():
    ways = ("https://www.Shop.example/a/?b=1&utm_source=x#c", "http://shop.example:80/a?b=1&ref=me")
    assert {address_of(url) for url in ways} == {"//shop.example/a?b=1"}
    assert address_of("https://shop.example/a?b=2") != address_of(ways[0])
    assert address_of("http://[::1") == "http://[::1"


def test_one_page_at_a_time_and_so_many_an_hour():
    assert refusal(True, [], 100.0) == Refusal("under-way")
    asked = [60.0 * n for n in range(MOST_IN_AN_HOUR)]
    assert refusal(False, asked[1:], 600.0) is None
    assert refusal(False, asked, 600.0) == Refusal("too-often", 50)


def test_orders_of_others_are_none_of_ours():
    assert reading_of_order(READING.order_id) == 7
    assert [reading_of_order(one) for one in ("watch-7", "reviews-x", "7")] == [None] * 3
