"""What exercises are done with, as rounded pieces in space."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..library.drawing import Prop
from .body import Figure, Point

ABOVE = 0.16  # of the thigh: how far above the knee a band lies


@dataclass(frozen=True, slots=True)
class Piece:
    """Points with the same roundness: their common outline is what is seen.

    kind    its colour: "prop", "top" (what one steps or sits on), "gear" (what is held), "band"
    behind  drawn behind the body whatever its depth
    still   does not move with the body
    """

    points: tuple[Point, ...]
    radius: float
    kind: str = "prop"
    behind: bool = True
    still: bool = True


def pieces(prop: Prop, made: Figure) -> list[Piece]:
    """The pieces of a prop beside a body."""
    return _MADE[prop.kind](prop, made)


def _box(prop: Prop, made: Figure, radius: float = 0.008) -> list[Piece]:
    low, high = _corners(prop, radius)
    whole = tuple(np.array(corner) for corner in product(*zip(low, high, strict=True)))
    top = tuple(corner for corner in whole if corner[1] == high[1])
    return [Piece(whole, radius), Piece(top, radius, "top")]


def _wall(prop: Prop, made: Figure) -> list[Piece]:
    low, high = _corners(prop, 0.006)
    return [Piece(tuple(np.array(corner) for corner in product(*zip(low, high, strict=True))), 0.006)]


def _chair(prop: Prop, made: Figure) -> list[Piece]:
    """Seat, legs and, on the side away from the front, a back. A negative length: it faces backwards."""
    (x, _, z), (length, height, width) = prop.at, prop.size
    half, wide = length / 2, width / 2
    feet = [(x + dx, z + dz) for dx in (-half, half) for dz in (-wide, wide)]
    made_of = [Piece((np.array([fx, 0.012, fz]), np.array([fx, height - 0.02, fz])), 0.010) for fx, fz in feet]
    back = [np.array([x - half, y, z + dz]) for y in (height + 0.18, height + 0.27) for dz in (-wide, wide)]
    posts = [
        Piece((np.array([x - half, height, z + dz]), np.array([x - half, height + 0.27, z + dz])), 0.010)
        for dz in (-wide, wide)
    ]
    seat = tuple(np.array([x + dx, height - 0.012, z + dz]) for dx in (-half, half) for dz in (-wide, wide))
    return [*made_of, *posts, Piece(tuple(back), 0.010), Piece(seat, 0.012, "top")]


def _bench(prop: Prop, made: Figure) -> list[Piece]:
    """A padded top on two feet."""
    (x, _, z), (length, height, width) = prop.at, prop.size
    half, wide = length / 2, width / 2
    pad = tuple(
        np.array([x + dx, y, z + dz])
        for dx, y, dz in product((-half, half), (height - 0.05, height - 0.02), (-wide, wide))
    )
    feet = [
        Piece(
            (
                np.array([x - half * 0.7, 0.012, z + dz]),
                np.array([x + half * 0.7, 0.012, z + dz]),
                np.array([x, height - 0.06, z + dz]),
            ),
            0.012,
        )
        for dz in (-wide * 0.8, wide * 0.8)
    ]
    return [*feet, Piece(pad, 0.02, "top")]


def _roller(prop: Prop, made: Figure) -> list[Piece]:
    x, y, z = prop.at
    radius = prop.size[1] / 2
    half_x, half_z = prop.size[0] / 2, prop.size[2] / 2
    return [
        Piece((np.array([x - half_x, y + radius, z - half_z]), np.array([x + half_x, y + radius, z + half_z])), radius)
    ]


def _rail(prop: Prop, made: Figure) -> list[Piece]:
    """A post to hold on to."""
    (x, _, z), (length, height, width) = prop.at, prop.size
    foot, top = np.array([x, 0.0, z]), np.array([x, height, z])
    along = np.array([length / 2, 0.0, width / 2])
    return [Piece((foot, top), 0.010), Piece((top - along, top + along), 0.014, "top")]


def _mark(prop: Prop, made: Figure) -> list[Piece]:
    x, y, z = prop.at
    length, _, width = prop.size
    return [
        Piece(
            (np.array([x - length / 2, y, z - width / 2]), np.array([x + length / 2, y, z + width / 2])), 0.006, "band"
        )
    ]


def _band(prop: Prop, made: Figure) -> list[Piece]:
    """Between limbs or to an anchor; one on a knee lies above it."""
    ends = list(_ends(prop, made))
    for i, end in enumerate(prop.ends):
        if isinstance(end, str) and end.endswith("_knee"):
            ends[i] = ends[i] + ABOVE * (made.at[end.replace("_knee", "_hip")] - ends[i])
    return [Piece(tuple(ends), 0.011, "band", behind=False, still=False)]


def _stick(prop: Prop, made: Figure) -> list[Piece]:
    return [Piece(_ends(prop, made), 0.009, "gear", behind=False, still=False)]


def _bar(prop: Prop, made: Figure) -> list[Piece]:
    """A barbell across the body, at a joint: its plates."""
    place = _ends(prop, made)[0] + np.array(prop.at)
    out = np.array([0.0, 0.0, prop.size[2] / 2])
    return [Piece((place - out, place + out), 0.010, "gear", False, False)] + [
        Piece((place + sign * out, place + sign * (out + (0, 0, 0.03))), prop.size[1] / 2, "gear", False, False)
        for sign in (-1, 1)
    ]


def _dumbbell(prop: Prop, made: Figure) -> list[Piece]:
    """Handle and two heads in a hand, across the direction of `size`."""
    shapes = []
    along = np.array(prop.size)
    for place in _ends(prop, made):
        shapes.append(Piece((place - along, place + along), 0.010, "gear", False, False))
        shapes += [
            Piece((place + sign * along, place + sign * along * 1.5), 0.028, "gear", False, False) for sign in (-1, 1)
        ]
    return shapes


def _bike(prop: Prop, made: Figure) -> list[Piece]:
    """An exercise bike from the side, its crank at `at`; height of the saddle and length to the bars in `size`."""
    x, y, z = prop.at
    bars, saddle, _ = prop.size

    def line(*points: tuple[float, float], radius: float = 0.013, kind: str = "prop") -> Piece:
        return Piece(tuple(np.array([px, py, z]) for px, py in points), radius, kind)

    return [
        line((x + 0.25, 0.17), radius=0.15),
        line((x + 0.25, 0.17), radius=0.11, kind="top"),
        line((x - 0.24, 0.014), (x + 0.42, 0.014)),
        line((x, y), (x + 0.02, 0.02), radius=0.02),
        line((x, y), (x - 0.14, saddle - 0.02), radius=0.016),
        line((x - 0.22, saddle - 0.014), (x - 0.08, saddle - 0.020), radius=0.014, kind="gear"),
        line((x + 0.22, 0.2), (x + bars, saddle + 0.17), radius=0.016),
        line((x + bars - 0.03, saddle + 0.17), (x + bars + 0.05, saddle + 0.185), radius=0.013, kind="gear"),
    ]


def _crank(prop: Prop, made: Figure) -> list[Piece]:
    return [Piece(_ends(prop, made), 0.012, "prop", behind=False, still=False)]


def _ends(prop: Prop, made: Figure) -> tuple[Point, ...]:
    return tuple(made.at[end] if isinstance(end, str) else np.array(end) for end in prop.ends)


def _corners(prop: Prop, radius: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    (x, y, z), (length, height, width) = prop.at, prop.size
    low = (x - length / 2 + radius, y + radius, z - width / 2 + radius)
    high = (x + length / 2 - radius, y + height - radius, z + width / 2 - radius)
    return low, high


_MADE: dict[str, Callable[[Prop, Figure], list[Piece]]] = {
    "box": _box,
    "bench": _bench,
    "chair": _chair,
    "wall": _wall,
    "cushion": _box,
    "roller": _roller,
    "rail": _rail,
    "mark": _mark,
    "band": _band,
    "stick": _stick,
    "bar": _bar,
    "dumbbell": _dumbbell,
    "bike": _bike,
    "crank": _crank,
}
