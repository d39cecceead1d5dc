"""A moving body and what stands around it as flat shapes, from back to front.

Limbs are outlines round circles at the joints, so they have a body's thickness. Coordinates are whole numbers, 1000 to
the standing height, x to the right and y down. All outlines of a shape have the same commands and flags: whoever mixes
two of them number by number has the outline in between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..library import body
from ..library.drawing import SIDES, Drawing
from .body import Figure, Point, radius
from .props import Piece, pieces

Box = tuple[float, float, float, float]  # left, top, right, bottom
Circles = Sequence[tuple[Point, float]]  # (2,) middle and radius
SCALE = 1000
ROUND = 28  # corners of a rounded outline
# Of what lies equally near to the eye the later one is in front: the head is before the neck.
LIMBS: dict[str, tuple[tuple[str, ...], ...]] = {
    "trunk": (
        ("left_hip", "right_hip", "seat", "left_flank", "right_flank"),
        ("left_flank", "right_flank", "left_ribs", "right_ribs"),
        ("left_ribs", "right_ribs", "left_shoulder", "right_shoulder"),
        ("left_shoulder", "right_shoulder", "nape"),
    ),
    "head": (("head", "face"),),
    **{
        f"{side}_{limb}": tuple(tuple(f"{side}_{joint}" for joint in part) for part in parts)
        for side in SIDES
        for limb, parts in {
            "leg": (("hip", "knee"), ("knee", "ankle"), ("ankle", "heel", "toe", "inner", "outer")),
            "arm": (("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "hand")),
        }.items()
    },
}
SIDEWAYS = 60  # degrees: seen from no further towards the front or back, the left side is the far one
FLOOR, BEHIND, GHOST = -30.0, -20.0, -10.0  # depths before which no limb lies
OVER = 0.08  # a band lies on the limbs it joins


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape; `outlines` one for each body of the motion, a single one where it stands still.

    kind   "floor", "ghost", "body", "far" side, "works", or what a piece is (props.py)
    depth  how near to the eye it is
    """

    kind: str
    outlines: tuple[str, ...]
    depth: float
    box: Box


class Eye:
    """Where it is looked from: degrees from the person's right side to the front, and above the ground."""

    def __init__(self, turn: float, above: float) -> None:
        t, a = np.radians(turn), np.radians(above)
        level = np.array([np.sin(t), 0.0, np.cos(t)])
        self.right = np.array([np.cos(t), 0.0, -np.sin(t)])
        self.toward = level * np.cos(a) + np.array([0.0, np.sin(a), 0.0])
        self.up = np.array([0.0, np.cos(a), 0.0]) - level * np.sin(a)

    def flat(self, point: Point) -> Point:
        """A place on the sheet, (2,)."""
        return SCALE * np.array([point @ self.right, -(point @ self.up)])

    def near(self, points: Iterable[Point]) -> float:
        """How near to the eye some places are on average; rounded, so that noise does not order what lies alike."""
        return round(float(np.mean([point @ self.toward for point in points])), 9)


def body_shapes(drawing: Drawing, bodies: Sequence[Figure]) -> list[Shape]:
    """The limbs of a body that moves, from back to front."""
    eye = Eye(*drawing.view)
    made = [_limb(name, drawing, bodies, eye) for name in LIMBS]
    return sorted(made, key=lambda shape: shape.depth)


def ghost_shape(drawing: Drawing, made: Figure) -> Shape:
    """The outline of a whole body, behind the one that moves and before what stands around."""
    limbs = body_shapes(drawing, [made])
    return Shape(
        "ghost", ("".join(shape.outlines[0] for shape in limbs),), GHOST, union([shape.box for shape in limbs])
    )


def prop_shapes(drawing: Drawing, bodies: Sequence[Figure]) -> list[Shape]:
    """What stands around the body or hangs on it."""
    eye = Eye(*drawing.view)
    shapes = []
    for prop in drawing.props:
        seen = [pieces(prop, made) for made in bodies]
        if all(piece.still for piece in seen[0]):
            seen = seen[:1]
        for views in zip(*seen, strict=True):
            outlines = [_piece(piece, eye) for piece in views]
            depth = BEHIND if views[0].behind else eye.near([p for piece in views for p in piece.points])
            depth += OVER if views[0].kind == "band" else 0.0
            shapes.append(Shape(views[0].kind, tuple(d for d, _ in outlines), depth, union([b for _, b in outlines])))
    return shapes


def floor_shape(drawing: Drawing, bodies: Sequence[Figure]) -> Shape:
    """The floor under all of it: a line from the side, a plane from above."""
    eye = Eye(*drawing.view)
    reach = np.array([point for made in bodies for point in made.at.values()])
    for prop in drawing.props:
        for piece in pieces(prop, bodies[0]):
            reach = np.concatenate([reach, np.array(piece.points)])
    (x0, _, z0), (x1, _, z1) = reach.min(axis=0) - 0.1, reach.max(axis=0) + 0.1
    corners = [np.array([x, 0.0, z]) for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))]
    if drawing.view[1] == 0:
        ends = sorted((eye.flat(corner) for corner in corners), key=lambda point: point[0])
        points = [ends[0], ends[-1]]
    else:
        points = [eye.flat(corner) for corner in corners]
    return Shape("floor", (_polygon(points),), FLOOR, _box([(point, 0.0) for point in points]))


def joint_way(joint: str, view: tuple[float, float], bodies: Sequence[Figure]) -> npt.NDArray[np.float64]:
    """The way of a joint on the sheet, (N, 2)."""
    eye = Eye(*view)
    return np.array([eye.flat(made.at[joint]) for made in bodies])


def _limb(name: str, drawing: Drawing, bodies: Sequence[Figure], eye: Eye) -> Shape:
    drawn = [_outline(name, made, eye) for made in bodies]
    joints = {joint for part in LIMBS[name] for joint in part}
    depth = eye.near(made.at[joint] for made in bodies for joint in joints)
    return Shape(_kind(name, drawing), tuple(d for d, _ in drawn), depth, union([box for _, box in drawn]))


def _kind(name: str, drawing: Drawing) -> str:
    if name in drawing.works:
        return "works"
    return "far" if abs(drawing.view[0]) <= SIDEWAYS and name.startswith("left_") else "body"


def _outline(name: str, made: Figure, eye: Eye) -> tuple[str, Box]:
    parts = [[(eye.flat(made.at[joint]), SCALE * _radius(name, joint)) for joint in part] for part in LIMBS[name]]
    return "".join(_round(part) for part in parts), _box([circle for part in parts for circle in part])


def _radius(limb: str, joint: str) -> float:
    """A thigh begins inside the hip and is thinner there than the trunk."""
    return body().radii["thigh"] if limb.endswith("_leg") and joint.endswith("_hip") else radius(joint)


def _round(circles: Circles) -> str:
    """The outline round circles, clockwise: the furthest point of all of them in each direction."""
    angles = np.linspace(0, 2 * np.pi, ROUND, endpoint=False)
    ways = np.stack([np.cos(angles), np.sin(angles)], 1)
    middles, radii = np.array([c for c, _ in circles]), np.array([r for _, r in circles])
    furthest = np.argmax(ways @ middles.T + radii, axis=1)
    return _polygon(middles[furthest] + radii[furthest, None] * ways)


def _piece(piece: Piece, eye: Eye) -> tuple[str, Box]:
    circles = [(eye.flat(point), SCALE * piece.radius) for point in piece.points]
    return _round(circles), _box(circles)


def _polygon(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) + "Z"


def _box(circles: Circles) -> Box:
    low = np.min([c - r for c, r in circles], axis=0)
    high = np.max([c + r for c, r in circles], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def union(boxes: Sequence[Box]) -> Box:
    """The box round boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)
