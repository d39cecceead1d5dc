"""From what was seen and what was told to where to begin, and to the first weeks of training."""

from dataclasses import dataclass

from ..findings import Confidence
from ..library import Dose, Grade


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


@dataclass(frozen=True, slots=True)
class PlannedExercise:
    """One exercise of a session: its numbers in `dose`, the rest in words a person can train by.

    exercise        its name in the library
    why             what it is there for: a finding, the base session, or in place of which other exercise
    finding         the finding it was chosen for, None where it is part of every session
    amount          sets, repetitions, holds or minutes; `tempo`, `rest` and `effort` likewise, None where there is none
    equipment       what it is done with, one entry for each thing
    easier, harder  the next versions that can be done with what is at hand, None where there is none
    """

    exercise: str
    name: str
    why: str
    finding: str | None
    dose: Dose
    amount: str
    tempo: str | None
    rest: str | None
    effort: str
    equipment: list[str]
    cues: list[str]
    easier: str | None
    harder: str | None
    caution: str | None


@dataclass(frozen=True, slots=True)
class AuditedTask:
    """The movement to do in front of the camera in every session, and what to look for.

    `finding` is the one it shows, None where nothing stood out; `cue` has an external focus, `other_cue` an internal
    one for those whom the first does not help; both are None without a finding.
    """

    movement: str
    title: str
    finding: str | None
    why: str
    amount: str
    film: str
    cue: str | None
    other_cue: str | None
    feedback: list[str]


@dataclass(frozen=True, slots=True)
class PainStep:
    """One row of the pain rule: the worst pain of a session, 0-10, and what follows."""

    pain: str
    then: str


@dataclass(frozen=True, slots=True)
class FirstWeeks:
    """The first weeks of training, one session that is repeated.

    per_week               sessions a week; `fewest` to `most` is the range
    least_weeks            how long the phase lasts at least, likewise `least_sessions`; None where it does not end
    main                   three to five exercises; fewer only where `notes` says what is missing
    before_next            all that must hold, two sessions running, before the next phase
    retest_weeks           when to film again; not before `retest_least_weeks`
    notes                  what was left out, replaced or is not known, and why
    cite                   keys of `library.citations()`
    """

    phase: int
    name: str
    per_week: int
    fewest: int
    most: int
    least_weeks: int | None
    least_sessions: int | None
    warm_up: list[PlannedExercise]
    main: list[PlannedExercise]
    task: AuditedTask
    cool_down: list[PlannedExercise]
    progress: list[str]
    before_next: list[str]
    pain: list[PainStep]
    stop: list[str]
    retest: str
    retest_weeks: int
    retest_least_weeks: int
    notes: list[str]
    cite: list[str]
    grade: Grade
