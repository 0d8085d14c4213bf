"""The stack: starts in order, says in one line what is wrong, keeps alive what dies."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import PROJECT
from stack.env_file import misspelt_knobs
from stack.isolated import free_port, isolated_stack
from stack.stack import read_procfile


def run_stack(folder: Path, **knobs: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), **knobs}
    return subprocess.run(
        [sys.executable, "-m", "stack", "--once"],
        env={"PLAYGROUND_PORT": str(free_port()), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=90,
    )


def loads(module: str, other: str) -> bool:
    """Tell whether importing a module imports another one with it."""
    code = f"import sys, {module}; sys.exit({other!r} in sys.modules)"
    return subprocess.run([sys.executable, "-c", code], cwd=PROJECT).returncode != 0


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_make_run_once_shows_every_verdict_and_ends_well(tmp_path: Path) -> None:
    done = run_stack(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "negative" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert "Ctrl-C" not in done.stdout  # it has stopped


def test_a_slip_in_a_knobs_name_is_told_and_other_tools_names_are_not(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("RETENTION_DAY=5\nREDIS_PASSWORD=x\nLOG_LEVEL=INFO\n")
    assert list(misspelt_knobs(file)) == [("RETENTION_DAY", "RETENTION_DAYS")]


def test_starting_loads_nothing_of_telegrams_library() -> None:
    assert not loads("stack.serving", "aiogram")


def test_a_ctrl_c_while_the_stack_loads_meets_a_door_that_expects_it() -> None:
    assert not loads("stack.__main__", "pydantic")


def test_a_taken_port_is_one_line_that_says_what_to_do(tmp_path: Path, taken_port: int) -> None:
    done = run_stack(tmp_path, PLAYGROUND_PORT=str(taken_port))
    assert done.returncode == 1
    assert f"{taken_port}" in done.stdout
    assert "PLAYGROUND_PORT" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_an_unreachable_redis_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    done = run_stack(tmp_path, REDIS_URL="redis://127.0.0.1:1/0")
    assert done.returncode == 1
    assert "REDIS_URL" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_wrong_knob_is_one_line_that_names_it(tmp_path: Path) -> None:
    done = run_stack(tmp_path, BATCH_SIZE="0")
    assert done.returncode == 1
    assert done.stderr.startswith("nastroi: wrong settings")
    assert "BATCH_SIZE" in done.stderr


def test_the_tour_is_not_taken_with_a_real_token(tmp_path: Path) -> None:
    done = run_stack(tmp_path, BOT_TOKEN="123456:not-a-real-token")
    assert done.returncode == 1
    assert "unset BOT_TOKEN" in done.stderr


def test_every_process_of_the_procfile_is_a_module_of_ours() -> None:
    for name, command in read_procfile().items():
        assert command[:2] == [sys.executable, "-m"], name
        assert (PROJECT / command[2].replace(".", "/")).with_suffix(".py").exists() or (
            PROJECT / command[2] / "__main__.py"
        ).exists()


async def test_a_killed_process_is_started_again() -> None:
    async with isolated_stack(print) as stack:
        stack.keep_alive()
        worker = stack.processes["worker"]
        before = worker.pid
        await worker.kill()
        async with asyncio.timeout(10):
            while not worker.running or worker.pid == before:
                await asyncio.sleep(0.05)
