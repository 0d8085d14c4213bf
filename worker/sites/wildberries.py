"""Wildberries: the root of an article's card, then the feedbacks of all colours under it."""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qs

from core.contracts import storable
from worker.sites.answers import Answer, ask, list_in, object_in, words_in
from worker.sites.finding import Found
from worker.sites.opinions import Gathering, Opinion
from worker.sites.values import as_stars, count_in, moment_in
from worker.web.page import Get, ReadError

NAME = "wildberries"
HOSTS = re.compile(r"(?:[\w-]+\.)?(?:wildberries\.(?:ru|by|kz|am|kg|uz|ge|eu)|wb\.ru)")
GLOBAL_HOSTS = re.compile(r"global\.wildberries\.(?:ru|com)")
ARTICLE = re.compile(r"/(?:catalog|product)/(\d{1,15})(?:/|$)")
# The region decides about prices, not about reviews; without one there is no answer.
CARDS = (
    "https://card.wb.ru/cards/v4/detail?appType=1&curr=rub&dest=-1257786&nm={article}",
    "https://card.wb.ru/cards/v2/detail?appType=1&curr=rub&dest=-1257786&nm={article}",
)
# Each of the two hosts holds a half of all cards, and says "none" of the other half.
FEEDBACKS = (
    "https://feedbacks1.wb.ru/feedbacks/v2/{root}",
    "https://feedbacks2.wb.ru/feedbacks/v2/{root}",
    "https://feedbacks1.wb.ru/feedbacks/v1/{root}",
    "https://feedbacks2.wb.ru/feedbacks/v1/{root}",
)
# What people write into a field that they had to fill in.
NOTHING = {
    "",
    "-",
    "нет",
    "нету",
    "никаких",
    "не обнаружено",
    "не обнаружил",
    "не нашла",
    "не нашел",
}


def product_in(link: SplitResult) -> str | None:
    """The article, also of mobile, foreign and feedback links."""
    host = link.hostname or ""
    if not (HOSTS.fullmatch(host) or GLOBAL_HOSTS.fullmatch(host)):
        return None
    if found := ARTICLE.search(link.path):
        return found[1] if int(found[1]) else None
    asked = parse_qs(link.query).get("card", [""])[0]
    return asked if asked.isdecimal() and link.path.startswith("/product") else None


def read(article: str, get: Get) -> Iterator[Found]:
    """Give the feedbacks that Wildberries shows, all at once."""
    card = _card(article, get)
    root = count_in(card.get("root"))
    if not root:
        raise ReadError("changed", "a card without a root")
    answer = _feedbacks(root, get)
    feedbacks = list_in(answer, "feedbacks")
    gathering = Gathering()
    reviews = gathering.take(map(_opinion, feedbacks))
    if not reviews:
        raise ReadError("no-reviews", f"{len(feedbacks)} feedbacks, none with words")
    total = count_in(answer.get("feedbackCount"))
    yield Found(
        NAME,
        reviews,
        title=_title(card),
        total=total,
        rating=as_stars(answer.get("valuation")),
        is_partial=gathering.left_some or (total or 0) > len(feedbacks),
    )


def _card(article: str, get: Get) -> Answer:
    """The newest version's card, or an older one's where it is gone."""
    reasons: list[ReadError] = []
    for address in CARDS:
        try:
            answer = ask(get, address.format(article=article))
            cards = list_in(object_in(answer, "data") or answer, "products")
        except ReadError as error:
            reasons.append(error)
            continue
        if not cards:
            raise ReadError("not-found", f"no card {article}")
        return cards[0]
    raise reasons[0]


def _feedbacks(root: int, get: Get) -> Answer:
    """An answer with feedbacks, else one without, else the first reason why there is none."""
    empty: Answer | None = None
    reasons: list[ReadError] = []
    for address in FEEDBACKS:
        try:
            answer = ask(get, address.format(root=root))
            if list_in(answer, "feedbacks"):
                return answer
            empty = answer
        except ReadError as error:
            reasons.append(error)
    if empty is None:
        raise reasons[0]
    return empty


def _title(card: Answer) -> str:
    names = (words_in(card, "brand"), words_in(card, "name"))
    return storable(" ".join(name.strip() for name in names if name.strip()))[:300]


def _opinion(feedback: Answer) -> Opinion:
    return Opinion(
        text=_text(feedback),
        author=words_in(object_in(feedback, "wbUserDetails"), "name"),
        stars=as_stars(feedback.get("productValuation")),
        written_at=moment_in(feedback.get("createdDate")),
    )


def _text(feedback: Answer) -> str:
    """The comment with what was praised and blamed, under the names that the site gives them."""
    said = [words_in(feedback, "text")]
    for field, heading in (("pros", "Достоинства"), ("cons", "Недостатки")):
        words = words_in(feedback, field).strip()
        if words.casefold().rstrip(".!") not in NOTHING:
            said.append(f"{heading}: {words}")
    return "\n".join(said).strip()
