"""Where trials of versions on live messages are asked for and called off, by a button."""

import time
from dataclasses import dataclass

from bot.storage import shadow_differences, shadows
from bot.storage.database import Storage
from bot.storage.shadows import NewShadow, Shadow
from bot.training.desk import Asked
from bot.training.model_desk import ModelDesk, name_of
from bot.training.trial import Figures
from core.models import ModelsAnswer, NobodyAnswersError
from core.training import Reason

# So long an order may be on its way to the registry.
GRACE_SECONDS = 30.0


class TrialRefusedError(Exception):
    """A trial can't begin, or can't be ended now; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Standing:
    """A trial under way, and what it has come to so far."""

    shadow: Shadow
    figures: Figures


class ShadowDesk:
    """Begins trials, one at a time, and ends them."""

    def __init__(self, storage: Storage, models: ModelDesk) -> None:
        self._storage = storage
        self._models = models

    async def start(self, asked: Asked, digest: str) -> Shadow:
        """Have the version behind a button score beside the champion; the same press is one trial.

        Raises TrialRefusedError, UnknownDigestError, NobodyAnswersError; redis and sqlite3 errors.
        """
        shadow = await self._storage.read(shadows.find_asked, asked.id)
        if shadow is None:
            shadow = await self._begin(asked, digest)
        if shadow.state == "open":
            await self._order(shadow, f"{asked.id}-try")
        return shadow

    async def look(self) -> Standing | None:
        """Tell how the trial under way stands; None without one."""
        shadow = await self._storage.read(shadows.find_open)
        if shadow is None:
            return None
        return Standing(
            shadow, await self._storage.read_at_length(shadow_differences.measure, shadow.id)
        )

    async def stop(self, press: str, shadow_id: int) -> bool:
        """End a trial, 0 for any; return whether it was under way. `ShadowWatch` tells its end.

        Any is also one that only the registry knows of. Raises as `start` does.
        """
        shadow = await self._storage.read(shadows.find_open)
        if shadow is not None and shadow_id in (0, shadow.id):
            await self._storage.write(shadows.end, shadow.id, "stopped", time.time())
            return True
        if shadow is not None or shadow_id:
            return False
        listed = await self._models.ask(f"{press}-list", "list")
        if listed.shadow:
            await self.end_in_registry(listed.shadow)
        return bool(listed.shadow)

    async def end_in_registry(self, version: str) -> None:
        """Let a version score no more beside the champion; again is harmless.

        Raises TrialRefusedError, NobodyAnswersError and redis errors.
        """
        # Another id each time: an answer is remembered, and what was refused may be granted now.
        answer = await self._models.ask(f"trial-end-{time.time_ns()}", "end-trial", version)
        if answer.refusal is not None:
            raise TrialRefusedError(answer.refusal)

    async def follow_registry(self) -> None:
        """End the trial under way where somebody else serves by now. Raises as `start` does."""
        listed = await self._models.ask(f"trial-look-{time.time_ns()}", "list")
        if listed.refusal is None:
            await self.reconcile(listed)

    async def reconcile(self, listed: ModelsAnswer) -> None:
        """End the trial under way where the registry knows nothing of it."""
        shadow = await self._storage.read(shadows.find_open)
        if shadow is None or time.time() < shadow.started_at + GRACE_SECONDS:
            return
        if (listed.shadow, listed.champion) != (shadow.version, shadow.champion):
            await self._storage.write(shadows.end, shadow.id, "over", time.time())

    async def _begin(self, asked: Asked, digest: str) -> Shadow:
        """Write a trial down."""
        listed = await self._models.ask(f"{asked.id}-list", "list")
        version = name_of(listed, digest)
        await self.reconcile(listed)
        shadow = await self._storage.write(shadows.begin, _new(asked, version, listed.champion))
        if shadow is None:
            raise TrialRefusedError(Reason(code="another-is-tried"))
        return shadow

    async def _order(self, shadow: Shadow, order_id: str) -> None:
        try:
            answer = await self._models.ask(order_id, "try", shadow.version)
        except NobodyAnswersError:
            await self._storage.write(shadows.drop, shadow.id)
            raise
        if answer.refusal is not None:
            await self._storage.write(shadows.drop, shadow.id)
            raise TrialRefusedError(answer.refusal)


def _new(asked: Asked, version: str, champion: str) -> NewShadow:
    return NewShadow(
        press=asked.id,
        version=version,
        champion=champion,
        asked_by=asked.person,
        chat_id=asked.chat_id,
        language=asked.language,
        started_at=time.time(),
    )
