"""Where the camera stands around the person."""

from dataclasses import dataclass

import numpy as np

from ..library import yaw_estimator
from ..poses.skeleton import SIDES, Joint
from .geometry import from_vertical, middle
from .stand import Stand

# Camera azimuth of each face: 0 = in front, 90 = at the person's left.
FACES = {"front": 0.0, "back": 180.0, "left": 90.0, "right": -90.0}
ROLL_ERROR = 1.5  # degrees: people do not stand straighter than that
FAR_HIDDEN = 50.0  # degrees from front or back from which the near leg hides the far one
SQUARE = 15.0  # degrees from a face within which a clip is called by its name


@dataclass(frozen=True, slots=True)
class View:
    """What the camera sees of the person.

    facing    "front", "back", "left" (the person's left side), "right" or "oblique"
    yaw_deg   0 = square to the named face (of an oblique view: to the nearer of front and back);
              + = the person's left side turned towards the camera; from a side, + = the camera further round to the
              person's left than square
    roll_deg  the picture's clockwise tilt, from the standing trunk; None where the trunk is not seen face on
    left_x    +1 where the person's left is towards the picture's right (camera in front), else -1
    forward_x +1 where the person faces the picture's right, else -1
    told      whether somebody named the face, because the poses cannot show it: the yaw is not known then, and 0
    """

    facing: str
    yaw_deg: float
    roll_deg: float | None
    left_x: int
    forward_x: int
    told: bool = False

    @property
    def tilt_deg(self) -> float:
        """What to turn the picture back by: a roll within the error of its own estimate is left alone."""
        roll = self.roll_deg or 0.0
        return float(np.sign(roll)) * max(abs(roll) - ROLL_ERROR, 0.0)

    @property
    def near(self) -> str | None:
        """The person's side that hides the other from the camera, None where both legs show."""
        if self.facing in SIDES:
            return self.facing
        if self.facing == "oblique" and abs(self.yaw_deg) >= FAR_HIDDEN:
            return "left" if self.yaw_deg > 0 else "right"
        return None

    @property
    def frontal(self) -> bool:
        """Whether the frontal plane shows."""
        return self.facing in ("front", "back")


def find_view(stand: Stand) -> View:
    """The view from quiet standing, best on both feet: on one leg the model turns the hips by up to 30 degrees."""
    azimuth = camera_azimuth(stand)
    near = min(FACES, key=lambda face: abs(_wrap(azimuth - FACES[face])))
    square = abs(_wrap(azimuth - FACES[near])) <= SQUARE
    in_front = abs(azimuth) <= 90
    face_on = square and near in ("front", "back")
    off = _wrap(azimuth - FACES[near if square else "front" if in_front else "back"])
    # Walking round from the back, the left side comes into view as the azimuth falls.
    yaw = -off if (near == "back" if square else not in_front) else off
    return View(
        facing=near if square else "oblique",
        yaw_deg=yaw,
        roll_deg=_roll(stand) if face_on else None,
        left_x=1 if in_front else -1,
        forward_x=-1 if azimuth > 0 else 1,
    )


def told_view(stand: Stand, facing: str) -> View:
    """The view somebody named, "front", "back", "left" or "right", for poses without depth; see `View.told`."""
    face_on = facing in ("front", "back")
    return View(
        facing=facing,
        yaw_deg=0.0,
        roll_deg=_roll(stand) if face_on else None,
        left_x=-1 if facing == "back" else 1,
        forward_x=-1 if facing == "left" else 1,
        told=True,
    )


def left_is_right(stand: Stand) -> bool | None:
    """Whether the person's left is towards the picture's right, as from the front; None where neither pair shows."""
    across = [float((stand.xy[Joint[f"LEFT_{n}"]] - stand.xy[Joint[f"RIGHT_{n}"]])[0]) for n in ("HIP", "SHOULDER")]
    known = [x for x in across if np.isfinite(x)]
    return sum(known) > 0 if known else None


def _roll(stand: Stand) -> float | None:
    """The picture's tilt: a person standing quietly holds the trunk upright to about a degree. None if it is hidden."""
    tilt = float(from_vertical(middle(stand.xy, "hip"), middle(stand.xy, "shoulder")))
    return tilt if np.isfinite(tilt) else None


def camera_azimuth(stand: Stand) -> float:
    """Degrees from in front of the person to the camera, -180..180, + = towards the person's left.

    From the model's metres (hips and shoulders) and, near the front, the nose between the shoulders; where head and
    trunk disagree the head is looking elsewhere and the trunk decides. About 2 degrees of error from the front and
    3 from behind on rendered people (`library/estimators/yaw.toml`).
    """
    fit = yaw_estimator()
    hips, shoulders = (_line_azimuth(stand, name) for name in ("HIP", "SHOULDER"))
    if np.isnan(hips) or np.isnan(shoulders):  # one of them is hidden: the other speaks for both
        hips = shoulders = shoulders if np.isnan(hips) else hips
    if abs(shoulders) <= fit.front_within_deg:
        torso = fit.torso["constant"] + fit.torso["hips"] * hips + fit.torso["shoulders"] * shoulders
        nose = float((stand.xy[Joint.NOSE] - middle(stand.xy, "shoulder"))[0]) / stand.leg
        whole = (
            fit.front["constant"]
            + fit.front["hips"] * hips
            + fit.front["shoulders"] * shoulders
            + fit.front["nose"] * nose
        )
        return whole if abs(whole - torso) <= fit.head_disagrees_deg else torso
    if abs(shoulders) >= 180 - fit.front_within_deg:
        return _wrap(180 - fit.back["constant"] - fit.back["shoulders"] * _wrap(180 - shoulders))
    # Seen from the side the model turns the hips too far to the front; the shoulders are nearer the truth.
    return shoulders


def _line_azimuth(stand: Stand, name: str) -> float:
    """Azimuth of the camera from the line right to left `name`, degrees."""
    line = stand.xyz[Joint[f"LEFT_{name}"]] - stand.xyz[Joint[f"RIGHT_{name}"]]
    return float(np.degrees(np.arctan2(line[2], line[0])))


def _wrap(degrees: float) -> float:
    """The same angle in -180..180."""
    return (degrees + 180) % 360 - 180
