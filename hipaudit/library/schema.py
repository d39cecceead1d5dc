"""The typed shape of each library file. Unknown keys are refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Face = Literal["front", "back", "left", "right", "oblique"]
Level = Literal["mild", "moderate", "marked"]
Confidence = Literal["low", "medium", "high"]
Grade = Literal["A", "B", "C", "D"]
Posture = Literal["standing", "lying"]
Share = Annotated[float, Field(ge=0, le=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(_Table):
    """A source: who, when, where, what was taken, and whether it was read or is recalled."""

    text: str
    taken: str
    status: Literal["read", "recalled", "own"]


class Quantity(_Table):
    """What a measure is: its column, unit, sign, the views that show it, and its error."""

    title: str
    column: str
    unit: Literal["deg", "%", "s", "count", ""]
    positive: str
    faces: tuple[Face, ...] = Field(min_length=1)
    max_yaw_deg: float
    needs_stand: bool
    legs: tuple[Literal[1, 2], ...]
    error: float = Field(gt=0)
    error_from: str
    least_change: float = 0.0  # floor of the minimal detectable change, from the literature or decided
    at: Literal["bottom", "end", "rep"] = "bottom"  # lowest point, standing again, or the repetition as a whole
    from_start: bool = False  # counted from the beginning of each repetition: feet may be placed anew between them
    postures: tuple[Posture, ...] = ("standing",)
    of_outline: bool = False  # read from the outline of the back, not from joints
    cite: tuple[str, ...] = Field(min_length=1)

    @property
    def detectable(self) -> float:
        """Minimal detectable change at 95 %: the floor, or 2.77 standard errors where that is larger."""
        return max(self.least_change, 2.77 * self.error)

    @property
    def per_leg(self) -> bool:
        """Whether each leg has its own."""
        return "{side}" in self.column


class Hold(_Table):
    """A position that is held: when it begins and ends, and which of its seconds are read.

    `off` and `on` are lifts of the free foot over own two-legged standing, shares of the standing height of the hips.
    """

    off: float  # from here on the foot is off the floor
    on: float  # below it the foot is on the floor again
    last_s: float  # every value is the mean of so many last seconds
    at_most_s: float  # the test ends here
    test: str
    title: str


class ChairStand(_Table):
    """The timed test that a set of chair stands can be: how long it runs, and what counts as stood and as seated."""

    seconds: float
    seated: Share  # of the seat's own depth: from here on somebody sits
    stood: Share  # of the same: up to here somebody stands
    half_way: Share  # of the same: further up than this when time is up, the stand counts
    most_of_set: int  # so many stands, or fewer, may be the slow set that `film` asks for: they are no test
    silences: tuple[str, ...]  # findings that say nothing of somebody who goes as fast as they can
    go: str  # what the live coach says to begin with
    test: str
    title: str
    cite: tuple[str, ...] = Field(min_length=1)


class LockOut(_Table):
    """What is timed at the top of a bridge: the hold, until more of the angle is lost than `loss_deg`.

    More repetitions than `most_holds` are a set, not tries at holding for as long as possible.
    """

    loss_deg: float
    most_holds: int
    test: str
    title: str


class Movement(_Table):
    """One movement: how to tell it, when its repetitions count, and how to film it."""

    id: str
    name: str
    legs: Literal[1, 2]
    # "named": not told from others, judged only where it was named
    free_foot: Literal[
        "none", "raised", "lowered", "sitting", "hinged", "held", "bridge", "bridge_one", "split", "named"
    ]
    driver: Literal["hips", "shoulders", "free_foot", "bridge"] = (
        "hips"  # what goes down in a repetition, or up in a hold
    )
    min_depth: Share  # of the standing height of the hips, or whatever drives it; shallower is not judged
    target_depth: Share  # of the same: what is aimed at live, the usual depth in clips of it
    faces: tuple[Face, ...] = Field(min_length=1)  # where the camera may stand, the best first
    duration_s: tuple[float, float]
    film: str
    go: str  # what the live coach says when a set begins
    posture: Posture = "standing"
    validated: bool = True  # proved on clips with truth; else every verdict is of low confidence
    hold: Hold | None = None  # the repetition is a position held
    chair: ChairStand | None = None
    lock_out: LockOut | None = None
    cite: tuple[str, ...]


class Severity(_Table):
    """One band of a rule: from this value on."""

    level: Level
    cut: float


class Confirm(_Table):
    """A second measure that must nearly agree before a finding counts as `level` or more."""

    measure: str
    within: float
    level: Level


class OneLeg(_Table):
    """When a finding of both legs may be laid at one leg's door."""

    measure: str
    max_yaw_deg: float
    beyond: float
    differ: float
    differ_per_yaw_deg: float
    yaw_error_deg: float
    not_with: str
    found: str
    headline: str


class Witness(_Table):
    """A second measure, mean of both legs at the matched depth; where it contradicts, confidence is medium at most."""

    measure: str
    denies_below: float  # contradicts a finding
    asserts_from: float  # contradicts a pass


class Consistent(_Table):
    """How well the repetitions must agree before there is anything to report."""

    same_sign_share: Share
    times_standard_error: float


class Opposite(_Table):
    """The same measure far to the other side, from `cut` on: no finding, but not "near" either."""

    cut: float
    say: str


class NotIn(_Table):
    """Movements in which a finding is never judged, and why; it is reported there as not judged, from any view."""

    movements: tuple[str, ...] = Field(min_length=1)
    say: str


class Say(_Table):
    """Wording: one plain sentence each, and the headline's half-sentence."""

    title: str
    headline: str
    found: str
    passed: str
    unseen: str = "The joints it needs could not be trusted in enough repetitions."


class Rule(_Table):
    """From a measure of closed repetitions to a finding, a pass, or `Unassessed`."""

    priority: int  # order on the page
    finding: str
    movements: tuple[str, ...] = Field(min_length=1)
    measure: str
    side: Literal["stance", "both", "direction", "none"]
    direction: Literal["above", "below", "either"]
    severity: tuple[Severity, ...] = Field(min_length=1)
    statistic: Literal["median", "sum_per_5"] = "median"  # over the repetitions; events are summed and scaled to five
    sure_yaw_deg: float  # beyond it, confidence is medium at most, and both sides are not compared
    min_reps: int = Field(ge=1)
    at_most: Confidence = "high"
    foot_matters: bool = False
    between_sides: bool = False  # held against the left and the right side of a movement together, not one set
    information: bool = False  # worth knowing, never a fault: a remark instead of a finding
    witness: Witness | None = None
    stance: tuple[float, float] | None = None  # distance of the ankles, in hip widths, within which it says something
    opposite: Opposite | None = None
    confirm: Confirm | None = None
    one_leg: OneLeg | None = None
    consistent: Consistent | None = None
    not_in: NotIn | None = None
    say: Say
    cite: tuple[str, ...] = Field(min_length=1)
    grade: Grade

    @model_validator(mode="after")
    def _ascending(self) -> "Rule":
        cuts = [s.cut for s in self.severity]
        if cuts != sorted(cuts, reverse=self.direction == "below") or len(set(cuts)) < len(cuts):
            raise ValueError("severity cuts must get stricter one by one")
        return self


class Limit(_Table):
    """One check of the clip: the limit, and what to say when it is missed."""

    shows: str  # the value in words
    least: float | None = None
    most: float | None = None
    say: str
    film_again: bool = True  # whether a clip that misses it should be filmed again; else its values are only less sure


class FilmTip(_Table):
    """How to film so that something can be judged: where the camera belongs, a title and what to do."""

    camera: Literal["front", "side"] | None = None
    title: str
    how: str


class Keypoints(_Table):
    """A skeleton of keypoints in a fixed order: how many there are, and the row of each of hipaudit's joints."""

    count: int
    rows: dict[str, int]


class Skeletons(_Table):
    """hipaudit's joints in the files of other programs: names of markers, and rows of keypoints."""

    needed: tuple[str, ...]
    markers: dict[str, tuple[str, ...]]
    keypoints: dict[str, Keypoints]


class Trust(_Table):
    """What a landmark must look like to be believed. Lengths are shares of the person's own; speeds per second."""

    visibility: Share
    outside_picture: Share
    bone_change: Share
    body_lengths_per_s: float


class Foot(_Table):
    """How far the stance foot may point off the camera's axis, degrees, for high and for medium confidence."""

    high_deg: float
    medium_deg: float


class Standing(_Table):
    """What counts as quiet standing."""

    still_body_lengths_per_s: float
    at_least_s: float
    at_most_s: float
    height_share: Share


class Repetitions(_Table):
    """What makes a repetition count."""

    partial_share: Share
    foot_moved_share: Share
    seen_share: Share
    longest_gap_s: float


class Steady(_Table):
    """What counts as balance lost or a jerky path. Lengths are shares of the person's own."""

    foot_per_shank: float
    foot_shift_share: Share  # of the foot's length, from the beginning of a repetition to its end
    touch_share: Share  # of the leg: a raised foot this low is on the floor
    waist_share: Share  # of the trunk: a wrist this close to its hip is at the waist, with
    waist_elbow_deg: tuple[float, float]  # the elbow bent this much
    hand_off_share: Share  # of the trunk, from where the hand was
    hand_seen_share: Share  # of the repetition
    turn_back_share: Share  # of the standing height of hips or shoulders


class SetUp(_Table):
    """What the live coach asks for before a set, and how it says so. Sizes and feet are those of the checks."""

    window_s: float  # the last seconds that are looked at
    ready_s: float  # everything right for so long starts the countdown
    unready_s: float  # something wrong for so long stops it
    hint_s: float  # a hint stays for so long before another takes its place
    countdown_s: float
    still_s: float  # after so many seconds without two of quiet a shorter quiet is taken
    dark: float  # mean brightness 0-255 of the picture below which it is too dark
    jump_per_s: float  # body lengths a second from one picture to the next: another person
    grown: float  # times by which the person's size changes within the window: another person
    tilted_deg: float  # of the trunk, face on, beyond which the camera is tilted rather than the person
    turned_deg: float  # off square, face on, up to which every measure can be read
    like_deg: float  # off the view of an earlier audit
    like_size: Share  # off its size in the picture
    camera_high: Share  # standing heights above which a lower camera is advised, see `kinematics.estimators`
    camera_low: Share  # and below which a higher one
    advice_s: float  # an advice is shown for so long, once; then the countdown begins all the same
    hints: dict[str, str]
    grade: Grade


class Protocol(_Table):
    """How a clip must be filmed, and what a trustworthy landmark looks like."""

    trust: Trust
    standing: Standing
    foot: Foot
    repetitions: Repetitions
    steady: Steady
    checks: dict[str, Limit]
    set_up: SetUp
    safety: tuple[str, ...]
    cite: tuple[str, ...]


class Band(_Table):
    """One age and sex group of a functional test: below `caps[i]` the start is capped at i + 1."""

    test: str
    age: tuple[int, int]
    sex: Literal["any", "male", "female"] = "any"
    caps: tuple[float, ...]


class FindingGate(_Table):
    """A finding that caps the start: severity to phase, where it is sure enough. In these movements; none = in any."""

    gate: str
    finding: str
    legs: Literal[1, 2] | None = None  # None = either
    movements: tuple[str, ...] = ()
    then: str = ""  # what to do about it, told with the reason
    caps: dict[Level, int]


class Required(_Table):
    """Something the starting phase asks for: what, and how to provide it, in words or as a movement to film."""

    what: str
    how: str = ""
    film: str = ""


class Gates(_Table):
    """The weakest-link table of the starting phase."""

    highest_start: int
    missing_cap: int
    phases: dict[str, str]
    required: dict[str, Required]
    findings: tuple[FindingGate, ...]
    summed_angle: tuple[float, int]
    quality: tuple[tuple[int, int], ...]
    quality_items: dict[Literal["trunk", "pelvis", "pelvis_hike", "knee", "knee_far"], float]
    drop_cap: int
    short_hold_s: float
    youngest_age: int
    trained_per_week: float
    trained_weeks: float
    pain: tuple[tuple[float, int], ...]
    untrained_cap: int
    untrained_older_cap: int
    older_age: int
    little_training_cap: int
    older_supported_age: int
    older_supported_cap: int
    restricted_cap: int
    bands: tuple[Band, ...]
    tests: dict[str, str]
    cite: tuple[str, ...]
