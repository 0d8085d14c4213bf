"""robots.txt: obeyed as RFC 9309 says, and asked for once in a while only."""

from collections.abc import Callable, Iterator

import pytest
import redis
from shop_site import ShopSite, page, redirect, refuse, shop_site

from worker.web.fetching import Fetcher, Terms
from worker.web.pace import Pace
from worker.web.page import ReadError
from worker.web.robots import ROBOTS
from worker.web.wire import Wire

PLAIN = "text/plain"


@pytest.fixture
def site() -> Iterator[ShopSite]:
    with shop_site() as running:
        running.routes["/reviews"] = page(b"reviews")
        running.routes["/private/reviews"] = page(b"private")
        yield running


@pytest.fixture
def fetcher(site: ShopSite, redis_sync: redis.Redis) -> Fetcher:
    pace = Pace(redis_sync, interval_seconds=0.001, patience_seconds=0.5)
    return Fetcher(Wire(), pace, redis_sync, Terms(5, site.host))


@pytest.fixture
def rules(site: ShopSite) -> Callable[[str], None]:
    """Writes the site's robots.txt."""

    def write(text: str) -> None:
        site.routes["/robots.txt"] = page(text.encode(), PLAIN)

    return write


def outcome(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(ReadError) as raised:
        fetcher.get(url)
    return raised.value.outcome


def test_what_is_forbidden_to_all_is_not_asked_for(
    site: ShopSite, fetcher: Fetcher, rules: Callable[[str], None]
) -> None:
    rules("User-agent: *\nDisallow: /private/")
    assert outcome(fetcher, f"{site.url}/private/reviews") == "robots"
    assert fetcher.get(f"{site.url}/reviews").body == b"reviews"
    assert "/private/reviews" not in site.seen


def test_rules_for_the_project_come_before_those_for_all(
    site: ShopSite, fetcher: Fetcher, rules: Callable[[str], None]
) -> None:
    rules("User-agent: *\nDisallow: /\n\nUser-agent: Nastroi\nDisallow: /private/")
    assert fetcher.get(f"{site.url}/reviews").body == b"reviews"
    assert outcome(fetcher, f"{site.url}/private/reviews") == "robots"


def test_rules_for_others_are_not_ours(
    site: ShopSite, fetcher: Fetcher, rules: Callable[[str], None]
) -> None:
    rules("User-agent: Googlebot\nDisallow: /")
    assert fetcher.get(f"{site.url}/reviews").body == b"reviews"


def test_where_a_redirect_leads_is_asked_about_too(
    site: ShopSite, fetcher: Fetcher, rules: Callable[[str], None]
) -> None:
    rules("User-agent: *\nDisallow: /private/")
    site.routes["/short"] = redirect("/private/reviews")
    assert outcome(fetcher, f"{site.url}/short") == "robots"
    assert "/private/reviews" not in site.seen


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429])
def test_a_site_without_rules_allows_all(site: ShopSite, fetcher: Fetcher, status: int) -> None:
    site.routes["/robots.txt"] = refuse(status)
    assert fetcher.get(f"{site.url}/reviews").body == b"reviews"


@pytest.mark.parametrize("status", [500, 503])
def test_a_site_that_cannot_say_its_rules_is_left_alone(
    site: ShopSite, fetcher: Fetcher, status: int
) -> None:
    site.routes["/robots.txt"] = refuse(status)
    assert outcome(fetcher, f"{site.url}/reviews") == "unreachable"
    assert "/reviews" not in site.seen


def test_rules_are_found_behind_redirects(
    site: ShopSite, fetcher: Fetcher, rules: Callable[[str], None]
) -> None:
    site.routes["/rules.txt"] = page(b"User-agent: *\nDisallow: /reviews", PLAIN)
    site.routes["/robots.txt"] = redirect("/rules.txt")
    assert outcome(fetcher, f"{site.url}/reviews") == "robots"


def test_rules_behind_too_many_redirects_are_none(site: ShopSite, fetcher: Fetcher) -> None:
    site.routes["/robots.txt"] = redirect("/robots.txt")
    assert fetcher.get(f"{site.url}/reviews").body == b"reviews"


def test_rules_lead_nowhere_that_is_not_public(site: ShopSite, fetcher: Fetcher) -> None:
    site.routes["/robots.txt"] = redirect("http://169.254.169.254/")
    assert outcome(fetcher, f"{site.url}/reviews") == "refused"


def test_rules_are_remembered_for_all_readers(
    site: ShopSite, fetcher: Fetcher, redis_sync: redis.Redis
) -> None:
    fetcher.get(f"{site.url}/reviews")
    Fetcher(Wire(), Pace(redis_sync, 0.001), redis_sync, Terms(5, site.host)).get(
        f"{site.url}/reviews"
    )
    assert site.seen.count("/robots.txt") == 1
    assert 0 < redis_sync.ttl(f"{ROBOTS}{site.url}") <= 24 * 3600


def test_the_pause_that_a_site_wants_is_kept(
    site: ShopSite, fetcher: Fetcher, rules: Callable[[str], None]
) -> None:
    rules("User-agent: *\nCrawl-delay: 10")
    fetcher.get(f"{site.url}/reviews")
    assert outcome(fetcher, f"{site.url}/reviews") == "busy"


def test_what_comes_behind_half_a_megabyte_of_rules_is_not_read(
    site: ShopSite, fetcher: Fetcher, rules: Callable[[str], None]
) -> None:
    filler = "# filler\n" * 200_000
    rules(f"User-agent: *\nDisallow: /private/\n{filler}Disallow: /reviews\n")
    assert outcome(fetcher, f"{site.url}/private/reviews") == "robots"
    assert fetcher.get(f"{site.url}/reviews").body == b"reviews"


def test_long_rules_are_remembered_for_one_reading_and_fill_no_redis(
    site: ShopSite, fetcher: Fetcher, rules: Callable[[str], None], redis_sync: redis.Redis
) -> None:
    rules("User-agent: *\nDisallow: /private/\n" + "# filler\n" * 10_000)
    fetcher.get(f"{site.url}/reviews")
    assert outcome(fetcher, f"{site.url}/private/reviews") == "robots"
    assert site.seen.count("/robots.txt") == 1
    assert not redis_sync.exists(f"{ROBOTS}{site.url}")


def test_what_is_no_rules_file_forbids_nothing(
    site: ShopSite, fetcher: Fetcher, rules: Callable[[str], None]
) -> None:
    rules("<html>\0\ud7ff Disallow: / Crawl-delay: soon")
    assert fetcher.get(f"{site.url}/reviews").body == b"reviews"
