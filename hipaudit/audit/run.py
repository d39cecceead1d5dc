"""A clip in, an audit out: frames, poses, preparation, the session, the rules, the starting phase.

run = audit_clip("squat.mp4")
run.audit.findings
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..errors import BackendError, NothingToJudge
from ..findings import Finding, Passed, Remark, Unassessed
from ..findings.rules import judge, set_measures
from ..frames.video import ClipInfo, VideoFile
from ..kinematics import measure_all
from ..library import digest, protocol
from ..plan.intake import Intake
from ..plan.phase import JudgedSet, starting_phase
from ..plan.weeks import first_weeks
from ..poses import Pose, PoseTrack, collect
from ..poses.backend import PoseBackend
from ..poses.smoothing import Smoothing
from ..reps.measure import hollow_curve, smoothed
from . import Audit, Check, Clip, MovementSeen, Provenance, ViewSeen
from .prepare import Prepared, check_clip, prepare, quality
from .session import Session

Progress = Callable[[float, float], None]


@dataclass(frozen=True, slots=True, eq=False)
class ClipRun:
    """What was seen of one clip.

    path    the video, None where poses were audited without one
    track   the poses as the model gave them
    curves  column of measures.csv -> (T,) corrected and smoothed without lag, NaN where not measurable
    """

    clip: Clip
    path: Path | None
    track: PoseTrack
    curves: dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class AuditRun:
    """An audit with what it was made from: its clips, in the order of `audit.clips`."""

    audit: Audit
    clips: list[ClipRun]


def audit_clip(
    path: str | Path,
    *,
    movement: str = "auto",
    side: str = "auto",
    intake: Intake | None = None,
    model: str = "full",
    progress: Progress | None = None,
) -> AuditRun:
    """Audits one recorded clip with the pose model `model` ("full" or "lite").

    `progress` is called with the seconds read and the seconds the clip promises.

    Raises:
        SourceError: the clip cannot be read.
        NothingToJudge: nobody in it, no repetitions, or a movement that cannot be told.
        BackendError: the pose model is missing or damaged.
    """
    clip = VideoFile(path)  # a clip that cannot be read says so before the model is loaded
    try:
        from ..poses.mediapipe import MediaPipeBackend  # slow to import, and not needed to replay poses
    except ImportError as error:
        raise BackendError(
            f"The pose model cannot start ({error}): on a bare Debian or Ubuntu server, "
            "apt-get install libegl1 libgles2 libgl1 libglib2.0-0."
        ) from error
    with MediaPipeBackend(model) as backend:
        track = find_poses(clip, backend, progress)
        return audit_poses(track, clip.info(), backend, movement=movement, side=side, intake=intake, path=clip.path)


def find_poses(clip: VideoFile, backend: PoseBackend, progress: Progress | None = None) -> PoseTrack:
    """Every frame of a clip through a backend, once."""

    def instants() -> Iterator[tuple[float, Pose | None]]:
        for frame in clip:
            if progress:
                progress(frame.t, clip.expected_s)
            yield frame.t, backend.detect(frame)

    return collect(instants(), clip.size)


def audit_poses(
    track: PoseTrack,
    info: ClipInfo,
    backend: PoseBackend,
    *,
    movement: str = "auto",
    side: str = "auto",
    intake: Intake | None = None,
    path: Path | None = None,
) -> AuditRun:
    """Audits poses that were found before; `info` describes the clip they came from, `path` is its video if it is here.

    Raises:
        NothingToJudge: nobody in it, no repetitions, or a movement that cannot be told.
    """
    prepared = prepare(track, movement, side)
    setting = prepared.setting
    session = Session(prepared.movement, setting, track.size, info.name)
    for t, pose in track:
        session.update(t, pose)
    reps = session.finish()
    if not any(rep.valid for rep in reps):
        reasons = "; ".join(sorted({rep.reason for rep in reps if rep.reason})) or "nothing like one was seen"
        raise NothingToJudge(
            f"No repetition of a {prepared.movement.name.lower()} counts in this clip ({reasons}): stand still for two "
            "seconds, then do three or more, the whole body in the picture."
        )
    checks = check_clip(track, info, prepared, reps)
    verdicts = judge(reps, prepared.movement.id, setting, quality(checks))
    measures = set_measures(reps, setting)
    judged = JudgedSet(prepared.movement.id, setting.side, setting.legs, verdicts, measures)
    found = [v for v in verdicts if isinstance(v, Finding)]
    start = starting_phase([judged], intake)
    clip = _clip(track, info, prepared, checks)
    audit = Audit(
        hipaudit_version=__version__,
        provenance=Provenance(backend.name, backend.sha256, digest(), str(Smoothing())),
        clips=[clip],
        movement=MovementSeen(
            prepared.movement.id, prepared.movement.name, setting.side, round(prepared.confidence, 2), prepared.given
        ),
        reps=reps,
        measures=measures,
        findings=found,
        passed=[v for v in verdicts if isinstance(v, Passed)],
        remarks=[v for v in verdicts if isinstance(v, Remark)],
        unassessed=[v for v in verdicts if isinstance(v, Unassessed)],
        tests=[],
        disagreements=[],
        starting_phase=start,
        first_weeks=first_weeks(start, found, intake),
        notice=list(protocol().safety),
    )
    curves = measure_all(smoothed(track, setting), setting, hollow_curve(track))
    return AuditRun(audit, [ClipRun(clip, path, track, curves)])


def _clip(track: PoseTrack, info: ClipInfo, prepared: Prepared, checks: list[Check]) -> Clip:
    view = prepared.setting.view
    return Clip(
        name=info.name,
        sha256=info.sha256,
        duration_s=info.duration_s,
        width=info.width,
        height=info.height,
        rotation_deg=info.rotation_deg,
        median_fps=info.median_fps,
        variable_frame_rate=info.variable_frame_rate,
        broken_off_s=info.broken_off_s,
        view=ViewSeen(view.facing, view.yaw_deg, view.roll_deg),
        person_found_share=float(track.found.mean()),
        checks=checks,
    )
