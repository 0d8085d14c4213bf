"""The known hosts: whose link is whose, and what their own interfaces answer."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from shop_pages import HTML, Site, answer

from core.reading import Review
from worker.sites.adapters import known_product
from worker.sites.finding import Found
from worker.sites.reviews import read_reviews
from worker.web.page import Page, ReadError

GOODS = "https://www.wildberries.ru/catalog/211544/detail.aspx"
CARD = "https://card.wb.ru/cards/v4/detail?appType=1&curr=rub&dest=-1257786&nm=211544"
OLD_CARD = CARD.replace("v4", "v2")
FIRST, SECOND = (f"https://feedbacks{n}.wb.ru/feedbacks/v2/{{}}".format(90071) for n in (1, 2))
NONE = {"feedbacks": None, "feedbackCount": 0, "valuation": "0"}
FOUND_CARD = {"products": [{"id": 211544, "root": 90071, "brand": "Север", "name": "Куртка"}]}

GAME = "https://store.steampowered.com/app/620/Game/"
ADDON = "https://addons.mozilla.org/ru/firefox/addon/tab-keeper/"
RATINGS = "https://addons.mozilla.org/api/v5/ratings/rating/?addon=tab-keeper&page_size=50&page={}"


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


def read(link: str, site: Site) -> list[Found]:
    return list(read_reviews(link, site))


def refusal(link: str, site: Site) -> str:
    with pytest.raises(ReadError) as refused:
        read(link, site)
    return refused.value.outcome


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
    assert read(link, site)[0].source == "wildberries"
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
    (found,) = read(GOODS, wildberries(first=feedbacks(given, feedbackCount=1)))
    said = "Беру вторую\nДостоинства: Тёплая\nНедостатки: Маркая"
    assert found.reviews == (Review(text=said, stars=4, written_at=1789381230),)
    assert (found.title, found.total, found.rating) == ("Север Куртка", 1, 4.7)
    assert not found.is_partial


def test_fields_that_had_to_be_filled_in_say_nothing() -> None:
    given = feedback("Хорошо", pros="-", cons="Нет.")
    assert read(GOODS, wildberries(first=feedbacks(given)))[0].reviews[0].text == "Хорошо"


def test_the_second_host_is_asked_where_the_first_knows_nothing() -> None:
    site = wildberries(second=feedbacks(feedback("Не мёрзну")))
    assert read(GOODS, site)[0].reviews[0].text == "Не мёрзну"
    assert site.asked == [CARD, FIRST, SECOND]


@pytest.mark.parametrize("trouble", [ReadError("unreachable"), ReadError("blocked")])
def test_the_second_host_is_asked_where_the_first_fails(trouble: ReadError) -> None:
    site = wildberries(first=trouble, second=feedbacks(feedback("Не мёрзну")))
    assert len(read(GOODS, site)[0].reviews) == 1


def test_an_older_card_will_do_where_the_new_one_is_gone() -> None:
    site = wildberries(
        card=ReadError("not-found"),
        old_card=answer({"data": FOUND_CARD}),
        first=feedbacks(feedback("Не мёрзну")),
    )
    assert len(read(GOODS, site)[0].reviews) == 1


def test_fewer_feedbacks_than_the_site_counts_are_a_part() -> None:
    assert read(GOODS, wildberries(first=feedbacks(feedback("Да"), feedbackCount=900)))[
        0
    ].is_partial


@pytest.mark.parametrize(
    "given", [NONE, NONE | {"feedbacks": []}, NONE | {"feedbacks": [feedback()]}]
)
def test_a_product_that_nobody_wrote_of_has_no_reviews(given: dict[str, Any]) -> None:
    assert refusal(GOODS, wildberries(first=answer(given))) == "no-reviews"


def test_a_card_that_is_not_there_is_not_found() -> None:
    assert refusal(GOODS, wildberries(card=answer({"products": []}))) == "not-found"


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
    assert refusal(GOODS, wildberries(card=odd, old_card=odd)) == "changed"


@pytest.mark.parametrize("odd", [{"feedbacks": {}}, {"data": []}, {"feedbacks": "много"}, []])
def test_feedbacks_of_another_shape_are_a_changed_site(odd: Any) -> None:
    given = answer(odd)
    assert refusal(GOODS, wildberries(first=given, second=given)) == "changed"


def test_a_captcha_in_place_of_a_card_is_called_blocked() -> None:
    wall = Page("https://card.wb.ru/", HTML, "utf-8", "<title>Вы не робот?</title>".encode())
    assert refusal(GOODS, wildberries(card=wall, old_card=wall)) == "blocked"


def test_only_the_adapters_own_hosts_are_called() -> None:
    site = wildberries(first=ReadError("unreachable"), second=ReadError("unreachable"))
    refusal("https://www.wildberries.ru/catalog/211544/feedbacks?imtId=1&host=evil.example", site)
    hosts = {urlsplit(url).hostname for url in site.asked}
    assert hosts == {"card.wb.ru", "feedbacks1.wb.ru", "feedbacks2.wb.ru"}


def played(*reviews: dict[str, Any], cursor: str = "", **summary: int) -> Page:
    """An answer in the shape that Steam gives."""
    return answer(
        {"success": 1, "query_summary": summary, "reviews": list(reviews), "cursor": cursor}
    )


def game_review(text: str, is_up: bool = True, steamid: str = "1") -> dict[str, Any]:
    author = {"steamid": steamid, "playtime_forever": 600}
    said = {"language": "russian", "review": text, "voted_up": is_up, "author": author}
    return said | {"timestamp_created": 1_789_000_000, "recommendationid": "5"}


def steam(*answers: Page | ReadError) -> Site:
    """Steam's shop with these pages of reviews; the cursor of each is its number."""
    start = "https://store.steampowered.com/appreviews/620?json=1&filter=recent&language=russian"
    rest = "&purchase_type=all&num_per_page=100&cursor="
    cursors = ["*", *(f"{n}%3D" for n in range(1, len(answers)))]
    pages: dict[str, Page | ReadError] = {
        start + rest + cursor: page for cursor, page in zip(cursors, answers, strict=True)
    }
    title = answer({"620": {"success": True, "data": {"name": "Двор"}}})
    return Site(pages | {f"{START_OF_GAMES}?appids=620&filters=basic": title})


START_OF_GAMES = "https://store.steampowered.com/api/appdetails"


def test_steams_thumbs_are_stars_and_its_markup_is_dropped() -> None:
    given = played(
        game_review("[b]Шедевр[/b]"),
        game_review("Вылетает", is_up=False),
        total_reviews=4,
        total_positive=3,
    )
    (found,) = read(GAME, steam(given))
    assert [(one.text, one.stars) for one in found.reviews] == [("Шедевр", 5), ("Вылетает", 1)]
    assert (found.title, found.total, found.rating) == ("Двор", 4, 4)


def test_steams_cursors_are_followed_to_the_last_page() -> None:
    site = steam(
        played(game_review("Первый"), cursor="1="),
        played(game_review("Второй"), cursor="2="),
        played(cursor="2="),
    )
    assert [found.reviews[0].text for found in read(GAME, site)] == ["Первый", "Второй"]


def test_a_later_answer_that_fails_keeps_what_was_read() -> None:
    found = read(GAME, steam(played(game_review("Первый"), cursor="1="), ReadError("busy")))
    assert [(len(part.reviews), part.is_partial) for part in found] == [(1, False), (0, True)]


def test_a_game_without_reviews_and_a_game_that_is_none() -> None:
    assert refusal(GAME, steam(played())) == "no-reviews"
    assert refusal(GAME, steam(answer({"success": 2}))) == "not-found"
    assert refusal(GAME, steam(answer({"success": 1, "items": []}))) == "changed"


def mozilla(*pages: Page) -> Site:
    """The add-ons' site, with these pages of ratings."""
    about = answer(
        {
            "name": {"en-US": "Tab Keeper", "ru": "Хранитель вкладок"},
            "ratings": {"average": 4.2, "text_count": 2},
        }
    )
    url = "https://addons.mozilla.org/api/v5/addons/addon/tab-keeper/?lang=ru"
    told: dict[str, Page | ReadError] = {url: about}
    return Site(told | {RATINGS.format(at): page for at, page in enumerate(pages, 1)})


def test_an_addons_ratings_are_read_page_by_page() -> None:
    said = {"score": 2, "created": "2026-03-01T00:00:00Z", "user": {"name": "ivan"}}
    site = mozilla(
        answer({"next": RATINGS.format(2), "results": [said | {"body": "Теряет вкладки"}]}),
        answer(
            {"next": None, "results": [said | {"body": None}, said | {"body": "Вернул старую"}]}
        ),
    )
    found = read(ADDON, site)
    assert [one.text for part in found for one in part.reviews] == [
        "Теряет вкладки",
        "Вернул старую",
    ]
    assert (found[0].title, found[0].total, found[0].rating) == ("Хранитель вкладок", 2, 4.2)


def test_an_answer_may_not_lead_to_another_host() -> None:
    said = {"body": "Удобно", "score": 5}
    site = mozilla(answer({"next": "https://evil.example/?page=2", "results": [said]}))
    read(ADDON, site)
    assert {urlsplit(url).hostname for url in site.asked} == {"addons.mozilla.org"}
