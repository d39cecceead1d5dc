"""The conductor of a batch: clips, then the screens of their clients, then what is said over all of them."""

import json
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from .. import __version__
from ..errors import OutputError
from ..files import placed, readable
from ..library import digest
from ..report import make_folder
from . import ClipJob, Job, Options, Outcome, Runner, page
from .jobs import RECEIPT, STOPPING, read_receipt
from .plan import Plan, plan_screens
from .rows import read_rows
from .tables import Repetitions, failures, summary, write_tables

LOCK = ".hipaudit.lock"
Progress = Callable[[Outcome], None]


@dataclass(slots=True)
class BatchRun:
    """What came of a batch.

    clips, screens  outcomes in the order of the jobs; of a job that was not begun, what an earlier run left of it
    left            jobs that were not begun, because the run was ended early
    stopped         why it was ended early, "" if it was not, or not by a failure
    skipped         path -> why it was left out
    strays          folders of results that are of no job of this run: a client or a clip was renamed or taken away
    """

    clips: list[Outcome] = field(default_factory=list)
    screens: list[Outcome] = field(default_factory=list)
    left: list[Job] = field(default_factory=list)
    stopped: str = ""
    skipped: dict[Path, str] = field(default_factory=dict)
    strays: list[Path] = field(default_factory=list)

    @property
    def not_reached(self) -> int:
        """How many clips were not begun."""
        return sum(isinstance(job, ClipJob) for job in self.left)

    def counts(self, outcomes: Iterable[Outcome]) -> dict[str, int]:
        """How many of these, of the jobs that were begun, were done, kept and failed."""
        left = {job.folder for job in self.left}
        states = [outcome.state for outcome in outcomes if outcome.job.folder not in left]
        return {state: states.count(state) for state in ("done", "kept", "failed")}

    @property
    def failed(self) -> list[Outcome]:
        """Outcomes of clips and screens that gave nothing."""
        return [outcome for outcome in (*self.clips, *self.screens) if outcome.failure]


def run_batch(plan: Plan, out: Path, runner: Runner, options: Options, progress: Progress = lambda _: None) -> BatchRun:
    """Does every job of a plan, and writes what is said over all clients into `out`.

    Raises:
        OutputError: `out` cannot be written to, or another run is writing to it.
    """
    make_folder(out)
    begun, clock = datetime.now(UTC), time.perf_counter()
    with _alone(out):
        done = BatchRun(skipped=plan.skipped)
        done.clips = _done(plan.jobs, runner, done, progress)
        screens = plan_screens(done.clips, out, options)
        done.screens = _done(screens, runner, done, progress)
        done.strays = _strays(out, done) if plan.whole else []
        worked = time.perf_counter() - clock
        _write_over_all(out, done)
        took = {"work": worked, "overview": time.perf_counter() - clock - worked}
        _write_run(out, done, runner, options, begun, took)
    return done


def _alone(out: Path) -> AbstractContextManager[object]:
    """The lock that keeps a second run out of a folder; it goes with the process, however that ends."""
    try:
        return FileLock(out / LOCK, timeout=0).acquire()
    except Timeout as error:
        why = f"Another run is writing to {out}: wait for it, or choose another place with --out."
        raise OutputError(why) from error
    except OSError as error:  # the lock of another user, say, in a folder that both may write to
        raise OutputError(f"Cannot lock {out} ({error.strerror}): choose another place with --out.") from error


def _done(jobs: Sequence[Job], runner: Runner, run: BatchRun, progress: Progress) -> list[Outcome]:
    """Outcomes of the jobs in their order; of those not reached, what an earlier run left of them."""
    came: dict[Path, Outcome] = {}
    for outcome in runner.run(jobs):
        came[outcome.job.folder] = outcome
        progress(outcome)
        if outcome.failure and outcome.failure.kind in STOPPING:
            run.stopped = outcome.failure.say
            runner.finish()
    left = [job for job in jobs if job.folder not in came]
    run.left += left
    came |= {job.folder: receipt.outcome(job, "kept") for job in left if (receipt := read_receipt(job.folder))}
    return [came[job.folder] for job in jobs if job.folder in came]


def _strays(out: Path, run: BatchRun) -> list[Path]:
    known = {job.folder for job in (*run.left, *(outcome.job for outcome in (*run.clips, *run.screens)))}
    return sorted(receipt.parent for receipt in out.rglob(RECEIPT) if receipt.parent not in known)


def _write_over_all(out: Path, run: BatchRun) -> None:
    """What is said over all clients; an audit is read once, and only its row and its numbers are kept."""
    rows, repetitions = [], Repetitions()
    for row, audit in read_rows(run.clips, run.screens, out):
        rows.append(row)
        if audit:
            repetitions.add(row, audit)
    write_tables(summary(rows), repetitions.frame(), failures(rows, run.screens), out)
    screens = sum(not outcome.failure for outcome in run.screens)
    with placed(out / "index.html") as part:
        part.write_text(page.content(rows, screens, run.not_reached), "utf-8")


def _write_run(
    out: Path, run: BatchRun, runner: Runner, options: Options, begun: datetime, took: dict[str, float]
) -> None:
    """run.json: what ran, on what, and where the time went."""
    both = [*run.clips, *run.screens]
    fresh = [outcome for outcome in both if outcome.state == "done"]
    stages: dict[str, float] = {}
    for outcome in fresh:
        for stage, spent in outcome.seconds.items():
            stages[stage] = round(stages.get(stage, 0.0) + spent, 3)
    said = {
        "schema": "hipaudit.run/1",
        "hipaudit_version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "rules_sha256": digest(),
        "options": asdict(options),
        "runner": type(runner).__name__,
        "workers": runner.workers,
        "begun": begun.isoformat(timespec="seconds"),
        "seconds": {part: round(s, 3) for part, s in took.items()},
        "stage_seconds": stages,
        "frames": sum(outcome.frames for outcome in fresh),
        "clips": run.counts(run.clips),
        "screens": run.counts(run.screens),
        "not_reached": run.not_reached,
        "stopped": run.stopped,
        "skipped": {readable(path): why for path, why in run.skipped.items()},
        "strays": [readable(folder.relative_to(out).as_posix()) for folder in run.strays],
    }
    with placed(out / "run.json") as part:
        part.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")
