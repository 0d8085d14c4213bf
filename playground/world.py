"""The whole community: accounts, chats, files and the settings that bend it for tests."""

import time
from dataclasses import dataclass, field
from itertools import count

from playground.bots import Bot
from playground.callbacks import Callbacks
from playground.chats import Chat, Message
from playground.clock import Clock
from playground.errors import BadRequest, NotFound, Unauthorized
from playground.events import Events
from playground.files import Files
from playground.handovers import Handovers
from playground.limits import Failures, Limits
from playground.people import ANONYMOUS_ADMIN, CHANNEL_WRITER, TELEGRAM, Person
from playground.updates import UpdateQueue
from playground.webhook_rules import WebhookRules

FIRST_PERSON_ID = 100_001
FIRST_GROUP_ID = -4_000_001
FIRST_SUPERGROUP_ID = -1_001_000_000_001


@dataclass
class World:
    """Everything there is; the server holds one."""

    clock: Clock = field(default_factory=Clock)
    events: Events = field(default_factory=Events)
    files: Files = field(default_factory=Files)
    limits: Limits = field(default_factory=Limits)
    failures: Failures = field(default_factory=Failures)
    handovers: Handovers = field(default_factory=Handovers)
    callbacks: Callbacks = field(default_factory=Callbacks)
    webhook_rules: WebhookRules = field(default_factory=WebhookRules)
    bots: dict[int, Bot] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    privates: dict[tuple[int, int], Chat] = field(default_factory=dict)
    first_message_id: int = 1
    """The id of each chat's first message."""
    # Albums' ids: never those of an earlier run, as a bot's database may know them.
    numbers: "count[int]" = field(default_factory=lambda: count(time.time_ns() // 1000))
    _handles: dict[str, Person | Chat] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = {person.id: person for person in (TELEGRAM, ANONYMOUS_ADMIN, CHANNEL_WRITER)}

    def clear(self) -> None:
        """Forget everyone and everything; bots stay, with their webhooks and numbering."""
        fresh = World(clock=self.clock, events=self.events, handovers=self.handovers)
        # A message id that a bot has stored must not come again as another message's.
        used = (chat.last_message_id for chat in (*self.chats.values(), *self.privates.values()))
        fresh.first_message_id = max(used, default=0) + 1
        bots = list(self.bots.values())
        self.__dict__.update(fresh.__dict__)
        self.clock.ahead_seconds = 0
        for bot in bots:
            bot.queue.drop()
            self.bots[bot.id] = bot
            self._handles[bot.person.handle] = bot.person
            self.people[bot.id] = bot.person

    # Accounts

    def add_person(self, person: Person) -> Person:
        """Make a person known; raises BadRequest when the handle is taken."""
        self._claim(person.handle, person)
        self.people[person.id] = person
        return person

    def add_bot(self, bot: Bot) -> Bot:
        """Register a bot, in place of the one that had its id."""
        before = self.bots.get(bot.id)
        if before is not None:
            bot.queue = UpdateQueue(next_id=before.queue.next_id)
            before.webhook = None
            before.queue.changed.set()
        self._handles.pop(bot.person.handle, None)
        self.bots[bot.id] = bot
        self.add_person(bot.person)
        return bot

    def bot_by_token(self, token: str) -> Bot:
        """Return the bot that a token names; raises what Telegram answers to a wrong one."""
        number, _, secret = token.partition(":")
        if not (number.isdecimal() and secret):
            raise NotFound()
        bot = self.bots.get(int(number))
        if bot is None or bot.token != token:
            raise Unauthorized()
        return bot

    def person(self, name: str | int) -> Person:
        """Return a person by handle or id; raises BadRequest for an unknown one."""
        found = self._handles.get(str(name)) or self.people.get(_number(name))
        if not isinstance(found, Person):
            raise BadRequest(f"no person is called {name!r}")
        return found

    # Chats

    def add_chat(self, chat: Chat) -> Chat:
        """Make a group or channel known; raises BadRequest when the handle is taken."""
        self._claim(chat.handle, chat)
        self.chats[chat.id] = chat
        chat.last_message_id = self.first_message_id - 1
        return chat

    def chat(self, name: str | int) -> Chat:
        """Return a chat by handle ("group", "private:anna"), id or @username."""
        text = str(name)
        if text.startswith("private:"):
            return self.private_chat(self._only_bot(text), self.person(text.split(":")[-1]))
        found = self._handles.get(text) or self.chats.get(_number(name))
        if isinstance(found, Chat):
            return found
        if _number(name) in self.people:
            return self.private_chat(self._only_bot(text), self.person(name))
        return self.public_chat(text)

    def public_chat(self, name: str) -> Chat:
        """Return the chat with a public @username; raises BadRequest when there is none."""
        username = name.removeprefix("@").lower()
        for chat in self.chats.values():
            if username and chat.username.lower() == username and not chat.migrated_to:
                return chat
        raise BadRequest("chat not found")

    def private_chat(self, bot: Bot, person: Person) -> Chat:
        """Return the chat of a person with a bot, made when first asked for."""
        key = (bot.id, person.id)
        if key not in self.privates:
            first_bot = next(iter(self.bots)) == bot.id
            middle = "" if first_bot else f"{bot.person.handle}:"
            handle = f"private:{middle}{person.handle}"
            chat = Chat(person.id, "private", handle, person=person, bot_id=bot.id)
            chat.last_message_id = self.first_message_id - 1
            self.privates[key] = chat
        return self.privates[key]

    def all_chats(self) -> list[Chat]:
        """Return every chat that still lives, private ones last."""
        living = [chat for chat in self.chats.values() if not chat.migrated_to]
        return living + list(self.privates.values())

    def message(self, chat: Chat, message_id: int) -> Message:
        """Return a kept message; raises BadRequest for another."""
        if message_id not in chat.messages:
            raise BadRequest("message not found")
        return chat.messages[message_id]

    def rename_handle(self, handle: str, chat: Chat) -> None:
        """Let a handle lead to another chat, as when a group becomes a supergroup."""
        self._handles[handle] = chat

    def is_bot(self, user_id: int) -> bool:
        return user_id in self.bots

    def _only_bot(self, name: str) -> Bot:
        parts = name.split(":")
        if len(parts) == 3:
            return self.bots[self.person(parts[1]).id]
        if not self.bots:
            raise BadRequest("no bot is registered")
        return next(iter(self.bots.values()))

    def _claim(self, handle: str, owner: Person | Chat) -> None:
        if handle in self._handles:
            raise BadRequest(f"the handle {handle!r} is taken")
        self._handles[handle] = owner


def _number(name: str | int) -> int:
    try:
        return int(name)
    except ValueError:
        return 0
