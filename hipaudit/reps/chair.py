"""The timed chair stand: how often somebody stands up from a chair in 30 seconds. Pure functions of the depth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..library import ChairStand

LEAVING = 0.95  # share of the seat's depth above which nobody has left it yet


@dataclass(frozen=True, slots=True)
class StandCount:
    """How often somebody stood up, from the first leaving of the seat at `start` seconds.

    covered  seconds of the clip from there on, the length of the test at most
    """

    stands: int
    start: float
    covered: float


def count_stands(
    t: NDArray[np.float64], depth: NDArray[np.float64], seat: float, test: ChairStand
) -> StandCount | None:
    """Stands up within the test's time from the first leaving of the seat; None where nobody rises from a seat.

    `depth` is (T,), NaN where not seen; `seat` is the depth of sitting. A stand counts when it is completed; one that
    is more than half-way up when time is up counts as completed (Rikli & Jones 1999).
    """
    known = np.isfinite(depth)
    times, share = t[known], depth[known] / seat
    rises = _rises(share, test)
    if not rises:
        return None
    start = float(times[rises[0][0]])
    end = start + test.seconds
    done = sum(bool(up < len(times) and times[up] <= end) for _, up in rises)
    over = next(((low, up) for low, up in rises if times[low] <= end and (up >= len(times) or times[up] > end)), None)
    if over is not None and times[-1] >= end:
        done += bool(np.interp(end, times, share) < test.half_way)
    return StandCount(done, start, min(float(times[-1]) - start, test.seconds))


def _rises(share: NDArray[np.float64], test: ChairStand) -> list[tuple[int, int]]:
    """First row off the seat and first row stood of every rise; the number of rows where the clip ends before that."""
    rises: list[tuple[int, int]] = []
    sat = -1  # the first row of sitting, -1 while standing
    for row, now in enumerate(share.tolist()):
        if now >= test.seated and sat < 0:
            sat = row
        elif now <= test.stood and sat >= 0:
            rises.append((_leaves(share[sat:row]) + sat, row))
            sat = -1
    if sat >= 0 and share[-1] < test.seated:
        rises.append((_leaves(share[sat:]) + sat, len(share)))
    return rises


def _leaves(share: NDArray[np.float64]) -> int:
    """The last row of a sitting before the hips rise."""
    return int(np.flatnonzero(share >= LEAVING * share.max())[-1])
