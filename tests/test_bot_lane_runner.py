"""Lanes: what fails in one for an unexpected reason is told once and stops no other."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.lane_runner import LaneRunner
from bot.tasks import stop_tasks

pytest_plugins = ["playground_fixtures", "bot_fixtures"]


@dataclass(frozen=True)
class Job:
    lane: int


class Runner(LaneRunner[Job]):
    """Two lanes that always have something to do; the first one's breaks."""

    what = "counting"

    def __init__(self, storage):
        super().__init__(storage)
        self.taken = []

    def find(self, connection, busy_lanes, limit):
        return [Job(lane) for lane in (1, 2) if lane not in busy_lanes]

    async def perform(self, task):
        self.taken.append(task.lane)
        if task.lane == 1:
            raise KeyError("nobody thought of this")


@pytest.fixture
async def runner(storage):
    made = Runner(storage)
    task = asyncio.create_task(made.run())
    yield made
    await stop_tasks([task])


async def test_a_broken_task_rests_while_other_lanes_go_on(runner, log_lines):
    async with asyncio.timeout(8):
        while runner.taken.count(2) < 20:
            await asyncio.sleep(0.01)
    assert runner.taken.count(1) == 1
    assert sum("counting fails" in line for line in log_lines) == 1
