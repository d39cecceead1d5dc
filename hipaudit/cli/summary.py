"""What the terminal says of an audit and of a screen."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..findings import ON_SCREEN, Finding, Passed, Unassessed
from ..report.words import FACES, counted, headline, page_headline, standing

if TYPE_CHECKING:
    from ..audit import Audit, Screen
    from ..findings import Verdict
    from ..plan import FirstWeeks, StartingPhase


def print_audit(audit: "Audit", written: list[Path]) -> None:
    """The whole audit in a screenful."""
    console = Console(highlight=False)
    if not audit.starting_phase.phase:
        _referral(audit.starting_phase, audit.notice, written, console)
        return
    _heading(audit, console)
    console.print(f"\n{headline(audit)}\n")
    _verdicts(audit, console)
    _filming(audit, console)
    _start(audit.starting_phase, [audit], "; ".join(audit.starting_phase.missing), console)
    _first_weeks(audit.first_weeks, console)
    _close(audit.notice, written, console)


def print_screen(screen: "Screen", written: list[Path]) -> None:
    """What was seen in each movement, both sides compared, and the one start from all of it."""
    console = Console(highlight=False)
    if not screen.starting_phase.phase:
        _referral(screen.starting_phase, screen.notice, written, console)
        return
    console.print(f"{page_headline(screen.audits, screen.starting_phase)}\n")
    for audit in screen.audits:
        _heading(audit, console)
        _verdicts(audit, console)
        _filming(audit, console)
        console.print()
    if screen.between_sides:
        console.print("[bold]Left against right[/bold]")
        console.print(_table(map(_row, screen.between_sides)))
    if screen.disagreements or screen.refused:
        console.print()
    for line in screen.disagreements:
        console.print(f"[yellow]Told otherwise than filmed:[/yellow] {escape(line)}")
    for clip in screen.refused:
        console.print(f"[yellow]Not judged:[/yellow] {escape(clip.say)}")
    _start(screen.starting_phase, screen.audits, "", console)
    missing = ((f"{part.what[0].upper()}{part.what[1:]}.", part.how) for part in screen.missing)
    console.print(_table(("[bold]missing[/bold]", f"{escape(what)} [dim]{escape(how)}[/dim]") for what, how in missing))
    _first_weeks(screen.first_weeks, console)
    _close(screen.notice, written, console)


def _referral(start: "StartingPhase", notice: list[str], written: list[Path], console: Console) -> None:
    """Why there is no programme and whom to ask; what was seen is left to the report, as its first page does."""
    for cap in start.caps:
        console.print(f"[bold]{cap.say}[/bold]")
    _close(notice, written[-1:], console)


def _heading(audit: "Audit", console: Console) -> None:
    clips = ", ".join(f"filmed {FACES[clip.view.facing]} · {escape(clip.name)}" for clip in audit.clips)
    console.print(f"[bold]{standing(audit)}[/bold] · {counted(audit)} · {clips}")
    if not audit.movement.validated:
        console.print("[yellow]Not validated: this movement has not been held against clips with truth yet.[/yellow]")
    for clip in audit.clips:
        if clip.broken_off_s is not None:
            console.print(
                f"[yellow]{escape(clip.name)} breaks off after {clip.broken_off_s:.1f} s; "
                "it was audited up to there.[/yellow]"
            )


def _verdicts(audit: "Audit", console: Console) -> None:
    sure = "[dim]Confidence: {}.[/dim]"
    rows = [("[bold]test[/bold]", f"{t.title}: {t.say} {sure.format(t.confidence)}") for t in audit.tests]
    rows += [_row(verdict) for verdict in (*audit.judged, *audit.remarks)]
    if audit.quality:
        rows.append(("[dim]score[/dim]", audit.quality.say))
    console.print(_table([*rows, *map(_row, audit.unassessed)]))


def _row(verdict: "Verdict") -> tuple[str, str]:
    """A verdict in a word and a sentence."""
    if isinstance(verdict, Unassessed):
        return "[dim]not judged[/dim]", f"[dim]{verdict.title}: {escape(verdict.say)}[/dim]"
    sure = f"Confidence: {verdict.confidence}."
    if isinstance(verdict, Finding):
        return f"[bold]{ON_SCREEN[verdict.severity]}[/bold]", f"{verdict.say} [dim]{sure}[/dim]"
    if isinstance(verdict, Passed):
        return "[dim]inside[/dim]", f"[dim]{verdict.say} {sure}[/dim]"
    return "[dim]remark[/dim]", f"[dim]{verdict.say}[/dim]"


def _filming(audit: "Audit", console: Console) -> None:
    """Repetitions that do not count, checks that failed, and clips that differ."""
    rejected = [rep for rep in audit.reps if not rep.valid]
    if rejected:
        console.print(
            "\nNot counted: " + "; ".join(f"the movement at {rep.t_turn:.1f} s ({rep.reason})" for rep in rejected)
        )
    for say in dict.fromkeys(check.say for clip in audit.clips for check in clip.checks if not check.passed):
        console.print(f"[yellow]Filming:[/yellow] {escape(say)}")
    for disagreement in audit.disagreements:
        console.print(f"[yellow]Clips differ:[/yellow] {escape(disagreement)}")


def _start(start: "StartingPhase", audits: list["Audit"], missing: str, console: Console) -> None:
    """The start and what holds it there; a finding that was told above is only named."""
    told = {found.say: f"{found.headline[0].upper()}{found.headline[1:]}." for a in audits for found in a.findings}
    console.print(f"\n[bold]Start: phase {start.phase}{' at most' if start.provisional else ''}, {start.name}[/bold]")
    rows = [(f"[dim]phase {cap.cap} at most[/dim]", escape(told.get(cap.say, cap.say))) for cap in start.caps]
    if missing:
        rows.append(("[dim]still missing[/dim]", f"[dim]{escape(missing)}[/dim]"))
    console.print(_table(rows))


def _first_weeks(weeks: "FirstWeeks | None", console: Console) -> None:
    if weeks is None:
        return
    console.print(
        f"\n[bold]First weeks: {weeks.per_week} sessions a week[/bold], {weeks.fewest} to {weeks.most} will do"
    )
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for planned in weeks.main:
        table.add_row(planned.name, planned.amount)
    table.add_row(weeks.task.title, "every session, in front of the camera")
    console.print(table)
    for note in weeks.notes:
        console.print(f"[dim]{escape(note)}[/dim]")
    console.print(f"Film again after {weeks.retest_weeks} weeks, not before {weeks.retest_least_weeks}.")


def _close(notice: list[str], written: list[Path], console: Console) -> None:
    console.print(f"\n[dim]{' '.join(notice)}[/dim]")
    console.print(f"\nReport: {escape(str(written[-1]))}")
    for video in (file for file in written if file.suffix == ".mp4"):
        console.print(f"Video:  {escape(str(video))}")


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for row in rows:
        table.add_row(*row)
    return table
