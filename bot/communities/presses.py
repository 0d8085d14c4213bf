"""What the buttons of /settings carry: numbers alone, so that old buttons keep their meaning."""

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from bot.answers import LARGEST_NUMBER
from bot.communities.community import MODES, Mode

# Pages that are no setting's. Numbers are never given to another page.
MAIN, CHOOSE, UNLINK, UNLINKED, CLOSE, ROLES = 0, 90, 91, 92, 93, 94
# Let the presser get digests in private, or not any more; send one here now.
READ, READ_NOT, SEND_NOW = 95, 96, 97
# The setting with the position `n` in `bot.settings_menu.SETTINGS` has the page `FIRST + n`.
FIRST = 1
# Only shows the page.
SHOW = -1


class SettingsPress(CallbackData, prefix="set1"):
    """A button of /settings: a community's number, a page, and the position of a value there."""

    community: int = Field(ge=0, le=LARGEST_NUMBER)
    page: int = Field(ge=0, le=99)
    value: int = Field(SHOW, ge=SHOW, le=999)


def open_press(community: int) -> str:
    """What opens a community's settings."""
    return SettingsPress(community=community, page=MAIN).pack()


def mode_press(community: int, mode: Mode) -> str:
    """What sets a community's mode, which is the first of the settings."""
    return SettingsPress(community=community, page=FIRST, value=MODES.index(mode)).pack()


class ModeratorPress(CallbackData, prefix="mod1"):
    """Makes someone a moderator, or not: the numbers of a community and a person."""

    community: int = Field(ge=0, le=LARGEST_NUMBER)
    person: int = Field(ge=0, le=LARGEST_NUMBER)
    is_one: bool
