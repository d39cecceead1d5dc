"""One picture in, what the coach says of it out: the same loop for the browser, the window and the benchmark.

It is called from one thread, has no clock but for its own latency, and keeps no picture.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from ..audit.seen import AuditRun
from ..frames import Frame
from ..frames.camera import decoded
from ..poses import Pose
from ..poses.backend import PoseBackend
from ..poses.outline import SideWatch
from ..poses.smoothing import load_all
from .coach import Coach
from .events import Event, Problem, SetDone

KEPT = 1000  # latest instants whose latency is told: half a minute
EVERY = 8  # px between those looked at for the light


class Recording(Protocol):
    """What takes the pictures of a set, see `live.record`."""

    def take(self, frame: Frame, pose: Pose | None, state: str) -> None:
        """Takes one picture; `state` is the coach's."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds a stage took, of the latest instants: half of them took at most `p50`, 95 of 100 at most `p95`."""

    p50: float
    p95: float


class Latency:
    """How long each stage of the loop takes, over the latest instants only."""

    def __init__(self) -> None:
        self._taken: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEPT))

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Times the block as one run of `stage`."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._taken[stage].append(1000 * (time.perf_counter() - begun))

    def told(self) -> dict[str, Spent]:
        """Every stage that has run."""
        return {
            stage: Spent(*(float(v) for v in np.percentile(taken, [50, 95]))) for stage, taken in self._taken.items()
        }


class Loop:
    """Pictures of one set after another, through the pose model to the coach. Use it in a `with`.

    coached  makes the coach once the pictures' (width, height) is known
    opened   opens the pose model, with the person's mask or without. It is begun without; once a side is seen for long
             enough while setting up, the outline of the back matters, and it is opened again with masks
    """

    def __init__(
        self,
        coached: Callable[[tuple[int, int]], Coach],
        opened: Callable[[bool], PoseBackend],
        recording: Recording | None = None,
    ) -> None:
        self._coached, self._opened, self.recording = coached, opened, recording
        self.coach: Coach | None = None
        self.latency = Latency()
        self._size = (0, 0)
        self._masks = False
        self._watch = SideWatch()
        self._backend = opened(False)
        load_all()

    def show(self, jpeg: bytes, t: float) -> list[Event]:
        """Takes a JPEG at `t` seconds; times increase.

        Raises:
            SourceError: it is too large or not a picture.
        """
        with self.latency.of("total"):
            with self.latency.of("decode"):
                frame = decoded(jpeg, t)
            return self._step(frame)

    def step(self, frame: Frame) -> list[Event]:
        """Takes a frame and returns what happened; times increase."""
        with self.latency.of("total"):
            return self._step(frame)

    def _step(self, frame: Frame) -> list[Event]:
        events = self._fitted(frame)
        assert self.coach is not None
        with self.latency.of("pose"):
            pose = self._backend.detect(frame)
        if self.coach.state == "set_up":
            self._look_sideways(frame.t, pose)
        with self.latency.of("coach"):
            events += self.coach.update(frame.t, pose, light(frame, pose))
        if self.recording is not None:
            self.recording.take(frame, pose, self.coach.state)
        return events

    def finish(self) -> AuditRun | None:
        """The set just done as a recorded audit judges it, None where nothing counted."""
        return self.coach.finish(self._backend.name, self._backend.sha256) if self.coach else None

    def close(self) -> None:
        """Gives the model's memory back."""
        self._backend.close()

    def _fitted(self, frame: Frame) -> list[Event]:
        """A coach for pictures of this size: a camera that was turned or exchanged begins the set anew."""
        size = (frame.image.shape[1], frame.image.shape[0])
        if size == self._size:
            return []
        again = self.coach is not None
        self._size, self.coach = size, self._coached(size)
        return [Problem(frame.t, "The camera's picture has changed: the set begins again.")] if again else []

    def _look_sideways(self, t: float, pose: Pose | None) -> None:
        self._watch.notice(t, pose)
        if self._watch.shown and not self._masks:
            self._backend.close()
            self._backend, self._masks = self._opened(True), True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def sets(source: Iterable[Frame], loop: Loop) -> Iterator[tuple[Frame, list[Event]]]:
    """Each frame with what the coach says of it: one set after another, each begun when the rest is over.

    A source that ends in the middle of a set ends the set.
    """
    next_at: float | None = None
    frame = None
    for frame in source:
        events = loop.step(frame)
        assert loop.coach is not None
        if next_at is not None and frame.t >= next_at and loop.coach.state == "done":
            events += loop.coach.next_set(frame.t)
            next_at = None
        done = next((event for event in events if isinstance(event, SetDone)), None)
        if done is not None and done.rest_s is not None:
            next_at = frame.t + done.rest_s
        yield frame, events
    if frame is not None and loop.coach is not None and (events := loop.coach.stop(frame.t)):
        yield frame, events


def light(frame: Frame, pose: Pose | None) -> float | None:
    """Mean brightness 0..255 of the person's part of the picture, of all of it where nobody is seen."""
    x0, y0, x1, y1 = 0, 0, frame.image.shape[1], frame.image.shape[0]
    if pose is not None:
        seen = pose.xy[np.isfinite(pose.xy).all(1)]
        low, high = np.clip(seen.min(0), 0, (x1 - 1, y1 - 1)), np.clip(seen.max(0) + 1, 1, (x1, y1))
        (x0, y0), (x1, y1) = low.astype(int).tolist(), high.astype(int).tolist()
    part = frame.image[y0:y1:EVERY, x0:x1:EVERY]
    return float(part.mean()) if part.size else None
