"""hipaudit doctor: what this machine has of what hipaudit needs."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import BackendError
from . import app, fail

if TYPE_CHECKING:
    from ..doctor import Check

_COLOURS = {"ok": "green", "warning": "yellow", "missing": "red"}


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON instead of lines.")] = False,
) -> None:
    """Say what is present and what is missing here; exit code 1 when audits cannot run."""
    try:
        from ..doctor import examine
    except ImportError as error:  # numpy itself: nothing of hipaudit can be loaded without it
        raise fail(BackendError(f"Cannot start ({error}): install hipaudit again.")) from None

    checks = list(examine())
    ready = all(check.state != "missing" for check in checks)
    if as_json:
        print(json.dumps({"ready": ready, "checks": [asdict(check) for check in checks]}, indent=1, ensure_ascii=False))
    else:
        _lines(checks, ready)
    raise typer.Exit(not ready)


def _lines(checks: "list[Check]", ready: bool) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        table.add_row(f"[{_COLOURS[check.state]}]{check.state}[/]", check.name, escape(check.say))
    console = Console(highlight=False)
    console.print(table)
    console.print("\nAudits can run." if ready else "\nAudits cannot run until what is missing is there.")
