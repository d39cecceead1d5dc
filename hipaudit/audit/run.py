"""Clips in, an audit out: frames, poses, preparation, the session, the rules, the starting phase.

run = audit_clip("squat.mp4")
run.audit.findings
"""

import os
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..errors import BackendError, NothingToJudge
from ..files import readable
from ..findings import Finding, FunctionalTest, Passed, Remark, Unassessed
from ..findings.rules import Quality, judge, set_measures
from ..findings.tests import counted_test, held_test
from ..frames.ahead import ahead
from ..frames.video import ClipInfo, VideoFile
from ..kinematics import Setting, depth, measure_all
from ..library import digest, protocol
from ..plan.intake import Intake, with_seen
from ..plan.phase import JudgedSet, starting_phase
from ..plan.weeks import first_weeks
from ..poses import Pose, PoseTrack, collect
from ..poses.backend import PoseBackend
from ..poses.outline import SideWatch
from ..poses.replay import ReplayBackend
from ..poses.smoothing import Smoothing
from ..poses.tracks import ClipPoses, load_poses
from ..reps import Rep
from ..reps.chair import count_stands
from ..reps.measure import hollow_curve, smoothed
from . import Audit, Check, Clip, MovementSeen, Provenance, ViewSeen
from .merge import merge
from .prepare import Prepared, check_clip, prepare, quality
from .seen import AuditRun, ClipRun, JudgedClip
from .session import Session

__all__ = [
    "AuditRun",
    "ClipRun",
    "audit_clip",
    "audit_clips",
    "audit_files",
    "audit_poses",
    "combine",
    "find_poses",
    "judge_clip",
]

Progress = Callable[[str, float, float], None]  # clip, seconds read, seconds it promises


def audit_clip(
    path: str | Path,
    *,
    movement: str = "auto",
    side: str = "auto",
    intake: Intake | None = None,
    model: str = "full",
    progress: Progress | None = None,
) -> AuditRun:
    """Audits one recorded clip; see `audit_clips`."""
    return audit_clips([path], movement=movement, side=side, intake=intake, model=model, progress=progress)


def audit_clips(
    paths: Iterable[str | Path],
    *,
    movement: str = "auto",
    side: str = "auto",
    intake: Intake | None = None,
    model: str = "full",
    progress: Progress | None = None,
) -> AuditRun:
    """Audits clips of one movement and side, say from the front and from the side, with the pose model `model`.

    `progress` is called with the clip's name, the seconds read and the seconds the clip promises.

    Raises:
        SourceError: a clip cannot be read.
        NothingToJudge: nobody in one, no repetitions, a movement that cannot be told, or clips of different movements.
        BackendError: the pose model is missing or damaged.
    """
    files = named(paths)
    clips = []
    for path, name in files.items():
        try:
            clips.append(judge_clip(path, movement=movement, side=side, model=model, progress=progress, name=name))
        except NothingToJudge as error:
            raise (NothingToJudge(f"{name}: {error}") if len(files) > 1 else error) from None
    return _together(clips, intake)


def audit_files(
    files: Sequence[ClipPoses],
    *,
    movement: str = "auto",
    side: str = "auto",
    view: str = "auto",
    intake: Intake | None = None,
) -> AuditRun:
    """Audits poses from files, hipaudit's own or another program's, of clips of one movement and side.

    `view` is where the camera stood, for poses without depth: "front", "back", or the person's "left" or "right".

    Raises:
        NothingToJudge: as `audit_clips`; or the view must be named, or is another one.
    """
    clips = []
    for poses in files:
        try:
            clips.append(judge_found(poses, movement=movement, side=side, view=view))
        except NothingToJudge as error:
            raise (NothingToJudge(f"{poses.info.name}: {error}") if len(files) > 1 else error) from None
    return _together(clips, intake)


def _together(clips: Sequence[JudgedClip], intake: Intake | None) -> AuditRun:
    """One audit of clips that must show the same movement and side."""
    kinds = dict.fromkeys((c.movement.title, c.movement.side) for c in clips)
    if len(kinds) > 1:
        said = ", ".join(title if side == "both" else f"{title} {side}" for title, side in kinds)
        raise NothingToJudge(
            f"These clips show different movements or sides ({said}): audit them one by one, or together with "
            "`hipaudit screen`."
        )
    return combine(clips, intake)


def named(paths: Iterable[str | Path]) -> dict[Path, str]:
    """Each clip once, with a name that tells it from the others: more of its path where file names are the same.

    A file that is named in two ways, through a link say, is one clip.
    """
    once: dict[str, Path] = {}
    for path in map(Path, paths):
        once.setdefault(os.path.realpath(path), path.absolute())  # a loop of links is told when it is opened
    files = list(once.values())
    names = [readable(file.name) for file in files]
    deep = 1
    while len(set(names)) < len(names):
        deep += 1
        names = [readable("/".join(file.parts[-deep:])) for file in files]
    return dict(zip(files, names, strict=True))


def judge_clip(
    path: str | Path,
    *,
    movement: str = "auto",
    side: str = "auto",
    model: str = "full",
    progress: Progress | None = None,
    name: str | None = None,
) -> JudgedClip:
    """One recorded clip judged by itself, under `name` if it is not the file's. Raises as `audit_clips` does."""
    clip = VideoFile(path, name)  # a clip that cannot be read says so before the model is loaded
    track, backend = find_poses(clip, open_model(model), progress)
    return judge_poses(track, clip.info(), backend, movement=movement, side=side, path=clip.path)


def open_model(model: str) -> Callable[[bool], PoseBackend]:
    """What opens the pose model `model`, with or without the person's mask.

    Raises:
        BackendError: MediaPipe cannot be loaded.
    """
    try:
        from ..poses.mediapipe import MediaPipeBackend  # slow to import, and not needed to replay poses
    except ImportError as error:
        raise BackendError(
            f"The pose model cannot start ({error}): on a bare Debian or Ubuntu server, "
            "apt-get install libegl1 libgles2 libgl1 libglib2.0-0."
        ) from error
    return partial(MediaPipeBackend, model)


def judge_saved(
    file: Path, *, movement: str = "auto", side: str = "auto", path: Path | None = None, name: str | None = None
) -> JudgedClip:
    """The clip of saved poses judged by itself; `path` is its video if it is at hand. Raises as `audit_clips` does."""
    poses = load_poses(file)
    poses = replace(poses, info=replace(poses.info, name=name or poses.info.name))
    return judge_found(poses, movement=movement, side=side, path=path)


def judge_found(
    poses: ClipPoses, *, movement: str = "auto", side: str = "auto", view: str = "auto", path: Path | None = None
) -> JudgedClip:
    """Poses and their clip's description judged by themselves. Raises as `audit_files` does."""
    replay = ReplayBackend(poses.track, poses.model, poses.model_sha256)
    return judge_poses(
        poses.track, poses.info, replay, movement=movement, side=side, path=path, view=view, own=poses.own
    )


def find_poses(
    clip: VideoFile, opened: Callable[[bool], PoseBackend], progress: Progress | None = None
) -> tuple[PoseTrack, PoseBackend]:
    """Every frame of a clip through a backend, and the backend that was used, closed again.

    `opened` opens one with or without the person's mask. Masks cost a third of the time and only a view from the side
    needs them, so a clip is begun without; one that proves to be filmed from the side is begun again with them, and
    its poses are those of masks from the first frame on.
    """
    watch = SideWatch()
    with opened(False) as backend, closing(_instants(clip, backend, progress)) as instants:
        track = collect(watch.until_shown(instants), clip.size)
    if not watch.shown:
        return track, backend
    with opened(True) as backend, closing(_instants(clip, backend, progress)) as instants:
        return collect(instants, clip.size), backend


def _instants(clip: VideoFile, backend: PoseBackend, progress: Progress | None) -> Generator[tuple[float, Pose | None]]:
    with closing(ahead(clip)) as frames:
        for frame in frames:
            if progress:
                progress(clip.name, frame.t, clip.expected_s)
            yield frame.t, backend.detect(frame)


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
    return combine([judge_poses(track, info, backend, movement=movement, side=side, path=path)], intake)


def judge_poses(
    track: PoseTrack,
    info: ClipInfo,
    backend: PoseBackend,
    *,
    movement: str = "auto",
    side: str = "auto",
    path: Path | None = None,
    view: str = "auto",
    own: bool = True,
) -> JudgedClip:
    """The repetitions of one clip's poses, and every rule held against them. Raises as `audit_poses` does.

    `view` names where the camera stood for poses that cannot show it; poses that are not hipaudit's `own` are judged
    with low confidence.
    """
    prepared = prepare(track, movement, side, view)
    setting = prepared.setting
    session = Session(prepared.movement, setting, track.size, info.name)
    for t, pose in track:
        session.update(t, pose)
    reps = session.finish()
    if not any(rep.valid for rep in reps):
        reasons = "; ".join(sorted({rep.reason for rep in reps if rep.reason})) or "nothing like one was seen"
        if setting.view.facing == "oblique":  # then one leg hides the other
            reasons += "; the camera seems to stand at an angle, not square to the front or the side"
        raise NothingToJudge(
            f"No repetition of a {prepared.movement.name.lower()} counts in this clip ({reasons}). "
            f"{prepared.movement.film}"
        )
    checks = check_clip(track, info, prepared, reps, own)
    curves = _curves(track, setting)
    left = quality(checks)
    tests = functional_tests(track, reps, prepared, left)
    chair = prepared.movement.chair if any(isinstance(t, FunctionalTest) for t in tests) else None
    silenced = chair.silences if chair else ()
    seen = MovementSeen(
        prepared.movement.id,
        prepared.movement.name,
        setting.side,
        round(prepared.confidence, 2),
        prepared.given,
        prepared.movement.validated,
    )
    return JudgedClip(
        movement=seen,
        legs=setting.legs,
        provenance=Provenance(backend.name, backend.sha256, digest(), str(Smoothing())),
        seen=ClipRun(_clip(track, info, prepared, checks), path, track, curves, own),
        reps=reps,
        verdicts=[
            *judge(reps, prepared.movement.id, setting, left, silenced),
            *(t for t in tests if isinstance(t, Unassessed)),
        ],
        measures=set_measures(reps, setting),
        tests=[t for t in tests if isinstance(t, FunctionalTest)],
    )


def measured(track: PoseTrack, movement: str, side: str, view: str) -> dict[str, NDArray[np.float64]]:
    """The curves of poses that were audited before, of what was found or told then: `ClipRun.curves`.

    Raises:
        NothingToJudge: these poses show no such movement.
    """
    return _curves(track, prepare(track, movement, side, view).setting)


def _curves(track: PoseTrack, setting: Setting) -> dict[str, NDArray[np.float64]]:
    return measure_all(smoothed(track, setting), setting, hollow_curve(track))


def combine(clips: Sequence[JudgedClip], intake: Intake | None = None) -> AuditRun:
    """One audit of clips that show the same movement on the same side."""
    first, together = clips[0], merge(clips)
    judged = JudgedSet(first.movement.name, first.movement.side, first.legs, together.verdicts, together.measures)
    found = [v for v in together.verdicts if isinstance(v, Finding)]
    tests = [test for clip in clips for test in clip.tests]
    told = with_seen(intake or Intake(), tests)
    start = starting_phase([judged], told)
    audit = Audit(
        hipaudit_version=__version__,
        provenance=first.provenance,
        clips=[clip.seen.clip for clip in clips],
        movement=min((clip.movement for clip in clips), key=lambda seen: seen.confidence),
        reps=[rep for clip in clips for rep in clip.reps],
        measures=together.measures,
        findings=found,
        passed=[v for v in together.verdicts if isinstance(v, Passed)],
        remarks=[v for v in together.verdicts if isinstance(v, Remark)],
        unassessed=[v for v in (*together.verdicts, judged.scored) if isinstance(v, Unassessed)],
        tests=tests,
        quality=judged.quality,
        disagreements=together.disagreements,
        starting_phase=start,
        first_weeks=first_weeks(start, found, told),
        notice=list(protocol().safety),
    )
    return AuditRun(audit, [clip.seen for clip in clips])


def functional_tests(
    track: PoseTrack, reps: Sequence[Rep], prepared: Prepared, left: Quality
) -> list[FunctionalTest | Unassessed]:
    """What the clip shows of a functional test: of one that is timed and whose time is not up, why not."""
    movement, setting = prepared.movement, prepared.setting
    held = held_test(reps, movement, left)
    if held is not None:
        return [held]
    seats = [rep.depth for rep in reps if rep.valid and rep.depth is not None]
    if movement.chair is None or not seats:
        return []
    lowered = depth(smoothed(track, setting), setting)
    count = count_stands(track.t, lowered, float(np.median(seats)), movement.chair)
    counted = counted_test(count, movement, reps[0].clip, left) if count else None
    return [counted] if counted else []


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
        view=ViewSeen(view.facing, view.yaw_deg, view.roll_deg, view.told),
        person_found_share=float(track.found.mean()),
        checks=checks,
    )
