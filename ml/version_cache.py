"""Local copies of remote versions: each whole or absent, proved by its digests, reused later."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from ml.contents import Contents, digest
from ml.errors import RegistryError
from ml.stores import remove_leftovers, settle

# Enough for a champion and what a rollback or a comparison may ask for.
_KEPT = 5


def default_directory() -> Path:
    """Return the user's own cache directory for models."""
    caches = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(caches).expanduser() / "nastroi" / "models"


class VersionCache:
    """A directory that holds `<digest>/<version>/`; several processes may share it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, version: str, contents: Contents, fetch: Callable[[str, Path], None]) -> Path:
        """Return a version's directory, after `fetch(name, target)` of each file where it is new.

        Raises RegistryError when what was fetched is not what the contents say.
        """
        kept = self.root / contents.key()
        if not contents.sizes_match(kept / version):
            shutil.rmtree(kept / version, ignore_errors=True)
            self._fill(version, contents, fetch)
            self._forget_oldest()
        with contextlib.suppress(OSError):
            os.utime(kept)  # used last
        return kept / version

    def _fill(self, version: str, contents: Contents, fetch: Callable[[str, Path], None]) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=self.root, prefix=".fetching-"))
        try:
            for name, expected in contents.files.items():
                target = fresh / version / name
                target.parent.mkdir(parents=True, exist_ok=True)
                fetch(name, target)
                if digest(target) != expected:
                    raise RegistryError(
                        f"{version}/{name} came damaged, or was changed where it lies; try again, "
                        "or delete the version and add it anew"
                    )
            kept = self.root / contents.key()
            kept.mkdir(exist_ok=True)
            settle(fresh / version, kept / version)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _forget_oldest(self) -> None:
        remove_leftovers(self.root, (".fetching-*",))
        copies = [path for path in self.root.iterdir() if not path.name.startswith(".")]
        copies.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in copies[_KEPT:]:
            shutil.rmtree(path, ignore_errors=True)
