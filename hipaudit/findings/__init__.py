"""What a rule says of a set of repetitions: a finding, a pass, or why it cannot say."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["mild", "moderate", "marked"]
Confidence = Literal["low", "medium", "high"]
SEVERITIES: tuple[Severity, ...] = ("mild", "moderate", "marked")
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")
ON_SCREEN = {"mild": "slight", "moderate": "clear", "marked": "strong"}

Reason = Literal[
    "wrong_view",  # another camera face shows it
    "off_square",  # the camera is turned too far from that face
    "no_stand",  # no quiet standing to compare with
    "too_few_reps",
    "not_seen",  # joints it needs were hidden, or the pose lies outside what the estimate was made for
    "picture_quality",  # too few pictures a second
    "reps_disagree",
    "person_small",  # too few pixels for what is measured
    "back_hidden",  # the outline of the back cannot be read, or shows no hollow in own standing
    "not_fitted",  # the measure was made for other movements
    "stance_width",  # feet too close or too wide for the measure to mean anything
    "too_short",  # the clip ends before the test does
]


@dataclass(frozen=True, slots=True)
class SetMeasure:
    """A measure over the valid repetitions of a set.

    value   median; `spread` the standard deviation over repetitions, None of a single one
    error   one standard error of measurement, same unit
    at      "bottom" = the lowest point, "matched" = on the way down at the matched depth, "end" =
            standing again, "rep" = the whole repetition
    """

    measure: str
    side: str | None
    value: float
    unit: str
    spread: float | None
    error: float
    n_reps: int
    at: str
    clip: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A pattern beyond its cut. `t_worst` is the instant of the repetition that shows it most, in seconds of `clip`."""

    finding: str
    side: str | None
    severity: Severity
    measure: str
    value: float
    unit: str
    error: float
    threshold: float
    confidence: Confidence
    reps_flagged: int
    reps_total: int
    t_worst: float
    clip: str
    rule: str
    title: str
    headline: str
    say: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A pattern that was looked for, could be seen, and stayed inside its first cut."""

    finding: str
    side: str | None
    measure: str
    value: float
    unit: str
    error: float
    threshold: float
    confidence: Confidence
    clip: str
    rule: str
    title: str
    say: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth knowing that is no fault: reported, never graded, and it changes no phase."""

    finding: str
    side: str | None
    measure: str
    value: float
    unit: str
    error: float
    threshold: float
    confidence: Confidence
    clip: str
    rule: str
    title: str
    say: str


@dataclass(frozen=True, slots=True)
class Unassessed:
    """A pattern that cannot be judged from this clip, and why."""

    finding: str
    side: str | None
    reason: Reason
    title: str
    say: str


@dataclass(frozen=True, slots=True)
class QualityScore:
    """The step-down test's quality score, 0 = steadiest: one point an item, the knee up to two.

    score     points of the items that could be seen
    items     the items that gave points
    not_seen  items that could not be watched: with them the score may be higher, so it is told as "at least"
    """

    score: int
    items: list[str]
    not_seen: list[str]
    side: str
    say: str
    of: int = 6


Answer = Finding | Passed | Remark
Verdict = Answer | Unassessed


@dataclass(frozen=True, slots=True)
class FunctionalTest:
    """A functional test done in front of the camera: how long a position was held, or how often a movement was done.

    test   name of the test as in an intake's [tests], say "single_leg_stance_s"
    value  seconds or a count, as `unit` says ("s" or "")
    at_least  the clip ends before the hold does: the true value is this one or more, so it decides nothing
    """

    test: str
    side: str | None
    value: float
    unit: str
    at_least: bool
    clip: str
    confidence: Confidence
    title: str
    say: str
