"""The typed shape of what training is made of: exercises, equipment, and the sessions of each phase.

EMG values are surface EMG in per cent of a maximal voluntary contraction. They vary two-fold between laboratories for
one exercise: they order exercises by difficulty and are never a promise of strength gained.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .schema import Grade, _Table

Phase = Annotated[int, Field(ge=1, le=5)]
Rate = Annotated[int, Field(ge=0, le=10)]  # perceived exertion
Category = Literal[
    "preparation",
    "warm_up",
    "cool_down",
    "mobility",
    "activation",
    "pelvic_control",
    "pattern",
    "strength",
    "functional",
    "multiplanar",
    "plyometric",
    "conditioning",
]
MAIN: tuple[Category, ...] = (
    "activation",
    "pelvic_control",
    "pattern",
    "strength",
    "functional",
    "multiplanar",
    "plyometric",
)  # what the main part of a session may hold


class Muscles(_Table):
    """What works most, and what helps."""

    primary: tuple[str, ...] = Field(min_length=1)
    secondary: tuple[str, ...]


class Needs(_Table):
    """What an exercise is done with, in names of `equipment.toml`.

    needs  one piece of each group must be there
    helps  a support or a load it can be done without
    """

    needs: tuple[tuple[str, ...], ...]
    helps: tuple[str, ...] = ()


class Tempo(_Table):
    """Seconds of one repetition. `ways` names the two directions, the lowering one first."""

    lower_s: float = Field(ge=0)
    pause_low_s: float = Field(ge=0)
    lift_s: float = Field(ge=0)
    pause_top_s: float = Field(ge=0)
    ways: tuple[str, str] = ("down", "up")


class Dose(_Table):
    """How much of it: each pair is from, to.

    reps, hold_s, minutes  of one set; held repetitions have both of the first two
    rpe                    perceived exertion, 0-10
    rir                    repetitions in reserve at the end of a set, None where sets end by the count
    """

    sets: tuple[int, int]
    reps: tuple[int, int] | None = None
    hold_s: tuple[float, float] | None = None
    minutes: tuple[float, float] | None = None
    per_side: bool
    tempo: Tempo | None = None
    rest_s: float = Field(ge=0)
    load: Literal["bodyweight", "light_band", "light_dumbbells", "add_2_to_10_percent"]
    rpe: tuple[Rate, Rate]
    rir: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "Dose":
        pairs = (self.sets, self.reps, self.hold_s, self.minutes, self.rpe, self.rir)
        if any(pair is not None and pair[0] > pair[1] for pair in pairs):
            raise ValueError("a pair goes from the smaller to the larger")
        if self.reps is None and self.hold_s is None and self.minutes is None:
            raise ValueError("a dose needs reps, hold_s or minutes")
        return self


class Emg(_Table):
    """One published reading: `percent` of a maximal contraction, or `says` where the source gives only an order."""

    muscle: str
    percent: float | None = None
    says: str | None = None
    source: str
    certainty: Literal["read", "recall-high", "recall-medium"]  # recalled ones are shown as unverified

    @model_validator(mode="after")
    def _one_of_both(self) -> "Emg":
        if (self.percent is None) == (self.says is None):
            raise ValueError("either percent or says")
        return self


class Watched(_Table):
    """How a camera would see it live: from where, and what of it. Most names are those of `measures.toml`.

    movement  the movement of the library that it is done as, None where the camera cannot judge it
    """

    movement: str | None = None
    view: Literal["front", "side", "front_and_side", "none"]
    measures: tuple[str, ...]


class Exercise(_Table):
    """One exercise: what for, with what, how much, how, and what is easier and harder.

    one_leg  one leg carries the body
    """

    id: str
    name: str
    phases: tuple[Phase, ...] = Field(min_length=1)
    category: Category
    planes: tuple[Literal["sagittal", "frontal", "transverse"], ...] = Field(min_length=1)
    muscles: Muscles
    equipment: Needs
    dose: Dose
    cues: tuple[str, ...] = Field(min_length=1)  # external focus first
    common_faults: tuple[str, ...]
    regression: str | None = None
    progression: str | None = None
    caution: str | None = None
    addresses: tuple[str, ...] = Field(min_length=1)
    one_leg: bool = False
    emg: tuple[Emg, ...] = ()
    camera: Watched
    note: str | None = None
    cite: tuple[str, ...] = ()


class Equipment(_Table):
    """A piece of equipment, in words.

    everywhere  every home has it: floor, wall, chair; it is there even where an intake does not list it
    support     a hand can hold on to it
    """

    name: str
    everywhere: bool = False
    support: bool = False


class Weeks(_Table):
    """The training of one phase.

    audited    movements to do in front of the camera, the first that shows the leading finding is taken
    base       the main exercises
    per_week   sessions a week: usual, fewest, most
    exit       all that must hold, two sessions running, before the next phase
    """

    per_week: tuple[int, int, int]
    least_weeks: int | None = None
    least_sessions: int | None = None
    warm_up: tuple[str, ...] = Field(min_length=1)
    base: tuple[str, ...] = Field(min_length=3, max_length=5)
    audited: tuple[str, ...] = Field(min_length=1)
    exit: tuple[str, ...] = Field(min_length=1)
    notes: tuple[str, ...] = ()
    cite: tuple[str, ...] = Field(min_length=1)
    grade: Grade


class Pain(_Table):
    """One row of the pain rule."""

    pain: str
    then: str


class Retest(_Table):
    """When to film again, weeks."""

    weeks: int
    least_weeks: int
    say: str


class Sessions(_Table):
    """How a session is put together, for every phase, and what holds in all of them."""

    main: tuple[int, int]  # exercises of the main part, from, to
    main_supported: int  # at most, from the age of supported versions on or after a fall
    for_findings: int  # of them chosen for findings, at most
    cool_down: tuple[str, ...] = Field(min_length=1)
    task: str
    task_reps: int = Field(ge=1)  # of them those in front of the camera
    task_why: str
    feedback: tuple[str, ...]
    audited_supported: tuple[str, ...] = Field(min_length=1)
    progress: tuple[str, ...]
    pain: tuple[Pain, ...]
    stop: tuple[str, ...]
    retest: Retest
    purposes: dict[Category, str]
    phases: dict[str, Weeks]
    finding_priority: dict[str, dict[str, tuple[str, ...]]]
    cite: tuple[str, ...] = Field(min_length=1)
    grade: Grade
