"""Chats of every kind, with their members and the messages that are kept in full."""

from dataclasses import dataclass, field
from typing import Literal

from playground.members import PERMISSIONS, Member
from playground.people import Person
from playground.shapes import Json, without_empty

ChatType = Literal["private", "group", "supergroup", "channel"]
MESSAGES_KEPT = 2000


@dataclass(slots=True)
class Message:
    """One message: its body as the Bot API shows it, and who may change it."""

    chat: "Chat"
    author_id: int
    body: Json
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    # A channel's post: its automatic forward in the discussion group, where comments hang.
    copy: "Message | None" = None
    removed: bool = False

    @property
    def id(self) -> int:
        return int(self.body["message_id"])

    @property
    def text(self) -> str:
        return str(self.body.get("text") or self.body.get("caption") or "")


@dataclass(slots=True)
class Chat:
    """One chat; a private one belongs to a bot and a person, who gives it its id."""

    id: int
    type: ChatType
    handle: str
    title: str = ""
    username: str = ""
    person: Person | None = None
    bot_id: int = 0
    started: bool = False
    blocked: bool = False
    linked_id: int = 0
    migrated_to: int = 0
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(PERMISSIONS, True))
    last_message_id: int = 0
    json: Json = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Draw Telegram's Chat object anew after a change of title or type."""
        self.json = {"id": self.id}
        if self.person:
            names = self.person
            self.json |= without_empty(
                first_name=names.first_name, last_name=names.last_name, username=names.username
            )
        self.json |= without_empty(title=self.title, username=self.username)
        self.json["type"] = self.type

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    @property
    def is_group(self) -> bool:
        return self.type in ("group", "supergroup")

    def keep(self, message: Message) -> None:
        """Keep a message in full, letting go of the oldest past the bound."""
        self.messages[message.id] = message
        if len(self.messages) > MESSAGES_KEPT:
            del self.messages[next(iter(self.messages))]

    def next_message_id(self) -> int:
        self.last_message_id += 1
        return self.last_message_id

    def member(self, user_id: int, now: float) -> Member | None:
        """Return someone's standing as of now, after what has lapsed is lifted."""
        member = self.members.get(user_id)
        if member is not None and member.until_date:
            member.lapse(now)
        return member
