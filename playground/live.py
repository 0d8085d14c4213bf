"""Server-sent events: the line by which an open page hears of everything at once."""

import asyncio

from aiohttp import web

from playground.control import WORLD

PING_SECONDS = 15.0
STOPPING = web.AppKey("stopping", asyncio.Event)


async def stream(request: web.Request) -> web.StreamResponse:
    """Send events until the page goes or the server stops."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    with request.app[WORLD].events.listen() as queue:
        await response.write(b"retry: 1000\nevent: hello\ndata: {}\n\n")
        while not request.app[STOPPING].is_set():
            await response.write(await _next(queue))
    return response


async def _next(queue: "asyncio.Queue[bytes]") -> bytes:
    """Return what waits in one piece, or a ping after a quiet while."""
    try:
        pieces = [await asyncio.wait_for(queue.get(), PING_SECONDS)]
    except TimeoutError:
        return b": ping\n\n"
    while not queue.empty():
        pieces.append(queue.get_nowait())
    return b"".join(pieces)
