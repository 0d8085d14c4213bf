"""A person's place in a chat: status, an admin's rights, a restricted member's permissions."""

from dataclasses import dataclass, field
from typing import Literal

from playground.people import Person
from playground.shapes import Json, without_empty

Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
MODERATOR_RIGHTS = frozenset(
    {"can_manage_chat", "can_delete_messages", "can_restrict_members", "can_invite_users"}
    | {"can_pin_messages", "can_post_messages", "can_edit_messages"}
)
FOREVER_UNDER_SECONDS = 30
FOREVER_OVER_SECONDS = 366 * 86400


@dataclass(slots=True)
class Member:
    """Someone's standing in one chat."""

    person: Person
    status: Status = "member"
    rights: frozenset[str] = frozenset()
    permissions: dict[str, bool] = field(default_factory=dict)
    until_date: int = 0
    is_anonymous: bool = False
    custom_title: str = ""
    is_member: bool = True

    @property
    def is_inside(self) -> bool:
        if self.status == "restricted":
            return self.is_member
        return self.status in ("creator", "administrator", "member")

    @property
    def is_admin(self) -> bool:
        return self.status in ("creator", "administrator")

    def can(self, right: str) -> bool:
        """Tell whether an admin holds a right; the owner holds them all."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def may(self, permission: str) -> bool:
        """Tell whether a member may do what Telegram lets one forbid, such as writing."""
        return self.status != "restricted" or self.permissions.get(permission, False)

    def lapse(self, now: float) -> None:
        """Lift a restriction or ban whose time is over."""
        if self.until_date and self.until_date <= now and self.status in ("restricted", "kicked"):
            self.status = "member" if self.is_inside else "left"
            self.until_date = 0
            self.permissions = {}

    def shown(self, chat_type: str) -> Json:
        """Return it as Telegram's ChatMember object."""
        body: Json = {"user": self.person.user, "status": self.status}
        if self.is_admin:
            body |= without_empty(custom_title=self.custom_title)
            body["is_anonymous"] = self.is_anonymous
        if self.status == "administrator":
            body["can_be_edited"] = False
            body |= {right: right in self.rights for right in admin_rights(chat_type)}
        elif self.status == "restricted":
            body |= {name: self.permissions.get(name, False) for name in PERMISSIONS}
            body |= {"is_member": self.is_member, "until_date": self.until_date}
        elif self.status == "kicked":
            body["until_date"] = self.until_date
        return body


def admin_rights(chat_type: str) -> tuple[str, ...]:
    """Return the names of the rights that an admin of such a chat can hold."""
    return ADMIN_RIGHTS + (CHANNEL_RIGHTS if chat_type == "channel" else GROUP_RIGHTS)


def lasting_until(until_date: int, now: float) -> int:
    """Return when a ban ends as Telegram reads it: too soon or too far is for ever, 0."""
    seconds = until_date - now
    return until_date if FOREVER_UNDER_SECONDS <= seconds <= FOREVER_OVER_SECONDS else 0
