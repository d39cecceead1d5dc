"""Repetitions: when each began, turned and ended, whether it counts, and what was measured in it."""

from collections.abc import Mapping
from dataclasses import dataclass

MATCHED = "matched"
HELD = "hold_s"  # the column of how long a position was held


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition, or something like one that does not count. A position that is held is one repetition.

    t_start, t_turn, t_end  seconds: the descent begins, the middle of the lowest plateau, standing again; of a hold
               off the floor, the middle of the seconds that are read, back on the floor
    lower_s, pause_s, lift_s  seconds: to the plateau, the plateau, from its end to standing; None where the
               beginning or the end was not seen
    valid, reason  whether it counts, and if not, why in words
    depth      share of the standing hip height lost at the lowest point, or by which the free foot of a hold is lifted;
               None where it was not seen
    coverage   share of the repetition in which the joints it needs were seen
    measures   column of `library/measures.toml` -> value where it is read, mostly the lowest point;
               "COLUMN@matched" on the way down at the matched depth; of a hold the mean of its last seconds; a column
               is absent where it could not be read
    complete   False where the end is not in the clip, or nobody is in view by then: a hold lasted at least that long
    """

    index: int
    clip: str
    side: str
    t_start: float
    t_turn: float
    t_end: float
    lower_s: float | None
    pause_s: float | None
    lift_s: float | None
    valid: bool
    reason: str | None
    depth: float | None
    coverage: float
    measures: Mapping[str, float]
    complete: bool = True
