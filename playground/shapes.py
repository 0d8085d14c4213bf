"""The JSON shape that everything here is made of, and its one way to bytes."""

import json
from typing import Any

Json = dict[str, Any]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_bytes(value: Any) -> bytes:
    """Encode a value as compact UTF-8 JSON."""
    return _encode(value).encode("utf-8", "replace")


def without_empty(**fields: Any) -> Json:
    """Return the fields that say something, as Telegram leaves the others out."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
