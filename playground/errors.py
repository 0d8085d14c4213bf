"""The refusals that Telegram answers with; the server draws each as one JSON answer."""

from typing import Any


class ApiError(Exception):
    """A refusal with Telegram's error code, its words and, at times, parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """Return the JSON object that Telegram sends for it."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


class BadRequest(ApiError):  # noqa: N818 -- Telegram's own words
    def __init__(self, reason: str, **parameters: int) -> None:
        super().__init__(400, f"Bad Request: {reason}", **parameters)


class Unauthorized(ApiError):  # noqa: N818
    def __init__(self) -> None:
        super().__init__(401, "Unauthorized")


class Forbidden(ApiError):  # noqa: N818
    def __init__(self, reason: str) -> None:
        super().__init__(403, f"Forbidden: {reason}")


class NotFound(ApiError):  # noqa: N818
    def __init__(self, reason: str = "") -> None:
        super().__init__(404, f"Not Found: {reason}" if reason else "Not Found")


class Conflict(ApiError):  # noqa: N818
    def __init__(self, reason: str) -> None:
        super().__init__(409, f"Conflict: {reason}")


class TooManyRequests(ApiError):  # noqa: N818
    def __init__(self, retry_after: int) -> None:
        words = f"Too Many Requests: retry after {retry_after}"
        super().__init__(429, words, retry_after=retry_after)
