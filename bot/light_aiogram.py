"""Loads aiogram without building the validators of its 444 types, of which the bot uses a few.

aiogram 3.31 builds them all when it is imported: 135 MB and seconds of start-up. Pydantic builds
a validator by itself when it is first needed, if it finds the names that its annotations mention.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel

Namespace = dict[str, Any]


def load_aiogram() -> None:
    """Import aiogram, in a process that has not done so yet; otherwise nothing is saved."""
    if "aiogram" in sys.modules:
        return
    with _rebuilds_put_off() as put_off:
        importlib.import_module("aiogram")
    for model, names in put_off:
        _make_known(names, sys.modules[model.__module__])
    # This one every bot needs, and the first message would wait a tenth of a second for it.
    importlib.import_module("aiogram.types").Message.model_rebuild()


@contextmanager
def _rebuilds_put_off() -> Iterator[list[tuple[type[BaseModel], Namespace]]]:
    """Note which models want to be rebuilt with which names, instead of rebuilding them."""
    put_off: list[tuple[type[BaseModel], Namespace]] = []
    rebuild = BaseModel.__dict__["model_rebuild"]

    def note(
        model: type[BaseModel], /, *, _types_namespace: Namespace | None = None, **options: Any
    ) -> bool | None:
        if _types_namespace is None:
            answer: bool | None = rebuild.__get__(None, model)(**options)
            return answer
        put_off.append((model, _types_namespace))
        return None

    BaseModel.model_rebuild = classmethod(note)  # type: ignore[method-assign,assignment]
    try:
        yield put_off
    finally:
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign]


def _make_known(names: Namespace, module: Any) -> None:
    """Give a module the names that it imports for type checkers only."""
    for name, value in names.items():
        module.__dict__.setdefault(name, value)
