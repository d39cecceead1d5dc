"""The command line: parse, call, print. Results go to stdout, progress and errors to stderr.

Exit codes: 0 done, 2 wrong use, 3 unreadable input, 4 nothing to judge, 5 some clips of a batch failed,
1 anything else of ours.
"""

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from .. import __version__
from ..errors import (
    BackendError,
    ClusterError,
    HipauditError,
    IntakeError,
    LibraryError,
    ManifestError,
    MissingExtra,
    NothingToJudge,
    OutputError,
    SourceError,
)

EXIT = {
    SourceError: 3,
    NothingToJudge: 4,
    IntakeError: 2,
    ManifestError: 2,
    OutputError: 2,
    ClusterError: 2,
    BackendError: 1,
    LibraryError: 1,
    MissingExtra: 1,
}

app = typer.Typer(
    name="hipaudit",
    help="Audit squats, step-downs, single-leg work and bridges: what moved, how sure, where to start training.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"hipaudit {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Holds the commands together, so that `hipaudit audit` stays a command with a name."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks ± or a clip's name still shows the rest


def fail(error: HipauditError) -> typer.Exit:
    """One clear sentence on stderr, and the exit code of its kind."""
    print(f"hipaudit: {error}", file=sys.stderr)
    return typer.Exit(EXIT.get(type(error), 1))


from . import audit as _audit  # noqa: E402, F401 - each registers its command
from . import batch as _batch  # noqa: E402, F401
from . import doctor as _doctor  # noqa: E402, F401
from . import export as _export  # noqa: E402, F401
from . import live as _live  # noqa: E402, F401
from . import models as _models  # noqa: E402, F401
from . import screen as _screen  # noqa: E402, F401
from . import show as _show  # noqa: E402, F401
