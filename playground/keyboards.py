"""Reply markups as Telegram accepts them: inline keyboards are kept, others only checked."""

from playground.errors import BadRequest
from playground.shapes import Json

CALLBACK_BYTES = 64
_ACTIONS = frozenset(
    {"url", "callback_data", "web_app", "login_url", "copy_text", "pay"}
    | {"switch_inline_query", "switch_inline_query_current_chat"}
)
_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")


def markup_content(markup: Json | None) -> Json:
    """Return the fields that a markup adds to a message; raises BadRequest for a bad one."""
    if not markup:
        return {}
    if not isinstance(markup, dict):
        raise BadRequest("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if any(name in markup for name in _OTHER_MARKUPS):
            return {}
        raise BadRequest("object expected as reply markup")
    rows = [[_checked(button) for button in _list(row)] for row in _list(markup["inline_keyboard"])]
    rows = [row for row in rows if row]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _list(value: object) -> list[Json]:
    if not isinstance(value, list):
        raise BadRequest("can't parse inline keyboard button: expected an Array")
    return value


def _checked(button: Json) -> Json:
    if not isinstance(button, dict) or not _is_text(button.get("text")):
        raise BadRequest('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if not any(name in button for name in _ACTIONS):
        words = "Text buttons are unallowed in the inline keyboard"
        raise BadRequest(f"can't parse inline keyboard button: {words}")
    if "url" in button and not _is_text(button["url"]):
        raise BadRequest("BUTTON_URL_INVALID")
    data = button.get("callback_data", "x")
    if not _is_text(data) or len(data.encode("utf-8", "replace")) > CALLBACK_BYTES:
        raise BadRequest("BUTTON_DATA_INVALID")
    return button


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""
