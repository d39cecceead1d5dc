"""hipaudit live: the coach before a camera, in the browser, in a window, or as lines of JSON."""

import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import HipauditError
from . import app, fail
from .audit import Model, MovementName, Side

if TYPE_CHECKING:
    from ..live.desk import Desk


@app.command()
def live(
    movement: Annotated[
        MovementName, typer.Option(help="The movement; chosen in the page if not given.")
    ] = MovementName.AUTO,
    side: Annotated[Side, typer.Option(help="The standing leg (the person's own left or right).")] = Side.AUTO,
    sets: Annotated[int | None, typer.Option(min=1, max=20, help="How many sets.", show_default=False)] = None,
    reps: Annotated[int | None, typer.Option(min=1, max=100, help="How many repetitions.", show_default=False)] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page on this machine; 0 is any.")] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser, only print the address.")] = False,
    model: Annotated[Model, typer.Option(help="Pose model; lite is for slow machines.")] = Model.FULL,
    out: Annotated[
        Path, typer.Option(help="Folder in which each set that is saved gets a folder.", show_default=False)
    ] = Path("hipaudit_live"),
) -> None:
    """Coach squats, step-downs and single-leg work before a webcam; everything stays on this machine.

    Examples: hipaudit live
              hipaudit live --movement squat --sets 3 --reps 8
    """
    from ..live.desk import Choice, Desk
    from ..live.loop import open_model

    try:
        choice = Choice(
            out=out.absolute(),
            movement=None if movement is MovementName.AUTO else movement.value,
            side=None if side is Side.AUTO else side.value,
            sets=sets,
            reps=reps,
        )
        serve(Desk(choice, open_model(model.value)), port, not no_open)
    except HipauditError as error:
        raise fail(error) from None
    except KeyboardInterrupt:
        print("hipaudit: Ended.", file=sys.stderr)


def serve(desk: "Desk", port: int, opened: bool) -> None:
    """The page until Ctrl-C."""
    from ..live.server import address, listening, server

    with listening(port) as at:
        print(address(desk, at), flush=True)
        print("hipaudit: Open this address in a browser on this machine; Ctrl-C ends it.", file=sys.stderr)
        if opened and not webbrowser.open(address(desk, at)):
            print("hipaudit: No browser can be opened here: open the address by hand.", file=sys.stderr)
        server(desk, at).run(sockets=[at])
