"""What a reading hands over to the bot, part by part, and its one end."""

from collections.abc import Sequence

import redis

from core.reading import ChannelPost, ReadEnd, ReadPart, Review, next_number, put_part

# So the bot can begin with the first ones of a large page, and no part is itself a burden.
REVIEWS_A_PART = 100


class Parts:
    """The parts of one reading. A second reading of the same order numbers them the same way."""

    def __init__(self, connection: redis.Redis, order_id: str) -> None:
        self._redis = connection
        self._order_id = order_id
        self._number = 0

    def put_reviews(self, reviews: Sequence[Review]) -> None:
        """Hand reviews over. Raises redis.RedisError, as the others do."""
        for start in range(0, len(reviews), REVIEWS_A_PART):
            self._put(reviews=tuple(reviews[start : start + REVIEWS_A_PART]))

    def put_posts(self, posts: Sequence[ChannelPost]) -> None:
        """Hand a channel's posts over."""
        self._put(posts=tuple(posts))

    def end(self, end: ReadEnd) -> bool:
        """Say how the reading ended; False where that was said before."""
        return end_reading(self._redis, self._order_id, end)

    def _put(self, reviews: tuple[Review, ...] = (), posts: tuple[ChannelPost, ...] = ()) -> None:
        part = ReadPart(order_id=self._order_id, number=self._number, reviews=reviews, posts=posts)
        put_part(self._redis, part)
        self._number += 1


def end_reading(connection: redis.Redis, order_id: str, end: ReadEnd) -> bool:
    """End a reading, whoever began it; False where it had ended. Raises redis.RedisError."""
    number = next_number(connection, order_id)
    return put_part(connection, ReadPart(order_id=order_id, number=number, end=end))
