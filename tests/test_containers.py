"""The Dockerfile and compose file, as far as they can be checked without a container engine."""

import re
import subprocess
import sys

import pytest

from core.settings import PROJECT, Settings


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="not a git checkout")
def test_every_copied_path_is_in_git_and_let_in() -> None:
    command = [sys.executable, ".ci/rehearse_dockerfile.py", "--copies-only"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "bot:",
        "ok",
        "worker:",
        "ok",
        "trainer:",
        "ok",
        "reader:",
        "ok",
        "worker-cuda:",
        "ok",
    ]


def test_the_bot_image_installs_no_part_of_the_model() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    stage = dockerfile.partition("AS bot-packages\n")[2].partition("FROM")[0]
    assert "'.[bot]'" in stage


def test_images_run_as_an_ordinary_user() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    final = re.findall(
        r"FROM source AS (bot|worker|trainer|reader|worker-cuda)\n(.*?)ENTRYPOINT", dockerfile, re.S
    )
    assert [name for name, stage in final if "USER 10001:10001" in stage] == [
        "bot",
        "worker",
        "trainer",
        "reader",
        "worker-cuda",
    ]


def test_compose_sets_only_knobs_that_exist() -> None:
    compose = (PROJECT / "compose.yaml").read_text()
    knobs = set(re.findall(r"^ {6}([A-Z_]+):", compose, re.MULTILINE)) - {"REDISCLI_AUTH"}
    assert knobs <= {name.upper() for name in Settings.model_fields}
    assert {"BOT_TOKEN", "REDIS_URL", "VAR_DIR"} <= knobs
