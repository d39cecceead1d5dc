"""One job, done or found done: the one function that every worker runs.

A job is done when its receipt, written last, names the same clip bytes, options, rules, model and version. So a run
that was broken off anywhere goes on where it was, and nothing is done twice.
"""

import errno
import hashlib
import json
import os
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .. import __version__
from ..audit import Refused
from ..audit.run import combine, judge_clip, judge_found, judge_saved, named
from ..audit.screen import screen
from ..errors import BackendError, HipauditError, IntakeError, NothingToJudge, OutputError, SourceError
from ..files import placed, readable, sha256
from ..frames.video import recorded
from ..library import digest
from ..plan.intake import Intake, read_intake
from ..poses.models import MODELS
from ..poses.tracks import ClipPoses, load_poses
from ..report import (
    FORMATS,
    THUMBNAIL,
    ReportOptions,
    make_folder,
    poses_file,
    write_reports,
    write_screen_pages,
    write_thumbnail,
)
from ..report.video import video_file
from . import ClipJob, Failure, Job, Outcome, ScreenJob, State

RECEIPT = "job.json"
POSES = ".npz"  # a clip whose poses were found before
KINDS: dict[type[HipauditError], str] = {
    SourceError: "unreadable",
    NothingToJudge: "nothing to judge",
    IntakeError: "intake",
    OutputError: "output",
    BackendError: "model",
}
STOPPING = {"disk", "model"}  # whatever comes next would fail alike
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}  # what a disk says that takes no file, wherever on it
TRIES = 2  # of a job whose process dies or that takes too long
DIED = Failure("died", "The process that judged this clip died, twice: out of memory, or a damaged clip.")
LASTING = {"unreadable", "nothing to judge", "died", "too long"}  # the same clip will say it again: kept with a receipt
_WRITTEN = {form.file for form in FORMATS.values()} | {THUMBNAIL, "screen.json"}
_EXPORTED = ("landmarks.*", "angles.*")  # by `hipaudit export`, which would be slow to import here


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is kept of a job beside its files: enough to know it again, and to tell its outcome again.

    source  what the poses beside it were found in, and with: all that they depend on
    """

    key: str
    visit: str
    failure: Failure | None = None
    frames: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    source: str = ""

    def outcome(self, job: Job, state: State) -> Outcome:
        """The outcome of the job that this was kept of."""
        state = "failed" if self.failure else state
        return Outcome(job, state, self.failure, self.visit, self.frames, self.seconds, self.files)


_RECEIPT: TypeAdapter[Receipt] = TypeAdapter(Receipt)


def run_job(job: Job) -> Outcome:
    """Does a job unless it is done, and says what came of it; what its clip is to blame for is an outcome, no error."""
    try:
        key = job_key(job)
        kept = kept_receipt(job, key)
        if kept:
            return kept.outcome(job, "kept")
        made = _audit(job, key) if isinstance(job, ClipJob) else _screen(job, key)
        _sign(job.folder, made)
        return made.outcome(job, "done")
    except HipauditError as error:
        return failed(job, Failure(_kind(error), readable(error)))


def _kind(error: HipauditError) -> str:
    refused = error.__cause__ if isinstance(error, OutputError) else None
    return "disk" if isinstance(refused, OSError) and refused.errno in FULL else KINDS.get(type(error), "unexpected")


def failed(job: Job, failure: Failure) -> Outcome:
    """The outcome of a job that gave nothing; one that would fail again the same way is remembered as such."""
    outcome = Outcome(job, "failed", failure, job.visit if isinstance(job, ScreenJob) else job.group)
    try:
        made = Receipt(job_key(job), visit_of(job), failure)
        if failure.kind in LASTING:
            _begin(job.folder)
            _sign(job.folder, made)
        return made.outcome(job, "failed")
    except HipauditError:  # what cannot be named or written down is told all the same, and tried again
        return outcome


def too_long(limit_s: float) -> Failure:
    """Of a job that was ended after `limit_s`, as often as it may be tried."""
    return Failure("too long", f"Not done after {limit_s:g} s, twice: cut the clip, or raise --time-limit.")


def unexpected(error: BaseException) -> Failure:
    """Of a job that ended in an error that is no clip's fault."""
    return Failure("unexpected", f"hipaudit itself failed ({type(error).__name__}: {error}): please report this.")


def kept_receipt(job: Job, key: str) -> Receipt | None:
    """The receipt of an earlier run that makes doing the job again needless."""
    receipt = read_receipt(job.folder)
    options = job.options
    if receipt is None or receipt.key != key or options.force or (receipt.failure and options.retry_failed):
        return None
    return receipt if all((job.folder / file).is_file() for file in receipt.files) else None


def fate(job: Job) -> str:
    """What a run would do with a job, in a word or two."""
    try:
        kept = kept_receipt(job, job_key(job))
    except HipauditError:
        return "cannot be done"
    if kept is None:
        return "to do again" if read_receipt(job.folder) else "to do"
    return "failed before" if kept.failure else "done"


def read_receipt(folder: Path) -> Receipt | None:
    """The receipt in a job's folder, None where there is none or it is of another version."""
    try:
        return _RECEIPT.validate_json((folder / RECEIPT).read_bytes())
    except (OSError, ValidationError):
        return None


def job_key(job: Job) -> str:
    """Names everything that a job's result depends on.

    Raises:
        SourceError: a clip cannot be read.
        IntakeError: the intake file is wrong.
    """
    intake = _told(job).model_dump() if job.intake else None
    common = [job.client, job.options.blur_faces, job.options.video, intake, digest(), __version__]
    if isinstance(job, ScreenJob):
        clips = [(clip.clip.name, receipt.key) for clip in job.clips if (receipt := read_receipt(clip.folder))]
        refused = [(path.name, say) for path, say in job.refused]
        return _digest([job.visit, clips, refused, *common])
    return _digest([_source(job), job.movement, job.side, job.view, job.group, *common])


def _source(job: ClipJob) -> str:
    """Names everything that the poses of a clip depend on."""
    return _digest([_clip_digest(job.clip), MODELS[job.options.model].sha256, __version__])


def _clip_digest(clip: Path) -> str:
    try:
        if clip.exists() and not clip.is_file():  # a pipe would be waited for without end
            raise SourceError(f"{clip} is not a file: name the video itself.")
        return sha256(clip)
    except OSError as error:
        raise SourceError(f"{clip} cannot be read ({error.strerror}): check the path and its rights.") from error


def _digest(parts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def visit_of(job: Job) -> str:
    """What the client's clips are grouped by: the manifest's group, else the day on which the clip was recorded."""
    if isinstance(job, ScreenJob):
        return job.visit
    if job.group:
        return job.group
    at = None if job.clip.suffix == POSES else recorded(job.clip)
    return (at or datetime.fromtimestamp(job.clip.stat().st_mtime, UTC)).astimezone().date().isoformat()


def _told(job: Job) -> Intake:
    return read_intake(job.intake) if job.intake else Intake()


def _audit(job: ClipJob, key: str) -> Receipt:
    told, visit = _told(job), visit_of(job)
    begun, source = time.perf_counter(), _source(job)
    if job.clip.suffix == POSES:
        judged = judge_saved(job.clip, movement=job.movement, side=job.side)
    elif before := _seen_before(job, source):
        judged = judge_found(before, movement=job.movement, side=job.side, path=job.clip)
    else:
        judged = judge_clip(job.clip, movement=job.movement, side=job.side, model=job.options.model)
    seen = time.perf_counter()
    run = combine([judged], told)
    _begin(job.folder)
    files = write_reports(run, job.folder, options=ReportOptions(job.options.blur_faces, job.options.video))
    files += write_thumbnail(run, job.folder, job.options.blur_faces)
    seconds = {"see": round(seen - begun, 3), "write": round(time.perf_counter() - seen, 3)}
    return Receipt(key, visit, None, len(judged.seen.track), seconds, tuple(file.name for file in files), source)


def _seen_before(job: ClipJob, source: str) -> ClipPoses | None:
    """The poses of this clip if the job's folder holds them: told something else, it need not be looked at again."""
    before = read_receipt(job.folder)
    if before is None or before.source != source or job.options.force:
        return None
    try:
        poses = load_poses(job.folder / poses_file(1))
    except SourceError:  # gone or damaged, which is not the clip's fault: it is looked at again
        return None
    return replace(poses, info=replace(poses.info, name=readable(job.clip.name)))


def _screen(job: ScreenJob, key: str) -> Receipt:
    begun = time.perf_counter()
    names = named([*(clip.clip for clip in job.clips), *(path for path, _ in job.refused)])
    judged = [
        judge_saved(
            clip.folder / poses_file(1),
            movement=clip.movement,
            side=clip.side,
            name=names[clip.clip],
            path=None if clip.clip.suffix == POSES else clip.clip,
        )
        for clip in job.clips
    ]
    run = screen(judged, [Refused(names[path], say) for path, say in job.refused], _told(job))
    _begin(job.folder)
    videos = {names[clip.clip]: clip.folder / video_file(1) for clip in job.clips}
    beside = {name: Path(os.path.relpath(video, job.folder)).as_posix() for name, video in videos.items()}
    shown = {name: beside[name] for name, video in videos.items() if job.options.video and video.is_file()}
    files = write_screen_pages(run, job.folder, shown, job.options.blur_faces)
    seconds = {"screen": round(time.perf_counter() - begun, 3)}
    return Receipt(key, job.visit, None, 0, seconds, tuple(file.name for file in files))


def _begin(folder: Path) -> None:
    """A folder that is about to change has no receipt: broken off from here on, its job is not done."""
    make_folder(folder)
    _take_away([folder / RECEIPT, *folder.glob(".*.part")])


def _sign(folder: Path, made: Receipt) -> None:
    """Closes a job: takes away what its folder holds of an earlier result that is no part of this one, and signs."""
    exported = [file for names in _EXPORTED for file in folder.glob(names)]
    _take_away([*exported, *(folder / stale for stale in _WRITTEN - set(made.files))])
    with placed(folder / RECEIPT) as part:
        part.write_bytes(_RECEIPT.dump_json(made, indent=1) + b"\n")


def _take_away(files: list[Path]) -> None:
    try:
        for file in files:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot take {error.filename} away: {error.strerror}. Is it open somewhere?") from error
