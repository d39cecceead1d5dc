"""The audit: one plain document that everything a person sees is made from."""

from dataclasses import dataclass, field

from ..findings import Finding, FunctionalTest, Passed, QualityScore, Remark, SetMeasure, Unassessed
from ..plan import FirstWeeks, Missing, StartingPhase
from ..reps import Rep

SCHEMA = "hipaudit.audit/1"
SCREEN_SCHEMA = "hipaudit.screen/1"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made the numbers."""

    model: str
    model_sha256: str
    rules_sha256: str
    smoothing: str


@dataclass(frozen=True, slots=True)
class ViewSeen:
    """Where the camera stood. Signs as in `kinematics.view.View`; no roll where the trunk is not seen face on.

    Where it was `told`, the poses could not show it: the yaw is not known, and 0.
    """

    facing: str
    yaw_deg: float
    roll_deg: float | None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the clip: its value and limit, the value in words, and what to do where it failed."""

    check: str
    passed: bool
    value: float | None
    limit: float
    shows: str
    say: str


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip: what the file is, what the camera saw, and which checks it passed.

    Of poses that came without a picture's size, width and height are 0.
    """

    name: str
    sha256: str
    duration_s: float
    width: int
    height: int
    rotation_deg: int
    median_fps: float
    variable_frame_rate: bool
    broken_off_s: float | None
    view: ViewSeen
    person_found_share: float
    checks: list[Check]


@dataclass(frozen=True, slots=True)
class MovementSeen:
    """The movement, its stance side ("both" in two-leg tasks), how sure that is, and whether the user said it.

    Of a movement that is not `validated` no verdict has been held against clips with truth: all are of low confidence.
    """

    name: str
    title: str
    side: str
    confidence: float
    given: bool
    validated: bool = True


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything known about one movement on one side, from one clip or several.

    No value is ever NaN; what is missing is absent or None. `tests` are functional tests that the clips show,
    `disagreements` say where two clips differ by more than measurement explains, and `notice` must be said wherever the
    audit is shown. `quality` is None in movements without such a score, and where `unassessed` says why; `first_weeks`
    is None where there is no programme.
    """

    hipaudit_version: str
    provenance: Provenance
    clips: list[Clip]
    movement: MovementSeen
    reps: list[Rep]
    measures: list[SetMeasure]
    findings: list[Finding]
    passed: list[Passed]
    remarks: list[Remark]
    unassessed: list[Unassessed]
    tests: list[FunctionalTest]
    quality: QualityScore | None
    disagreements: list[str]
    starting_phase: StartingPhase
    first_weeks: FirstWeeks | None
    notice: list[str]
    schema: str = field(default=SCHEMA)

    @property
    def judged(self) -> list[Finding | Passed]:
        """Every rule that gave an answer, findings first."""
        return [*self.findings, *self.passed]


@dataclass(frozen=True, slots=True)
class Refused:
    """A clip of a screen that could not be judged, and why."""

    clip: str
    why: str

    @property
    def say(self) -> str:
        """Both in one sentence; a reason that begins with the clip's name is one by itself."""
        return self.why if self.why.startswith(self.clip) else f"{self.clip}: {self.why}"


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything known about one person from all clips: several audits and one starting phase.

    between_sides  findings, passes and refusals of the comparison of both sides of a movement
    disagreements  where what was told and what a clip shows differ
    missing        what the decision still asks for, and how to provide each; nothing where no programme is started
    refused        clips that could not be judged
    """

    hipaudit_version: str
    audits: list[Audit]
    between_sides: list[Finding | Passed | Unassessed]
    disagreements: list[str]
    starting_phase: StartingPhase
    first_weeks: FirstWeeks | None
    missing: list[Missing]
    refused: list[Refused]
    notice: list[str]
    schema: str = field(default=SCREEN_SCHEMA)
