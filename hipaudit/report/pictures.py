"""The picture of each finding: the worst instant, from a second decode, with the measured lines drawn in."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..audit.run import AuditRun
from ..findings import Finding
from ..findings.rules import number
from ..frames.video import VideoFile
from ..kinematics.geometry import middle
from ..library import quantities
from ..overlay import Drawing, crop_to_person, draw_body, draw_measured, to_jpeg
from ..poses.skeleton import SIDES, joint

Points = NDArray[np.floating]


def key_pictures(run: AuditRun, clip: Path) -> dict[float, bytes]:
    """JPEG of every finding's worst instant by its time; of the deepest repetition where nothing was found."""
    wanted = {f.t_worst: f for f in run.audit.findings if f.measure in _DRAW}
    if not wanted:
        deepest = max((r for r in run.audit.reps if r.valid), key=lambda r: r.depth, default=None)
        return {} if deepest is None else _pictures(run, clip, {deepest.t_turn: None})
    return _pictures(run, clip, wanted)


def _pictures(run: AuditRun, clip: Path, wanted: Mapping[float, Finding | None]) -> dict[float, bytes]:
    times = run.track.t
    nearest = {float(times[np.argmin(np.abs(times - t))]): t for t in wanted}
    pictures = {}
    for frame in VideoFile(clip):
        if frame.t in nearest:
            t = nearest[frame.t]
            xy = run.track.xy[np.searchsorted(times, frame.t)].astype(np.float64)
            image, points = crop_to_person(frame.image, xy)
            finding = wanted[t]
            if finding is None:
                pictures[t] = to_jpeg(draw_body(image, points))
            else:
                pictures[t] = to_jpeg(draw_measured(image, points, _drawing(finding, points, run)))
            if len(pictures) == len(nearest):
                break
    return pictures


def _drawing(finding: Finding, xy: Points, run: AuditRun) -> Drawing:
    drawing = _DRAW[finding.measure](finding, xy, -1 if run.audit.clips[0].view.facing == "back" else 1)
    value = number(abs(finding.value), quantities()[finding.measure])
    return Drawing(drawing.measured, drawing.against, drawing.label.format(value=value))


def _leg(xy: Points, side: str) -> Points:
    return xy[[joint(side, n) for n in ("hip", "knee", "ankle")]]


def _knee(finding: Finding, xy: Points, left_x: int) -> Drawing:
    legs = [_leg(xy, s) for s in (SIDES if finding.side == "both" else (str(finding.side),))]
    return Drawing(legs, legs, "{value} inward")


def _knees(finding: Finding, xy: Points, left_x: int) -> Drawing:
    drawing = _knee(finding, xy, left_x)
    return Drawing(drawing.measured, drawing.against, "knees {value} × ankles")


def _pelvis(finding: Finding, xy: Points, left_x: int) -> Drawing:
    """A line through mid-hip with the estimated tilt: the hip points themselves show less than half of it."""
    centre = middle(xy, "hip")
    half = 0.75 * np.abs(xy[joint("left", "shoulder"), 0] - xy[joint("right", "shoulder"), 0])
    free = left_x * (-1 if finding.side == "left" else 1)  # towards the free side, in picture x
    tilt = np.radians(finding.value)
    arm = half * np.array([free * np.cos(tilt), np.sin(tilt)])
    flat = np.array([half, 0.0])
    return Drawing(
        [np.stack([centre - arm, centre + arm])], [np.stack([centre - flat, centre + flat])], "about {value} lower"
    )


def _trunk(finding: Finding, xy: Points, left_x: int) -> Drawing:
    low, high = middle(xy, "hip"), middle(xy, "shoulder")
    return Drawing([np.stack([low, high])], [np.stack([low, [low[0], high[1]]])], "leans {value}")


def _shift(finding: Finding, xy: Points, left_x: int) -> Drawing:
    hip, feet = middle(xy, "hip"), middle(xy, "ankle")
    over = np.array([feet[0], hip[1]])
    return Drawing([np.stack([over, hip])], [np.stack([feet, over])], "{value} aside")


def _bend(finding: Finding, xy: Points, left_x: int) -> Drawing:
    near = "left" if np.nanmean(xy[joint("left", "knee"), 0]) < np.nanmean(middle(xy, "hip")[0]) else "right"
    return Drawing([_leg(xy, near)], [], "{value} bent")


# Measure -> its drawing; a measure without one (time) has no picture.
_DRAW: dict[str, Callable[[Finding, Points, int], Drawing]] = {
    "fppa": _knee,
    "kasr": _knees,
    "pelvic_drop": _pelvis,
    "trunk_lean": _trunk,
    "hip_shift": _shift,
    "knee_flexion": _bend,
}
