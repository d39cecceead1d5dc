"""hipaudit batch: a clinic's folder of client videos."""

import json
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import HipauditError, OutputError, SourceError
from . import EXIT, app, fail
from .audit import Model
from .results import open_page, results_folder

if TYPE_CHECKING:
    from types import FrameType

    from ..batch import Outcome, Runner
    from ..batch.plan import Plan
    from ..batch.run import BatchRun

SOME_FAILED = 5


class Show(StrEnum):
    """How a run tells of itself while it goes on."""

    BAR = "bar"
    QUIET = "quiet"
    LINES = "jsonl"


@app.command()
def batch(
    source: Annotated[
        Path,
        typer.Argument(help="A folder with a sub-folder for each client, or a manifest (CSV).", show_default=False),
    ],
    out: Annotated[Path, typer.Option(help="Folder for the results.", show_default=False)],
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, help="Processes at once; as many as cores and memory allow if not given.", show_default=False
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(help="Run on a Dask cluster: its address (tcp://…), or local.", show_default=False),
    ] = None,
    client: Annotated[
        str,
        typer.Option(help="How a clip's client is known: folder, or a pattern such as '{client}_*'."),
    ] = "folder",
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only the first clips, for a trial.", show_default=False)
    ] = None,
    time_limit: Annotated[float, typer.Option(min=1, help="Seconds that one clip may take.")] = 900.0,
    force: Annotated[bool, typer.Option("--force", help="Do again what is done.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try again clips that failed before, unchanged.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    model: Annotated[Model, typer.Option(help="Pose model; see hipaudit models list.")] = Model.FULL,
    blur_faces: Annotated[
        bool, typer.Option("--blur-faces", help="Hide the person's head in every picture and video written.")
    ] = False,
    no_video: Annotated[bool, typer.Option("--no-video", help="Write no annotated videos.")] = False,
    show: Annotated[
        Show, typer.Option(help="bar; quiet: only the closing line; jsonl: a line of JSON for each clip, on stdout.")
    ] = Show.BAR,
    open_: Annotated[bool, typer.Option("--open", help="Open the overview in the browser.")] = False,
) -> None:
    """Audit a folder of client videos: a report for each clip, a screen for each client, one overview of all.

    What is done is not done again: broken off, it goes on where it was. Ctrl-C once finishes the clips under way, twice
    stops at once.

    Examples: hipaudit batch clients/ --out audits
              hipaudit batch clients.csv --out audits --workers 4 --no-video
    """
    from ..batch import Options
    from ..batch.plan import plan_folder, plan_manifest
    from ..batch.run import run_batch

    options = Options(model.value, blur_faces, not no_video, force, retry_failed)
    source, out = source.absolute(), out.absolute()
    try:
        if not source.exists():
            raise SourceError(f"{source} does not exist: name the clients' folder, or a manifest.")
        plan = plan_folder(source, out, options, client) if source.is_dir() else plan_manifest(source, out, options)
        plan = replace(plan, jobs=plan.jobs[:limit], whole=limit is None)
        if dry_run:
            print_plan(plan)
            return
        running = _runner(dask, workers, time_limit)
        with results_folder(out), running as runner, _ends_on_ctrl_c(runner), _told(show, plan) as told:
            run = run_batch(plan, out, runner, options, told)
    except HipauditError as error:
        raise fail(error) from None
    if show is not Show.LINES:
        print(closing(run))
        print(f"Overview: {out / 'index.html'}")
    if show is Show.BAR and run.strays:
        print(strays(run.strays, out), file=sys.stderr)
    if open_:
        open_page(out / "index.html")
    if run.stopped:
        print(f"hipaudit: Ended early: {run.stopped}", file=sys.stderr)
        raise typer.Exit(EXIT[OutputError])
    if run.left:
        print("hipaudit: Ended early: the same command goes on from here.", file=sys.stderr)
        raise typer.Exit(130)
    if run.failed:
        raise typer.Exit(SOME_FAILED)


@contextmanager
def _runner(dask: str | None, workers: int | None, time_limit: float) -> Iterator["Runner"]:
    """The runner that was asked for, its workers given back in the end."""
    from ..batch.local import LocalPool, worker_count

    if dask == "":
        raise typer.BadParameter("--dask wants the address of a cluster (tcp://HOST:8786), or local.")
    if dask not in (None, "local") and workers:
        raise typer.BadParameter("A cluster has the workers it has: leave --workers out, or say --dask local.")
    count = workers or worker_count()
    runner: Runner = _dask(dask, count, time_limit) if dask else LocalPool(count, time_limit)
    try:
        yield runner
    finally:
        runner.close()


def _dask(where: str, workers: int, time_limit: float) -> "Runner":
    from ..batch.dask import DaskRunner  # an extra: imported only by who asks for it

    return DaskRunner(where, workers, time_limit)


@contextmanager
def _ends_on_ctrl_c(runner: "Runner") -> Iterator[None]:
    """Ctrl-C once begins no further clip; twice is the usual one."""

    def first(number: int, frame: "FrameType | None") -> None:
        signal.signal(signal.SIGINT, before)
        print("hipaudit: Finishing the clips under way; Ctrl-C again stops at once.", file=sys.stderr)
        runner.finish()

    before = signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _told(show: Show, plan: "Plan") -> Iterator["Callable[[Outcome], None]"]:
    """What is told of each outcome as it comes."""
    if show is Show.QUIET:
        yield lambda _: None
    elif show is Show.LINES:
        yield lambda outcome: print(json.dumps(as_data(outcome), ensure_ascii=False), flush=True)
    else:
        print(f"{clips_in_words(len(plan.jobs))}; a client is known by {plan.clients}.", file=sys.stderr)
        for path, why in plan.skipped.items():
            print(f"Left out: {path} ({why}).", file=sys.stderr)
        from .progress import batch_progress

        with batch_progress(len(plan.jobs)) as advance:
            yield advance


def as_data(outcome: "Outcome") -> dict[str, object]:
    """An outcome as a line of JSON."""
    from ..batch import ClipJob

    job = outcome.job
    return {
        "client": job.client,
        "clip": str(job.clip) if isinstance(job, ClipJob) else None,
        "visit": outcome.visit,
        "state": outcome.state,
        "why": asdict(outcome.failure) if outcome.failure else None,
        "frames": outcome.frames,
        "seconds": outcome.seconds,
        "folder": str(job.folder),
    }


def clips_in_words(many: int) -> str:
    """A number of clips, in words."""
    return f"{many} clip{'s' * (many != 1)}"


def print_plan(plan: "Plan") -> None:
    """What a run would do with each clip."""
    from ..batch.jobs import fate

    print(f"A client is known by {plan.clients}.")
    fates = Counter[str]()
    for job in plan.jobs:
        what = fate(job)
        fates[what] += 1
        print(f"{what:<14} {job.client}: {job.clip}")
    for path, why in plan.skipped.items():
        print(f"{'left out':<14} {path}: {why}")
    print(f"{clips_in_words(len(plan.jobs))}: {', '.join(f'{n} {what}' for what, n in fates.items())}.")


def closing(run: "BatchRun") -> str:
    """The whole run in one line."""
    clips, screens = run.counts(run.clips), run.counts(run.screens)
    many = sum(clips.values()) + run.not_reached
    left = f", {run.not_reached} not reached" if run.not_reached else ""
    made = screens["done"] + screens["kept"]
    told = f"; {made} screen{'s' * (made != 1)} of clients" if sum(screens.values()) else ""
    told += f", {screens['failed']} failed" if screens["failed"] else ""
    done = f"{clips['done']} done, {clips['kept']} done before, {clips['failed']} failed"
    return f"{clips_in_words(many)}: {done}{left}{told}."


def strays(folders: Sequence[Path], out: Path) -> str:
    """What is said of results that are of no clip of this run."""
    named = ", ".join(str(folder.relative_to(out)) for folder in folders[:3]) + ", ..." * (len(folders) > 3)
    return (
        f"hipaudit: Results of earlier runs lie in {out} and are not in the overview ({len(folders)}: {named}): their "
        "clips were renamed, moved or left out this time. Delete what is not wanted."
    )
