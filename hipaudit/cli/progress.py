"""Bars on stderr while something long goes on; nothing where stderr is not a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from ..batch import ClipJob, Outcome


@contextmanager
def clip_progress(doing: str = "Reading") -> Iterator[Callable[[str, float, float], None]]:
    """A bar that follows a clip's own clock."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[at]}"), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(doing, total=None, at="")

        def advance(name: str, t: float, of: float) -> None:
            at = f"{t:.0f} of {of:.0f} s" if of else f"{t:.0f} s"
            progress.update(task, description=f"{doing} {escape(name)}", completed=t, total=of or None, at=at)

        yield advance


@contextmanager
def batch_progress(clips: int) -> Iterator[Callable[[Outcome], None]]:
    """A bar over all clips, with what a second brings and how many failed; each failure is named as it comes."""
    console = Console(stderr=True, highlight=False)
    columns = (
        TextColumn("{task.completed:.0f} of {task.total:.0f} clips"),
        BarColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    begun, frames, failed = time.monotonic(), 0, 0
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=clips, pace="", failed="")

        def advance(outcome: Outcome) -> None:
            nonlocal frames, failed
            if outcome.state == "done":
                frames += outcome.frames
            if outcome.failure:
                failed += 1
                progress.console.print(f"[yellow]Failed:[/yellow] {escape(outcome.failed)}", soft_wrap=True)
            if isinstance(outcome.job, ClipJob):
                progress.advance(task)
            took = time.monotonic() - begun
            pace = f"{progress.tasks[0].completed / took:.1f} clips/s, {frames / took:.0f} frames/s"
            progress.update(task, pace=pace, failed=f"{failed} failed" if failed else "")

        yield advance
