"""What stands on the pages of the playground's shop."""

import json
import re

import pytest

from playground.shop_pages import PAGES, ShopPage, shop_page
from playground.shop_reviews import SHARES, reviews_of


def shown(path: str, number: int = 1) -> ShopPage:
    page = shop_page(path, number)
    assert page
    return page


def scripts(page: ShopPage) -> list[str]:
    """The JSON-LD of a page."""
    return re.findall(r'ld\+json">(.*?)</script>', page.body.decode(), re.DOTALL)


@pytest.mark.parametrize("seed", range(5))
def test_500_people_say_500_different_things(seed: int) -> None:
    assert len({one.text for one in reviews_of("clothes", 500, seed)}) == 500


def test_every_mark_is_given_and_most_are_high() -> None:
    marks = [one.stars for one in reviews_of("clothes", 500)]
    assert set(marks) == set(SHARES)
    assert marks.count(5) > marks.count(1) > marks.count(2)


def test_the_shop_is_the_same_at_each_look() -> None:
    assert all(shop_page(path) == shop_page(f"/{path}/") for path in PAGES)


def test_pages_of_reviews_follow_each_other_and_end() -> None:
    pages = [shown("jacket", number) for number in range(1, 6)]
    links = ["Следующая" in page.body.decode() for page in pages]
    assert links == [True, True, True, True, False]
    texts = {one["reviewBody"] for page in pages for one in json.loads(scripts(page)[0])["review"]}
    assert len(texts) == 60


@pytest.mark.parametrize("number", [-1, 0, 6, 10**6])
def test_a_page_that_is_not_there_is_the_nearest(number: int) -> None:
    assert shown("jacket", number) in (shown("jacket", 1), shown("jacket", 5))


def test_one_page_has_markup_that_no_parser_takes() -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(scripts(shown("winter-jacket"))[0])


def test_one_page_is_in_windows_1251_and_does_not_say_so() -> None:
    old = shown("app")
    assert "Приложение" in old.body.decode("cp1251")
    assert b"charset" not in old.body
    assert "charset" not in old.content_type


def test_what_is_not_sold_has_no_page() -> None:
    assert shop_page("moon") is None
