"""getUpdates: confirms by offset, waits for more, yields to a newer reader or a webhook."""

import asyncio

from playground.bots import Bot
from playground.calls import GetUpdates
from playground.errors import Conflict
from playground.updates import LIMIT, Update
from playground.world import World

LONGEST_SECONDS = 50


async def get_updates(world: World, bot: Bot, call: GetUpdates) -> list[Update]:
    """Return the oldest unconfirmed updates, waiting up to the call's timeout for the first."""
    if bot.webhook is not None:
        raise Conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    queue = bot.queue
    queue.interrupt(
        "terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    queue.allow(call.allowed_updates)
    queue.confirm(call.offset)
    queue.expire(world.clock.now())
    limit = call.limit if 1 <= call.limit <= LIMIT else LIMIT
    if not queue.waiting and call.timeout > 0:
        await _wait(bot, min(call.timeout, LONGEST_SECONDS))
    updates = queue.take(limit)
    world.handovers.record(updates)
    return updates


async def _wait(bot: Bot, timeout_seconds: float) -> None:
    """Wait until an update comes or the time is over; raises Conflict when interrupted."""
    queue = bot.queue
    loop = asyncio.get_running_loop()
    poll: asyncio.Future[None] = loop.create_future()
    queue.poll = poll
    timer = loop.call_later(timeout_seconds, queue.wake)
    try:
        await poll
    finally:
        timer.cancel()
        if queue.poll is poll:
            queue.poll = None
