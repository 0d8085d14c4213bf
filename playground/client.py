"""A client of the control API, for tests, benchmarks and the tour."""

import asyncio
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from aiohttp import ClientSession

from playground.errors import ApiError
from playground.shapes import Json

POLL_SECONDS = 0.02
Name = str | int


class Playground:
    """Acts for people in a playground: `async with Playground(url) as playground: ...`"""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    async def __aenter__(self) -> "Playground":
        self._session = ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def write(
        self, chat: Name, sender: Name | None = None, text: str = "", **extra: Any
    ) -> Json:
        """Write as anyone and return the message; `extra` is what Writing takes besides."""
        order = {"chat": chat, "sender": sender, "text": text, **extra}
        message: Json = await self._post("messages", order)
        return message

    async def write_many(self, writings: Iterable[Json]) -> list[tuple[int, int]]:
        """Write many messages in one request; returns each one's (chat id, message id)."""
        written = await self._post("messages", list(writings))
        return [(chat_id, message_id) for chat_id, message_id in written]

    async def post_channel(self, text: str, channel: Name = "channel", **extra: Any) -> Json:
        """Post in a channel; its discussion group gets the automatic forward."""
        return await self.write(channel, None, text, **extra)

    async def comment(
        self, post_id: int, sender: Name, text: str, channel: Name = "channel"
    ) -> Json:
        """Comment on a channel's post; the message lands in the discussion group."""
        return await self.write(channel, sender, text, comment_to=post_id)

    async def edit(
        self, chat: Name, message_id: int, text: str, sender: Name | None = None
    ) -> Json:
        """Change a person's message and return it."""
        order = {"chat": chat, "message_id": message_id, "text": text, "sender": sender}
        message: Json = await self._post("messages/edit", order)
        return message

    async def delete(self, chat: Name, message_id: int, sender: Name | None = None) -> None:
        """Delete a message as its author, or as an admin."""
        order = {"chat": chat, "message_id": message_id, "sender": sender}
        await self._post("messages/delete", order)

    async def press(
        self, chat: Name, message_id: int, data: str, sender: Name | None = None, wait: float = 5
    ) -> Json | None:
        """Press a button and return the bot's answer; None when none came in `wait` seconds."""
        order = {"chat": chat, "message_id": message_id, "data": data, "sender": sender}
        pressed = await self._post("messages/press", order | {"wait_seconds": wait})
        answer: Json | None = pressed["answer"]
        return answer

    async def react(self, chat: Name, message_id: int, emoji: str, sender: Name) -> Json:
        """Put a reaction on a message; an empty emoji takes it away."""
        order = {"chat": chat, "message_id": message_id, "emoji": emoji, "sender": sender}
        message: Json = await self._post("messages/react", order)
        return message

    async def follow(self, url: str, sender: Name, chat: Name | None = None) -> Json:
        """Open a bot's deep link, in `chat` if it is a `?startgroup=`; returns what it writes."""
        order = {"url": url, "sender": sender, "chat": chat}
        message: Json = await self._post("follow", order)
        return message

    async def messages(self, chat: Name, after: int = 0, limit: int = 2000) -> list[Json]:
        """List a chat's kept messages, oldest first."""
        query: Json = {"chat": chat, "after": after, "limit": limit}
        found: list[Json] = await self._get("messages", query)
        return found

    async def wait_for(
        self,
        chat: Name,
        wanted: Callable[[Json], bool],
        after: int = 0,
        timeout_seconds: float = 10,
    ) -> Json:
        """Return the first message that is wanted; raises TimeoutError when none comes."""
        async with asyncio.timeout(timeout_seconds):
            while True:
                for message in await self.messages(chat, after):
                    if wanted(message):
                        return message
                await asyncio.sleep(POLL_SECONDS)

    async def state(self) -> Json:
        """Return bots, people and chats."""
        state: Json = await self._get("state", {})
        return state

    async def add_person(self, handle: str, first_name: str, **extra: Any) -> Json:
        """Make a person known."""
        person: Json = await self._post(
            "people", {"handle": handle, "first_name": first_name, **extra}
        )
        return person

    async def add_chat(self, handle: str, title: str, **extra: Any) -> Json:
        """Make a group or channel; `members` maps handles to standings."""
        chat: Json = await self._post("chats", {"handle": handle, "title": title, **extra})
        return chat

    async def add_bot(self, token: str, username: str, first_name: str, **extra: Any) -> Json:
        """Register a bot under a token."""
        names = {"username": username, "first_name": first_name}
        bot: Json = await self._post("bots", {"token": token, **names, **extra})
        return bot

    async def set_member(self, chat: Name, person: Name, status: str, **extra: Any) -> Json:
        """Promote, demote, restrict, ban, invite or take out."""
        order = {"chat": chat, "person": person, "status": status, **extra}
        member: Json = await self._post("members", order)
        return member

    async def block(self, chat: Name, blocked: bool = True) -> None:
        """Let the person of a private chat block or unblock the bot."""
        await self._post("block", {"chat": chat, "blocked": blocked})

    async def migrate(self, chat: Name) -> Json:
        """Turn a basic group into a supergroup and return it."""
        after: Json = await self._post("migrate", {"chat": chat})
        return after

    async def set(self, **settings: Any) -> Json:
        """Bend the clock, limits, failures, webhooks; returns all settings in force."""
        in_force: Json = await self._post("settings", settings)
        return in_force

    async def reset(self) -> None:
        """Start again from the seed community."""
        await self._post("reset", {})

    async def handovers(self, since: int = 0) -> list[tuple[int, int, int, float]]:
        """List (chat id, message id, edit date or 0, epoch seconds) of first handovers."""
        found = await self._get("handovers", {"since": since})
        return [(chat, message, edited, at) for chat, message, edited, at in found]

    async def _get(self, path: str, query: Json) -> Any:
        async with self._session.get(f"{self.url}/control/{path}", params=query) as response:
            return _result(await response.json())

    async def _post(self, path: str, order: Any) -> Any:
        async with self._session.post(f"{self.url}/control/{path}", json=order) as response:
            return _result(await response.json())


def _result(answer: Json) -> Any:
    if not answer["ok"]:
        raise ApiError(answer["error_code"], answer["description"])
    return answer["result"]
