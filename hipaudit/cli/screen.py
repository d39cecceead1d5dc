"""hipaudit screen: all clips of one person to one report and one starting phase."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import HipauditError
from . import app, fail
from .audit import Model
from .results import open_page, results_folder


@app.command()
def screen(
    clips: Annotated[list[Path], typer.Argument(help="The clips of one person, or their folder.", show_default=False)],
    intake: Annotated[
        Path | None, typer.Option(help="Answers and test results of the person, TOML or JSON.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the results; if not given, FOLDER_screen, or CLIP_screen, beside the first one.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[Model, typer.Option(help="Pose model; see hipaudit models list.")] = Model.FULL,
    blur_faces: Annotated[
        bool, typer.Option("--blur-faces", help="Hide the person's head in every picture and video written.")
    ] = False,
    no_video: Annotated[bool, typer.Option("--no-video", help="Write no annotated videos.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the screen as JSON instead of the summary.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the report in the browser.")] = False,
) -> None:
    """Screen one person: groups all clips into audits, judges one starting phase from them, writes one report.

    Example: hipaudit screen anna/ --intake anna.toml --open
    """
    from ..audit.codec import to_json
    from ..audit.screen import screen_clips, videos
    from ..plan.intake import read_intake
    from ..report import ReportOptions, write_screen
    from .progress import clip_progress
    from .summary import print_screen

    first = clips[0].absolute()
    name = first.name if first.is_dir() else first.stem  # what follows a dot in a folder's name is no ending
    folder = out or first.parent / f"{name}_screen"
    try:
        told = read_intake(intake) if intake else None
        files = videos(clips)
        with results_folder(folder):
            with clip_progress() as advance:
                run = screen_clips(files, intake=told, model=model, progress=advance)
            with clip_progress("Drawing the video of") as advance:
                written = write_screen(run, folder, ReportOptions(blur_faces, not no_video), advance)
    except HipauditError as error:
        raise fail(error) from None
    if json:
        print(to_json(run.screen))
    else:
        print_screen(run.screen, written)
    if open_:
        open_page(written[-1])
