"""One reading: what of a site reaches the bot, and what its end says of it."""

import json
from collections.abc import Iterator

import pytest
import redis
from reader_parts import ends, parts
from shop_site import ShopSite, page, refuse, reviews_page, shop_site

from core.reading import MOST_REVIEWS, ReadEnd, ReadOrder
from playground.shop_pages import shop_page
from worker.reading import read

CHANNEL = "/s/lavka_u_doma"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> Iterator[ShopSite]:
    with shop_site() as running:
        monkeypatch.setenv("REDIS_URL", redis_url)
        monkeypatch.setenv("READER_TEST_SITE", running.host)
        yield running


def ended(connection: redis.Redis, url: str, **fields: object) -> ReadEnd:
    """Carry out an order in this process and return how it ended."""
    order = {"id": "order-1", "kind": "reviews", "url": url, **fields}
    read(ReadOrder.model_validate(order).model_dump_json())
    (end,) = ends(connection)
    return end


def count(connection: redis.Redis) -> int:
    return sum(len(part.reviews) for part in parts(connection))


def test_all_pages_are_read_and_counted(site: ShopSite, redis_sync: redis.Redis) -> None:
    site.routes["/first"] = reviews_page(20, next_page="/second")
    site.routes["/second"] = reviews_page(20, first=20)
    end = ended(redis_sync, f"{site.url}/first")
    assert (end.outcome, end.pages, end.is_partial) == ("read", 2, False)
    assert count(redis_sync) == 40


def test_a_later_page_that_fails_leaves_what_was_found(
    site: ShopSite, redis_sync: redis.Redis
) -> None:
    site.routes["/first"] = reviews_page(20, next_page="/second")
    site.routes["/second"] = refuse(500)
    end = ended(redis_sync, f"{site.url}/first")
    assert (end.outcome, end.pages, end.is_partial) == ("read", 1, True)
    assert count(redis_sync) == 20


def test_no_more_reviews_are_read_than_the_most(site: ShopSite, redis_sync: redis.Redis) -> None:
    site.routes["/many"] = reviews_page(MOST_REVIEWS + 50)
    end = ended(redis_sync, f"{site.url}/many")
    assert (end.outcome, end.is_partial) == ("read", True)
    assert count(redis_sync) == MOST_REVIEWS


def test_a_page_without_reviews_is_not_an_error_of_the_site(
    site: ShopSite, redis_sync: redis.Redis
) -> None:
    assert ended(redis_sync, f"{site.url}/empty").outcome == "no-reviews"


def test_half_of_a_surrogate_pair_in_a_name_does_no_harm(
    site: ShopSite, redis_sync: redis.Redis
) -> None:
    review = {"@type": "Review", "reviewBody": "Удобная ручка и вода кипит быстро"}
    data = json.dumps({"@type": "Product", "name": "Чай\ud83d", "review": [review]})
    site.routes["/half-name"] = page(f'<script type="application/ld+json">{data}</script>'.encode())
    end = ended(redis_sync, f"{site.url}/half-name")
    assert (end.outcome, end.title) == ("read", "Чай\ufffd")


def test_an_old_page_in_windows_1251_is_understood(site: ShopSite, redis_sync: redis.Redis) -> None:
    made = shop_page("app")
    site.routes["/app"] = page(made.body, made.content_type)  # type: ignore[union-attr]
    assert ended(redis_sync, f"{site.url}/app").title == "Приложение «Лавка рядом»"


def test_a_channels_posts_come_with_its_title(site: ShopSite, redis_sync: redis.Redis) -> None:
    site.routes[CHANNEL] = page(shop_page(CHANNEL).body)  # type: ignore[union-attr]
    end = ended(redis_sync, site.url + CHANNEL, kind="channel")
    assert (end.outcome, end.source, end.title) == ("read", "preview", "Лавка у дома")
    assert len(parts(redis_sync)[0].posts) > 3


def test_earlier_posts_of_a_channel_are_asked_for_by_number(
    site: ShopSite, redis_sync: redis.Redis
) -> None:
    site.routes[CHANNEL] = page(shop_page(CHANNEL).body)  # type: ignore[union-attr]
    ended(redis_sync, site.url + CHANNEL, kind="channel", before=120)
    assert f"{CHANNEL}?before=120" in site.seen


def test_a_channel_that_has_no_preview_is_not_found(
    site: ShopSite, redis_sync: redis.Redis
) -> None:
    site.routes[CHANNEL] = lambda request: request.answer(302, location="/empty")
    assert ended(redis_sync, site.url + CHANNEL, kind="channel").outcome == "not-found"


def test_a_reading_that_has_ended_says_nothing_more(
    site: ShopSite, redis_sync: redis.Redis
) -> None:
    site.routes["/first"] = reviews_page(20)
    ended(redis_sync, f"{site.url}/first")
    ended(redis_sync, f"{site.url}/first")
    assert count(redis_sync) == 20
