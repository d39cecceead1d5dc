"""hipaudit live: the coach before a camera, in the browser, in a window, or as lines of JSON."""

import json
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import HipauditError
from . import app, fail
from .audit import Model, MovementName, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from ..frames import Frame
    from ..live.bench import Figures
    from ..live.coach import Coach
    from ..live.desk import Choice, Desk
    from ..live.loop import Loop

    Source = AbstractContextManager[Iterable[Frame]]
    Coached = Callable[[tuple[int, int]], Coach]

OUT = Path("hipaudit_live")
NONE_BEGAN = (
    "The pictures ended before a set began: it begins after some seven seconds of standing still, in a file too. "
    "`hipaudit audit` judges a clip without them."
)


@app.command()
def live(
    movement: Annotated[
        MovementName, typer.Option(help="The movement; in the browser it can be chosen on the page.")
    ] = MovementName.AUTO,
    side: Annotated[Side, typer.Option(help="The standing leg (the person's own left or right).")] = Side.AUTO,
    sets: Annotated[int | None, typer.Option(min=1, max=20, help="How many sets.", show_default=False)] = None,
    reps: Annotated[
        int | None, typer.Option(min=1, max=100, help="How many repetitions a set.", show_default=False)
    ] = None,
    session: Annotated[
        Path | None,
        typer.Option(help="Train the session that this audit.json or screen.json suggests.", show_default=False),
    ] = None,
    like: Annotated[
        Path | None,
        typer.Option(
            help="An earlier audit.json: its outline and hints, to stand and film in the same place.",
            show_default=False,
        ),
    ] = None,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="Neither read nor write how often each movement was trained.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page on this machine; 0 is any.")] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser, only print the address.")] = False,
    window: Annotated[bool, typer.Option("--window", help="Coach in a window instead of the browser.")] = False,
    headless: Annotated[
        bool, typer.Option("--headless", help="Print what the coach says as lines of JSON, show nothing.")
    ] = False,
    camera: Annotated[int, typer.Option(min=0, help="Number of the camera for --window and --headless.")] = 0,
    source: Annotated[
        Path | None,
        typer.Option(help="A video file played as if it were the camera.", show_default=False),
    ] = None,
    mute: Annotated[bool, typer.Option("--mute", help="Say nothing aloud in --window.")] = False,
    bench: Annotated[
        Path | None,
        typer.Option(help="Measure speed, delay and memory with the pictures of this clip.", show_default=False),
    ] = None,
    minutes: Annotated[float, typer.Option(min=0, help="Minutes of pictures for --bench.")] = 0,
    model: Annotated[Model, typer.Option(help="Pose model; lite is for slow machines.")] = Model.FULL,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder in which each set that is saved gets a folder; if not given, hipaudit_live here.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Coach squats, step-downs and single-leg work before a webcam; everything stays on this machine.

    Examples: hipaudit live
              hipaudit live --window --movement squat --sets 3 --reps 8
              hipaudit live --headless --source squat.mp4 --movement squat
    """
    from ..audit.run import open_model
    from ..live.desk import Desk
    from ..live.history import History, load, own_file

    if sum((window, headless, bench is not None)) > 1:
        raise typer.BadParameter("give one of --window, --headless and --bench")
    try:
        history = History() if no_history else load(own_file())
        if history.problem:
            print(f"hipaudit: {history.problem}", file=sys.stderr)
        desk = Desk(chosen(movement, side, sets, reps, session, like, out), open_model(model.value), history)
        if bench is not None:
            tell(measured(desk, bench, minutes))
        elif headless:
            print_events(desk, coach_for(desk), opened_source(source, camera), out is not None)
        elif window:
            in_window(desk, coach_for(desk), opened_source(source, camera), mute)
        else:
            serve(desk, port, not no_open)
    except HipauditError as error:
        raise fail(error) from None
    except KeyboardInterrupt:
        print("hipaudit: Ended.", file=sys.stderr)


def chosen(
    movement: MovementName,
    side: Side,
    sets: int | None,
    reps: int | None,
    session: Path | None,
    like: Path | None,
    out: Path | None,
) -> "Choice":
    """What was asked for, its files read."""
    from ..live.desk import Choice
    from ..live.training import read_session
    from ..live.welcome import ghost, read_like

    earlier, poses = read_like(like) if like else (None, None)
    if earlier and not poses:
        print(
            "hipaudit: No poses.npz lies beside the earlier audit: its hints are given, its outline is not drawn.",
            file=sys.stderr,
        )
    return Choice(
        out=(out or OUT).absolute(),
        movement=None if movement is MovementName.AUTO else movement.value,
        side=None if side is Side.AUTO else side.value,
        sets=sets,
        reps=reps,
        session=read_session(session) if session else None,
        like=earlier,
        ghost=ghost(earlier, poses) if earlier and poses else None,
    )


def serve(desk: "Desk", port: int, opened: bool) -> None:
    """The page until Ctrl-C."""
    from ..live.server import address, listening, server

    with listening(port) as at:
        print(address(desk, at), flush=True)
        print("hipaudit: Open this address in a browser on this machine; Ctrl-C ends it.", file=sys.stderr)
        if opened and not webbrowser.open(address(desk, at)):
            print("hipaudit: No browser can be opened here: open the address by hand.", file=sys.stderr)
        server(desk, at).run(sockets=[at])


def opened_source(file: Path | None, camera: int) -> "Source":
    """The file as a camera, or the camera."""
    from ..frames.camera import Played, Webcam
    from ..frames.video import VideoFile

    return Webcam(camera) if file is None else Played(VideoFile(file))


def told_movement(desk: "Desk") -> tuple[str, str]:
    """The movement and side that must be told where there is no page to choose them on."""
    from ..library import movements

    if desk.choice.movement is None:
        raise typer.BadParameter("name the movement with --movement")
    movement = movements()[desk.choice.movement]
    if movement.legs == 2:
        return movement.id, "both"
    if desk.choice.side is None:
        raise typer.BadParameter("name the standing leg with --side left or --side right")
    return movement.id, desk.choice.side


def coach_for(desk: "Desk") -> "Coached":
    """What makes the coach that was asked for."""
    from ..live.desk import goal

    movement, side = told_movement(desk)
    asked = goal(movement, desk.choice.sets, desk.choice.reps)
    return lambda size: desk.coach(movement, side, asked, size)


def print_events(desk: "Desk", coached: "Coached", source: "Source", kept: bool) -> None:
    """Lines of JSON until the sets are done or the pictures end; the last set is saved where a folder was named."""
    from ..live.events import SetDone, TestDone, to_wire
    from ..live.loop import Loop, sets

    with Loop(coached, desk.opened) as loop, source as frames:
        for _, events in sets(frames, loop):
            for event in events:
                print_line(to_wire(event))
            over = [event for event in events if isinstance(event, SetDone | TestDone)]
            for problem in desk.done(loop, over) if over else ():
                print_line(to_wire(problem))
            if over and kept and desk.last is not None:
                print_line({"type": "saved", "folder": str(desk.save())})
            if any(not isinstance(event, SetDone) or event.rest_s is None for event in over):
                return
        tell_if_none_began(loop)


def tell_if_none_began(loop: "Loop") -> None:
    """Says so where the pictures have ended before the first set: what is recorded cannot do what it is asked."""
    if loop.coach is not None and loop.coach.state not in ("set", "done"):
        print(f"hipaudit: {NONE_BEGAN}", file=sys.stderr)


def print_line(data: dict[str, Any]) -> None:
    """One line of JSON, at once."""
    print(json.dumps(data, ensure_ascii=False), flush=True)


def in_window(desk: "Desk", coached: "Coached", source: "Source", mute: bool) -> None:
    """The window until it is closed."""
    from ..live.loop import Loop
    from ..live.voice import Voice
    from ..live.window import run

    voice = Voice(mute)
    if not mute and not voice.there:
        print("hipaudit: This machine has no voice (say, espeak-ng or spd-say): cues are shown only.", file=sys.stderr)
    with Loop(coached, desk.opened) as loop, source as frames:
        if run(frames, loop, desk, voice):
            tell_if_none_began(loop)


def measured(desk: "Desk", clip: Path, minutes: float) -> "Figures":
    """The figures of the loop with a clip's pictures."""
    from ..live.bench import measure

    movement, side = told_movement(desk)
    return measure(clip, movement, side, desk.opened, minutes)


def tell(figures: "Figures") -> None:
    """Prints what was measured."""
    print(f"{figures.pictures} pictures in {figures.seconds:.1f} s: {figures.fps:.1f} a second")
    for stage, spent in figures.stages.items():
        print(f"{stage:<22} p50 {spent.p50:6.1f} ms   p95 {spent.p95:6.1f} ms")
    for name, wait in (("rep end to count", figures.to_count), ("rep end to cue", figures.to_cue)):
        print(f"{name:<22} " + (f"p50 {wait.p50:6.1f} ms   p95 {wait.p95:6.1f} ms" if wait else "none"))
    print(f"{figures.reps} repetitions counted")
    print("memory, MB, each minute of pictures: " + " ".join(f"{value:.0f}" for value in figures.memory_mb))
