"""What of a report becomes a picture, in the words of one language. Pure."""

from bot.answers import label_word
from bot.charts.reviews import Class, ReviewCaptions, ReviewPicture, StarRow
from bot.reviews.message import ReadingMessage
from bot.reviews.quotes import cut
from bot.reviews.readings import Reading
from bot.reviews.report import Report
from bot.words import Words

# As many signs as the card is wide.
LONGEST_TITLE = 33


def review_picture(words: Words, language: str, reading: Reading, found: Report) -> ReviewPicture:
    """Choose and name what is drawn."""
    return ReviewPicture(
        captions=_captions(words, language, reading, found),
        classes=[
            Class(label, label_word(words, language, label), count)
            for label, count in found.split.items()
        ],
        rows=_rows(found),
    )


def _rows(found: Report) -> list[StarRow]:
    if found.stars is None:
        return []
    return [
        StarRow(stars, [counts.get(label, 0) for label in found.split])
        for stars, counts in found.stars.split.items()
    ]


def _captions(words: Words, language: str, reading: Reading, found: Report) -> ReviewCaptions:
    mean = round(found.stars.mean, 1) if found.stars else 0
    return ReviewCaptions(
        title=cut(ReadingMessage(words, language).plain_title(reading), LONGEST_TITLE),
        split=words.say(language, "reviews-picture-split"),
        split_note=words.say(language, "reviews-count", reviews=found.scored),
        stars=words.say(language, "reviews-picture-stars"),
        stars_note=words.say(language, "reviews-picture-stars-note", mean=mean),
        nothing=words.say(language, "picture-nothing"),
        percent=words.say(language, "picture-percent", count="{}"),
    )
