"""Steam and Mozilla's add-ons: what their documented interfaces answer, page by page."""

from typing import Any
from urllib.parse import urlsplit

from shop_pages import Site, answer, outcome_of, read_all

from worker.web.page import Page, ReadError

GAME = "https://store.steampowered.com/app/620/Game/"
ADDON = "https://addons.mozilla.org/ru/firefox/addon/tab-keeper/"
RATINGS = "https://addons.mozilla.org/api/v5/ratings/rating/?addon=tab-keeper&page_size=50&page={}"


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
    (found,) = read_all(GAME, steam(given))
    assert [(one.text, one.stars) for one in found.reviews] == [("Шедевр", 5), ("Вылетает", 1)]
    assert (found.title, found.total, found.rating) == ("Двор", 4, 4)


def test_steams_cursors_are_followed_to_the_last_page() -> None:
    site = steam(
        played(game_review("Первый"), cursor="1="),
        played(game_review("Второй"), cursor="2="),
        played(cursor="2="),
    )
    assert [found.reviews[0].text for found in read_all(GAME, site)] == ["Первый", "Второй"]


def test_a_later_answer_that_fails_keeps_what_was_read() -> None:
    found = read_all(GAME, steam(played(game_review("Первый"), cursor="1="), ReadError("busy")))
    assert [(len(part.reviews), part.is_partial) for part in found] == [(1, False), (0, True)]


def test_a_game_without_reviews_and_a_game_that_is_none() -> None:
    assert outcome_of(GAME, steam(played())) == "no-reviews"
    assert outcome_of(GAME, steam(answer({"success": 2}))) == "not-found"
    assert outcome_of(GAME, steam(answer({"success": 1, "items": []}))) == "changed"


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
    found = read_all(ADDON, site)
    assert [one.text for part in found for one in part.reviews] == [
        "Теряет вкладки",
        "Вернул старую",
    ]
    assert (found[0].title, found[0].total, found[0].rating) == ("Хранитель вкладок", 2, 4.2)


def test_an_answer_may_not_lead_to_another_host() -> None:
    said = {"body": "Удобно", "score": 5}
    site = mozilla(answer({"next": "https://evil.example/?page=2", "results": [said]}))
    read_all(ADDON, site)
    assert {urlsplit(url).hostname for url in site.asked} == {"addons.mozilla.org"}
