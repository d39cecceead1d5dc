"""What exercises are done with, as rounded pieces in space."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..library.drawing import Place, Prop
from .body import Figure, Point

Span = tuple[float, float]
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
    return MADE[prop.kind](prop, made)


def _block(x: Span, y: Span, z: Span, radius: float, kind: str = "prop") -> Piece:
    """A block between two planes each way, its edges rounded inwards."""
    spans = [(low + radius, high - radius) for low, high in (x, y, z)]
    return Piece(tuple(np.array(corner) for corner in product(*spans)), radius, kind)


def _line(start: Place, end: Place, radius: float, kind: str = "prop") -> Piece:
    return Piece((np.array(start), np.array(end)), radius, kind)


def _around(middle: float, width: float) -> Span:
    return middle - width / 2, middle + width / 2


def _box(prop: Prop, made: Figure) -> list[Piece]:
    (x, y, z), (length, height, width) = prop.at, prop.size
    base, across, top = _around(x, length), _around(z, width), y + height
    return [
        _block(base, (y, top), across, 0.008),
        _block(base, (top - 0.016, top), across, 0.008, "top"),
    ]


def _wall(prop: Prop, made: Figure) -> list[Piece]:
    (x, y, z), (length, height, width) = prop.at, prop.size
    return [_block(_around(x, length), (y, y + height), _around(z, width), 0.006)]


def _chair(prop: Prop, made: Figure) -> list[Piece]:
    """Seat, legs and, at the end away from the front, a back. A negative length: it faces backwards."""
    (x, _, z), (length, height, width) = prop.at, prop.size
    back = x - length / 2
    sides = _around(z, width)
    return [
        *(
            _line((foot, 0.012, side), (foot, height - 0.02, side), 0.010)
            for foot in _around(x, length)
            for side in sides
        ),
        *(_line((back, height, side), (back, height + 0.27, side), 0.010) for side in sides),
        _block((back - 0.01, back + 0.01), (height + 0.17, height + 0.28), (sides[0] - 0.01, sides[1] + 0.01), 0.010),
        _block(
            (x - abs(length) / 2 - 0.012, x + abs(length) / 2 + 0.012),
            (height - 0.024, height),
            (sides[0] - 0.012, sides[1] + 0.012),
            0.012,
            "top",
        ),
    ]


def _bench(prop: Prop, made: Figure) -> list[Piece]:
    """A padded top on two feet."""
    (x, _, z), (length, height, width) = prop.at, prop.size
    stand = (x - 0.35 * length, x + 0.35 * length)
    feet = [
        Piece(
            tuple(np.array(p) for p in ((stand[0], 0.012, side), (stand[1], 0.012, side), (x, height - 0.06, side))),
            0.012,
        )
        for side in _around(z, 0.8 * width)
    ]
    pad = _block(
        (x - length / 2 - 0.02, x + length / 2 + 0.02), (height - 0.07, height), _around(z, width + 0.04), 0.02, "top"
    )
    return [*feet, pad]


def _roller(prop: Prop, made: Figure) -> list[Piece]:
    (x, y, z), (length, thick, width) = prop.at, prop.size
    middle = y + thick / 2
    return [_line((x - length / 2, middle, z - width / 2), (x + length / 2, middle, z + width / 2), thick / 2)]


def _rail(prop: Prop, made: Figure) -> list[Piece]:
    """A post, and what a hand holds on its top."""
    (x, _, z), (length, height, width) = prop.at, prop.size
    return [
        _line((x, 0.0, z), (x, height, z), 0.010),
        _line((x - length / 2, height, z - width / 2), (x + length / 2, height, z + width / 2), 0.014, "top"),
    ]


def _mark(prop: Prop, made: Figure) -> list[Piece]:
    """Tape on the floor."""
    (x, y, z), (length, _, width) = prop.at, prop.size
    return [_line((x - length / 2, y, z - width / 2), (x + length / 2, y, z + width / 2), 0.006, "band")]


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
    """A barbell across the body, at a joint, with its plates."""
    place = _ends(prop, made)[0] + np.array(prop.at)
    out, plate = np.array([0.0, 0.0, prop.size[2] / 2]), np.array([0.0, 0.0, 0.03])
    return [_held(place - out, place + out, 0.010)] + [
        _held(place + sign * out, place + sign * (out + plate), prop.size[1] / 2) for sign in (-1, 1)
    ]


def _dumbbell(prop: Prop, made: Figure) -> list[Piece]:
    """In each hand a handle from -`size` to `size`, and a head at either end."""
    half = np.array(prop.size)
    return [
        piece
        for place in _ends(prop, made)
        for piece in (
            _held(place - half, place + half, 0.010),
            _held(place - half, place - 1.5 * half, 0.028),
            _held(place + half, place + 1.5 * half, 0.028),
        )
    ]


def _held(start: Point, end: Point, radius: float) -> Piece:
    return Piece((start, end), radius, "gear", behind=False, still=False)


def _bike(prop: Prop, made: Figure) -> list[Piece]:
    """An exercise bike from the side, its crank at `at`; height of the saddle and length to the bars in `size`."""
    x, y, z = prop.at
    bars, saddle, _ = prop.size
    return [
        Piece((np.array([x + 0.25, 0.17, z]),), 0.15),
        Piece((np.array([x + 0.25, 0.17, z]),), 0.11, "top"),
        _line((x - 0.24, 0.014, z), (x + 0.42, 0.014, z), 0.013),
        _line((x, y, z), (x + 0.02, 0.02, z), 0.020),
        _line((x, y, z), (x - 0.14, saddle - 0.02, z), 0.016),
        _line((x - 0.22, saddle - 0.014, z), (x - 0.08, saddle - 0.02, z), 0.014, "gear"),
        _line((x + 0.22, 0.2, z), (x + bars, saddle + 0.17, z), 0.016),
        _line((x + bars - 0.03, saddle + 0.17, z), (x + bars + 0.05, saddle + 0.185, z), 0.013, "gear"),
    ]


def _crank(prop: Prop, made: Figure) -> list[Piece]:
    return [Piece(_ends(prop, made), 0.012, "prop", behind=False, still=False)]


def _ends(prop: Prop, made: Figure) -> tuple[Point, ...]:
    return tuple(made.at[end] if isinstance(end, str) else np.array(end) for end in prop.ends)


MADE: dict[str, Callable[[Prop, Figure], list[Piece]]] = {
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
