"""Fetching: within its limits, politely, and by no trick anywhere that is not public."""

import time
from collections.abc import Callable, Iterator

import pytest
import redis
from reader_parts import exit_code_of
from shop_site import BOMB_BYTES, MEGABYTE, ShopSite, page, redirect, shop_site

from worker.limits import limit_memory
from worker.web.fetching import Fetcher, Terms
from worker.web.pace import PACE, Pace
from worker.web.page import ReadError
from worker.web.wire import USER_AGENT, Wire

HURRIED = {"interval_seconds": 0.001}


@pytest.fixture(scope="module")
def running() -> Iterator[ShopSite]:
    with shop_site() as site:
        yield site


@pytest.fixture
def site(running: ShopSite) -> Iterator[ShopSite]:
    """The hostile site, with the routes that a test adds taken away after it."""
    kept = dict(running.routes)
    running.seen.clear()
    yield running
    running.routes.clear()
    running.routes.update(kept)


@pytest.fixture
def open_fetcher(site: ShopSite, redis_sync: redis.Redis) -> Callable[..., Fetcher]:
    def opened(seconds: float = 5, **pace: float) -> Fetcher:
        polite = Pace(redis_sync, **(HURRIED | pace))  # type: ignore[arg-type]
        return Fetcher(Wire(), polite, redis_sync, Terms(seconds, site.host))

    return opened


@pytest.fixture
def fetcher(open_fetcher: Callable[..., Fetcher]) -> Fetcher:
    return open_fetcher()


def outcome(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(ReadError) as raised:
        fetcher.get(url)
    return raised.value.outcome


def test_a_page_comes_with_its_address_type_and_charset(site: ShopSite, fetcher: Fetcher) -> None:
    body = "<p>Отзывы</p>".encode("windows-1251")
    site.routes["/old"] = page(body, "Text/HTML; Charset=Windows-1251")
    got = fetcher.get(f"{site.url}/old?a=1#reviews")
    assert (got.url, got.body) == (f"{site.url}/old?a=1", body)
    assert (got.content_type, got.charset) == ("text/html", "windows-1251")
    assert fetcher.pages == 1


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/loop", "redirects"),
        ("/hops-6", "redirects"),
        ("/to-other-port", "refused"),
        ("/to-loopback", "refused"),
        ("/to-metadata", "refused"),
        ("/to-file", "refused"),
        ("/to-credentials", "refused"),
        ("/to-odd-number", "refused"),
        ("/to-nonsense", "refused"),
        ("/bomb", "too-big"),
        ("/endless", "too-big"),
        ("/six-megabytes", "too-big"),
        ("/picture", "not-a-page"),
        ("/program", "not-a-page"),
        ("/unnamed-program", "not-a-page"),
        ("/not-http", "unreachable"),
        ("/half", "unreachable"),
        ("/challenge", "blocked"),
        ("/401", "blocked"),
        ("/403", "blocked"),
        ("/429", "blocked"),
        ("/451", "blocked"),
        ("/404", "not-found"),
        ("/410", "not-found"),
        ("/500", "unreachable"),
        ("/503", "unreachable"),
    ],
)
def test_what_is_no_page_is_named(
    site: ShopSite, fetcher: Fetcher, path: str, expected: str
) -> None:
    assert outcome(fetcher, site.url + path) == expected


@pytest.mark.parametrize("path", ["/drip", "/drip-headers", "/silent"])
def test_a_site_that_lingers_is_cut_off_in_time(
    site: ShopSite, open_fetcher: Callable[..., Fetcher], path: str
) -> None:
    started = time.monotonic()
    assert outcome(open_fetcher(seconds=0.4), site.url + path) == "too-slow"
    assert time.monotonic() - started < 2


def test_a_bomb_is_put_down_before_it_unfolds(site: ShopSite, fetcher: Fetcher) -> None:
    def fetch() -> None:
        limit_memory(BOMB_BYTES // 2)
        outcome(fetcher, f"{site.url}/bomb")

    assert exit_code_of(fetch) == 0


def test_nobody_waits_for_a_turn_longer_than_there_is_time(
    site: ShopSite, open_fetcher: Callable[..., Fetcher]
) -> None:
    fetcher = open_fetcher(seconds=0.3, interval_seconds=1)
    fetcher.get(f"{site.url}/empty")
    started = time.monotonic()
    assert outcome(fetcher, f"{site.url}/empty") == "busy"
    assert time.monotonic() - started < 0.5


def test_as_many_redirects_as_allowed_are_followed(site: ShopSite, fetcher: Fetcher) -> None:
    assert fetcher.get(f"{site.url}/hops-5").url == f"{site.url}/hops-5?5"


def test_a_redirect_in_plain_cyrillic_is_followed(site: ShopSite, fetcher: Fetcher) -> None:
    encoded = "/%D1%81%D1%82%D1%80%D0%B0%D0%BD%D0%B8%D1%86%D0%B0"
    site.routes[encoded] = page(b"here")
    assert fetcher.get(f"{site.url}/cyrillic").body == b"here"


def test_a_page_at_the_limit_is_whole(site: ShopSite, fetcher: Fetcher) -> None:
    site.routes["/five"] = page(b"x" * 5 * MEGABYTE)
    assert len(fetcher.get(f"{site.url}/five").body) == 5 * MEGABYTE


def test_requests_name_the_project_and_carry_nothing_else_of_ours(
    site: ShopSite, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    seen: list[dict[str, str]] = []
    site.routes["/set"] = lambda one: one.answer(302, location="/got", set_cookie="id=7")
    site.routes["/got"] = lambda one: (
        seen.append(dict(one.headers)),
        one.answer(200, content_type="text/html"),
    )[1]
    fetcher.get(f"{site.url}/set")
    assert seen[0]["User-Agent"] == USER_AGENT
    assert "Nastroi" in USER_AGENT
    assert not {"Cookie", "Authorization", "Referer"} & set(seen[0])


def test_a_host_is_asked_one_page_an_interval(
    site: ShopSite, open_fetcher: Callable[..., Fetcher]
) -> None:
    started = time.monotonic()
    for fetcher in (open_fetcher(interval_seconds=0.2) for _ in range(3)):
        fetcher.get(f"{site.url}/empty")
    assert 0.4 <= time.monotonic() - started < 2


def test_whoever_would_wait_too_long_is_told_that_the_host_is_busy(
    site: ShopSite, open_fetcher: Callable[..., Fetcher]
) -> None:
    fetcher = open_fetcher(interval_seconds=10, patience_seconds=0.1)
    fetcher.get(f"{site.url}/empty")
    assert outcome(fetcher, f"{site.url}/empty") == "busy"
    assert site.seen.count("/empty") == 1


def test_a_host_is_asked_so_many_pages_an_hour(
    site: ShopSite, open_fetcher: Callable[..., Fetcher]
) -> None:
    fetcher = open_fetcher(most_an_hour=2)
    for _ in range(2):
        fetcher.get(f"{site.url}/empty")
    assert outcome(fetcher, f"{site.url}/empty") == "busy"


def test_a_host_that_has_enough_is_left_alone_for_as_long_as_it_says(
    site: ShopSite, fetcher: Fetcher, redis_sync: redis.Redis
) -> None:
    site.routes["/enough"] = lambda request: request.answer(429, retry_after="120")
    assert outcome(fetcher, f"{site.url}/enough") == "blocked"
    assert outcome(fetcher, f"{site.url}/empty") == "busy"
    assert 100 < redis_sync.ttl(f"{PACE}127.0.0.1") <= 120


def test_without_the_setting_the_test_site_is_refused(
    site: ShopSite, redis_sync: redis.Redis
) -> None:
    fetcher = Fetcher(Wire(), Pace(redis_sync), redis_sync, Terms(5))
    assert outcome(fetcher, f"{site.url}/empty") == "refused"
    assert site.seen == []


def test_the_setting_lets_no_other_port_through(site: ShopSite, redis_sync: redis.Redis) -> None:
    with shop_site() as other:
        site.routes["/other"] = redirect(f"{other.url}/empty")
        fetcher = Fetcher(Wire(), Pace(redis_sync), redis_sync, Terms(5, site.host))
        assert outcome(fetcher, f"{site.url}/other") == "refused"
        assert other.seen == []


def test_no_page_is_asked_for_once_the_time_is_over(
    site: ShopSite, open_fetcher: Callable[..., Fetcher]
) -> None:
    assert outcome(open_fetcher(seconds=0), f"{site.url}/empty") == "too-slow"
    assert site.seen == []
