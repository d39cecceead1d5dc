"""hipaudit audit: one movement, from one clip or several, to a report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import HipauditError
from . import app, fail

if TYPE_CHECKING:
    from ..audit import Audit


class MovementName(StrEnum):
    """What may be given for --movement; a test holds it to the library."""

    AUTO = "auto"
    LATERAL_STEP_DOWN = "lateral_step_down"
    SIT_TO_STAND = "sit_to_stand"
    SINGLE_LEG_RDL = "single_leg_rdl"
    SINGLE_LEG_SQUAT = "single_leg_squat"
    SQUAT = "squat"


class Side(StrEnum):
    """What may be given for --side."""

    AUTO = "auto"
    LEFT = "left"
    RIGHT = "right"


class Model(StrEnum):
    """What may be given for --model."""

    FULL = "full"
    LITE = "lite"
    HEAVY = "heavy"


@app.command()
def audit(
    clips: Annotated[
        list[Path],
        typer.Argument(
            help="The video file; several if they show one movement from different sides.", show_default=False
        ),
    ],
    movement: Annotated[
        MovementName, typer.Option(help="The movement, if it is not to be recognised.")
    ] = MovementName.AUTO,
    side: Annotated[Side, typer.Option(help="The standing leg (the person's own left or right).")] = Side.AUTO,
    intake: Annotated[
        Path | None, typer.Option(help="Answers and test results of the person, TOML or JSON.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results. [default: CLIP_audit beside the first clip]", show_default=False),
    ] = None,
    model: Annotated[
        Model,
        typer.Option(help="Pose model; lite is faster and reads knees about 5° less inward. See hipaudit models list."),
    ] = Model.FULL,
    blur_faces: Annotated[
        bool,
        typer.Option(
            "--blur-faces",
            help="Hide the person's head in every picture and video written; other people in the clip keep theirs.",
        ),
    ] = False,
    no_video: Annotated[bool, typer.Option("--no-video", help="Write no annotated video.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the audit as JSON instead of the summary.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the report in the browser.")] = False,
) -> None:
    """Audit one movement: writes audit.json, measures.csv, annotated.mp4 and report.html, and prints a summary.

    Examples: hipaudit audit step_down.mp4 --intake anna.toml --open
              hipaudit audit squat_front.mp4 squat_side.mp4
    """
    from ..audit.codec import to_json
    from ..audit.run import audit_clips
    from ..plan.intake import read_intake
    from ..report import ReportOptions, make_folder, write_reports

    first = clips[0].absolute()
    folder = out or first.parent / f"{first.stem}_audit"
    new = False
    try:
        told = read_intake(intake) if intake else None
        if first.is_file():  # else the clip is what is wrong
            new = make_folder(folder)
        with clip_progress() as advance:
            run = audit_clips(clips, movement=movement, side=side, intake=told, model=model, progress=advance)
        options = ReportOptions(blur_faces=blur_faces, video=not no_video)
        with clip_progress("Drawing the video of") as advance:
            written = write_reports(run, folder, options=options, progress=advance)
    except HipauditError as error:
        if new and not any(folder.iterdir()):
            folder.rmdir()
        raise fail(error) from None
    if json:
        print(to_json(run.audit))
    else:
        _summary(run.audit, written)
    if open_:
        typer.launch(str(written[-1].resolve()))


@contextmanager
def clip_progress(doing: str = "Reading") -> Iterator[Callable[[str, float, float], None]]:
    """A bar on stderr that follows the clip's own clock; nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[at]}"), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(doing, total=None, at="")

        def advance(name: str, t: float, of: float) -> None:
            at = f"{t:.0f} of {of:.0f} s" if of else f"{t:.0f} s"
            progress.update(task, description=f"{doing} {escape(name)}", completed=t, total=of or None, at=at)

        yield advance


def _summary(audit: "Audit", written: list[Path]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from ..findings import ON_SCREEN
    from ..report.words import FACES, counted, headline

    console = Console(highlight=False)
    movement = audit.movement
    leg = "" if movement.side == "both" else f", {movement.side} leg"
    console.print(
        f"[bold]{movement.title}{leg}[/bold] · {counted(audit)} · "
        + ", ".join(f"filmed {FACES[clip.view.facing]} · {escape(clip.name)}" for clip in audit.clips)
    )
    for clip in audit.clips:
        if clip.broken_off_s is not None:
            console.print(
                f"[yellow]{escape(clip.name)} breaks off after {clip.broken_off_s:.1f} s; "
                "it was audited up to there.[/yellow]"
            )
    console.print(f"\n{headline(audit)}\n")
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for found in audit.findings:
        table.add_row(
            f"[bold]{ON_SCREEN[found.severity]}[/bold]", f"{found.say} [dim]Confidence: {found.confidence}.[/dim]"
        )
    for passed in audit.passed:
        table.add_row("[dim]inside[/dim]", f"[dim]{passed.say} Confidence: {passed.confidence}.[/dim]")
    for remark in audit.remarks:
        table.add_row("[dim]remark[/dim]", f"[dim]{remark.say}[/dim]")
    for unknown in audit.unassessed:
        table.add_row("[dim]not judged[/dim]", f"[dim]{unknown.title}: {unknown.say}[/dim]")
    console.print(table)
    rejected = [rep for rep in audit.reps if not rep.valid]
    if rejected:
        console.print(
            "\nNot counted: " + "; ".join(f"the movement at {rep.t_turn:.1f} s ({rep.reason})" for rep in rejected)
        )
    for say in dict.fromkeys(check.say for clip in audit.clips for check in clip.checks if not check.passed):
        console.print(f"[yellow]Filming:[/yellow] {say}")
    for disagreement in audit.disagreements:
        console.print(f"[yellow]Clips differ:[/yellow] {escape(disagreement)}")
    start = audit.starting_phase
    if start.phase:
        console.print(
            f"\n[bold]Start: phase {start.phase}{' at most' if start.provisional else ''}, {start.name}[/bold]"
        )
    reasons = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    reasons.add_column(no_wrap=True)
    reasons.add_column()
    for cap in start.caps:
        reasons.add_row(f"[dim]phase {cap.cap} at most[/dim]" if cap.cap else "[bold]no programme[/bold]", cap.say)
    if start.missing:
        reasons.add_row("[dim]still missing[/dim]", f"[dim]{'; '.join(start.missing)}[/dim]")
    console.print(reasons)
    console.print(f"\n[dim]{' '.join(audit.notice)}[/dim]")
    console.print(f"\nReport: {escape(str(written[-1]))}")
    for video in (file for file in written if file.suffix == ".mp4"):
        console.print(f"Video:  {escape(str(video))}")
