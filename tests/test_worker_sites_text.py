"""Pages that don't say what they hold, and the letters that they are written in."""

import pytest
from shop_pages import SHOP, json_ld, outcome_of, page, review, site_of

from core.reading import LONGEST_REVIEW
from playground.shop_markup import frame, plain_comments
from playground.shop_reviews import reviews_of
from worker.sites.encodings import decode
from worker.sites.finding import Found
from worker.sites.reviews import read_reviews
from worker.sites.values import moment_in
from worker.web.page import Page

SAID = "Тёплая куртка, беру вторую"
GUESTS = (
    "Очень вкусный кофе, придём ещё раз с подругами.",
    "Нам не понравилось, ждали заказ целый час.",
    "Спасибо пекарю, хлеб отличный!",
)


def read(html: str, url: str = SHOP) -> Found:
    return next(read_reviews(SHOP, site_of(first=page(html, url))))


def has_none(html: str) -> bool:
    return outcome_of(SHOP, site_of(first=page(html))) == "no-reviews"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_comments_of_a_guest_book_are_reviews_without_stars() -> None:
    guests = reviews_of("cafe", 20)
    found = read(frame("Отзывы наших гостей", plain_comments(guests)))
    assert (found.source, found.title) == ("text", "Отзывы наших гостей")
    assert [one.text for one in found.reviews] == [one.text for one in guests]
    assert {one.stars for one in found.reviews} == {None}


def test_paragraphs_under_a_heading_of_reviews_are_reviews() -> None:
    found = read(f"<title>Кафе</title><main><h2>Отзывы</h2>{paragraphs(*GUESTS)}</main>")
    assert {one.text for one in found.reviews} == set(GUESTS)


@pytest.mark.parametrize(
    ("wrap", "around"),
    [
        ("<div><div>{0.author}</div><div>{0.text}</div></div>", "<div>{}</div>"),
        ("<li><cite>{0.author}</cite><p>{0.text}</p></li>", "<ol class=comments>{}</ol>"),
        ("<tr><td>{0.author}</td><td>{0.text}</td></tr>", "<table>{}</table>"),
        ("<dt>{0.author}</dt><dd>{0.text}</dd>", "<dl>{}</dl>"),
        ("<blockquote>{0.text}<footer>{0.author}</footer></blockquote>", "<section>{}</section>"),
    ],
)
def test_opinions_are_found_however_they_are_laid_out(wrap: str, around: str) -> None:
    guests = reviews_of("cafe", 12)
    body = around.format("".join(map(wrap.format, guests)))
    found = read(frame("Кофейня", f"<h1>Отзывы</h1>{body}"))
    assert {one.text for one in found.reviews} == {one.text for one in guests}


def test_elements_that_are_called_a_reviews_text_need_no_heading() -> None:
    block = '<div class="c-review"><b>Ян</b><div class="c-review__text">{}</div><a>Да</a></div>'
    found = read(frame("Кофейня", "".join(map(block.format, GUESTS))))
    assert [one.text for one in found.reviews] == list(GUESTS)


def test_the_same_paragraphs_elsewhere_are_not_reviews() -> None:
    assert has_none(f"<title>Дневник</title><main><h1>Лето</h1>{paragraphs(*GUESTS)}</main>")


def test_an_article_about_reviews_is_not_reviews() -> None:
    words = "Площадка обязана хранить сведения и показывать их по требованию. " * 3
    article = paragraphs(*(f"Пункт {n}. {words}" for n in range(8)))
    assert has_none(f"<title>Закон об отзывах</title><main><h1>Отзывы</h1>{article}</main>")


def test_a_few_opinions_among_much_else_are_not_reviews() -> None:
    terms = (
        f"Пункт {n}. Площадка хранит сведения и показывает их по требованию." for n in range(9)
    )
    assert has_none(f"<title>Отзывы: правила</title><main>{paragraphs(*terms, *GUESTS)}</main>")


def test_two_opinions_are_too_few_to_tell() -> None:
    assert has_none(f"<h1>Отзывы</h1>{paragraphs(*GUESTS[:2])}")


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", None, ""),
        ("cp1251", "windows-1251", ""),
        ("cp1251", None, '<meta charset="windows-1251">'),
        ("cp1251", None, ""),
        ("cp1251", "utf-8", ""),
        ("cp1251", "iso-8859-1", ""),
        ("cp1251", "no-such-charset", ""),
        ("koi8-r", None, '<meta http-equiv=Content-Type content="text/html; charset=koi8-r">'),
        ("utf-8", "windows-1251; q", ""),
        ("utf-16", None, ""),
        ("utf-8-sig", "windows-1251", ""),
        ("cp1251", "base64", ""),
    ],
)
def test_letters_are_read_in_the_encoding_that_they_are_in(
    encoding: str, header: str | None, meta: str
) -> None:
    html = json_ld(review(SAID)).replace("<title>", meta + "<title>")
    encoded = page(html.encode(encoding), charset=header)
    assert next(read_reviews(SHOP, site_of(first=encoded))).reviews[0].text == SAID


def test_one_broken_letter_makes_no_other_encoding() -> None:
    broken = f"<p>{SAID * 20}".encode() + b"\xd0"
    assert decode(Page(SHOP, "text/html", None, broken)).startswith(f"<p>{SAID}")


def test_a_review_without_end_is_cut() -> None:
    assert len(read(json_ld(review("Ужас! " * 5000))).reviews[0].text) <= LONGEST_REVIEW


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-03-01", 1772323200),
        ("2026-03-01T03:00:00+03:00", 1772323200),
        ("2026-03-01T00:00:00Z", 1772323200),
        ("01.03.2026", 1772323200),
        ("1 марта 2026 г.", 1772323200),
        ("1 мая 2026", 1777593600),
        (1772323200, 1772323200),
        (1772323200000, 1772323200),
        ("31.02.2026", None),
        ("0001-01-01", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("вчера", None),
        (float("nan"), None),
        (True, None),
        ([], None),
    ],
)
def test_days_are_read_as_sites_write_them(written: object, expected: float | None) -> None:
    assert moment_in(written) == expected
