"""The drawing of an exercise as the page moves it: outlines, and when which of them is due."""

from functools import cache
from typing import Any

from ..figure.motion import end_pose
from ..figure.svg import Picture, picture
from ..library import drawings
from ..library.drawing import Drawing
from ..library.training import Tempo

REST_S = 0.8  # between two repetitions that keep no tempo
STAND_S = 1.5  # how long a landing stands

Beat = list[tuple[float, float, float]]  # seconds, from and to: 0 the first pose, 1 the last


def pictured(exercise: str, tempo: Tempo | None, hold_s: float | None) -> dict[str, Any]:
    """As plain JSON values.

    title   what is to be seen
    box     left, top, width, height
    shapes  kind and outlines, one for each body of the motion; outlines that never change are given once
    arrow   shaft and head, None where there is none
    end     which outline of a moving shape is where it leads, None where it is held or walks on
    beat    what is shown when, over and over; empty where the pose is held
    """
    drawing, whole = drawings()[exercise], _picture(exercise)
    return {
        "title": drawing.shows,
        "box": list(whole.box),
        "shapes": [{"kind": shape.kind, "d": _told(shape.outlines)} for shape in whole.shapes],
        "arrow": [whole.arrow.shaft, whole.arrow.head] if whole.arrow else None,
        "end": whole.end,
        "beat": [list(part) for part in beat(drawing, tempo, hold_s)],
    }


def beat(drawing: Drawing, tempo: Tempo | None, hold_s: float | None) -> Beat:
    """When which part of a movement is shown: at the tempo where one is kept, from the lowering on."""
    if len(drawing.poses) == 1:
        return []
    if drawing.cycle and tempo and end_pose(drawing):  # out and back in one direction after the other
        share = 1 / len(drawing.poses)
        return [
            part
            for home in range(0, len(drawing.poses), 2)
            for part in _paced(tempo, home * share, (home + 1) * share, (home + 2) * share)
        ]
    if drawing.cycle:
        return [(drawing.beat_s, 0, 1)]
    if tempo:
        low, high = (0, 1) if drawing.low == "first" else (1, 0)
        return _paced(tempo, high, low, high)
    if drawing.poses[-1].lift:  # in the air nobody waits
        return [(drawing.beat_s, 0, 1), (drawing.beat_s, 1, 0), (REST_S, 0, 0)]
    if any(pose.lift for pose in drawing.poses):  # it lands, and nobody hops backwards
        return [(REST_S, 0, 0), (drawing.beat_s, 0, 1), (STAND_S, 1, 1)]
    return [(drawing.beat_s, 0, 1), (hold_s or REST_S, 1, 1), (drawing.beat_s, 1, 0), (REST_S, 0, 0)]


def _paced(tempo: Tempo, top: float, low: float, back: float) -> Beat:
    return [
        (tempo.lower_s, top, low),
        (tempo.pause_low_s, low, low),
        (tempo.lift_s, low, back),
        (tempo.pause_top_s, back, back),
    ]


@cache
def _picture(exercise: str) -> Picture:
    return picture(drawings()[exercise])


def _told(outlines: tuple[str, ...]) -> list[str]:
    return list(outlines) if len(set(outlines)) > 1 else [outlines[0]]
