"""Wildberries: whose link is its own, and what its interfaces answer."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from shop_pages import HTML, Site, answer, outcome_of, read_all

from core.reading import Review
from worker.sites.adapters import known_product
from worker.web.page import Page, ReadError

GOODS = "https://www.wildberries.ru/catalog/211544/detail.aspx"
CARD = "https://card.wb.ru/cards/v4/detail?appType=1&curr=rub&dest=-1257786&nm=211544"
OLD_CARD = CARD.replace("v4", "v2")
FIRST, SECOND = (f"https://feedbacks{n}.wb.ru/feedbacks/v2/{{}}".format(90071) for n in (1, 2))
NONE = {"feedbacks": None, "feedbackCount": 0, "valuation": "0"}
FOUND_CARD = {"products": [{"id": 211544, "root": 90071, "brand": "Север", "name": "Куртка"}]}


def feedback(text: str = "", **fields: Any) -> dict[str, Any]:
    """A feedback in the shape that Wildberries gives."""
    return {
        "id": "GTRSyoQBuBXnqW4lYnhT",
        "nmId": 211544,
        "wbUserDetails": {"name": "Ольга", "country": "ru", "hasPhoto": False},
        "text": text,
        "pros": "",
        "cons": "",
        "productValuation": 5,
        "createdDate": "2026-09-14T10:20:30Z",
        "answer": None,
        "votes": {"pluses": 1, "minuses": 0},
    } | fields


def feedbacks(*given: Any, **fields: Any) -> Page:
    """An answer with feedbacks; `valuation` is text there."""
    return answer(
        {"feedbacks": list(given), "feedbackCount": len(given), "valuation": "4.7"} | fields
    )


def wildberries(**pages: Page | ReadError) -> Site:
    """Wildberries' hosts, with the card there and no feedbacks if not told otherwise."""
    named = {"card": CARD, "old_card": OLD_CARD, "first": FIRST, "second": SECOND}
    told = {"card": answer(FOUND_CARD), "first": answer(NONE), "second": answer(NONE)} | pages
    return Site({named[name]: page for name, page in told.items()})


@pytest.mark.parametrize(
    "link",
    [
        GOODS,
        "https://www.wildberries.ru/catalog/211544/feedbacks?imtId=90071&size=1",
        "https://m.wildberries.ru/catalog/211544/detail.aspx?targetUrl=GP",
        "http://wildberries.by/catalog/211544/detail.aspx",
        "https://www.wildberries.kz/catalog/211544",
        "https://global.wildberries.ru/catalog/211544/detail.aspx",
        "https://wb.ru/catalog/211544/detail.aspx#reviews",
        "https://global.wildberries.ru/product?card=211544",
    ],
)
def test_wildberries_links_of_every_form_lead_to_the_card(link: str) -> None:
    site = wildberries(first=feedbacks(feedback("Тёплая")))
    assert read_all(link, site)[0].source == "wildberries"
    assert site.asked[0] == CARD


@pytest.mark.parametrize(
    "link",
    [
        "https://www.wildberries.ru/brands/sever",
        "https://www.wildberries.ru/catalog/0/search.aspx?search=куртка",
        "https://wildberries.ru.example.org/catalog/211544/detail.aspx",
        "https://notwildberries.ru/catalog/211544/detail.aspx",
        "https://example.org/?https://www.wildberries.ru/catalog/211544/detail.aspx",
        "https://store.steampowered.com/news/",
        "https://addons.mozilla.org/ru/firefox/",
        "https://[broken",
        "не ссылка",
    ],
)
def test_other_links_belong_to_no_adapter(link: str) -> None:
    assert known_product(link) is None


def test_a_feedback_is_its_words_with_what_was_praised_and_blamed() -> None:
    given = feedback("Беру вторую", pros="Тёплая", cons="Маркая", productValuation=4)
    (found,) = read_all(GOODS, wildberries(first=feedbacks(given, feedbackCount=1)))
    said = "Беру вторую\nДостоинства: Тёплая\nНедостатки: Маркая"
    assert found.reviews == (Review(text=said, stars=4, written_at=1789381230),)
    assert (found.title, found.total, found.rating) == ("Север Куртка", 1, 4.7)
    assert not found.is_partial


def test_fields_that_had_to_be_filled_in_say_nothing() -> None:
    given = feedback("Хорошо", pros="-", cons="Нет.")
    assert read_all(GOODS, wildberries(first=feedbacks(given)))[0].reviews[0].text == "Хорошо"


def test_the_second_host_is_asked_where_the_first_knows_nothing() -> None:
    site = wildberries(second=feedbacks(feedback("Не мёрзну")))
    assert read_all(GOODS, site)[0].reviews[0].text == "Не мёрзну"
    assert site.asked == [CARD, FIRST, SECOND]


@pytest.mark.parametrize("trouble", [ReadError("unreachable"), ReadError("blocked")])
def test_the_second_host_is_asked_where_the_first_fails(trouble: ReadError) -> None:
    site = wildberries(first=trouble, second=feedbacks(feedback("Не мёрзну")))
    assert len(read_all(GOODS, site)[0].reviews) == 1


def test_an_older_card_will_do_where_the_new_one_is_gone() -> None:
    site = wildberries(
        card=ReadError("not-found"),
        old_card=answer({"data": FOUND_CARD}),
        first=feedbacks(feedback("Не мёрзну")),
    )
    assert len(read_all(GOODS, site)[0].reviews) == 1


def test_fewer_feedbacks_than_the_site_counts_are_a_part() -> None:
    assert read_all(GOODS, wildberries(first=feedbacks(feedback("Да"), feedbackCount=900)))[
        0
    ].is_partial


@pytest.mark.parametrize(
    "given", [NONE, NONE | {"feedbacks": []}, NONE | {"feedbacks": [feedback()]}]
)
def test_a_product_that_nobody_wrote_of_has_no_reviews(given: dict[str, Any]) -> None:
    assert outcome_of(GOODS, wildberries(first=answer(given))) == "no-reviews"


def test_a_card_that_is_not_there_is_not_found() -> None:
    assert outcome_of(GOODS, wildberries(card=answer({"products": []}))) == "not-found"


@pytest.mark.parametrize(
    "odd",
    [
        answer({"state": 0}),
        answer([]),
        answer({"products": {}}),
        answer({"products": [{"id": 1}]}),
        answer({"products": [{"root": "x"}]}),
        Page("https://card.wb.ru/", "application/json", None, b"["),
        Page("https://card.wb.ru/", HTML, None, b"<title>Wildberries</title><p>404"),
        Page("https://card.wb.ru/", HTML, None, b""),
    ],
)
def test_a_card_of_another_shape_is_a_changed_site(odd: Page) -> None:
    assert outcome_of(GOODS, wildberries(card=odd, old_card=odd)) == "changed"


@pytest.mark.parametrize("odd", [{"feedbacks": {}}, {"data": []}, {"feedbacks": "много"}, []])
def test_feedbacks_of_another_shape_are_a_changed_site(odd: Any) -> None:
    given = answer(odd)
    assert outcome_of(GOODS, wildberries(first=given, second=given)) == "changed"


def test_a_captcha_in_place_of_a_card_is_called_blocked() -> None:
    wall = Page("https://card.wb.ru/", HTML, "utf-8", "<title>Вы не робот?</title>".encode())
    assert outcome_of(GOODS, wildberries(card=wall, old_card=wall)) == "blocked"


def test_only_the_adapters_own_hosts_are_called() -> None:
    site = wildberries(first=ReadError("unreachable"), second=ReadError("unreachable"))
    outcome_of(
        "https://www.wildberries.ru/catalog/211544/feedbacks?imtId=1&host=evil.example", site
    )
    hosts = {urlsplit(url).hostname for url in site.asked}
    assert hosts == {"card.wb.ru", "feedbacks1.wb.ru", "feedbacks2.wb.ru"}
