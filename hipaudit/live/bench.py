"""How fast the loop is on this machine: a clip's pictures through JPEG, pose model and coach, as fast as they come.

The clip is shown as a set of repetitions, its first picture standing still for a while before it; over and over, each
time as a set of its own, where minutes are asked for.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
import psutil

from ..frames.video import VideoFile
from ..overlay import fitted, to_jpeg
from ..poses.backend import PoseBackend
from .coach import Coach, Goal
from .events import Cue, Event, RepDone
from .loop import Loop, Spent

SIZE = (640, 480)
QUALITY = 80  # as a browser's canvas gives
STILL = 8.0  # s of the first picture before each showing: set-up, countdown and quiet stand
STEP = 1 / 30  # s between pictures there
EACH = 60.0  # s of pictures between two looks at the memory


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    fps        pictures a second from JPEG to events
    stages     stage -> milliseconds of the latest pictures; "total" is from the JPEG to the events
    to_count   ms from the end of a repetition, as the set's own audit dates it, until it is counted: what the coach
               waits to see that it has ended, and the loop's own time
    to_cue     the same to a cue; None where there was none
    memory_mb  of the process, about every minute of pictures
    """

    pictures: int
    seconds: float
    fps: float
    stages: dict[str, Spent]
    reps: int
    to_count: Spent | None
    to_cue: Spent | None
    memory_mb: Sequence[float]


def measure(
    clip: Path, movement: str, side: str, opened: Callable[[bool], PoseBackend], minutes: float = 0.0
) -> Figures:
    """Shows a clip once, or again until so many minutes of pictures were shown.

    Raises:
        SourceError: the clip cannot be read.
    """
    showing = list(_showing(clip))
    lasts = showing[-1][0] + STEP
    process = psutil.Process()
    memory: list[float] = []
    told: list[tuple[Event, float]] = []
    counted: list[float] = []
    cued: list[float] = []
    spent = 0.0

    def coached(size: tuple[int, int]) -> Coach:
        return Coach(movement, side, Goal(sets=10_000), size)

    with Loop(coached, opened) as loop:
        for number in count():
            told.clear()
            for t, jpeg in showing:
                at = number * lasts + t
                begun = time.perf_counter()
                events = loop.show(jpeg, at)
                took = time.perf_counter() - begun
                spent += took
                told += [(event, took) for event in events if isinstance(event, RepDone | Cue)]
                if at >= EACH * len(memory):
                    memory.append(process.memory_info().rss / 1e6)
            _wait(told, loop, counted, cued)
            if (number + 1) * lasts >= 60 * minutes:
                break
            assert loop.coach is not None
            loop.coach.next_set((number + 1) * lasts - STEP / 2)
        memory.append(process.memory_info().rss / 1e6)
        stages = loop.latency.told()
    pictures = (number + 1) * len(showing)
    return Figures(pictures, spent, pictures / spent, stages, len(counted), _spread(counted), _spread(cued), memory)


def _showing(clip: Path) -> Iterator[tuple[float, bytes]]:
    """(seconds, JPEG) of one showing."""
    first = None
    for frame in VideoFile(clip):
        jpeg = to_jpeg(fitted(frame.image, SIZE), SIZE[1], QUALITY)
        if first is None:
            first = jpeg
            yield from ((float(t), first) for t in np.arange(0, STILL, STEP))
        yield STILL + frame.t, jpeg


def _wait(told: Sequence[tuple[Event, float]], loop: Loop, counted: list[float], cued: list[float]) -> None:
    """Adds how long after the end of its repetition each count and cue came, in ms."""
    assert loop.coach is not None
    if told:
        loop.coach.stop(told[-1][0].t)
    run = loop.finish()
    ends = np.array([rep.t_end for rep in run.audit.reps]) if run else np.empty(0)
    for event, took in told:
        if ends.size:
            late = event.t - ends[np.abs(ends - event.t).argmin()]  # below zero: told before the body was quite still
            (cued if isinstance(event, Cue) else counted).append(1000 * (late + took))


def _spread(values: Sequence[float]) -> Spent | None:
    return Spent(*(float(v) for v in np.percentile(values, [50, 95]))) if values else None
