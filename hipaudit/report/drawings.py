"""A drawing of every measure: what is measured, where its zero is, and which way is plus.

Stick figures from points on a sheet of 100 x 112, x to the right and y down. Seen from the front the person faces the
reader, so their right is the reader's left; seen from the side the person faces right. Nothing here is measured: the
deviations are drawn large enough to be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np

Point = tuple[float, float]
Line = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One figure.

    body    lines of the person, thick and pale; `head` the middle of the head
    zero    dashed lines: what counts as zero
    mark    lines in the accent colour: what is measured
    plus    a line with an arrow head at its end: the way in which the value grows
    labels  short texts at their places
    """

    desc: str
    body: Sequence[Line]
    zero: Sequence[Line]
    mark: Sequence[Line]
    plus: Line
    labels: Sequence[tuple[str, Point]]
    head: Point | None = None
    ground: bool = True
    rings: Sequence[Point] = field(default=())


def drawing_svg(measure: str, title: str, style: str = "") -> str:
    """The drawing of a measure as SVG; `style` makes a file of it that stands by itself, else the page colours it.

    Raises:
        KeyError: there is no such drawing.
    """
    drawing = DRAWINGS[measure]
    parts = [_line("floor", [(8, 106), (92, 106)])] if drawing.ground else []
    parts += [_line("body", line) for line in drawing.body]
    if drawing.head:
        parts.append(_circle("head", drawing.head, 7.5))
    parts += [_line("zero", line) for line in drawing.zero]
    parts += [_line("mark", line) for line in drawing.mark]
    parts += [_circle("joint", point, 2.6) for point in drawing.rings]
    parts += [_line("plus", drawing.plus), _arrow_head(drawing.plus)]
    parts += [f'<text x="{x:g}" y="{y:g}">{escape(text)}</text>' for text, (x, y) in drawing.labels]
    file = f' xmlns="http://www.w3.org/2000/svg"><style>{style}</style' if style else ""
    about = f"<title>{escape(title)}</title><desc>{escape(drawing.desc)}</desc>"
    return f'<svg class="drawing" viewBox="0 0 100 112" role="img"{file}>{about}{"".join(parts)}</svg>'


def camera_svg(place: str) -> str:
    """A person and the phone from above: the phone "front" or "side" of them."""
    person = (
        '<ellipse class="body" cx="24" cy="30" rx="8" ry="15"/><circle class="joint" cx="25" cy="30" r="6.5"/>'
        '<path class="nose" d="M31 26.5 36 30 31 33.5Z"/>'
        if place == "front"
        else '<ellipse class="body" cx="24" cy="30" rx="15" ry="8"/><circle class="joint" cx="24" cy="29" r="6.5"/>'
        '<path class="nose" d="M20.5 23 24 18 27.5 23Z"/>'
    )
    words = "in front of the person, facing them" if place == "front" else "to the side of the person"
    return (
        f'<svg class="camera" viewBox="0 0 112 60" role="img"><title>Seen from above: the phone stands {words}</title>'
        f'<path class="cone" d="M96 30 40 8V52Z"/>{person}<path class="zero" d="M42 30H92"/>'
        '<rect class="phone" x="96" y="23" width="6" height="14" rx="2"/><text x="68" y="25">2.5–4 m</text></svg>'
    )


def _line(kind: str, points: Line) -> str:
    return f'<polyline class="{kind}" points="{" ".join(f"{x:g},{y:g}" for x, y in points)}"/>'


def _circle(kind: str, at: Point, radius: float) -> str:
    return f'<circle class="{kind}" cx="{at[0]:g}" cy="{at[1]:g}" r="{radius:g}"/>'


def _arrow_head(line: Line) -> str:
    """A filled triangle at the end of a line, pointing on along it."""
    tip, before = np.array(line[-1]), np.array(line[-2])
    along = (tip - before) / np.linalg.norm(tip - before)
    across = np.array([-along[1], along[0]])
    corners = [tip + 2 * along, tip - 4 * along + 3.4 * across, tip - 4 * along - 3.4 * across]
    return f'<polygon class="tip" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}"/>'


def _arc(middle: Point, radius: float, start: float, end: float) -> Line:
    """An arc from one direction to another, degrees clockwise from straight up."""
    angles = np.radians(np.linspace(start, end, 9))
    return [(round(middle[0] + radius * np.sin(a), 1), round(middle[1] - radius * np.cos(a), 1)) for a in angles]


def _bow(low: Point, high: Point, depth: float) -> Line:
    """A line from one point to another that bows to the right of its way by `depth`."""
    a, b = np.array(low), np.array(high)
    across = np.array([-(b - a)[1], (b - a)[0]]) / np.linalg.norm(b - a)
    points = [a + (b - a) * s + across * depth * np.sin(np.pi * s) for s in np.linspace(0, 1, 11)]
    return [(round(float(x), 1), round(float(y), 1)) for x, y in points]


def _front(shoulders: Line, hips: Line, *legs: Line) -> list[Line]:
    """Shoulders, trunk, pelvis and legs of somebody facing the reader."""
    neck, low = _middle(shoulders), _middle(hips)
    return [shoulders, [neck, low], hips, *legs]


def _middle(line: Line) -> Point:
    return (line[0][0] + line[-1][0]) / 2, (line[0][1] + line[-1][1]) / 2


_SHOULDERS: Line = [(36, 27), (64, 27)]
_HIPS: Line = [(42, 56), (58, 56)]
_HAND_AT_WAIST: Line = [(64, 27), (75, 43), (59, 52)]
_FREE_LEG: Line = [(58, 56), (63, 76), (64, 91)]
_STANCE_IN: Line = [(42, 56), (52, 80), (43, 105)]
_SQUAT_SHOULDERS: Line = [(36, 38), (64, 38)]
_SQUAT_HIPS: Line = [(42, 66), (58, 66)]
_KNEES_IN: tuple[Line, Line] = ([(42, 66), (45, 84), (35, 105)], [(58, 66), (55, 84), (65, 105)])
_KNEES_OVER: tuple[Line, Line] = ([(42, 66), (34, 84), (35, 105)], [(58, 66), (66, 84), (65, 105)])
_SIDE_LEG: Line = [(30, 72), (60, 76), (50, 105), (62, 105)]
_SIDE_TRUNK: Line = [(30, 72), (52, 34)]

_KNEE_INWARD = Drawing(
    desc="Seen from the front. Zero: the knee on the straight line from hip to ankle. Plus: the knee inward of it, "
    "towards the other leg.",
    body=_front(_SHOULDERS, _HIPS, _STANCE_IN, _FREE_LEG),
    head=(50, 13),
    zero=[[(42, 56), (43, 105)]],
    mark=[_STANCE_IN],
    rings=_STANCE_IN,
    plus=[(25, 80), (38, 80)],
    labels=[("+", (20, 83)), ("0", (31, 69))],
)

DRAWINGS: dict[str, Drawing] = {
    "fppa": _KNEE_INWARD,
    "fppa_image": _KNEE_INWARD,
    "fppa_change": Drawing(
        desc="Seen from the front. Zero: the knee where it is in own quiet standing. Plus: the knee further inward.",
        body=_front(_SHOULDERS, _HIPS, _STANCE_IN, _FREE_LEG),
        head=(50, 13),
        zero=[[(42, 56), (40, 80), (43, 105)]],
        mark=[_STANCE_IN],
        rings=_STANCE_IN,
        plus=[(23, 80), (36, 80)],
        labels=[("+", (18, 83)), ("0", (32, 69))],
    ),
    "pelvic_drop": Drawing(
        desc="Seen from the front, standing on one leg. Zero: the pelvis as level as in own standing. Plus: the side "
        "of the lifted leg lower.",
        body=_front(_SHOULDERS, [(42, 54), (58, 60)], [(42, 54), (44, 80), (43, 105)], [(58, 60), (62, 80), (64, 94)]),
        head=(50, 13),
        zero=[[(30, 54), (78, 54)]],
        mark=[[(34, 51), (74, 66)]],
        plus=_arc((42, 54), 41, 92, 107),
        labels=[("+", (87, 71)), ("0", (86, 52))],
    ),
    "pelvic_obliquity": Drawing(
        desc="Seen from the front. Zero: the pelvis as level as in own standing. Plus: the person's right side lower.",
        body=_front(_SHOULDERS, [(42, 60), (58, 54)], [(42, 60), (36, 80), (37, 105)], [(58, 54), (62, 80), (63, 105)]),
        head=(50, 13),
        zero=[[(22, 54), (70, 54)]],
        mark=[[(26, 66), (66, 51)]],
        plus=_arc((58, 54), 41, 268, 253),
        labels=[("+", (13, 71)), ("0", (14, 52)), ("R", (26, 80))],
    ),
    "trunk_lean": Drawing(
        desc="Seen from the front. Zero: the trunk as upright as in own standing. Plus: leaning to the person's right.",
        body=[[(21, 34), (47, 25)], [(34, 29), (50, 57)], _HIPS, [(42, 57), (42, 105)], [(58, 57), (58, 105)]],
        head=(28, 17),
        zero=[[(50, 57), (50, 8)]],
        mark=[[(50, 57), (34, 29)]],
        plus=_arc((50, 57), 37, -2, -20),
        labels=[("+", (43, 16)), ("0", (56, 14)), ("R", (20, 50))],
    ),
    "hip_shift": Drawing(
        desc="Seen from the front. Zero: the hips over the middle of the feet as in own standing. Plus: the hips moved "
        "to the person's right.",
        body=_front(
            [(28, 38), (54, 38)], [(31, 66), (47, 66)], [(31, 66), (28, 86), (35, 105)], [(47, 66), (58, 84), (65, 105)]
        ),
        head=(41, 24),
        zero=[[(50, 105), (50, 54)]],
        mark=[[(50, 66), (39, 66)]],
        rings=[(39, 66)],
        plus=[(30, 54), (17, 54)],
        labels=[("+", (11, 57)), ("0", (57, 58)), ("R", (14, 78))],
    ),
    "kasr": Drawing(
        desc="Seen from the front. The distance of the knees as a share of the distance of the ankles. One: the knees "
        "as far apart as the ankles. Less: the knees closer together.",
        body=_front(_SQUAT_SHOULDERS, _SQUAT_HIPS, *_KNEES_IN),
        head=(50, 24),
        zero=[[(35, 102), (65, 102)]],
        mark=[[(45, 84), (55, 84)]],
        rings=[(45, 84), (55, 84)],
        plus=[(62, 84), (76, 84)],
        labels=[("+", (83, 87)), ("1", (50, 99)), ("<1", (31, 87))],
    ),
    "knee_inset": Drawing(
        desc="Seen from the front. Zero: the knee straight above its ankle. Plus: the knee inward of it.",
        body=_front(_SQUAT_SHOULDERS, _SQUAT_HIPS, *_KNEES_IN),
        head=(50, 24),
        zero=[[(35, 105), (35, 70)]],
        mark=[[(35, 84), (45, 84)]],
        rings=[(45, 84)],
        plus=[(16, 84), (29, 84)],
        labels=[("+", (11, 87)), ("0", (30, 72))],
    ),
    "knee_deviation": Drawing(
        desc="Seen from the front. Zero: the knee in the direction in which the foot points. Plus: the knee inward.",
        body=_front(_SHOULDERS, _HIPS, [(42, 56), (48, 80), (43, 103), (37, 107)], _FREE_LEG),
        head=(50, 13),
        zero=[[(43, 103), (34, 72)]],
        mark=[[(36.3, 80), (48, 80)]],
        rings=[(48, 80), (43, 103)],
        plus=[(16, 80), (30, 80)],
        labels=[("+", (11, 83)), ("0", (29, 71))],
    ),
    "trunk_inclination": Drawing(
        desc="Seen from the side. Zero: the trunk straight up. Plus: leaning forward.",
        body=[_SIDE_TRUNK, _SIDE_LEG],
        head=(60, 22),
        zero=[[(30, 72), (30, 24)]],
        mark=[_SIDE_TRUNK],
        rings=[(30, 72), (52, 34)],
        plus=_arc((30, 72), 36, 3, 27),
        labels=[("+", (49, 56)), ("0", (24, 28))],
    ),
    "trunk_minus_shank": Drawing(
        desc="Seen from the side. Zero: the trunk leaning as far forward as the shin. Plus: further forward.",
        body=[[(30, 72), (62, 48)], _SIDE_LEG],
        head=(72, 38),
        zero=[[(30, 72), (46, 25.6)], [(50, 105), (60, 76)]],
        mark=[[(30, 72), (62, 48)]],
        rings=[(30, 72), (62, 48)],
        plus=_arc((30, 72), 34, 22, 50),
        labels=[("+", (61, 62)), ("0", (40, 25))],
    ),
    "knee_flexion": Drawing(
        desc="Seen from the side. Zero: the knee straight, the shin in line with the thigh. Plus: more bent.",
        body=[_SIDE_TRUNK, _SIDE_LEG],
        head=(60, 22),
        zero=[[(60, 76), (92, 80.3)]],
        mark=[_SIDE_LEG[:3]],
        rings=_SIDE_LEG[:3],
        plus=_arc((60, 76), 20, 100, 192),
        labels=[("+", (80, 97)), ("0", (90, 76))],
    ),
    "hip_flexion": Drawing(
        desc="Seen from the side. Zero: the thigh in line with the trunk. Plus: more bent.",
        body=[_SIDE_TRUNK, _SIDE_LEG],
        head=(60, 22),
        zero=[[(30, 72), (14, 99.6)]],
        mark=[[(52, 34), (30, 72), (60, 76)]],
        rings=[(52, 34), (30, 72), (60, 76)],
        plus=_arc((30, 72), 19, 206, 104),
        labels=[("+", (37, 98)), ("0", (10, 96))],
    ),
    "depth": Drawing(
        desc="Seen from the side. Zero: the hips at standing height. Plus: lower, as a share of that height.",
        body=[_SIDE_TRUNK, _SIDE_LEG],
        head=(60, 22),
        zero=[[(8, 46), (44, 46)]],
        mark=[[(30, 46), (30, 72)]],
        rings=[(30, 72)],
        plus=[(17, 50), (17, 70)],
        labels=[("+", (17, 84)), ("0", (12, 42))],
    ),
    "lower_s": Drawing(
        desc="The height of the hips over time. The time from leaving standing to the lowest point.",
        body=[[(8, 34), (26, 34), (34, 38), (48, 76), (56, 80), (68, 80), (76, 76), (86, 38), (94, 34)]],
        ground=False,
        zero=[[(26, 24), (26, 92)], [(56, 74), (56, 92)]],
        mark=[[(26, 34), (34, 38), (48, 76), (56, 80)]],
        plus=[(28, 90), (54, 90)],
        labels=[("seconds", (41, 104)), ("standing", (26, 18)), ("lowest", (80, 92))],
    ),
    "hand_off": Drawing(
        desc="Seen from the front. Zero: the hands stay where they were in own standing. One: a hand left the waist.",
        body=[*_front(_SHOULDERS, _HIPS, [(42, 56), (41, 105)], [(58, 56), (59, 105)]), _HAND_AT_WAIST],
        head=(50, 13),
        zero=[[(36, 27), (25, 43), (41, 52)]],
        mark=[[(36, 27), (20, 36), (10, 24)]],
        rings=[(10, 24)],
        plus=_arc((27, 40), 22, 230, 292),
        labels=[("1", (11, 14)), ("0", (33, 62))],
    ),
    "balance_lost": Drawing(
        desc="Seen from the front. Zero: the standing foot stays and the free foot stays off the floor. Each shift of "
        "the one or touch of the other counts one.",
        body=_front(_SHOULDERS, _HIPS, [(42, 56), (42, 105)], [(58, 56), (66, 78), (68, 101)]),
        head=(50, 13),
        zero=[[(58, 56), (64, 76), (63, 89)]],
        mark=[[(66, 78), (68, 104)]],
        rings=[(68, 104)],
        plus=[(82, 84), (82, 102)],
        labels=[("1", (90, 100)), ("0", (76, 82))],
    ),
    "unsteady": Drawing(
        desc="Seen from the front. Zero: nothing of it happens. One each: the standing foot shifts, the free foot "
        "touches the floor, a hand leaves the waist.",
        body=[*_front(_SHOULDERS, _HIPS, [(42, 56), (42, 105)], [(58, 56), (66, 78), (68, 101)]), _HAND_AT_WAIST],
        head=(50, 13),
        zero=[[(36, 27), (25, 43), (41, 52)], [(58, 56), (64, 76), (63, 89)]],
        mark=[[(36, 27), (20, 36), (10, 24)], [(66, 78), (68, 104)], [(34, 105), (50, 105)]],
        rings=[(10, 24), (68, 104)],
        plus=[(36, 96), (22, 96)],
        labels=[("+1", (14, 94)), ("+1", (12, 14)), ("+1", (80, 101))],
    ),
    "reversals": Drawing(
        desc="The height of the hips over time. Zero: an even way down and up. Each turn back on the way counts one.",
        body=[[(8, 34), (22, 34), (30, 38), (48, 80), (58, 82), (80, 38), (92, 34)]],
        ground=False,
        zero=[[(30, 38), (48, 80)]],
        mark=[[(28, 36), (36, 60), (40, 49), (50, 80)]],
        rings=[(36, 60), (40, 49)],
        plus=[(62, 58), (45, 54)],
        labels=[("1 turn", (76, 60)), ("0", (29, 62))],
    ),
    "lean_back": Drawing(
        desc="Seen from the side, standing again after a repetition. Zero: the trunk as in own standing. Plus: further "
        "back.",
        body=[[(50, 58), (36, 26)], [(50, 58), (52, 80), (48, 105), (60, 105)]],
        head=(33, 13),
        zero=[[(50, 58), (50, 18)]],
        mark=[[(50, 58), (36, 26)]],
        rings=[(50, 58), (36, 26)],
        plus=_arc((50, 58), 28, -3, -21),
        labels=[("+", (31, 42)), ("0", (57, 24))],
    ),
    "heel_rise": Drawing(
        desc="Seen from the side. Zero: the foot as flat as at the beginning of the repetition. Plus: the heel higher, "
        "turned up about the ball of the foot.",
        body=[[(30, 66), (62, 66), (44, 92)], [(30, 66), (50, 28)]],
        head=(57, 16),
        zero=[[(40, 105), (76, 105)]],
        mark=[[(76, 104), (43, 92)]],
        rings=[(76, 104), (43, 92)],
        plus=_arc((76, 104), 46, 268, 287),
        labels=[("+", (25, 92)), ("0", (37, 102))],
    ),
    "hold": Drawing(
        desc="The time for which a position is held: a stance from the foot leaving the floor to its coming back, a "
        "bridge until the hips sink.",
        body=[[(10, 76), (28, 76), (34, 42), (70, 42), (76, 76), (92, 76)]],
        ground=False,
        zero=[[(34, 34), (34, 96)], [(70, 34), (70, 96)]],
        mark=[[(34, 42), (70, 42)]],
        plus=[(36, 92), (68, 92)],
        labels=[("held", (52, 36)), ("seconds", (52, 106))],
    ),
    "lock_out": Drawing(
        desc="A bridge seen from the side. 180: shoulder, hip and knee in line. Less: the hips not up. More: arched.",
        body=[[(22, 100), (52, 86), (74, 66), (80, 104), (90, 104)]],
        head=(12, 97),
        zero=[[(22, 100), (74, 66)]],
        mark=[[(22, 100), (52, 86), (74, 66)]],
        rings=[(22, 100), (52, 86), (74, 66)],
        plus=[(46, 68), (43, 54)],
        labels=[("+", (40, 47)), ("180", (62, 60))],
    ),
    "lumbar_change": Drawing(
        desc="Seen from the side. Zero: the hollow of the lower back as in own standing. Plus: deeper. Minus: flatter "
        "or rounder.",
        body=[[(36, 76), (56, 58), (66, 36)], [(36, 76), (74, 80), (64, 105), (76, 105)]],
        head=(70, 22),
        zero=[_bow((22, 74), (50, 28), 4)],
        mark=[_bow((22, 74), (50, 28), 13)],
        plus=[(19, 42), (31, 49)],
        labels=[("+", (13, 42)), ("0", (45, 26))],
    ),
}
