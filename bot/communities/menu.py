"""How /settings looks: pure words and buttons for one community, or for choosing one."""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.communities.community import Community
from bot.communities.presses import (
    CHOOSE,
    CLOSE,
    MAIN,
    READ,
    READ_NOT,
    ROLES,
    SEND_NOW,
    SHOW,
    UNLINK,
    UNLINKED,
    ModeratorPress,
    SettingsPress,
)
from bot.communities.values import (
    ALARMS,
    MOST_PERCENT,
    SETTINGS,
    Setting,
    setting_of_page,
    value_text,
)
from bot.storage.communities import Value
from bot.storage.whatif import LEAST_PERCENT, Alarm, Outcome
from bot.talk import Buttons, keyboard
from bot.words import Words

# How the first page orders the settings.
ROWS = (
    ("mode",),
    ("toxic_threshold", "act_threshold"),
    ("care_threshold", "newcomer_hours"),
    ("warnings_before_mute", "language"),
    ("quiet_from", "quiet_to"),
    ("time_zone", "retention_days"),
    ("alert",),
    ("digest", "digest_hour"),
)
# By how many percent the buttons below a threshold move it, and which others its page tells of.
STEPS = (-5, -1, 1, 5)
NEIGHBOURS = (-10, -5, 0, 5, 10)


@dataclass(frozen=True, slots=True)
class Sight:
    """What the pages show of a community."""

    number: int
    """By which buttons name it."""
    title: str
    staff_title: str | None
    community: Community
    most_days: int
    """How long texts are kept at most: RETENTION_DAYS."""
    week: Mapping[Alarm, Mapping[int, Outcome]]
    """What each threshold, in percent, would have done in the last 7 days."""
    moderators: Sequence[tuple[int, str]] = ()
    """Those whom admins named, by number and name; known on their own page only."""
    is_reader: bool | None = None
    """Whether who looks gets digests in private; None where others look, too."""


class Menu:
    """Draws the pages of one community."""

    def __init__(self, words: Words, language: str, sight: Sight) -> None:
        self._words = words
        self._language = language
        self._sight = sight

    def text(self, page: int) -> str:
        """Say what a page is about, in HTML."""
        heading = self._say("settings-heading", chat=html.escape(self._sight.title))
        setting = setting_of_page(page)
        if page == UNLINK:
            parts = [self._say("settings-unlink-question")]
        elif page == ROLES:
            parts = [self._say("settings-roles"), self._say("moderator-how")]
        elif setting is None:
            parts = list(self._overview())
        else:
            parts = list(self._about(setting))
        return "\n\n".join((heading, *parts))

    def buttons(self, page: int) -> InlineKeyboardMarkup:
        """Offer what can be done on a page."""
        setting = setting_of_page(page)
        if page == UNLINK:
            rows: Buttons = [[self._button(self._say("settings-button-unlink-yes"), UNLINKED)]]
        elif page == ROLES:
            rows = self._moderators()
        elif setting is None:
            return keyboard(self._main())
        else:
            rows = [self._steps(setting)] if setting.alarm else self._values(setting)
        back = self._button(self._say("settings-button-back"), MAIN)
        return keyboard([*rows, *self._about_digests(setting), [back]])

    def _about_digests(self, setting: Setting | None) -> Buttons:
        """Offer a digest now, and to who looks alone to get them in private, or not any more."""
        if setting is None or setting.column != "digest":
            return
        yield [self._button(self._say("settings-button-send-now"), SEND_NOW)]
        is_reader = self._sight.is_reader
        if is_reader is not None:
            key = "settings-button-read-not" if is_reader else "settings-button-read"
            yield [self._button(self._say(key), READ_NOT if is_reader else READ)]

    def _overview(self) -> Iterator[str]:
        yield self._say(f"settings-explained-{self._sight.community.mode}")
        if self._sight.staff_title is not None:
            yield self._say("settings-staff", chat=html.escape(self._sight.staff_title))
        lines = [
            self._beside(setting, setting.percent_of(self._sight.community)) for setting in ALARMS
        ]
        yield "\n".join((self._say("settings-last-week"), *lines))

    def _about(self, setting: Setting) -> Iterator[str]:
        now = self._value(setting, setting.of(self._sight.community))
        name = self._say(f"settings-name-{setting.name}")
        yield self._say("settings-now", name=name, value=now)
        yield self._say(f"settings-about-{setting.name}")
        if setting.alarm:
            yield "\n".join((self._say("settings-last-week"), *self._week(setting)))

    def _week(self, setting: Setting) -> Iterator[str]:
        """What the threshold and its neighbours would have done, the one in force in bold."""
        now = setting.percent_of(self._sight.community)
        for step in NEIGHBOURS:
            if LEAST_PERCENT <= now + step <= MOST_PERCENT:
                line = self._beside(setting, now + step)
                yield line if step else f"<b>{line}</b>"

    def _beside(self, setting: Setting, percent: int) -> str:
        """A threshold, and beside it what it would have done."""
        outcomes = self._sight.week[setting.alarm] if setting.alarm else {}
        outcome = outcomes.get(percent, Outcome(0, 0))
        return self._say(
            f"settings-week-{setting.name}",
            percent=self._say("settings-percent", percent=percent),
            cards=outcome.cards,
            wrong=outcome.wrong,
        )

    def _main(self) -> Buttons:
        by_column = {setting.column: setting for setting in SETTINGS}
        for row in ROWS:
            yield [self._opener(by_column[column]) for column in row]
        unlink = self._button(self._say("settings-button-unlink"), UNLINK)
        others = self._button(self._say("settings-button-others"), CHOOSE)
        yield [self._button(self._say("settings-button-roles"), ROLES)]
        yield [others, unlink] if self._sight.community.is_linked else [others]
        yield [self._button(self._say("settings-button-close"), CLOSE)]

    def _moderators(self) -> Buttons:
        """A button for each moderator, that takes the name away."""
        community = self._sight.number
        for person, name in self._sight.moderators:
            press = ModeratorPress(community=community, person=person, is_one=False)
            text = self._say("settings-button-dismiss", name=name)
            yield [InlineKeyboardButton(text=text, callback_data=press.pack())]

    def _opener(self, setting: Setting) -> InlineKeyboardButton:
        value = self._value(setting, setting.of(self._sight.community))
        text = self._say(f"settings-button-{setting.name}", value=value)
        return self._button(text, setting.page)

    def _steps(self, setting: Setting) -> list[InlineKeyboardButton]:
        """Buttons that move a threshold down and up, each naming where to."""
        # It may have been set by hand to where no button leads.
        now = setting.percent_of(self._sight.community) - LEAST_PERCENT
        return [
            self._button(self._step_text(setting, now + step, step), setting.page, now + step)
            for step in STEPS
            if 0 <= now + step < len(setting.values)
        ]

    def _step_text(self, setting: Setting, position: int, step: int) -> str:
        key = "settings-step-down" if step < 0 else "settings-step-up"
        return self._say(key, value=self._value(setting, setting.values[position]))

    def _values(self, setting: Setting) -> Buttons:
        """Every value on a button, the one in force marked."""
        buttons = [
            self._button(self._marked(setting, value), setting.page, position)
            for position, value in enumerate(setting.values)
            if self._may_be_set(setting, value)
        ]
        return [buttons[n : n + setting.in_a_row] for n in range(0, len(buttons), setting.in_a_row)]

    def _marked(self, setting: Setting, value: Value) -> str:
        text = self._value(setting, value)
        is_chosen = value == setting.of(self._sight.community)
        return self._say("settings-chosen", value=text) if is_chosen else text

    def _may_be_set(self, setting: Setting, value: Value) -> bool:
        """Texts can be kept for less time than the operator says, not for more."""
        is_longer = isinstance(value, int) and value >= self._sight.most_days
        return not (setting.column == "retention_days" and is_longer)

    def _value(self, setting: Setting, value: Value) -> str:
        return value_text(self._words, self._language, setting, value)

    def _button(self, text: str, page: int, value: int = SHOW) -> InlineKeyboardButton:
        press = SettingsPress(community=self._sight.number, page=page, value=value)
        return InlineKeyboardButton(text=text, callback_data=press.pack())

    def _say(self, key: str, **values: str | int) -> str:
        return self._words.say(self._language, key, **values)


def choice_of_community(found: Sequence[tuple[int, str]], page: int) -> InlineKeyboardMarkup:
    """Offer communities, (number, title) each, whose page is then shown."""
    return keyboard(
        [InlineKeyboardButton(text=title, callback_data=_press(number, page))]
        for number, title in found
    )


def _press(number: int, page: int) -> str:
    return SettingsPress(community=number, page=page).pack()
