"""The control API: what tests, benchmarks and the page do on people's behalf, over HTTP."""

import asyncio
import os
from typing import Any, TypeVar

from aiohttp import web
from pydantic import ValidationError

from playground import community, links, tuning, writing
from playground.announcing import shown
from playground.bots import Bot
from playground.callbacks import Query
from playground.errors import BadRequest
from playground.members import Member
from playground.request_params import read_json
from playground.seed import plant
from playground.shapes import Json, to_bytes
from playground.world import World

WORLD = web.AppKey("world", World)
LONGEST_WAIT_SECONDS = 50.0
O = TypeVar("O", bound=writing.Order)  # noqa: E741


def routes() -> list[web.RouteDef]:
    """List the control API's paths."""
    return [
        web.get("/control/process", get_process),
        web.get("/control/state", get_state),
        web.get("/control/messages", get_messages),
        web.post("/control/messages", post_messages),
        web.post("/control/messages/edit", post_edit),
        web.post("/control/messages/delete", post_delete),
        web.post("/control/messages/press", post_press),
        web.post("/control/messages/react", post_react),
        web.post("/control/follow", post_follow),
        web.post("/control/people", post_person),
        web.post("/control/chats", post_chat),
        web.post("/control/bots", post_bot),
        web.post("/control/members", post_member),
        web.post("/control/block", post_block),
        web.post("/control/migrate", post_migrate),
        web.post("/control/settings", post_settings),
        web.post("/control/reset", post_reset),
        web.get("/control/handovers", get_handovers),
        web.get("/control/files/{file_id}", get_file),
    ]


async def get_process(request: web.Request) -> web.Response:
    """Tell which process answers, so that who started one knows its own from another."""
    return done({"pid": os.getpid()})


async def get_state(request: web.Request) -> web.Response:
    """Show the whole community: bots, people, chats with their last messages."""
    world = request.app[WORLD]
    bots = [bot_card(bot) for bot in world.bots.values()]
    people = [person_card(world, number) for number in world.people if not world.is_bot(number)]
    chats = [community.chat_card(world, chat) for chat in world.all_chats()]
    return done({"bots": bots, "people": people, "chats": chats, "now": world.clock.now()})


async def get_messages(request: web.Request) -> web.Response:
    """List a chat's kept messages with an id above `after`, the latest `limit` of them."""
    chat = request.app[WORLD].chat(request.query.get("chat", ""))
    after, limit = _number(request, "after", 0), _number(request, "limit", 2000)
    found = [message for message in chat.messages.values() if message.id > after]
    return done([shown(message) for message in found[-limit:]])


async def post_messages(request: web.Request) -> web.Response:
    """Write one message, or a list of them in one go (answered with ids only)."""
    world = request.app[WORLD]
    body = await request.read()
    if not body.lstrip().startswith(b"["):
        return done(shown(writing.write(world, _order(writing.Writing, read_json(body)))))
    orders = read_json(b'{"list":%s}' % body)["list"]
    written = [writing.write(world, _order(writing.Writing, order)) for order in orders]
    return done([[message.chat.id, message.id] for message in written])


async def post_edit(request: web.Request) -> web.Response:
    """Change a person's message."""
    order = await _read(request, writing.Edit)
    return done(shown(writing.edit_as_person(request.app[WORLD], order)))


async def post_delete(request: web.Request) -> web.Response:
    """Delete a message as a person."""
    writing.delete_as_person(request.app[WORLD], await _read(request, writing.Place))
    return done(True)


async def post_press(request: web.Request) -> web.Response:
    """Press a button, and wait for the bot's answer as long as the order says."""
    order = await _read(request, writing.Press)
    query = writing.press(request.app[WORLD], order)
    await _wait(query, min(order.wait_seconds, LONGEST_WAIT_SECONDS))
    return done({"callback_query_id": query.id, "answer": query.answer})


async def post_react(request: web.Request) -> web.Response:
    """Put a reaction on a message as a person."""
    order = await _read(request, writing.Reaction)
    return done(shown(writing.react(request.app[WORLD], order)))


async def post_follow(request: web.Request) -> web.Response:
    """Open a bot's deep link as a person."""
    order = await _read(request, links.Following)
    return done(shown(links.follow(request.app[WORLD], order)))


async def post_person(request: web.Request) -> web.Response:
    """Make someone known."""
    world = request.app[WORLD]
    person = community.create_person(world, await _read(request, community.NewPerson))
    return done(person_card(world, person.id))


async def post_chat(request: web.Request) -> web.Response:
    """Make a group or channel."""
    world = request.app[WORLD]
    chat = community.create_chat(world, await _read(request, community.NewChat))
    return done(community.chat_card(world, chat))


async def post_bot(request: web.Request) -> web.Response:
    """Register a bot."""
    bot = community.create_bot(request.app[WORLD], await _read(request, community.NewBot))
    return done(bot.me())


async def post_member(request: web.Request) -> web.Response:
    """Give someone a new standing in a chat."""
    order = await _read(request, community.NewStanding)
    member: Member = community.set_standing(request.app[WORLD], order)
    return done(community.member_card(member))


async def post_block(request: web.Request) -> web.Response:
    """Let a person block the bot of a private chat, or unblock it."""
    world = request.app[WORLD]
    return done(tuning.block(world, await _read(request, tuning.Block)))


async def post_migrate(request: web.Request) -> web.Response:
    """Turn a basic group into a supergroup."""
    world = request.app[WORLD]
    order = await _read(request, tuning.Named)
    return done(community.chat_card(world, community.migrate(world, world.chat(order.chat))))


async def post_settings(request: web.Request) -> web.Response:
    """Bend the clock, the limits, failures, webhooks; answers all settings."""
    return done(tuning.tune(request.app[WORLD], await _read(request, tuning.Settings)))


async def post_reset(request: web.Request) -> web.Response:
    """Start again from the seed; bots keep their webhooks and numbering."""
    world = request.app[WORLD]
    world.clear()
    plant(world)
    world.events.publish("reload", {})
    return done(True)


async def get_handovers(request: web.Request) -> web.Response:
    """List when messages were first handed over, from the `since`-th on."""
    return done(request.app[WORLD].handovers.list[_number(request, "since", 0) :])


async def get_file(request: web.Request) -> web.Response:
    """Show a file on the page."""
    upload = request.app[WORLD].files.get(request.match_info["file_id"]).upload
    headers = {"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"}
    kind = upload.mime_type if upload.mime_type.startswith("image/") else ""
    content_type = kind if kind != "image/svg+xml" and kind else "application/octet-stream"
    return web.Response(body=upload.data, content_type=content_type, headers=headers)


def person_card(world: World, number: int) -> Json:
    """Return a person as the page lists them."""
    person = world.people[number]
    return person.user | {"handle": person.handle, "name": person.name}


def bot_card(bot: Bot) -> Json:
    """Return a bot as the page lists it, with its commands by scope and language."""
    commands = [
        {"scope": scope, "language_code": language, "commands": listed}
        for (scope, language), listed in bot.commands.items()
    ]
    return bot.me() | {"handle": bot.person.handle, "commands": commands}


def done(result: Any) -> web.Response:
    """Answer that it went well."""
    body = to_bytes({"ok": True, "result": result})
    return web.Response(body=body, content_type="application/json")


async def _wait(query: Query, seconds: float) -> None:
    if seconds > 0:
        try:
            await asyncio.wait_for(query.answered.wait(), seconds)
        except TimeoutError:
            return


async def _read(request: web.Request, takes: type[O]) -> O:
    return _order(takes, read_json(await request.read()))


def _order(takes: type[O], fields: Json) -> O:
    try:
        return takes.model_validate(fields)
    except ValidationError as refusal:
        first = refusal.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "order"
        raise BadRequest(f"{field}: {first['msg']}") from refusal


def _number(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name, default))
    except ValueError as broken:
        raise BadRequest(f"{name} must be a whole number") from broken
