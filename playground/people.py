"""People and bots as Telegram's User objects, with the accounts that Telegram itself owns."""

from dataclasses import dataclass, field

from playground.shapes import Json, without_empty


@dataclass(slots=True)
class Person:
    """Someone with an account, known to the control API by a short handle."""

    id: int
    handle: str
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "ru"
    is_bot: bool = False
    user: Json = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.user = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        self.user |= without_empty(last_name=self.last_name, username=self.username)
        if not self.is_bot:
            self.user |= without_empty(language_code=self.language_code)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


# Senders that are not people: forwards from channels, anonymous admins, channels that write.
TELEGRAM = Person(777000, "telegram", "Telegram", language_code="")
ANONYMOUS_ADMIN = Person(
    1087968824, "anonymous_admin", "Group", username="GroupAnonymousBot", is_bot=True
)
CHANNEL_WRITER = Person(136817688, "channel_writer", "Channel", username="Channel_Bot", is_bot=True)
