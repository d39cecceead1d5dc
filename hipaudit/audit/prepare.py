"""What must be known before a set is run: movement, side, own stand, view, and whether the clip can carry a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..errors import NothingToJudge
from ..findings.rules import Quality
from ..frames.video import ClipInfo
from ..kinematics import Setting, height
from ..kinematics.lying import find_rest, lying_view
from ..kinematics.stand import Stand, find_stand, tallest
from ..kinematics.view import View, find_view, left_is_right, told_view
from ..library import Limit, Movement, movements, protocol
from ..poses import PoseTrack
from ..poses.skeleton import SIDES, joint
from ..reps import Rep
from ..reps.lying import is_lying, recognise_lying
from ..reps.recognise import AGREE, excursions, recognise
from . import Check

OF_PICTURE = ("person_height", "person_length", "feet_visible")  # checks of how the person lies in the picture
FOREIGN = (
    "hipaudit's corrections and errors were fitted to its own pose model and do not hold for poses of another program: "
    "every verdict is of low confidence."
)
FOUND_AT_ALL = 0.05  # share of instants with a person below which there is nobody in the clip


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """The movement and the setting its measures need.

    `confidence` is the share of excursions that look like this movement, 0 where the clip looks like another; `why`
    says in words what it looks like.
    """

    movement: Movement
    setting: Setting
    confidence: float
    given: bool
    why: str


def prepare(track: PoseTrack, movement: str = "auto", side: str = "auto", view: str = "auto") -> Prepared:
    """Decides from all poses of a clip. `view` names the face the camera saw; poses without depth cannot show it.

    Raises:
        NothingToJudge: nobody in the clip, nothing moves, or which movement it is cannot be told.
    """
    if not len(track) or track.found.mean() < FOUND_AT_ALL:
        raise NothingToJudge(
            "Nobody can be seen in this clip: film the whole person, from head to feet, in good light."
        )
    given = None if movement == "auto" else movements()[movement]
    lying = given.posture == "lying" if given else is_lying(track)
    seen = recognise_lying(track) if lying else recognise(track, excursions(track))
    chosen = given or seen.movement
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
    setting = setting_for(track, chosen, stance, seen.first, view)
    agrees = chosen == seen.movement or chosen.free_foot == "named"
    return Prepared(chosen, setting, seen.agreement if agrees else 0.0, given is not None, seen.why)


def setting_for(track: PoseTrack, movement: Movement, stance: str, first: float, view: str = "auto") -> Setting:
    """What the measures of a movement on `stance` need, from the quiet before its first repetition at `first` seconds.

    Raises:
        NothingToJudge: there is no such quiet where it is needed, or the view cannot be told.
    """
    if movement.posture == "lying":
        return _lying(track, movement, stance, view)
    # What is held is held against standing on both feet; a bend on one leg against standing on that leg.
    stand = find_stand(track, first, stance, both_feet=movement.hold is not None)
    level = find_stand(track, first, stance, both_feet=True) or stand or tallest(track)
    if level is None:
        raise NothingToJudge("Hips and feet cannot be seen together: film the whole person, in good light.")
    if movement.hold and stand is None:
        raise NothingToJudge(
            "There is no quiet standing on both feet to compare with: stand still on both for two seconds, "
            "then lift one."
        )
    found = _view(level, view, track)
    upright = stand.upright(found.tilt_deg) if stand else None
    tall = upright or level.upright(found.tilt_deg)
    standing = float(height(tall.xy, found, stance, movement.driver))
    return Setting(found, upright, stance, movement.legs, standing, movement.driver)


def _view(level: Stand, told: str, track: PoseTrack) -> View:
    """Where the camera stood: seen in the poses, or told where they have no depth."""
    flat = not np.isfinite(track.xyz).any()
    if not flat:
        view = find_view(level)
        if not np.isfinite(view.yaw_deg):
            raise NothingToJudge(
                "Neither hips nor shoulders can be seen in this clip: film the whole person, in good light."
            )
        if told not in ("auto", view.facing):
            raise NothingToJudge(f"These poses show a view from another place than --view {told}: leave --view out.")
        return view
    if told == "auto":
        raise NothingToJudge(
            "These poses have no depth, so where the camera stood cannot be told: name it with --view front, back, "
            "left or right (the person's own side that is towards the camera)."
        )
    if told in ("front", "back") and left_is_right(level) is (told == "back"):
        raise NothingToJudge(
            f"These poses cannot be seen from the {told}: the person's left is on the other side. Name the view that "
            "it is with --view, or look whether left and right are exchanged."
        )
    return told_view(level, told)


def _lying(track: PoseTrack, movement: Movement, stance: str, told: str) -> Setting:
    """The setting of somebody who lies: quiet lying is the stand, and the trunk's length the measure of height."""
    rest = find_rest(track)
    view = lying_view(rest) if rest else None
    if view and not np.isfinite(view.yaw_deg):  # no depth: how square the camera stands is not known
        view = replace(view, yaw_deg=0.0, told=True)
        if view.facing != told:
            raise NothingToJudge(
                f"These poses have no depth, so how the camera stood cannot be told: name it with --view {view.facing} "
                "if it stood square to that side of the person."
            )
    if rest is None or view is None:
        raise NothingToJudge(
            "There is no quiet lying on the back with the knees bent to compare with: film from the side, "
            "and lie still for two seconds first."
        )
    trunk = rest.segment(view.facing, "shoulder", "hip")
    return Setting(view, rest, stance, movement.legs, trunk, movement.driver, "lying")


def check_clip(
    track: PoseTrack, info: ClipInfo, prepared: Prepared, reps: Sequence[Rep], own: bool = True
) -> list[Check]:
    """Every check of the filming protocol, in its order; the picture is checked over the set's own time.

    Poses that are not hipaudit's `own`, found by another program, are a check that fails.
    """
    valid = [rep for rep in reps if rep.valid]
    span = track.between(valid[0].t_start - 1.0, valid[-1].t_end + 0.5) if valid else track
    values = _check_values(span, info, prepared.setting, valid)
    checks = [_check(name, values[name], limit) for name, limit in protocol().checks.items() if name in values]
    if not own:
        checks.append(Check("own_poses", False, 0.0, 1.0, "poses of another program", FOREIGN))
    if prepared.given and not prepared.confidence:
        say = f"The clip does not clearly show this ({prepared.why}): is {prepared.movement.name.lower()} right?"
        checks.append(Check("movement_given", False, 0.0, AGREE, prepared.why, say))
    return checks


def _check(name: str, value: float | None, limit: Limit) -> Check:
    """One check: passed where the value is known and inside both bounds; the bound that was missed is told."""
    low, high = limit.least, limit.most
    too_low = value is not None and low is not None and value < low
    too_high = value is not None and high is not None and value > high
    passed = value is not None and not too_low and not too_high
    bound = high if too_high or low is None else low
    assert bound is not None, f"the check {name} has no limit"
    shows = "not known" if value is None else limit.shows.format(value=value)
    return Check(name, passed, value, bound, shows, "" if passed else limit.say)


def quality(checks: list[Check]) -> Quality:
    """What the checks leave of confidence."""
    failed = {check.check for check in checks if not check.passed}
    return Quality(
        judged="frame_rate" not in failed,
        steps_down=("frame_rate_good" in failed) + 2 * ("movement_given" in failed) + 2 * ("own_poses" in failed),
        # Yaw has its own limits rule by rule, and a low frame rate its own step.
        all_passed=not failed - {"yaw", "frame_rate_good", "movement_given", "own_poses"},
        outline="own_poses" not in failed,
    )


def _check_values(span: PoseTrack, info: ClipInfo, setting: Setting, reps: Sequence[Rep]) -> dict[str, float | None]:
    view, stand, height = setting.view, setting.stand, span.size[1]
    feet = span.xy[span.found][:, [joint(s, n) for s in SIDES for n in ("ankle", "heel", "toe")], 1]
    feet = feet[:, np.isfinite(feet).any(0)]  # some skeletons end at the ankle
    steps = np.diff(span.t)
    depths = [rep.depth for rep in reps if rep.depth is not None]
    values: dict[str, float | None] = {
        "person_height": round(stand.height / height, 3) if stand else None,
        "person_length": round(stand.length / span.size[0], 3) if stand else None,
        "feet_visible": round(float((feet <= 1.02 * height).all(1).mean()), 3) if len(feet) else None,
        "person_found": round(float(span.found.mean()), 3),
        "frame_rate": info.median_fps,
        "frame_gaps": round(float(steps.max()), 3) if steps.size else None,
    }
    least = protocol().checks["frame_rate"].least
    if least is not None and info.median_fps >= least:
        values["frame_rate_good"] = info.median_fps
    if len(depths) > 1:
        values["depth_alike"] = round(float(np.std(depths) / np.mean(depths)), 3)
    lowering = [rep.lower_s for rep in reps if rep.lower_s is not None]
    if lowering and setting.posture == "standing":
        values["lowering"] = round(float(np.median(lowering)), 2)
    if view.frontal:
        values["roll"] = None if view.roll_deg is None else round(abs(view.roll_deg), 1)
    if (view.frontal or view.facing == "oblique") and not view.told:
        values["yaw"] = round(90 - abs(view.yaw_deg) if view.near else abs(view.yaw_deg), 1)
    del values["person_height" if setting.posture == "lying" else "person_length"]
    if not info.width:  # poses without a picture
        values = {name: value for name, value in values.items() if name not in OF_PICTURE}
    return {name: value if value is not None and np.isfinite(value) else None for name, value in values.items()}
