"""A small shop for whoever tries the bot: pages of reviews of several kinds, below /shop/."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from playground.shop_markup import (
    Goods,
    cards,
    channel_preview,
    frame,
    heading,
    json_ld,
    microdata,
    pages_bar,
    plain_comments,
)
from playground.shop_reviews import opinions, reviews_of

HTML = "text/html; charset=utf-8"
A_PAGE = 12
CHANNEL = "lavka_u_doma"


@dataclass(frozen=True, slots=True)
class ShopPage:
    """What the shop answers."""

    body: bytes
    content_type: str = HTML


def shop_page(path: str, number: int = 1) -> ShopPage | None:
    """Give the page at a path below /shop/, or None; `number` is its `?page=`."""
    page = PAGES.get(path.strip("/"))
    return page(number) if page else None


def _front(_: int) -> ShopPage:
    listed = "".join(f'<p><a href="/shop/{path}">{words}</a></p>' for path, words in SHELF.items())
    about = "<h1>Лавка у дома</h1><p>Отправьте боту ссылку на любую из этих страниц.</p>"
    return _utf8(frame("Лавка у дома", about + listed))


def _jacket(number: int) -> ShopPage:
    goods = _goods()["jacket"]
    last = -(-len(goods.reviews) // A_PAGE)
    number = min(max(number, 1), last)
    shown = goods.reviews[(number - 1) * A_PAGE : number * A_PAGE]
    body = heading(goods) + cards(shown) + pages_bar("/shop/jacket", number, last)
    further = f'<link rel="next" href="/shop/jacket?page={number + 1}">' if number < last else ""
    return _utf8(frame(goods.name, body, further + json_ld(goods, shown)))


def _parka(_: int) -> ShopPage:
    goods = _goods()["parka"]
    body = heading(goods) + cards(goods.reviews)
    return _utf8(frame(goods.name, body, json_ld(goods, goods.reviews)))


def _cafe(_: int) -> ShopPage:
    goods = _goods()["cafe"]
    return _utf8(frame(goods.name, heading(goods) + microdata(goods, goods.reviews)))


def _winter_jacket(_: int) -> ShopPage:
    """Its JSON-LD was cut by whoever edited the page by hand; the tags below are whole."""
    goods = _goods()["winter"]
    broken = json_ld(goods, goods.reviews).replace('"review":', '"review"', 1)
    return _utf8(frame(goods.name, heading(goods) + microdata(goods, goods.reviews), broken))


def _app(_: int) -> ShopPage:
    """An old page in windows-1251, which nothing on it says."""
    goods = _goods()["app"]
    html = frame(goods.name, heading(goods) + microdata(goods, goods.reviews), charset="")
    return ShopPage(html.encode("cp1251", "xmlcharrefreplace"), "text/html")


def _guest_book(_: int) -> ShopPage:
    goods = _goods()["cafe"]
    body = "<h1>Гостевая книга</h1><h2>Отзывы наших гостей</h2>" + plain_comments(goods.reviews)
    return _utf8(frame("Гостевая книга пекарни", body))


def _channel(_: int) -> ShopPage:
    texts = opinions()["posts"]["texts"]
    return _utf8(channel_preview(CHANNEL, "Лавка у дома", texts, _newest_post()))


@cache
def _newest_post() -> datetime:
    """The channel wrote today, and its posts stay where they are."""
    return datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=20)


def _utf8(html: str) -> ShopPage:
    return ShopPage(html.encode())


@cache
def _goods() -> dict[str, Goods]:
    return {
        "jacket": Goods(
            "Куртка «Север»",
            "Тёплая куртка с капюшоном, от минус двадцати до плюс пяти.",
            7490,
            reviews_of("clothes", 60, 6),
        ),
        "parka": Goods(
            "Парка «Иней»",
            "Длинная парка на каждый день, шесть карманов.",
            9990,
            reviews_of("clothes", 500, 8),
        ),
        "winter": Goods(
            "Куртка «Полюс»",
            "Самая тёплая из наших: пух, мембрана, съёмный мех.",
            14290,
            reviews_of("clothes", 18, 3),
        ),
        "cafe": Goods(
            "Кофейня «Первый этаж»",
            "Завтраки весь день, свои круассаны.",
            0,
            reviews_of("cafe", 24, 4),
            "CafeOrCoffeeShop",
        ),
        "app": Goods(
            "Приложение «Лавка рядом»",
            "Заказ продуктов из магазина во дворе.",
            0,
            reviews_of("app", 30, 5),
            "MobileApplication",
        ),
    }


SHELF = {
    "jacket": "Куртка «Север»: отзывы на пяти страницах",
    "parka": "Парка «Иней»: пятьсот отзывов на одной",
    "winter-jacket": "Куртка «Полюс»: страница с ошибкой в разметке",
    "cafe": "Кофейня «Первый этаж»",
    "app": "Приложение «Лавка рядом»: старая страница в windows-1251",
    "guestbook": "Гостевая книга пекарни: просто комментарии",
    f"s/{CHANNEL}": "Предпросмотр канала лавки",
}
PAGES: dict[str, Callable[[int], ShopPage]] = {
    "": _front,
    "jacket": _jacket,
    "parka": _parka,
    "winter-jacket": _winter_jacket,
    "cafe": _cafe,
    "app": _app,
    "guestbook": _guest_book,
    f"s/{CHANNEL}": _channel,
}
