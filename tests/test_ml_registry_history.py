"""Who served when: promotions, rollbacks and the pointer that remembers them."""

import threading
from pathlib import Path

import pytest
from ml_fixtures import another_base, taught

from ml.errors import RegistryError
from ml.registry import Registry

pytest_plugins = ["registry_fixtures"]


def test_rollback_goes_back_through_what_served(registry: Registry, shipped: Path) -> None:
    taught(registry, shipped, "two", "three")
    assert [registry.rollback(), registry.rollback()] == ["two", "tiny-1"]
    assert registry.champion() == "tiny-1"
    with pytest.raises(RegistryError, match="no version served before tiny-1"):
        registry.rollback()


def test_rollback_after_a_rollback_and_a_promotion_skips_what_was_taken_back(
    registry: Registry, shipped: Path
) -> None:
    taught(registry, shipped, "bad")
    registry.rollback()
    registry.promote(registry.add(shipped, "good"))
    assert registry.rollback() == "tiny-1"


def test_rollback_passes_over_versions_that_are_gone(registry: Registry, shipped: Path) -> None:
    taught(registry, shipped, "two", "three")
    registry.delete("two")
    assert registry.rollback() == "tiny-1"


def test_history_tells_promotions_and_rollbacks(registry: Registry, shipped: Path) -> None:
    taught(registry, shipped, "two", "two")
    registry.rollback()
    events = [(event.action, event.version) for event in registry.pointer().events]
    assert events == [("promote", "tiny-1"), ("promote", "two"), ("rollback", "tiny-1")]


def test_rollback_from_a_new_base_model_lasts(
    registry: Registry, shipped: Path, tmp_path: Path
) -> None:
    registry.ensure(shipped)
    base = another_base(shipped, tmp_path)
    registry.ensure(base)
    registry.rollback()
    assert registry.ensure(base) == "tiny-1"


def test_pointer_without_history_is_still_read(registry: Registry, shipped: Path) -> None:
    registry.add(shipped)
    (registry.root / "champion").write_text("tiny-1\n")
    registry.promote(registry.add(shipped, "two"))
    assert registry.rollback() == "tiny-1"


def test_torn_pointer_is_one_line_that_says_so(registry: Registry, shipped: Path) -> None:
    registry.ensure(shipped)
    (registry.root / "champion").write_text('{"champion": "ti')
    with pytest.raises(RegistryError, match=r"champion is broken.*promote a version again"):
        registry.champion()


def test_promotions_at_once_all_stand_in_the_history(registry: Registry, shipped: Path) -> None:
    names = [registry.add(shipped, f"v{n}") for n in range(6)]
    threads = [threading.Thread(target=registry.promote, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pointer = registry.pointer()
    assert sorted([pointer.champion, *pointer.before]) == names
