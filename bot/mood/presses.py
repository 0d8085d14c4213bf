"""What the buttons below /mood carry."""

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from bot.answers import LARGEST_NUMBER


class MoodPress(CallbackData, prefix="mood1"):
    """A community, by its number among targets, and a period as `read_period` reads it."""

    community: int = Field(ge=0, le=LARGEST_NUMBER)
    period: str = Field(max_length=24)
