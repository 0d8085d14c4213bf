"""Steam: what players write of a game, by the address that Valve documents for everyone."""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, quote

from worker.sites.answers import Answer, ask, list_in, object_in, words_in
from worker.sites.batches import Batch, Shelf, read_batches
from worker.sites.finding import Found
from worker.sites.opinions import Opinion
from worker.sites.values import count_in, moment_in
from worker.web.page import Get, ReadError

NAME = "steam"
HOSTS = {"store.steampowered.com", "steamcommunity.com", "www.steamcommunity.com"}
GAME = re.compile(r"/app/(\d{1,10})(?:/|$)")
GAMES = "https://store.steampowered.com/api/appdetails?appids={game}&filters=basic"
# In Russian, as the model reads; `recent` is the order in which cursors reach all of them.
REVIEWS = (
    "https://store.steampowered.com/appreviews/{game}"
    "?json=1&filter=recent&language=russian&purchase_type=all&num_per_page=100&cursor={cursor}"
)
FIRST = "*"
MARKUP = re.compile(r"\[/?(?:[a-z]\w{0,9}|\*)(?:=[^\]]{0,200})?\]", re.IGNORECASE)
# A thumb is a scale of two.
STARS = {True: 5.0, False: 1.0}


def product_in(link: SplitResult) -> str | None:
    """The game's number, from the shop's pages and the community's."""
    found = GAME.search(link.path) if link.hostname in HOSTS else None
    return found[1] if found else None


def read(game: str, get: Get) -> Iterator[Found]:
    """Give the reviews in Russian, newest first."""

    def understand(answer: Answer) -> Batch:
        return _batch(game, answer)

    first = REVIEWS.format(game=game, cursor=FIRST)
    yield from read_batches(Shelf(NAME, first, _title(game, get), understand), get)


def _title(game: str, get: Get) -> str:
    try:
        answer = ask(get, GAMES.format(game=game))
    except ReadError:
        # The reviews are what was asked for.
        return ""
    return words_in(object_in(object_in(answer, game), "data"), "name")[:300]


def _batch(game: str, answer: Answer) -> Batch:
    if answer.get("success") != 1:
        raise ReadError("not-found", f"no game {game}")
    summary, cursor = object_in(answer, "query_summary"), words_in(answer, "cursor")
    reviews = list_in(answer, "reviews")
    following = REVIEWS.format(game=game, cursor=quote(cursor, safe=""))
    return Batch(
        tuple(map(_opinion, reviews)),
        following if reviews and cursor else None,
        count_in(summary.get("total_reviews")),
        _rating(summary),
    )


def _rating(summary: Answer) -> float | None:
    """The share of thumbs up, on the same scale as each of them; only the first answer has it."""
    up, everyone = count_in(summary.get("total_positive")), count_in(summary.get("total_reviews"))
    return 1 + 4 * min(up / everyone, 1.0) if up is not None and everyone else None


def _opinion(review: Answer) -> Opinion:
    up = review.get("voted_up")
    return Opinion(
        text=MARKUP.sub(" ", words_in(review, "review")),
        author=words_in(object_in(review, "author"), "steamid"),
        stars=STARS[up] if isinstance(up, bool) else None,
        written_at=moment_in(review.get("timestamp_created")),
    )
