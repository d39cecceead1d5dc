"""What an audit is made from: the clips with their poses and curves, each judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..findings import FunctionalTest, SetMeasure, Verdict
from ..frames.video import ClipInfo
from ..poses import PoseTrack
from ..reps import Rep
from . import Audit, Clip, MovementSeen, Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ClipRun:
    """What was seen of one clip.

    path    the video, None where poses were audited without one
    track   the poses as the model gave them
    curves  column of measures.csv -> (T,) corrected and smoothed without lag, NaN where not measurable
    own     whether a pose model of hipaudit found the poses
    """

    clip: Clip
    path: Path | None
    track: PoseTrack
    curves: dict[str, NDArray[np.float64]]
    own: bool = True

    @property
    def info(self) -> ClipInfo:
        """The clip's description without what was seen in it."""
        return ClipInfo(**{field.name: getattr(self.clip, field.name) for field in fields(ClipInfo)})


@dataclass(frozen=True, slots=True, eq=False)
class JudgedClip:
    """One clip judged by itself; `legs` is 1 or 2."""

    movement: MovementSeen
    legs: int
    provenance: Provenance
    seen: ClipRun
    reps: Sequence[Rep]
    verdicts: Sequence[Verdict]
    measures: Sequence[SetMeasure]
    tests: Sequence[FunctionalTest]


@dataclass(frozen=True, slots=True, eq=False)
class AuditRun:
    """An audit with what it was made from: its clips, in the order of `audit.clips`."""

    audit: Audit
    clips: list[ClipRun]
