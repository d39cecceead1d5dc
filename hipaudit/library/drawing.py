"""The typed shape of how exercises are drawn: a body, postures, and for each exercise its key poses.

A pose is angles of joints, degrees, in the field's own terms; a name without `left_` or `right_` means both sides. What
touches the ground is told with the height of what it stands on, a share of the standing height like all lengths.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from .schema import _Table

Place = tuple[float, float, float]  # forwards, up, to the right of where the drawing's first contact stood
Contact = Literal[
    "left_foot",
    "right_foot",
    "left_hand",
    "right_hand",
    "left_knee",
    "right_knee",
    "left_elbow",
    "right_elbow",
    "seat",
    "chest",
    "body",
]
Held = Literal["left_foot", "right_foot", "left_hand", "right_hand"]
Limb = Literal["left_leg", "right_leg", "left_arm", "right_arm", "trunk"]
Joint = Annotated[
    str,
    Field(
        pattern="^(pelvis|waist|chest|neck|head|(left|right)_(hip|knee|ankle|toe|shoulder|elbow|wrist|hand)|stick_low|stick_high)$"
    ),
]
SIDES = ("left", "right")
OF_TRUNK = (
    "pelvis_tilt",
    "pelvis_lean",
    "pelvis_turn",
    "trunk_flexion",
    "trunk_lean",
    "trunk_turn",
    "neck_flexion",
    "neck_turn",
)
OF_LIMBS = (
    "hip_flexion",
    "hip_abduction",
    "hip_rotation",
    "knee_flexion",
    "ankle",
    "heel_lift",
    "shoulder_flexion",
    "shoulder_abduction",
    "shoulder_rotation",
    "elbow_flexion",
)


def _angles(given: dict[str, Any], own: tuple[str, ...]) -> dict[str, Any]:
    """The keys of a table's own as they are, all others as `angles`, each of one side; one that names its side wins."""
    angles: dict[str, Any] = {}
    for name, value in given.items():
        if name in OF_LIMBS:
            angles = {f"{side}_{name}": value for side in SIDES} | angles
        elif name not in own:
            angles[name] = value
    return {name: given[name] for name in own if name in given} | {"angles": angles}


class _Angled(_Table):
    """Angles of joints, degrees, by their name with its side."""

    angles: dict[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> "_Angled":
        known = {*OF_TRUNK, *(f"{side}_{name}" for side in SIDES for name in OF_LIMBS)}
        if unknown := set(self.angles) - known:
            raise ValueError(f"there is no angle {', '.join(sorted(unknown))}")
        return self


class Body(_Table):
    """What is drawn, in shares of the standing height, and how far its joints go, degrees.

    lengths  from joint to joint along a segment
    offsets  of what lies beside a segment: forwards, up and outwards
    radii    half the thickness at each joint
    """

    lengths: dict[str, float]
    offsets: dict[str, Place]
    radii: dict[str, float]
    ranges: dict[str, tuple[float, float]]
    cite: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_every_range(self) -> "Body":
        if set(self.ranges) != {*OF_TRUNK, *OF_LIMBS}:
            raise ValueError("every angle needs its range, and nothing else has one")
        return self


class Pose(_Angled):
    """One key pose: the angles that differ from the base's, and where it is.

    on     what touches something, and how high that is; None as in the base
    lift   how far the lowest point is off the ground, in the air
    moved  how far the first contact has gone, forwards and to the right; in the air, how far mid-hip is from there
    """

    on: dict[Contact, float] | None = None
    lift: float = Field(default=0, ge=0, le=0.3)
    moved: tuple[float, float] = (0, 0)

    @model_validator(mode="before")
    @classmethod
    def _apart(cls, given: dict[str, Any]) -> dict[str, Any]:
        return _angles(given, ("on", "lift", "moved"))


class Prop(_Table):
    """Something the exercise is done with.

    at    middle of its underside; of a bike its crank; of a bar where it lies from its joint
    size  length forwards (negative: a chair that faces backwards), height, width. Of a bike: length from crank to bars,
          height of the saddle. Of a bar: thickness of its plates, width between them. Of a dumbbell: half its handle
    ends  joints or places: a band, stick or crank runs from one to the next, a bar lies at one, each holds a dumbbell
    """

    kind: Literal[
        "box",
        "chair",
        "bench",
        "wall",
        "cushion",
        "roller",
        "rail",
        "band",
        "stick",
        "bar",
        "dumbbell",
        "mark",
        "bike",
        "crank",
    ]
    at: Place = (0, 0, 0)
    size: Place = (0, 0, 0)
    ends: tuple[Joint | Place, ...] = ()


class Posture(_Angled):
    """A posture that many exercises begin in."""

    on: dict[Contact, float]

    @model_validator(mode="before")
    @classmethod
    def _apart(cls, given: dict[str, Any]) -> dict[str, Any]:
        return _angles(given, ("on",))


class Drawing(_Table):
    """How one exercise is drawn. Where one side works it is the right one; the page turns it round for the left.

    shows   what is to be seen, one sentence
    view    where the eye is: degrees from the person's right side towards the front, and above the ground
    poses   one for what is held, else from the beginning to the end of a repetition
    low     which of them the lowering ends in, as `Tempo` counts
    cycle   goes on from the last pose to the first, as in walking; with an arrow every other pose is home
    stays   hands and feet that keep the place of the first pose without touching the ground
    steps   hands and feet that touch the ground in both poses, at different places
    works   limbs that are set off
    arrow   the joint whose way is shown; None for none
    beat_s  seconds from the first pose to the last, of a cycle round to the first, where no tempo is kept
    """

    base: str
    shows: str
    view: tuple[float, float]
    poses: tuple[Pose, ...] = Field(min_length=1, max_length=8)
    low: Literal["first", "last"] = "last"
    cycle: bool = False
    stays: tuple[Held, ...] = ()
    steps: tuple[Held, ...] = ()
    works: tuple[Limb, ...] = ()
    arrow: Joint | None = None
    beat_s: float = Field(default=1.5, gt=0)
    props: tuple[Prop, ...] = ()
