"""Bot API methods about the bot itself: its name, commands, files and webhook."""

import re
from urllib.parse import urlsplit

from playground.bots import Webhook
from playground.caller import Caller
from playground.calls import (
    Call,
    Commands,
    DeleteWebhook,
    GetFile,
    SetCommands,
    SetWebhook,
)
from playground.errors import BadRequest
from playground.files import DOWNLOAD_BYTES
from playground.shapes import Json, without_empty

COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


def get_me(caller: Caller, call: Call) -> Json:
    """Tell who the bot is."""
    return caller.bot.me()


def do_nothing(caller: Caller, call: Call) -> bool:
    """Answer logOut and close, which mean nothing on a local server."""
    return True


def set_my_commands(caller: Caller, call: SetCommands) -> bool:
    """Announce the commands that clients suggest."""
    if len(call.commands) > COMMANDS:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    for command in call.commands:
        if not _COMMAND.fullmatch(command.command.removeprefix("/")):
            raise BadRequest("BOT_COMMAND_INVALID")
        if not 1 <= len(command.description) <= 256:
            raise BadRequest("BOT_COMMAND_DESCRIPTION_INVALID")
    listed = [command.model_dump() for command in call.commands]
    caller.bot.commands[call.key()] = listed
    caller.world.events.publish("commands", {"bot": caller.bot.person.handle})
    return True


def get_my_commands(caller: Caller, call: Commands) -> list[Json]:
    """List the commands announced for a scope and language."""
    return caller.bot.commands.get(call.key(), [])


def delete_my_commands(caller: Caller, call: Commands) -> bool:
    """Take back the commands announced for a scope and language."""
    caller.bot.commands.pop(call.key(), None)
    caller.world.events.publish("commands", {"bot": caller.bot.person.handle})
    return True


def get_file(caller: Caller, call: GetFile) -> Json:
    """Tell where a file can be downloaded."""
    stored = caller.world.files.get(call.file_id)
    if len(stored.upload.data) > DOWNLOAD_BYTES:
        raise BadRequest("file is too big")
    return stored.file()


def set_webhook(caller: Caller, call: SetWebhook) -> bool:
    """Have updates sent to a URL; an empty one ends that."""
    bot = caller.bot
    if call.url and urlsplit(call.url).scheme not in ("http", "https"):
        raise BadRequest("bad webhook: An HTTPS URL must be provided for webhook")
    if not _SECRET.fullmatch(call.secret_token):
        raise BadRequest("secret token contains unallowed characters")
    bot.queue.allow(call.allowed_updates)
    if call.drop_pending_updates:
        bot.queue.drop()
    bot.queue.interrupt("terminated by setWebhook request")
    connections = min(max(call.max_connections, 1), 100)
    bot.webhook = Webhook(call.url, call.secret_token, connections) if call.url else None
    bot.queue.changed.set()
    return True


def delete_webhook(caller: Caller, call: DeleteWebhook) -> bool:
    """Go back to getUpdates."""
    if call.drop_pending_updates:
        caller.bot.queue.drop()
    caller.bot.webhook = None
    caller.bot.queue.changed.set()
    return True


def get_webhook_info(caller: Caller, call: Call) -> Json:
    """Tell where updates are sent and how that goes."""
    queue, webhook = caller.bot.queue, caller.bot.webhook
    info: Json = {"url": "", "has_custom_certificate": False}
    if webhook is not None:
        info |= {"url": webhook.url, "max_connections": webhook.max_connections}
        info |= without_empty(
            last_error_date=webhook.last_error_date,
            last_error_message=webhook.last_error_message,
        )
    info["pending_update_count"] = len(queue.waiting)
    if queue.asked:
        info["allowed_updates"] = sorted(queue.allowed)
    return info
