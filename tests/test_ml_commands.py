"""How commands end, run as processes of their own: each with one line and a code."""

import subprocess
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.commands import positive, share, whole_number

ROOT = Path(__file__).parent.parent


def _end(main: str, stdout: str | None = None) -> tuple[int, str]:
    program = f"from ml.commands import run_command\ndef main():\n    {main}\nrun_command(main)"
    with Path(stdout or "/dev/null").open("w") as output:
        ended = subprocess.run(
            [sys.executable, "-c", program],
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            check=False,
        )
    return ended.returncode, ended.stderr


@pytest.mark.parametrize(
    ("main", "code", "said"),
    [
        ("print('done')", 0, ""),
        ("raise KeyboardInterrupt", 130, "stopped\n"),
        (
            "open('/nowhere/file')",
            2,
            "error: [Errno 2] No such file or directory: '/nowhere/file'\n",
        ),
        ("raise MemoryError", 2, "error: out of memory; give the command less at a time, "),
    ],
)
def test_a_command_ends_with_its_code_and_one_line(main: str, code: int, said: str) -> None:
    ended, line = _end(main)
    assert ended == code
    assert line.startswith(said)
    assert line.count("\n") == bool(said)


@pytest.mark.parametrize(
    "main", ["print('figures')", "with open('/dev/full', 'w') as file: file.write('figures')"]
)
def test_a_full_disk_is_told_once_with_its_remedy(main: str) -> None:
    code, line = _end(main, "/dev/full")
    assert code == 2
    assert line.startswith("error: [Errno 28] No space left on device; make room")
    assert line.count("\n") == 1


def test_a_reader_that_left_is_told_in_one_line() -> None:
    program = "from ml.commands import run_command\nrun_command(lambda: print('x' * 1_000_000))"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == "error: [Errno 32] Broken pipe\n"
    assert process.returncode == 2


@pytest.mark.parametrize(
    ("read", "given", "said"),
    [
        (whole_number, "0", "'0' is no whole number above 0"),
        (whole_number, "1.5", "'1.5' is no whole number above 0"),
        (positive, "nan", "'nan' is no number above 0"),
        (positive, "inf", "'inf' is no number above 0"),
        (share, "1.1", "'1.1' is no number from 0 to 1"),
        (share, "half", "'half' is no number from 0 to 1"),
    ],
)
def test_option_out_of_its_range_is_told(
    read: Callable[[str], float], given: str, said: str
) -> None:
    with pytest.raises(ArgumentTypeError, match=said):
        read(given)
    assert read("1") == 1
