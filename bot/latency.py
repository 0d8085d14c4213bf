"""How long a text took, kept as counts in buckets, so that percentiles of millions are cheap.

A bucket's bounds grow by a constant factor, so that every percentile is right to within 5 %
(DDSketch: Masson, Rim and Lee, PVLDB 12, 2019). Counts of buckets can be added up: over days,
chats and model versions.
"""

import math
from collections.abc import Mapping

from core.contracts import Verdict

RELATIVE_ERROR = 0.05
GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
# Clocks of two hosts may disagree, so that a stage may seem to take less than nothing.
LEAST_MILLISECONDS = 0.1

WAITING, SCORING, TOTAL = STAGES = ("waiting", "scoring", "total")


def stages_of(verdict: Verdict, saved_at: float) -> dict[str, float]:
    """Return the seconds that each stage took: in the queue, at the model, from end to end."""
    return {
        WAITING: verdict.read_at - verdict.received_at,
        SCORING: verdict.scored_at - verdict.read_at,
        TOTAL: saved_at - verdict.received_at,
    }


def bucket_of(seconds: float) -> int:
    """Return the number of the bucket that a duration falls into."""
    return math.ceil(math.log(max(1000 * seconds, LEAST_MILLISECONDS), GROWTH))


def milliseconds_of(bucket: int) -> float:
    """Return the duration that is at most 5 % from every duration in a bucket."""
    return 2 * GROWTH**bucket / (1 + GROWTH)


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """Return the milliseconds that a share (0 to 1) of the texts took at most; None without any."""
    rank, seen = share * (sum(counts.values()) - 1), 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if seen > rank:
            return milliseconds_of(bucket)
    return None
