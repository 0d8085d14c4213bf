"""The settings that admins change by buttons, the values that each takes, and their words."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.communities.community import ALERTS, MODES, RHYTHMS, Community
from bot.communities.presses import FIRST, SHOW, SettingsPress
from bot.policy import NEGATIVE
from bot.storage.communities import Value
from bot.storage.whatif import LEAST_PERCENT, Alarm
from bot.vocabulary import SENTIMENT, TOXIC, TOXICITY
from bot.words import LANGUAGES, Words

MOST_PERCENT = 99
THRESHOLDS = tuple(percent / 100 for percent in range(LEAST_PERCENT, MOST_PERCENT + 1))
HOURS_OF_DAY = (None, *range(24))
# Settings whose values are words of their own.
NAMED = ("mode", "language", "alert", "digest")
# From Kaliningrad to Kamchatka, and what lies west.
ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its column, and the values that it can take, which buttons name by position.

    Values are only ever added, at the end, so that an old button sets what it showed.
    """

    column: str
    values: tuple[Value, ...]
    in_a_row: int = 3
    alarm: Alarm | None = None
    """What a threshold watches for; it is moved in steps."""

    @property
    def name(self) -> str:
        """As it stands in the keys of the locale files."""
        return self.column.replace("_", "-")

    @property
    def page(self) -> int:
        """The number of the page that changes it."""
        return FIRST + SETTINGS.index(self)

    def of(self, community: Community) -> Value:
        """Its value in a community."""
        value: Value = getattr(community, self.column)
        return value

    def percent_of(self, community: Community) -> int:
        """A threshold's value in a community, in percent."""
        return round(100 * float(self.of(community) or 0))


# In the order of their pages' numbers: new ones only at the end.
SETTINGS = (
    Setting("mode", MODES, 1),
    Setting("toxic_threshold", THRESHOLDS, alarm=Alarm(TOXICITY, TOXIC)),
    Setting("act_threshold", THRESHOLDS, alarm=Alarm(TOXICITY, TOXIC)),
    Setting("care_threshold", THRESHOLDS, alarm=Alarm(SENTIMENT, NEGATIVE)),
    Setting("newcomer_hours", (0, 1, 6, 12, 24, 48, 72, 168), 4),
    Setting("warnings_before_mute", tuple(range(1, 11)), 5),
    Setting("language", (None, *LANGUAGES), 3),
    Setting("retention_days", (None, 1, 3, 7, 14, 30, 60, 90, 180), 3),
    Setting("quiet_from", HOURS_OF_DAY, 5),
    Setting("quiet_to", HOURS_OF_DAY, 5),
    Setting("time_zone", ZONES, 3),
    Setting("alert", ALERTS, 1),
    Setting("digest", RHYTHMS, 1),
    Setting("digest_hour", tuple(range(24)), 6),
)
ALARMS = tuple(setting for setting in SETTINGS if setting.alarm)


def setting_of_page(page: int) -> Setting | None:
    """The setting that a page changes; None for pages that show something else."""
    return next((setting for setting in SETTINGS if setting.page == page), None)


def chosen_value(press: SettingsPress) -> tuple[str, Value] | None:
    """The column and value that a button sets; None for one that only shows a page.

    Raises IndexError for a position that no value has.
    """
    setting = setting_of_page(press.page)
    if setting is None or press.value == SHOW:
        return None
    return setting.column, setting.values[press.value]


def value_text(words: Words, language: str, setting: Setting, value: Value) -> str:
    """Say a value of a setting in words."""
    if value is None or setting.column in NAMED:
        return words.say(language, f"settings-{setting.name}-{value or 'none'}")
    if setting.column == "time_zone":
        return words.say(
            language, "settings-zone", zone=_city(str(value)), hours=_ahead(str(value))
        )
    if setting.alarm:
        return words.say(language, "settings-percent", percent=round(100 * float(value)))
    return words.say(language, f"settings-{setting.name}-value", value=value)


def _city(zone: str) -> str:
    return zone.rpartition("/")[2]


def _ahead(zone: str) -> str:
    """The hours that a zone is ahead of UTC now, as `+3` or `+5:30`."""
    ahead = datetime.now(ZoneInfo(zone)).utcoffset()
    minutes = int(ahead.total_seconds() // 60) if ahead else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
