"""Sends updates to webhooks: in order within a chat, again and again until the bot takes them."""

import asyncio
from collections import deque

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, MultipartReader
from loguru import logger

from playground.bots import Bot, Webhook
from playground.caller import Caller
from playground.errors import ApiError
from playground.methods import call_method
from playground.request_params import Parameters, Uploads, read_json, read_multipart
from playground.updates import KEPT_SECONDS, Update
from playground.world import World


class Deliveries:
    """One delivery a bot that has a webhook."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def ensure(self, bot: Bot) -> None:
        """Start delivering to a bot whose webhook is set, unless that goes on already."""
        task = self._tasks.get(bot.id)
        if bot.webhook is not None and (task is None or task.done()):
            self._tasks[bot.id] = asyncio.create_task(_Delivery(self._world, bot).run())

    async def stop(self) -> None:
        """End all deliveries; what is not taken stays queued."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


class _Delivery:
    """Sends one bot's updates while it has a webhook."""

    def __init__(self, world: World, bot: Bot) -> None:
        self.world = world
        self.bot = bot
        self.lanes: dict[int, deque[Update]] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        timeout = ClientTimeout(total=self.world.webhook_rules.timeout_seconds)
        async with ClientSession(timeout=timeout) as self.session:
            try:
                await self._follow()
            finally:
                for task in self.tasks:
                    task.cancel()
                for update in self.bot.queue.waiting:
                    update.lined_up = False
                await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _follow(self) -> None:
        queue = self.bot.queue
        while self.bot.webhook is not None:
            self.slots = asyncio.Semaphore(self.bot.webhook.max_connections)
            queue.changed.clear()
            queue.expire(self.world.clock.now())
            for update in queue.fresh():
                self._line_up(update)
            await queue.changed.wait()

    def _line_up(self, update: Update) -> None:
        update.lined_up = True
        if update.lane in self.lanes:
            self.lanes[update.lane].append(update)
            return
        self.lanes[update.lane] = deque([update])
        task = asyncio.create_task(self._empty(update.lane))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _empty(self, lane: int) -> None:
        """Send a chat's updates one after another until none is left."""
        failures, updates = 0, self.lanes[lane]
        while updates:
            async with self.slots:
                taken = await self._send(updates[0])
            if taken:
                failures = 0
                self.bot.queue.delivered(updates.popleft())
                continue
            failures += 1
            await asyncio.sleep(self.world.webhook_rules.wait_seconds(failures))
        del self.lanes[lane]

    async def _send(self, update: Update) -> bool:
        webhook = self.bot.webhook
        too_old = update.date < self.world.clock.now() - KEPT_SECONDS
        if update.gone or too_old or webhook is None:
            return True
        self.world.handovers.record([update])
        try:
            async with self.session.post(
                webhook.url, data=update.body, headers=_headers(webhook)
            ) as response:
                return await self._taken(webhook, response)
        except (ClientError, OSError, TimeoutError) as trouble:
            self._note(webhook, _words(trouble))
            return False

    async def _taken(self, webhook: Webhook, response: ClientResponse) -> bool:
        if not 200 <= response.status < 300:
            words = f"{response.status} {response.reason}"
            self._note(webhook, f"Wrong response from the webhook: {words}")
            return False
        await self._do_what_it_says(response)
        return True

    async def _do_what_it_says(self, response: ClientResponse) -> None:
        """Carry out the call that a bot may put in its answer; nobody hears how it went."""
        try:
            parameters, uploads = await _read_answer(response)
            if "method" in parameters:
                caller = Caller(self.world, self.bot, uploads)
                call_method(caller, str(parameters.pop("method")), parameters)
        except ApiError as refusal:
            logger.warning("call in a webhook's answer refused: {}", refusal.description)

    def _note(self, webhook: Webhook, words: str) -> None:
        webhook.last_error_date = self.world.clock.date()
        webhook.last_error_message = words


def _headers(webhook: Webhook) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if webhook.secret_token:
        headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
    return headers


async def _read_answer(response: ClientResponse) -> tuple[Parameters, Uploads]:
    if response.content_type.startswith("multipart/"):
        return await read_multipart(MultipartReader(response.headers, response.content))
    body = await response.read()
    return (read_json(body) if response.content_type == "application/json" else {}), {}


def _words(trouble: BaseException) -> str:
    if isinstance(trouble, TimeoutError):
        return "Read timeout expired"
    return "Connection refused" if isinstance(trouble, OSError) else str(trouble)
