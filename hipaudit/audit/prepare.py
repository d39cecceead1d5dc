"""What must be known before a set is run: movement, side, own stand, view, and whether the clip can carry a verdict."""

from dataclasses import dataclass

import numpy as np

from ..errors import NothingToJudge
from ..findings.rules import Quality
from ..frames.video import ClipInfo
from ..kinematics import Setting
from ..kinematics.stand import Stand, find_stand
from ..kinematics.view import View, find_view
from ..library import Limit, Movement, movements, protocol
from ..poses import PoseTrack
from ..poses.skeleton import SIDES, joint
from ..reps.recognise import excursions, recognise
from . import Check

FOUND_AT_ALL = 0.05  # share of instants with a person below which there is nobody in the clip
UNKNOWN_VIEW = View("oblique", 0.0, None, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """The movement and the setting its measures need; `confidence` is the share of excursions that agree."""

    movement: Movement
    setting: Setting
    confidence: float
    given: bool


def prepare(track: PoseTrack, movement: str = "auto", side: str = "auto") -> Prepared:
    """Decides from all poses of a clip.

    Raises:
        NothingToJudge: nobody in the clip, nothing moves, or which movement it is cannot be told.
    """
    if not len(track) or track.found.mean() < FOUND_AT_ALL:
        raise NothingToJudge(
            "Nobody can be seen in this clip: film the whole person, from head to feet, in good light."
        )
    seen = recognise(track, excursions(track))
    chosen = seen.movement if movement == "auto" else movements()[movement]
    if not seen.agreement and movement == "auto":
        raise NothingToJudge(
            f"There is no repetition in this clip ({seen.why}): film three or more, after standing still."
        )
    if chosen is None:
        raise NothingToJudge(
            f"Which movement this is cannot be told ({seen.why}): name it with --movement "
            f"({', '.join(movements())}), or film three repetitions or more with quiet standing before them."
        )
    stance = side if side != "auto" else seen.side
    if chosen.legs == 2:
        stance = "both"
    elif stance == "both":
        raise NothingToJudge(f"Which leg stands cannot be told ({seen.why}): name it with --side left or --side right.")
    stand = find_stand(track, seen.first)
    level = find_stand(track, seen.first, both_feet=True) or stand
    view = find_view(level) if level else UNKNOWN_VIEW
    upright = stand.upright(view.tilt_deg) if stand else None
    return Prepared(chosen, Setting(view, upright, stance, chosen.legs), seen.agreement, movement != "auto")


def check_clip(track: PoseTrack, info: ClipInfo, setting: Setting) -> list[Check]:
    """Every check of the filming protocol, in its order."""
    values = _check_values(track, info, setting.view, setting.stand)
    return [_check(name, values[name], limit) for name, limit in protocol().checks.items() if name in values]


def _check(name: str, value: float | None, limit: Limit) -> Check:
    """One check: passed where the value is known and inside both bounds; the bound that was missed is told."""
    low, high = limit.least, limit.most
    too_low = value is not None and low is not None and value < low
    too_high = value is not None and high is not None and value > high
    passed = value is not None and not too_low and not too_high
    bound = high if too_high or low is None else low
    assert bound is not None, f"the check {name} has no limit"
    return Check(name, passed, value, bound, "" if passed else limit.say)


def quality(checks: list[Check]) -> Quality:
    """What the checks leave of confidence."""
    failed = {check.check for check in checks if not check.passed}
    return Quality(
        judged="frame_rate" not in failed,
        steps_down=1 if "frame_rate_good" in failed else 0,
        # Yaw has its own limits rule by rule.
        all_passed=not failed - {"yaw"},
    )


def _check_values(track: PoseTrack, info: ClipInfo, view: View, stand: Stand | None) -> dict[str, float | None]:
    known = track.found
    height = track.size[1]
    feet = track.xy[known][:, [joint(s, n) for s in SIDES for n in ("ankle", "heel", "toe")], 1]
    steps = np.diff(track.t)
    values: dict[str, float | None] = {
        "person_height": round(stand.height / height, 3) if stand else None,
        "feet_visible": round(float((feet <= 1.02 * height).all(1).mean()), 3),
        "person_found": round(float(known.mean()), 3),
        "frame_rate": info.median_fps,
        "frame_rate_good": info.median_fps,
        "frame_gaps": round(float(steps.max()), 3) if steps.size else None,
    }
    if view.frontal or stand is None:
        values["roll"] = None if view.roll_deg is None else round(abs(view.roll_deg), 1)
    if stand is None or view.facing == "oblique" or view.frontal:
        values["yaw"] = round(abs(view.yaw_deg), 1) if stand else None
    return values
