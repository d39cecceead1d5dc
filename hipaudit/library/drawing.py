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
Limb = Literal["left_leg", "right_leg", "left_arm", "right_arm", "trunk"]
Joint = Annotated[str, Field(pattern="^(pelvis|waist|chest|neck|head|(left|right)_(hip|knee|ankle|toe|shoulder|elbow|wrist|hand)|stick_low|stick_high)$")]
SIDED = ("hip_", "knee_", "ankle", "heel_", "shoulder_", "elbow_")
SIDES = ("left", "right")


class Body(_Table):
    """Lengths and thickness of what is drawn, and how far its joints go."""

    lengths: dict[str, float]
    radii: dict[str, float]
    ranges: dict[str, tuple[float, float]]
    cite: tuple[str, ...] = Field(min_length=1)


class Pose(_Table):
    """One key pose: the angles that differ from the base's, and where it is.

    on     what touches something, and how high that is; None as in the base
    lift   how far the lowest point is off the ground, in the air
    moved  how far the first contact has gone, forwards and to the right
    """

    angles: dict[str, float] = {}
    on: dict[Contact, float] | None = None
    lift: float = Field(default=0, ge=0, le=0.3)
    moved: tuple[float, float] = (0, 0)

    @model_validator(mode="before")
    @classmethod
    def _angles_apart(cls, given: dict[str, Any]) -> dict[str, Any]:
        own = {key: given[key] for key in ("on", "lift", "moved") if key in given}
        angles: dict[str, float] = {}
        for key, value in given.items():
            if key in own:
                continue
            if key.startswith(SIDED):
                for side in SIDES:
                    angles.setdefault(f"{side}_{key}", value)
            else:
                angles[key] = value
        return {**own, "angles": angles}


class Prop(_Table):
    """Something the exercise is done with.

    at    middle of its underside (of a wall: of its foot); None where it hangs on joints
    size  length forwards, height, width
    ends  a band, stick or bar runs between joints or places; dumbbells hang on them
    """

    kind: Literal["box", "chair", "bench", "wall", "mat", "cushion", "roller", "rail", "band", "stick", "bar", "dumbbell", "mark", "bike", "crank"]
    at: Place = (0, 0, 0)
    size: Place = (0, 0, 0)
    ends: tuple[Joint | Place, ...] = ()


class Posture(_Table):
    """A posture that many exercises begin in."""

    on: dict[Contact, float]
    angles: dict[str, float]

    @model_validator(mode="before")
    @classmethod
    def _angles_apart(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {"on": given.get("on"), "angles": Pose(**{k: v for k, v in given.items() if k != "on"}).angles}


class Drawing(_Table):
    """How one exercise is drawn. Where one side works it is the right one; the page turns it round for the left.

    shows   what is to be seen, one sentence
    view    where the eye is: degrees from the person's right side towards the front, and above the ground
    poses   one for what is held, else from the beginning to the end of a repetition
    low     which of them the lowering ends in, as `Tempo` counts
    cycle   goes on from the last pose to the first, as in walking
    stays   hands and feet that keep the place of the first pose without touching the ground
    steps   hands and feet that touch the ground in both poses, at different places
    works   limbs that are set off
    arrow   the joint whose way is shown; None for none
    beat_s  seconds from the first pose to the last where no tempo is kept
    """

    base: str
    shows: str
    view: tuple[float, float]
    poses: tuple[Pose, ...] = Field(min_length=1, max_length=8)
    low: Literal["first", "last"] = "last"
    cycle: bool = False
    stays: tuple[Contact, ...] = ()
    steps: tuple[Contact, ...] = ()
    works: tuple[Limb, ...] = ()
    arrow: Joint | None = None
    beat_s: float = Field(default=1.5, gt=0)
    props: tuple[Prop, ...] = ()
