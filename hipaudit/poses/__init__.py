"""Where the joints are: one instant (`Pose`) or a whole clip (`PoseTrack`)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .skeleton import Joint

J = len(Joint)
# Where the outline of the back is read: places along the line from hip to shoulder, in trunk lengths from the hip.
BACK_AT = np.linspace(-0.25, 0.95, 97)
BACK_AT.setflags(write=False)
BLOCK = 512
Floats = NDArray[np.float32]


def no_back(*rows: int) -> Floats:
    """(*rows, 97) of NaN: the back was not measured."""
    return np.full((*rows, len(BACK_AT)), np.nan, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One person at one instant.

    t           seconds
    xy          (J, 2) pixels, x right, y DOWN; NaN where unknown
    xyz         (J, 3) metres from the middle of the hips, x right, y UP, z towards the camera; NaN where not given
    visibility  (J,) 0..1 as the model states it: it stays near 1 for hidden joints, see `poses.trust`
    back        (97,) distance of the back's outline from the line hip to shoulder at `BACK_AT`, in trunk lengths;
                NaN where it was not measured: only a view from the side shows it, see `poses.outline`
    """

    t: float
    xy: Floats
    xyz: Floats
    visibility: Floats
    back: Floats = field(default_factory=no_back)


@dataclass(frozen=True, slots=True, eq=False)
class PoseTrack:
    """One person over T instants; a row of NaN is an instant with nobody in view.

    t           (T,) seconds, strictly increasing
    xy          (T, J, 2) pixels, x right, y DOWN
    xyz         (T, J, 3) metres from the middle of the hips, x right, y UP, z towards the camera
    visibility  (T, J) 0..1
    size        (width, height) of the picture in pixels
    back        (T, 97) outline of the back as in `Pose`; all NaN unless given

    Raises:
        ValueError: shapes that do not match, or times that do not increase.
    """

    t: NDArray[np.float64]
    xy: Floats
    xyz: Floats
    visibility: Floats
    size: tuple[int, int]
    back: Floats = field(default_factory=no_back)

    def __post_init__(self) -> None:
        n = len(self.t)
        if self.back.ndim == 1:  # not given
            object.__setattr__(self, "back", no_back(n))
        shapes = {"t": (n,), "xy": (n, J, 2), "xyz": (n, J, 3), "visibility": (n, J), "back": (n, len(BACK_AT))}
        for name, expected in shapes.items():
            got = getattr(self, name).shape
            if got != expected:
                raise ValueError(f"{name} has shape {got}, expected {expected}")
        if not np.isfinite(self.t).all() or (np.diff(self.t) <= 0).any():
            raise ValueError("t must be finite and strictly increasing")
        for name in shapes:
            getattr(self, name).setflags(write=False)

    def __len__(self) -> int:
        return len(self.t)

    def __iter__(self) -> Iterator[tuple[float, Pose | None]]:
        """Each instant and its pose, None where nobody was found."""
        for i, (t, found) in enumerate(zip(self.t.tolist(), self.found.tolist(), strict=True)):
            yield t, Pose(t, self.xy[i], self.xyz[i], self.visibility[i], self.back[i]) if found else None

    @property
    def found(self) -> NDArray[np.bool_]:
        """(T,) whether anybody was found, with any joint."""
        return np.asarray(np.isfinite(self.xy[..., 0]).any(1), bool)

    def between(self, t0: float, t1: float) -> "PoseTrack":
        """The instants with t0 <= t <= t1."""
        return self.at(slice(np.searchsorted(self.t, t0, "left"), np.searchsorted(self.t, t1, "right")))

    def at(self, rows: slice | NDArray[np.bool_]) -> "PoseTrack":
        """Some of the instants."""
        return PoseTrack(self.t[rows], self.xy[rows], self.xyz[rows], self.visibility[rows], self.size, self.back[rows])


def collect(instants: Iterable[tuple[float, Pose | None]], size: tuple[int, int]) -> PoseTrack:
    """Instants and their poses as one track; None becomes a row of NaN.

    Poses are copied into blocks as they come: thousands of small arrays kept between the large ones of pictures would
    scatter the memory, and a long clip would take far more than its poses need.
    """
    times: list[float] = []
    blocks: list[Floats] = []
    backs: list[Floats] = []
    for t, pose in instants:
        row = len(times) % BLOCK
        if row == 0:
            blocks.append(np.full((BLOCK, J, 6), np.nan, np.float32))
            backs.append(no_back(BLOCK))
        times.append(t)
        if pose is None:
            blocks[-1][row, :, 5] = 0.0
        else:
            blocks[-1][row, :, :2], blocks[-1][row, :, 2:5], blocks[-1][row, :, 5] = pose.xy, pose.xyz, pose.visibility
            backs[-1][row] = pose.back
    rows = np.concatenate(blocks)[: len(times)] if blocks else np.empty((0, J, 6), np.float32)
    xy, xyz, visibility = (np.ascontiguousarray(part) for part in (rows[..., :2], rows[..., 2:5], rows[..., 5]))
    back = np.concatenate(backs)[: len(times)] if backs else no_back(0)
    return PoseTrack(np.array(times, np.float64), xy, xyz, visibility, size, back)
