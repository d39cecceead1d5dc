"""hipaudit audit: one movement, from one clip or several, to a report."""

from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..errors import HipauditError
from . import app, fail
from .results import open_page, results_folder


class MovementName(StrEnum):
    """What may be given for --movement; a test holds it to the library."""

    AUTO = "auto"
    BRIDGE = "bridge"
    FORWARD_STEP_DOWN = "forward_step_down"
    LATERAL_STEP_DOWN = "lateral_step_down"
    LUNGE = "lunge"
    SINGLE_LEG_BRIDGE = "single_leg_bridge"
    SINGLE_LEG_RDL = "single_leg_rdl"
    SINGLE_LEG_SQUAT = "single_leg_squat"
    SINGLE_LEG_STANCE = "single_leg_stance"
    SIT_TO_STAND = "sit_to_stand"
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


class CameraAt(StrEnum):
    """What may be given for --view."""

    AUTO = "auto"
    FRONT = "front"
    BACK = "back"
    LEFT = "left"
    RIGHT = "right"


def _size(text: str | None) -> tuple[int, int] | None:
    """1080x1920 as numbers."""
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise typer.BadParameter("give --size as width and height in pixels, say 1080x1920")
    return int(width), int(height)


@app.command()
def audit(
    clips: Annotated[
        list[Path] | None,
        typer.Argument(
            help="The video file; several if they show one movement from different sides.", show_default=False
        ),
    ] = None,
    movement: Annotated[
        MovementName, typer.Option(help="The movement, if it is not to be recognised.")
    ] = MovementName.AUTO,
    side: Annotated[Side, typer.Option(help="The standing leg (the person's own left or right).")] = Side.AUTO,
    intake: Annotated[
        Path | None, typer.Option(help="Answers and test results of the person, TOML or JSON.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the results; if not given, CLIP_audit beside the first clip.", show_default=False
        ),
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
    poses: Annotated[
        list[Path] | None,
        typer.Option(
            help="Poses instead of a clip: poses.npz, a .trc, or a folder of OpenPose JSON; again for another clip.",
            show_default=False,
        ),
    ] = None,
    fps: Annotated[
        float | None, typer.Option(help="Pictures a second of OpenPose JSON.", min=1, show_default=False)
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(help="Size of the pictures of OpenPose JSON, say 1080x1920.", metavar="WxH", show_default=False),
    ] = None,
    view: Annotated[
        CameraAt,
        typer.Option(help="Where the camera stood, for --poses without depth: in front, behind, at the left or right."),
    ] = CameraAt.AUTO,
) -> None:
    """Audit one movement: writes audit.json, measures.csv, poses.npz, annotated.mp4 and report.html.

    Examples: hipaudit audit step_down.mp4 --intake anna.toml --open
              hipaudit audit squat_front.mp4 squat_side.mp4
              hipaudit audit --poses squat_json/ --fps 30 --size 1080x1920 --view front --movement squat
    """
    from ..audit.codec import to_json
    from ..audit.run import audit_clips, audit_files
    from ..plan.intake import read_intake
    from ..poses.files import read_poses
    from ..report import ReportOptions, write_reports
    from .progress import clip_progress
    from .summary import print_audit

    if bool(clips) == bool(poses):
        raise typer.BadParameter("give clips, or poses with --poses: one of the two")
    if clips and (fps or size or view is not CameraAt.AUTO):
        raise typer.BadParameter("--fps, --size and --view tell what poses lack: give them with --poses")
    pixels = _size(size)
    first = (clips or poses or [])[0].absolute()
    folder = out or first.parent / f"{first.stem}_audit"
    try:
        told = read_intake(intake) if intake else None
        # Where there is no clip, that is what is wrong, and no folder need be made to say so.
        with results_folder(folder) if first.exists() else nullcontext():
            if poses:
                found = [read_poses(file, fps, pixels) for file in poses]
                run = audit_files(found, movement=movement, side=side, view=view, intake=told)
            else:
                with clip_progress() as advance:
                    run = audit_clips(
                        clips or [], movement=movement, side=side, intake=told, model=model, progress=advance
                    )
            options = ReportOptions(blur_faces=blur_faces, video=not no_video)
            with clip_progress("Drawing the video of") as advance:
                written = write_reports(run, folder, options=options, progress=advance)
    except HipauditError as error:
        raise fail(error) from None
    if json:
        print(to_json(run.audit))
    else:
        print_audit(run.audit, written)
    if open_:
        open_page(written[-1])
