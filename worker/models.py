"""Answers the bot's questions about the registry; an RQ job on the `models` queue."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import redis
from loguru import logger

from core.models import (
    ModelsAnswer,
    ModelsOrder,
    ModelVersion,
    SetFigures,
    find_answer,
    put_answer,
)
from core.training import Reason
from ml.errors import MlError, RegistryError
from ml.manifest import Manifest
from ml.pointer import Pointer
from ml.registry import Registry

MOST_SHOWN = 8

_serving: list[tuple[redis.Redis, Registry]] = []


class RefusedError(Exception):
    """An order that the registry's state forbids; `reason` says why."""

    def __init__(self, code: str, **names: str) -> None:
        super().__init__(code)
        self.reason = Reason(code=code, names=names)


def answer_with(connection: redis.Redis, registry: Registry) -> None:
    """Hand this process's registry to the job; call it once, before the first job."""
    _serving[:] = [(connection, registry)]


def answer(order_json: str) -> None:
    """Carry out an order unless that was done already, and leave the answer in Redis."""
    connection, registry = _serving[0]
    order = ModelsOrder.model_validate_json(order_json)
    if find_answer(connection, order.id) is None:
        put_answer(connection, carry_out(registry, order))


def carry_out(registry: Registry, order: ModelsOrder) -> ModelsAnswer:
    """Do what an order says and describe the registry afterwards."""
    refusal, replaced = None, ""
    try:
        replaced = registry.pointer().champion
        _VERBS[order.verb](registry, order.version)
    except RefusedError as error:
        refusal = error.reason
    except (OSError, MlError) as error:
        logger.error("{} {} failed: {}", order.verb, order.version, error)
        refusal = Reason(code="registry-failed", names={"error": str(error)})
    else:
        _log(order)
    return _described(registry, order.id, refusal).model_copy(update={"replaced": replaced})


def _promote(registry: Registry, version: str) -> None:
    _require(registry, version)
    registry.promote(version)


def _roll_back(registry: Registry, version: str) -> None:
    pointer = registry.pointer()
    if not _predecessor(pointer, registry.versions()):
        raise RefusedError("nothing-before", version=pointer.champion)
    registry.rollback()


def _delete(registry: Registry, version: str) -> None:
    _require(registry, version)
    if version == registry.pointer().champion:
        raise RefusedError("version-serves", version=version)
    if version == registry.base():
        raise RefusedError("version-is-base", version=version)
    registry.delete(version)


def _try_beside(registry: Registry, version: str) -> None:
    _require(registry, version)
    pointer = registry.pointer()
    if version == pointer.champion:
        raise RefusedError("version-serves-already", version=version)
    if pointer.shadow not in ("", version):
        raise RefusedError("another-is-tried", version=pointer.shadow)
    registry.try_beside(version)


def _end_trial(registry: Registry, version: str) -> None:
    registry.end_trial(version)


_VERBS: dict[str, Callable[[Registry, str], None]] = {
    "list": lambda registry, version: None,
    "promote": _promote,
    "rollback": _roll_back,
    "delete": _delete,
    "try": _try_beside,
    "end-trial": _end_trial,
}


def _require(registry: Registry, version: str) -> None:
    if version not in registry.versions():
        raise RefusedError("version-unknown", version=version)


def _log(order: ModelsOrder) -> None:
    if order.verb != "list":
        which = logger.bind(model=order.version) if order.version else logger
        which.info("the registry was told to {}", order.verb)


def _described(registry: Registry, order_id: str, refusal: Reason | None) -> ModelsAnswer:
    """Describe the registry; of one that can't be read, say only that."""
    try:
        pointer, names, base = registry.pointer(), registry.versions(), registry.base()
        shown = _shown(names, pointer)
        return ModelsAnswer(
            id=order_id,
            champion=pointer.champion,
            predecessor=_predecessor(pointer, names),
            shadow=pointer.shadow if pointer.shadow in names else "",
            versions=tuple(_version(registry, name, base) for name in shown),
            count=len(names),
            refusal=refusal,
        )
    except (OSError, MlError) as error:
        reason = Reason(code="registry-failed", names={"error": str(error)})
        return ModelsAnswer(id=order_id, refusal=refusal or reason)


def _shown(names: list[str], pointer: Pointer) -> list[str]:
    """Choose the newest versions, the one on trial, and those that serve or would once more."""
    kept = {*names[-MOST_SHOWN:], pointer.champion, pointer.shadow, _predecessor(pointer, names)}
    return [name for name in reversed(names) if name in kept]


def _predecessor(pointer: Pointer, names: Iterable[str]) -> str:
    try:
        return pointer.rolled_back(set(names).__contains__).champion
    except RegistryError:
        return ""


def _version(registry: Registry, name: str, base: str) -> ModelVersion:
    try:
        manifest = registry.manifest(name)
    except MlError:  # broken papers hide a version's figures, not the version
        manifest = None
    if manifest is None:
        return ModelVersion(name=name, is_base=name == base)
    return ModelVersion(
        name=name,
        is_base=name == base,
        created_at=manifest.created_at or None,
        tasks=tuple(manifest.tasks),
        parent=manifest.parent,
        figures=tuple(_figures(manifest)),
    )


def _figures(manifest: Manifest) -> Iterable[SetFigures]:
    """Read what a manifest says of its tests; what is not shaped like figures is passed over."""
    tests: Any = manifest.metrics.get("test")
    for name, row in tests.items() if isinstance(tests, Mapping) else ():
        if isinstance(row, Mapping) and {"n", "accuracy", "macro_f1"} <= row.keys():
            on, _, task = str(name).partition(":")
            yield SetFigures(on=on, task=task, **{key: row[key] for key in _SHOWN if key in row})


_SHOWN = ("n", "accuracy", "macro_f1", "ece")
