"""What the coach says, and its wire form.

Every event has its time `t` in seconds of the frames. A reading that is not known is None, never the last value.
"""

import math
import re
from dataclasses import dataclass, fields
from typing import Any, Literal

Phase = Literal["down", "hold", "up", "standing"]


@dataclass(frozen=True, slots=True)
class SetUp:
    """How to stand or lie before the set: one hint at a time, `hint` None where everything is right.

    Comes when the hint or the readiness changes.
    """

    t: float
    hint: str | None
    say: str
    ready: bool


@dataclass(frozen=True, slots=True)
class Countdown:
    """Seconds left before the quiet stand; comes once a second, and with 0 when it begins."""

    t: float
    left_s: float


@dataclass(frozen=True, slots=True)
class CalibrationDone:
    """The quiet stand is measured, the set begins: the view that was seen, and what to do now."""

    t: float
    view: str
    yaw_deg: float | None
    say: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """One instant; comes with every frame, in every state.

    xy        (J, 2) shares 0..1 of the picture's width and height in the order of `poses.skeleton.Joint`, a joint that
              cannot be believed None; None as a whole where nobody is seen
    readings  measure of `measures.toml` -> value in its unit, None where it cannot be read now; empty before the set
    depth     0 = standing, 1 = the target; None where it cannot be read
    phase     where in the repetition, None before the set
    tempo     share 0..1 of the phase's own time that has passed, None where a phase has no time to keep
    held_s    seconds of the hold under way, or of the timed test; None in sets of repetitions
    """

    t: float
    xy: tuple[tuple[float, float] | None, ...] | None
    readings: dict[str, float | None]
    depth: float | None
    phase: Phase | None
    tempo: float | None
    held_s: float | None = None


@dataclass(frozen=True, slots=True)
class RepDone:
    """A repetition has closed.

    number   of those that count; of one that does not, the number of the last that did
    counts   whether it counts, else `why` says why not
    lower_s, raise_s  seconds, None where the beginning or the end was not seen
    clean    whether it counts and no pattern was found in it
    findings codes of the patterns it shows, in order of priority
    """

    t: float
    number: int
    counts: bool
    why: str
    lower_s: float | None
    raise_s: float | None
    clean: bool
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """The one thing to think of now; it is shown until it is cleared, or a repetition closes without it.

    alternative  whether these are the other words, because the first ones were said often enough
    speak        whether it is to be said aloud
    """

    t: float
    finding: str
    say: str
    alternative: bool
    speak: bool


@dataclass(frozen=True, slots=True)
class CueCleared:
    """The pattern of the cue is gone: take it off the screen."""

    t: float
    finding: str


@dataclass(frozen=True, slots=True)
class Praise:
    """Said after every third clean repetition."""

    t: float
    say: str


@dataclass(frozen=True, slots=True)
class Number:
    """What was asked for with "show me the number": the last value in words, or that there is none."""

    t: float
    say: str


@dataclass(frozen=True, slots=True)
class SetDone:
    """A set is over: repetitions that count, clean ones among them, and the summary, a sentence each.

    number, of  which set it was, of how many
    rest_s      seconds to rest before the next, None after the last
    """

    t: float
    number: int
    of: int
    reps: int
    clean: int
    summary: tuple[str, ...]
    rest_s: float | None


@dataclass(frozen=True, slots=True)
class TestDone:
    """A functional test is over; `value` in `unit` ("s" or ""), None where it could not be judged, as `say` tells."""

    t: float
    test: str
    side: str | None
    value: float | None
    unit: str
    say: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the person should know: the coach waits, or has begun again."""

    t: float
    say: str


Event = (
    SetUp
    | Countdown
    | CalibrationDone
    | Tracked
    | RepDone
    | Cue
    | CueCleared
    | Praise
    | Number
    | SetDone
    | TestDone
    | Problem
)
_DIGITS = 4


def to_wire(event: Event) -> dict[str, Any]:
    """The event as plain JSON values: `type` is its name in snake_case, floats to four decimals, missing ones None."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    return {"type": name, **{f.name: _plain(getattr(event, f.name)) for f in fields(event)}}


def _plain(value: object) -> object:
    if isinstance(value, float):
        return round(value, _DIGITS) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value
