"""How often a host is asked: bounds that all readers share, in Redis."""

import time
from dataclasses import dataclass

import redis

from worker.web.page import ReadError

PACE = "nastroi:pace:"
PACE_HOUR = "nastroi:pace-hour:"
HOUR_SECONDS = 3600

# KEYS: when the host is free again, pages of this hour. ARGV: interval and patience in
# milliseconds, most an hour, an hour's seconds. Answers the milliseconds to wait, or -1.
TAKE_TURN = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local free = tonumber(redis.call('GET', KEYS[1]) or now)
local wait = math.max(0, free - now)
if wait > tonumber(ARGV[2]) then return -1 end
if tonumber(redis.call('GET', KEYS[2]) or 0) >= tonumber(ARGV[3]) then return -1 end
if redis.call('INCR', KEYS[2]) == 1 then redis.call('EXPIRE', KEYS[2], ARGV[4]) end
local after = wait + tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.0f', now + after), 'PX', math.max(1, after))
return wait
"""
# KEYS: when the host is free again. ARGV: milliseconds. What is later already stays.
HOLD_OFF = """
local time = redis.call('TIME')
local free = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
if free > tonumber(redis.call('GET', KEYS[1]) or 0) then
  redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', ARGV[1])
end
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """How politely a host is asked for pages."""

    connection: redis.Redis
    interval_seconds: float = 1.0
    most_an_hour: int = 600
    patience_seconds: float = 5.0
    """Whoever would wait longer for its turn is told that the host is busy."""

    def wait_for_turn(self, host: str, interval_seconds: float = 0) -> None:
        """Wait until the host may be asked; the next one waits the interval, or a longer given one.

        Raises ReadError `busy`.
        """
        interval = max(self.interval_seconds, interval_seconds)
        keys = (PACE + host, PACE_HOUR + host)
        limits = (_ms(interval), _ms(self.patience_seconds), self.most_an_hour, HOUR_SECONDS)
        wait = int(self.connection.eval(TAKE_TURN, len(keys), *keys, *limits))
        if wait < 0:
            raise ReadError("busy", "this host was asked often enough")
        time.sleep(wait / 1000)

    def hold_off(self, host: str, seconds: float) -> None:
        """Ask a host nothing for some time: it said that it has enough."""
        self.connection.eval(HOLD_OFF, 1, PACE + host, _ms(min(seconds, HOUR_SECONDS)))


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
