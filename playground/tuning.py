"""Settings that bend the playground for tests and benchmarks; absent ones stay as they are."""

from pydantic import Field

from playground.bots import Bot
from playground.errors import BadRequest
from playground.shapes import Json
from playground.standings import set_private_block
from playground.world import World
from playground.writing import Order


class Named(Order):
    chat: str | int


class Block(Named):
    blocked: bool = True


class LimitsSettings(Order):
    enabled: bool | None = None
    per_second: float | None = Field(None, gt=0)
    chat_per_second: float | None = Field(None, gt=0)
    chat_burst: int | None = Field(None, ge=1)
    group_per_minute: float | None = Field(None, gt=0)


class FailureSettings(Order):
    every: int | None = Field(None, ge=0)
    error_code: int | None = Field(None, ge=400, le=599)
    retry_after: int | None = Field(None, ge=1)
    methods: frozenset[str] | None = None


class WebhookSettings(Order):
    backoff_seconds: tuple[float, ...] | None = Field(None, min_length=1)
    timeout_seconds: float | None = Field(None, gt=0)


class Settings(Order):
    """Everything that can be bent, in groups."""

    advance_seconds: float = Field(0, ge=0)
    limits: LimitsSettings = Field(default_factory=LimitsSettings)
    failures: FailureSettings = Field(default_factory=FailureSettings)
    webhook: WebhookSettings = Field(default_factory=WebhookSettings)
    handovers: bool | None = None
    can_read_all_group_messages: bool | None = None
    next_update_id: int | None = Field(None, ge=1)


def tune(world: World, settings: Settings) -> Json:
    """Apply the settings that are given; returns all that is in force."""
    world.clock.advance(settings.advance_seconds)
    _apply(world.limits, settings.limits)
    _apply(world.failures, settings.failures)
    _apply(world.webhook_rules, settings.webhook)
    if settings.handovers is not None:
        world.handovers.switch(settings.handovers)
    for bot in world.bots.values():
        _tune_bot(bot, settings)
    return in_force(world)


def _tune_bot(bot: Bot, settings: Settings) -> None:
    if settings.can_read_all_group_messages is not None:
        bot.can_read_all_group_messages = settings.can_read_all_group_messages
    if settings.next_update_id is not None:
        bot.queue.drop()
        bot.queue.next_id = settings.next_update_id


def in_force(world: World) -> Json:
    """Return the settings in force."""
    failures = _shown(world.failures, FailureSettings)
    return {
        "now": world.clock.now(),
        "limits": _shown(world.limits, LimitsSettings),
        "failures": failures | {"methods": sorted(world.failures.methods)},
        "webhook": _shown(world.webhook_rules, WebhookSettings),
        "handovers": world.handovers.enabled,
    }


def block(world: World, order: Block) -> bool:
    """Let a person block or unblock a bot."""
    chat = world.chat(order.chat)
    if not chat.is_private:
        raise BadRequest("only in a private chat can a bot be blocked")
    set_private_block(world, chat, order.blocked)
    return order.blocked


def _apply(target: object, settings: Order) -> None:
    for name, value in settings.model_dump(exclude_none=True).items():
        setattr(target, name, value)


def _shown(target: object, names: type[Order]) -> Json:
    return {name: getattr(target, name) for name in names.model_fields}
