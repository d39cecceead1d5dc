"""The picture of each finding: the worst instant, from a second decode, with the measured lines drawn in."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..audit import Audit
from ..audit.run import AuditRun
from ..findings import Finding
from ..findings.rules import number
from ..frames.video import VideoFile
from ..kinematics.geometry import length, middle
from ..kinematics.outline import smooth_outline
from ..library import quantities
from ..overlay import Drawing, crop_to_person, draw_body, draw_measured, to_jpeg
from ..poses.outline import outline_points
from ..poses.skeleton import SIDES, joint

Points = NDArray[np.floating]


def key_pictures(run: AuditRun) -> dict[str, bytes]:
    """JPEG of every finding's worst instant, by its rule; where nothing was found, of the deepest repetition, as ""."""
    wanted: dict[str, float] = {
        f.rule: f.t_worst for f in run.audit.findings if f.measure in _DRAW or quantities()[f.measure].of_outline
    }
    if not wanted:
        deepest = max((r for r in run.audit.reps if r.valid), key=lambda r: r.depth or 0.0, default=None)
        wanted = {"": deepest.t_turn} if deepest else {}
    part = run.clips[0]
    seen = part.track.t[part.track.found]
    if not wanted or not seen.size or part.path is None:
        return {}
    nearest = {rule: float(seen[np.argmin(np.abs(seen - t))]) for rule, t in wanted.items()}
    findings = {f.rule: f for f in run.audit.findings}
    pictures = {}
    for frame in VideoFile(part.path):
        for rule in (r for r, t in nearest.items() if t == frame.t):
            row = int(np.searchsorted(part.track.t, frame.t))
            image, points = crop_to_person(frame.image, part.track.xy[row].astype(np.float64))
            drawn = (
                draw_measured(image, points, _drawing(findings[rule], points, run, part.track.back[row]))
                if rule
                else draw_body(image, points)
            )
            pictures[rule] = to_jpeg(drawn)
        if len(pictures) == len(nearest):
            break
    return pictures


def _drawing(finding: Finding, xy: Points, run: AuditRun, back: NDArray[np.floating]) -> Drawing:
    """The finding's lines, its label the value of the very repetition that is shown."""
    value = shown_value(finding, run.audit)
    facing = str(run.audit.clips[0].view.facing)
    if quantities()[finding.measure].of_outline:
        drawing = _back(back, xy, facing)
    else:
        drawing = _DRAW[finding.measure](finding, value, xy, facing)
    text = number(abs(value), quantities()[finding.measure]).replace("\u00a0", " ")
    return replace(drawing, label=drawing.label.format(value=text))


def shown_value(finding: Finding, audit: Audit) -> float:
    """The measure of the repetition that shows a finding most."""
    near = audit.clips[0].view.facing if audit.clips[0].view.facing in SIDES else audit.movement.side
    column = quantities()[finding.measure].column.format(side=near)
    rep = next(rep for rep in audit.reps if rep.t_turn == finding.t_worst)
    return rep.measures[column]


def _back(back: NDArray[np.floating], xy: Points, facing: str) -> Drawing:
    """The outline of the back from the buttocks up, and the chord whose gap to it is the hollow."""
    found = smooth_outline(back.astype(np.float64))
    assert found is not None, "a finding was made from it"
    outline, low, high = found
    points = outline_points(outline, xy, facing)
    return Drawing([points[low : high + 1]], [points[[low, high]]], "hollow +{value}", dots=False)


def _leg(xy: Points, side: str) -> Points:
    return xy[[joint(side, n) for n in ("hip", "knee", "ankle")]]


def _knee(finding: Finding, value: float, xy: Points, facing: str) -> Drawing:
    leg = _leg(xy, str(finding.side))
    return Drawing([leg], [leg], "{value} inward")


def _knees(finding: Finding, value: float, xy: Points, facing: str) -> Drawing:
    """Two bars: the distance of the knees, and that of the ankles for comparison."""
    knees, ankles = (xy[[joint(s, name) for s in SIDES]] for name in ("knee", "ankle"))
    return Drawing([knees], [ankles], "knees {value} of ankles")


def _pelvis(finding: Finding, value: float, xy: Points, facing: str) -> Drawing:
    """A line through mid-hip with the estimated tilt: the hip points themselves show less than half of it."""
    centre = middle(xy, "hip")
    half = 0.75 * np.abs(xy[joint("left", "shoulder"), 0] - xy[joint("right", "shoulder"), 0])
    left_x = -1 if facing == "back" else 1
    free = left_x * (-1 if finding.side == "left" else 1)  # towards the free side, in picture x
    tilt = np.radians(value)
    arm = half * np.array([free * np.cos(tilt), np.sin(tilt)])
    flat = np.array([half, 0.0])
    return Drawing(
        [np.stack([centre - arm, centre + arm])], [np.stack([centre - flat, centre + flat])], "about {value}"
    )


def _trunk(finding: Finding, value: float, xy: Points, facing: str) -> Drawing:
    """A line up from mid-hip with the estimated tilt of the chest."""
    low = middle(xy, "hip")
    reach = length(middle(xy, "shoulder") - low)
    tilt = np.radians(value) * (1 if facing == "back" else -1)  # the person's right is the picture's left in front
    high = low + reach * np.array([np.sin(tilt), -np.cos(tilt)])
    return Drawing([np.stack([low, high])], [np.stack([low, low - [0.0, reach]])], "leans {value}")


def _shift(finding: Finding, value: float, xy: Points, facing: str) -> Drawing:
    hip, feet = middle(xy, "hip"), middle(xy, "ankle")
    over = np.array([feet[0], hip[1]])
    return Drawing([np.stack([over, hip])], [np.stack([feet, over])], "{value} aside")


def _bend(finding: Finding, value: float, xy: Points, facing: str) -> Drawing:
    return Drawing([_leg(xy, facing)], [], "{value} bent")


# Measure -> its drawing; a measure without one (time) has no picture.
_DRAW: dict[str, Callable[[Finding, float, Points, str], Drawing]] = {
    "fppa": _knee,
    "kasr": _knees,
    "pelvic_drop": _pelvis,
    "trunk_lean": _trunk,
    "hip_shift": _shift,
    "knee_flexion": _bend,
}
