"""The way through a site's pages, and how it ends."""

import pytest
from shop_pages import (
    SHOP,
    Site,
    from_playground,
    json_ld,
    outcome_of,
    page,
    product,
    read_all,
    review,
    site_of,
)

from core.reading import ReadOutcome
from playground.shop_pages import PAGES
from worker.sites.reviews import read_reviews
from worker.sites.walk import MOST_PAGES
from worker.web.page import Get, Page, ReadError


def listed(number: int, links: str = "", url: str = "", name: str = "Куртка") -> Page:
    """A page with two reviews of its own and these links."""
    two = [review(f"Страница {number}, отзыв {n}") for n in (1, 2)]
    html = json_ld(product(*two, name=name)).replace("</body>", links + "</body>")
    return page(html, url or SHOP)


def texts(get: Get, url: str = SHOP) -> list[str]:
    return [one.text for found in read_reviews(url, get) for one in found.reviews]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="next" href="/kurtka/2">',
        '<a rel="nofollow next" href="/kurtka/2">2</a>',
        '<a href="/kurtka/2">Следующая</a>',
        '<a href="/kurtka/2"> Следующая страница → </a>',
        '<a href="/kurtka/2"><span>Далее</span></a>',
        '<a href="/kurtka/2" aria-label="Вперёд"><svg></svg></a>',
        '<a href="https://lavka.example/kurtka/2" class="pagination__btn next">2</a>',
        '<a href="/kurtka/2">»</a>',
        '<a href="/kurtka/2">След.</a>',
    ],
)
def test_the_next_page_is_found(link: str) -> None:
    site = site_of(**{"first": listed(1, link), "2": listed(2, url=f"{SHOP}/2")})
    assert len(texts(site)) == 4


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("?page=1", "?page=2"),
        ("?id=7", "?id=7&PAGEN_1=2"),
        ("/reviews", "/reviews/page/2"),
        ("/page-3/", "/page-4/"),
    ],
)
def test_numbered_pages_are_followed_in_order(first: str, second: str) -> None:
    elsewhere = f'<a href="{SHOP}/other?page=2">2</a><a href="{SHOP}?page=9&PAGEN_1=9">9</a>'
    links = f'{elsewhere}<a href="{SHOP}{second}">ещё отзывы</a>'
    pages = {
        SHOP + first: listed(1, links, SHOP + first),
        SHOP + second: listed(2, "", SHOP + second),
    }
    assert len(texts(Site(dict(pages)), SHOP + first)) == 4


def test_other_hosts_are_not_followed() -> None:
    site = site_of(first=listed(1, '<a rel="next" href="https://elsewhere.example/2">Далее</a>'))
    assert (len(texts(site)), site.asked) == (2, [SHOP])


def test_a_loop_of_pages_ends() -> None:
    forth, back = '<link rel="next" href="/kurtka/2">', '<link rel="next" href="/kurtka">'
    site = site_of(**{"first": listed(1, forth), "2": listed(2, back, f"{SHOP}/2")})
    assert (len(texts(site)), len(site.asked)) == (4, 2)


def test_pages_that_repeat_themselves_end() -> None:
    def get(url: str) -> Page:
        number = int(url.partition("?page=")[2] or 1)
        return listed(1, f'<a href="?page={number + 1}">Следующая</a>', url)

    assert [len(found.reviews) for found in read_all(SHOP, get)] == [2]


def test_no_more_than_so_many_pages_are_asked_for() -> None:
    def get(url: str) -> Page:
        number = int(url.partition("?page=")[2] or 1)
        return listed(number, f'<a href="?page={number + 1}">Следующая</a>', url)

    found = read_all(SHOP, get)
    assert (len(found), found[-1].is_partial, found[-2].is_partial) == (MOST_PAGES, True, False)


def test_the_next_product_is_not_the_next_page() -> None:
    other = listed(2, url=f"{SHOP}/2", name="Шапка")
    site = site_of(**{"first": listed(1, '<a rel="next" href="/kurtka/2">Далее</a>'), "2": other})
    assert len(texts(site)) == 2


@pytest.mark.parametrize("outcome", ["unreachable", "blocked", "busy", "not-found"])
def test_a_later_page_that_fails_keeps_what_was_read(outcome: ReadOutcome) -> None:
    link = '<link rel="next" href="/kurtka/2">'
    site = site_of(**{"first": listed(1, link), "2": ReadError(outcome)})
    found = read_all(SHOP, site)
    assert [(len(part.reviews), part.is_partial) for part in found] == [(2, False), (0, True)]


def test_a_captcha_on_a_later_page_keeps_what_was_read() -> None:
    link = '<link rel="next" href="/kurtka/2">'
    wall = page("<title>Вы не робот?</title>", f"{SHOP}/2")
    found = read_all(SHOP, site_of(**{"first": listed(1, link), "2": wall}))
    assert found[-1].is_partial


def test_the_first_page_that_fails_is_the_answer() -> None:
    assert outcome_of(SHOP, site_of(first=ReadError("robots"))) == "robots"


@pytest.mark.parametrize(
    "html",
    [
        "<title>Доступ ограничен</title><p>Ваш IP 127.0.0.1",
        "<title>Ой!</title><p>Подтвердите, что вы не робот и продолжите.",
        "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>",
        "<title>Antibot Challenge Page</title><div>",
        "<title>Почти готово</title><script src='https://smartcaptcha.example/captcha.js'></script>",
        "<title></title><body>Доступ к сайту временно ограничен. Отключите VPN.",
    ],
)
def test_a_captcha_is_called_blocked(html: str) -> None:
    assert outcome_of(SHOP, site_of(first=page(html))) == "blocked"


def test_a_redirect_to_a_captcha_is_called_blocked() -> None:
    wall = page("<title>Ещё секунду</title>", "https://lavka.example/showcaptcha?retpath=1")
    assert outcome_of(SHOP, site_of(first=wall)) == "blocked"


def test_a_captcha_in_a_reviews_form_blocks_nothing() -> None:
    html = json_ld(review("Тёплая, беру вторую")) + "<form>Подтвердите, что вы не робот</form>"
    assert len(texts(site_of(first=page(html)))) == 1


def test_a_captcha_in_the_form_of_a_long_page_blocks_nothing() -> None:
    html = "<title>О нас</title><p>Работаем с 2009 года.</p>" * 60 + "<form>Вы не робот?</form>"
    assert outcome_of(SHOP, site_of(first=page(html))) == "no-reviews"


def test_a_page_without_reviews_says_so() -> None:
    assert outcome_of(SHOP, site_of(first=page("<h1>О нас</h1><p>Работаем с 2009 года."))) == (
        "no-reviews"
    )


@pytest.mark.parametrize("html", ["", " ", "<!-- -->", "\x00", "<?xml version='1.0'?>", "текст"])
def test_an_empty_page_has_no_reviews(html: str) -> None:
    assert outcome_of(SHOP, site_of(first=page(html))) == "no-reviews"


def test_a_picture_is_not_a_page() -> None:
    picture = Page(SHOP, "image/png", None, b"\x89PNG")
    assert outcome_of(SHOP, site_of(first=picture)) == "not-a-page"


def test_a_products_own_page_of_reviews_is_read() -> None:
    rated = {"ratingValue": 4, "reviewCount": 2}
    about = json_ld({"@type": "Product", "name": "Куртка", "aggregateRating": rated})
    first = page(about + '<a href="/reviews/">О магазине</a><a href="/kurtka/reviews/">Отзывы</a>')
    own = listed(1, url=f"{SHOP}/reviews/")
    assert len(texts(Site({SHOP: first, f"{SHOP}/reviews/": own}))) == 2


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [("not-found", "no-reviews"), ("robots", "robots"), ("blocked", "blocked")],
)
def test_a_products_page_of_reviews_that_is_not_there_means_none(
    trouble: ReadOutcome, outcome: str
) -> None:
    first = page('<h1>Куртка</h1><a href="/kurtka/reviews">Отзывы</a>')
    site = site_of(first=first, reviews=ReadError(trouble))
    assert outcome_of(SHOP, site) == outcome


def test_a_short_link_to_a_known_host_is_read_by_its_adapter() -> None:
    short = page("<p>", "https://www.wildberries.ru/catalog/123/detail.aspx")
    site = Site({"https://clck.example/x": short})
    assert outcome_of("https://clck.example/x", site) == "not-found"
    assert site.asked[1].startswith("https://card.wb.ru/")


@pytest.mark.parametrize("path", [path for path in PAGES if path and not path.startswith("s/")])
def test_every_page_of_the_playgrounds_shop_is_read_whole(path: str) -> None:
    found = list(read_reviews(f"http://127.0.0.1:8090/shop/{path}", from_playground))
    count = sum(len(part.reviews) for part in found)
    assert count >= 18
    assert count == (found[0].total or count)
    assert not any(part.is_partial for part in found)
