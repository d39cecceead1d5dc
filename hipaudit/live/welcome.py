"""What a page is told when it comes in: what can be coached, and what was asked for on the command line."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from .. import __version__
from ..audit import Audit
from ..audit.codec import from_json
from ..errors import SourceError
from ..library import Movement, cues, movements, protocol, quantities
from ..poses import PoseTrack
from ..poses.skeleton import SIDES
from ..poses.tracks import load_poses
from ..poses.trust import plainly_seen
from ..report import poses_file
from .pictured import pictured
from .training import CameraStep, Step, TrainingSession

Joints = list[list[float] | None]


def welcome(**asked: object) -> dict[str, Any]:
    """The welcome as plain JSON values; `asked` is what the command line told."""
    return {
        "type": "welcome",
        "version": __version__,
        "movements": [offered(movement) for movement in movements().values()],
        "measures": {name: {"title": q.title, "unit": q.unit} for name, q in quantities().items()},
        "tempo": cues().tempo.model_dump(),
        "notice": " ".join(protocol().safety),
        **asked,
    }


def offered(movement: Movement) -> dict[str, Any]:
    """A movement as the page's start screen lists it; `seconds` is how long a test of it runs at most.

    `counts`: whether repetitions of it are done too, beside the test
    """
    held = movement.hold.at_most_s if movement.hold else movement.duration_s[1] if movement.lock_out else None
    timed = movement.chair.seconds if movement.chair else held
    return {
        "id": movement.id,
        "name": movement.name,
        "legs": movement.legs,
        "kind": "reps" if timed is None else "test",
        "film": movement.film,
        "from": "side" if movement.faces[0] in SIDES else "front",
        "seconds": timed,
        "unit": "s" if held else "",
        "counts": movement.hold is None,
    }


def trained(session: TrainingSession) -> dict[str, Any]:
    """A session as the page leads through it."""
    return {
        "about": f"Phase {session.phase}: {session.name}",
        "steps": [_step(step) for step in session.steps],
        "stop": list(session.stop),
        "pain": [asdict(step) for step in session.pain],
    }


def _step(step: Step) -> dict[str, Any]:
    held = asdict(step)
    if isinstance(step, CameraStep):
        goal = held.pop("goal")
        return {**held, **goal, "kind": "camera"}
    return {
        **held,
        "kind": "guide",
        "tempo": step.tempo.model_dump() if step.tempo else None,
        "drawing": pictured(step.exercise, step.tempo, step.hold_s),
    }


def read_like(path: Path) -> tuple[Audit, PoseTrack | None]:
    """An earlier audit, and the poses of its first clip where they lie beside it.

    Raises:
        SourceError: it cannot be read, or is no audit.
    """
    try:
        audit = from_json(path.read_text("utf-8"))
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path.name} is not an audit: give the audit.json of an audit.") from error
    poses = path.with_name(poses_file(1))
    return audit, load_poses(poses).track if poses.exists() else None


def ghost(audit: Audit, track: PoseTrack) -> Joints | None:
    """How the person of an earlier audit stood before the first repetition.

    Each joint is [x, y] from the middle of the picture's upper edge, in heights of the picture: so it fits into one of
    another shape, too.
    """
    began = next((rep.t_start for rep in audit.reps if rep.valid and rep.clip == audit.clips[0].name), None)
    if began is None:
        return None
    row = int(abs(track.t - began).argmin())
    width, height = track.size
    heights = ((track.xy[row] - (width / 2, 0)) / height).round(4).tolist()
    return [point if ok else None for point, ok in zip(heights, plainly_seen(track)[row].tolist(), strict=True)]
