"""The shop's HTML: how its pages write the same reviews, each in another way that sites have."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape

from playground.shop_reviews import ShopReview

STYLE = """
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#222;background:#f6f5f2}
header,main,footer{max-width:760px;margin:0 auto;padding:16px 20px}
header a{color:inherit;text-decoration:none;font-weight:700}
main{background:#fff;border-radius:14px}
h1{margin:.2em 0}
.price{font-size:1.3em}
.card{border-top:1px solid #e7e4dd;padding:12px 0}
.who{color:#777;font-size:.9em}
.stars{color:#d98b00;letter-spacing:2px}
nav a{margin-right:12px}
.tgme_channel_info_header_title{font-size:1.6em;font-weight:700}
.tgme_widget_message{border-top:1px solid #e7e4dd;padding:12px 0}
.tgme_widget_message_footer{color:#777;font-size:.9em}
"""
MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


@dataclass(frozen=True, slots=True)
class Goods:
    """What a page is about, and its reviews all together."""

    name: str
    about: str
    price: int
    reviews: tuple[ShopReview, ...]
    kind: str = "Product"

    @property
    def rating(self) -> float:
        """The mean of all stars."""
        return round(sum(one.stars for one in self.reviews) / len(self.reviews), 2)


def frame(title: str, body: str, head: str = "", charset: str = "utf-8") -> str:
    """A whole page; without a charset it doesn't say which one it is in."""
    meta = f'<meta charset="{charset}">' if charset else ""
    return (
        f'<!doctype html><html lang="ru"><head>{meta}<title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{head}<style>{STYLE}</style></head><body>"
        '<header><a href="/shop/">Лавка у дома</a></header>'
        f"<main>{body}</main>"
        "<footer>Садовая, 6, вход со двора. Каждый день с 7:30 до 22:00.</footer></body></html>"
    )


def heading(goods: Goods) -> str:
    """What is sold, with its price and mean."""
    price = f'<p class="price">{goods.price:,} ₽</p>'.replace(",", "\u00a0") if goods.price else ""
    mean = str(goods.rating).replace(".", ",")
    return (
        f"<h1>{escape(goods.name)}</h1><p>{escape(goods.about)}</p>{price}"
        f"<h2>Отзывы покупателей</h2><p>{mean} из 5, отзывов: {len(goods.reviews)}</p>"
    )


def cards(reviews: Iterable[ShopReview]) -> str:
    """Reviews for people's eyes only."""
    return "".join(
        f'<article class="card"><div class="who">{escape(one.author)}, {in_words(one.written_on)}'
        f' <span class="stars">{"★" * one.stars}{"☆" * (5 - one.stars)}</span></div>'
        f"<p>{escape(one.text)}</p></article>"
        for one in reviews
    )


def plain_comments(reviews: Iterable[ShopReview]) -> str:
    """Reviews as a guest book has them: no stars, nothing that a machine would know."""
    return (
        '<section id="comments">'
        + "".join(
            f'<div class="comment"><div class="who">{escape(one.author)}</div>'
            f'<div class="comment-text"><p>{escape(one.text)}</p></div></div>'
            for one in reviews
        )
        + "</section>"
    )


def microdata(goods: Goods, reviews: Iterable[ShopReview]) -> str:
    """Reviews with schema.org's words in their tags."""
    return (
        f'<div itemscope itemtype="https://schema.org/{goods.kind}">'
        f'<meta itemprop="name" content="{escape(goods.name)}">'
        '<div itemprop="aggregateRating" itemscope itemtype="https://schema.org/AggregateRating">'
        f'<meta itemprop="ratingValue" content="{goods.rating}">'
        f'<meta itemprop="reviewCount" content="{len(goods.reviews)}"></div>'
        + "".join(map(_marked_card, reviews))
        + "</div>"
    )


def _marked_card(one: ShopReview) -> str:
    return (
        '<article class="card" itemprop="review" itemscope itemtype="https://schema.org/Review">'
        '<div class="who"><span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        f'<span itemprop="name">{escape(one.author)}</span></span>, '
        f'<time itemprop="datePublished" datetime="{one.written_on}">{in_words(one.written_on)}'
        '</time> <span class="stars" itemprop="reviewRating" itemscope '
        f'itemtype="https://schema.org/Rating">{"★" * one.stars}'
        f'<meta itemprop="ratingValue" content="{one.stars}"></span></div>'
        f'<p itemprop="reviewBody">{escape(one.text)}</p></article>'
    )


def json_ld(goods: Goods, reviews: Iterable[ShopReview]) -> str:
    """A script with schema.org's words."""
    data = {
        "@context": "https://schema.org",
        "@type": goods.kind,
        "name": goods.name,
        "description": goods.about,
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": str(goods.rating),
            "reviewCount": len(goods.reviews),
        },
        "review": [_described(one) for one in reviews],
    }
    written = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{written}</script>'


def _described(one: ShopReview) -> dict[str, object]:
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": one.author},
        "datePublished": one.written_on.isoformat(),
        "reviewBody": one.text,
        "reviewRating": {"@type": "Rating", "ratingValue": one.stars, "bestRating": 5},
    }


def pages_bar(path: str, number: int, last: int) -> str:
    """Links to the other pages."""
    numbers = (
        f"<b>{at}</b>" if at == number else f'<a href="{path}?page={at}">{at}</a>'
        for at in range(1, last + 1)
    )
    further = f'<a href="{path}?page={number + 1}">Следующая</a>' if number < last else ""
    return f'<nav class="card">{" ".join(numbers)} {further}</nav>'


def in_words(day: date) -> str:
    """A date as Russian shops write it."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def channel_preview(name: str, title: str, texts: Sequence[str], newest: datetime) -> str:
    """A channel's preview page, with the class names of Telegram's; a post every three hours."""
    first = 211 - len(texts)
    posts = "".join(
        _post(f"{name}/{first + at}", text, newest - timedelta(hours=3 * (len(texts) - 1 - at)))
        for at, text in enumerate(texts)
    )
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title} – Telegram</title>'
        f'<meta property="og:title" content="{title}"><style>{STYLE}</style></head><body><main>'
        '<div class="tgme_channel_info"><div class="tgme_channel_info_header_title">'
        f'<span dir="auto">{title}</span></div></div>'
        '<section class="tgme_channel_history js-message_history">'
        '<div class="tgme_widget_message_centered js-messages_more_wrap">'
        f'<a href="?before={first}" class="tme_messages_more js-messages_more" '
        f'data-before="{first}"></a></div>{posts}'
        "</section></main></body></html>"
    )


def _post(address: str, text: str, at: datetime) -> str:
    body = escape(text).replace("\n", "<br/>")
    shown = (
        f'<div class="tgme_widget_message_text js-message_text" dir="auto">{body}</div>'
        if text
        else '<a class="tgme_widget_message_photo_wrap"></a>'
    )
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="'
        f'tgme_widget_message text_not_supported_wrap js-widget_message" data-post="{address}">'
        f'<div class="tgme_widget_message_bubble">{shown}'
        '<div class="tgme_widget_message_footer compact js-message_footer"><div class="'
        'tgme_widget_message_info short js-message_info"><span class="tgme_widget_message_views">'
        '1.2K</span> <span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" '
        f'href="https://t.me/{address}"><time datetime="{at.isoformat()}" class="time">'
        f"{at:%H:%M}</time></a></span></div></div></div></div></div>"
    )
