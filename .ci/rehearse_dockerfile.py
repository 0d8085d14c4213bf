"""Goes through the Dockerfile without a container engine: every COPY and RUN, in clean folders.

`python .ci/rehearse_dockerfile.py` follows each final target stage by stage: it copies what
COPY names from the files that git tracks (and .dockerignore lets in), runs each RUN line with
/app and /venv inside a temporary folder, and at last imports the entry point's module there.
`--copies-only` stops short of the RUN lines, which install packages and take minutes.
What it can't see: the base image, users, networks and volumes.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TARGETS = ("bot", "worker", "trainer", "reader", "worker-cuda")


@dataclass
class Stage:
    """One FROM and the instructions under it."""

    name: str
    parent: str
    steps: list[tuple[str, str]] = field(default_factory=list)


def read_stages() -> dict[str, Stage]:
    """Parse the Dockerfile into its named stages."""
    text = re.sub(r"\\\n", " ", (PROJECT / "Dockerfile").read_text())
    stages: dict[str, Stage] = {}
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            parent, _, name = rest.partition(" AS ")
            current = stages[name] = Stage(name, parent)
        elif word and not word.startswith("#"):
            current.steps.append((word, rest.strip()))
    return stages


class Rehearsal:
    """A stage's file system: a folder in which `app` stands for /app and `venv` for /venv."""

    def __init__(self, stages: dict[str, Stage], run: bool) -> None:
        self.stages = stages
        self.run = run
        self.root = Path(tempfile.mkdtemp(prefix="nastroi-image-")).resolve()
        self.app = self.root / "app"
        self.app.mkdir()

    def build(self, name: str) -> None:
        """Carry out a stage, its parents first."""
        stage = self.stages[name]
        if stage.parent in self.stages:
            self.build(stage.parent)
        for word, rest in stage.steps:
            if word == "COPY":
                self.copy(shlex.split(rest))
            elif word == "RUN" and self.run:
                print(f"  {name}: {rest}", flush=True)
                self.shell(rest)
            elif word == "ENTRYPOINT" and self.run:
                module = re.findall(r'"([^"]*)"', rest)[-1]
                door = f'import runpy; runpy.run_module("{module}", run_name="rehearsal")'
                self.shell(f"cd /app && python -c '{door}'")

    def copy(self, words: list[str]) -> None:
        """Copy files from the project, or packages from another stage."""
        if words[0].startswith("--from="):
            self.build(words[0].removeprefix("--from="))
            return
        *sources, target = words
        for source in sources:
            self.copy_tracked(source, target)

    def copy_tracked(self, source: str, target: str) -> None:
        """Copy what git tracks below `source`, as a fresh clone would hold it."""
        admitted = (PROJECT / ".dockerignore").read_text().split()
        listed = subprocess.check_output(["git", "ls-files", source], cwd=PROJECT, text=True)
        if f"!{source}" not in admitted or not listed:
            sys.exit(f"Dockerfile: COPY {source}: not in git, or kept out by .dockerignore")
        for name in listed.split():
            place = (
                self.app
                / Path(target)
                / Path(name).relative_to(Path(source).parent if target == "./" else source)
            )
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, place)

    def shell(self, line: str) -> None:
        """Run a line as the image would, except that its root is our folder."""
        line = re.sub(r"(?<![\w.])/(app|venv)\b", rf"{self.root}/\1", line)
        path = f"{self.root}/venv/bin:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(["sh", "-c", line], cwd=self.app, env=environment, check=False)
        if done.returncode:
            sys.exit(f"Dockerfile: RUN {line}: exit code {done.returncode}")


def main() -> None:
    """Rehearse all targets; exit with a line that names the first step that fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies-only", action="store_true")
    parser.add_argument("--target", choices=TARGETS, action="append")
    arguments = parser.parse_args()
    stages = read_stages()
    for target in arguments.target or TARGETS:
        rehearsal = Rehearsal(stages, run=not arguments.copies_only)
        try:
            rehearsal.build(target)
            print(f"{target}: ok")
        finally:
            shutil.rmtree(rehearsal.root)


if __name__ == "__main__":
    main()
