"""From what was seen and what was told to where to begin."""

from dataclasses import dataclass

from ..findings import Confidence


@dataclass(frozen=True, slots=True)
class Cap:
    """One reason the start may not be higher.

    value, cut   what was measured or told, and where the gate begins; None where the reason is a yes or no
    confidence   of the finding behind it; None where it was told, not measured
    """

    gate: str
    value: float | None
    cut: float | None
    cap: int
    confidence: Confidence | None
    say: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something the decision asks for and has not got, and how to provide it."""

    what: str
    how: str


@dataclass(frozen=True, slots=True)
class StartingPhase:
    """Where the programme begins: 1 to 3, or 0 for no programme before a professional has been asked.

    `provisional` while something required has not been seen or told; `missing` says what. `would_move_up` says what
    would raise the lowest caps.
    """

    phase: int
    name: str
    provisional: bool
    caps: list[Cap]
    would_move_up: list[str]
    missing: list[str]
