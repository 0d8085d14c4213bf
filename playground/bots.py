"""A bot account: its token, its queue, its webhook and the commands it has announced."""

from dataclasses import dataclass, field

from playground.people import Person
from playground.shapes import Json
from playground.updates import UpdateQueue


@dataclass(slots=True)
class Webhook:
    """Where a bot wants its updates sent."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error_message: str = ""


@dataclass(slots=True)
class Bot:
    """One bot account."""

    token: str
    person: Person
    can_read_all_group_messages: bool = True
    queue: UpdateQueue = field(default_factory=UpdateQueue)
    webhook: Webhook | None = None
    # Keyed by (scope, language code), as setMyCommands names them.
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.person.id

    @property
    def username(self) -> str:
        return self.person.username

    def me(self) -> Json:
        """Return what getMe answers."""
        return self.person.user | {
            "can_join_groups": True,
            "can_read_all_group_messages": self.can_read_all_group_messages,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
