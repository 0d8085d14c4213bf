"""What the model's tasks and labels are called, and the order in which people expect them.

Knows nothing of Telegram: the storage reads it, and so does whoever only opens the database.
"""

from collections.abc import Mapping

SENTIMENT = "sentiment"
TOXICITY = "toxicity"
TOXIC = "toxic"
SENTIMENTS = ("negative", "neutral", "positive")


def label_order(sentiment: Mapping[str, float]) -> list[str]:
    """Order labels as people expect them, from negative to positive, unknown ones after."""
    return sorted(sentiment, key=lambda label: (_position(label), label))


def likeliest(sentiment: Mapping[str, float]) -> str:
    """The label with the highest probability."""
    return max(label_order(sentiment), key=sentiment.__getitem__)


def _position(label: str) -> int:
    return SENTIMENTS.index(label) if label in SENTIMENTS else len(SENTIMENTS)
