"""Set-up: the one thing that is wrong first, nothing where all is right."""

import dataclasses

import numpy as np
import pytest
from coaching import LIGHT, before_cameras, with_set_up

from hipaudit.library import movements, protocol
from hipaudit.live.events import CalibrationDone, Countdown, Problem, SetUp
from hipaudit.live.setup import Guide, Wanted, first_advice, first_hint
from hipaudit.poses.skeleton import SIDES, Joint, joint

HINTS = protocol().set_up.hints


@pytest.fixture
def standing(load):
    """A second of quiet standing of a clip."""
    return lambda name: load(name).between(0.0, 1.0)


def hint(track, movement="squat", side="both", light=LIGHT, like=None):
    return first_hint(track, light, Wanted(movements()[movement], side, track.size, like))


def moved(track, about=(0.5, 0.5), by=(0.0, 0.0), times=1.0):
    """The person larger or elsewhere; `about` and `by` are shares of the picture."""
    size = np.array(track.size, np.float32)
    about, by = np.array(about, np.float32) * size, np.array(by, np.float32) * size
    return dataclasses.replace(track, xy=(track.xy - about) * np.float32(times) + about + by)


def without(track, rows):
    xy = track.xy.copy()
    xy[rows] = np.nan
    return dataclasses.replace(track, xy=xy)


def test_nothing_is_wrong_with_clips_that_were_filmed_well(standing):
    for name, movement, side in (
        ("squat_front_knees_in", "squat", "both"),
        ("squat_side_low_back_arch", "squat", "both"),
        ("d09_sls_front_valgus_R", "single_leg_squat", "right"),
        ("step_down_front_left_pelvic_drop", "lateral_step_down", "left"),
        ("d12_rdl_side_left", "single_leg_rdl", "left"),
        ("p05_bridge_left", "bridge", "both"),
        ("p06_slbridge_R_hold", "single_leg_bridge", "right"),
    ):
        assert hint(standing(name), movement, side) is None, name


def test_nobody_and_the_dark(standing):
    track = standing("squat_front_steady")
    gone = without(track, slice(None))
    assert hint(gone) == "nobody"
    assert hint(track.at(slice(0, 0))) == "nobody"
    assert hint(gone, light=10.0) == "dark"
    assert hint(track, light=10.0) == "dark"
    assert hint(track, light=None) is None


def test_a_person_that_jumps_across_the_picture_is_two(standing):
    track = standing("squat_front_steady")
    other = moved(track, by=(0.5, 0.0), times=0.6)
    xy = track.xy.copy()
    xy[10:] = other.xy[10:]
    assert hint(dataclasses.replace(track, xy=xy)) == "someone_else"


def test_too_near_and_too_far(standing):
    track = standing("squat_front_steady")
    assert hint(moved(track, about=(0.5, 0.9), times=1.6)) == "step_back"
    assert hint(moved(track, about=(0.5, 0.9), times=0.5)) == "come_closer"
    assert hint(moved(track, by=(0.0, -0.3))) == "step_back"  # the head is cut off


def test_feet_below_the_picture(standing):
    track = standing("squat_front_steady")
    feet = track.xy[:, [joint(s, n) for s in SIDES for n in ("heel", "toe")], 1].max()
    down = (1.05 * track.size[1] - feet) / track.size[1]
    assert hint(moved(track, by=(0.0, float(down)))) == "feet"


def test_a_tilted_camera(standing):
    track = standing("squat_front_steady")
    angle = np.radians(8.0)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]], np.float32)
    middle = np.array(track.size, np.float32) / 2
    assert hint(dataclasses.replace(track, xy=(track.xy - middle) @ turn + middle)) == "level"


def test_how_to_turn(standing):
    front, left = standing("squat_front_steady"), standing("squat_side_low_back_arch")
    assert hint(front, "bridge") == "lie_down"
    assert hint(front, "single_leg_rdl", "left") == "side_left"
    assert hint(front, "single_leg_rdl", "right") == "side_right"
    assert hint(left, "single_leg_rdl", "right") == "side_right"
    assert hint(front, "lunge") == "face_side"
    assert hint(left, "lateral_step_down", "left") == "face_front"
    assert hint(standing("d06_squat_oblique45_valgus")) == "square"
    assert hint(standing("p05_bridge_left"), "single_leg_bridge", "right") == "side_right"


def test_arms_behind_the_back_in_a_side_view(standing):
    track = standing("squat_side_low_back_arch")
    assert hint(track) is None
    xy = track.xy.copy()
    hip, shoulder = (track.xy[:, joint("left", n)] for n in ("hip", "shoulder"))
    behind = (hip + shoulder) / 2 + np.array([0.15 * track.size[0], 0], np.float32)  # the left side faces the left
    xy[:, Joint.RIGHT_WRIST] = behind
    bent = dataclasses.replace(track, xy=xy)
    assert hint(bent) == "arms"
    assert hint(bent, "sit_to_stand") is None  # nothing of it is read from the outline of the back


def test_like_an_earlier_audit(standing, load, audited):
    track = standing("squat_front_steady")
    like = audited("squat_front_steady").audit
    assert hint(track, like=like) is None
    assert hint(moved(track, about=(0.5, 0.9), times=1.25), like=like) == "like_back_off"
    larger = audited("squat_front_steady", track=moved(load("squat_front_steady"), about=(0.5, 0.9), times=1.25))
    assert hint(track, like=larger.audit) == "like_closer"
    assert hint(standing("squat_side_low_back_arch"), like=like) == "like_front"
    assert hint(track, like=audited("squat_side_low_back_arch").audit) == "like_left"
    assert hint(standing("d04_squat_side_clean"), like=audited("squat_side_low_back_arch").audit) == "like_left"
    turned = dataclasses.replace(like.clips[0], view=dataclasses.replace(like.clips[0].view, yaw_deg=8.0))
    assert hint(track, like=dataclasses.replace(like, clips=[turned])) == "turn_right"


def advised(track, movement="squat", side="both", like=None):
    return first_advice(track, Wanted(movements()[movement], side, track.size, like))


def test_a_camera_far_too_high_or_low_is_told_and_a_table_never():
    told = [(true, advised(track)) for true, track in before_cameras(from_body=24)]
    metre = 0.58  # of 1.72 m
    assert {advice for true, advice in told if 0.3 <= true <= metre} == {None}
    high = [advice for true, advice in told if true >= 0.87]
    assert set(high) <= {None, "camera_lower"}
    assert high.count("camera_lower") > len(high) / 2
    floor = [advice for true, advice in told if true < 0.1]
    assert set(floor) <= {None, "camera_higher"}
    assert floor.count("camera_higher") >= len(floor) / 3


def test_no_clip_that_was_filmed_well_is_advised_otherwise(load):
    for name in ("squat_front_steady", "squat_side_low_back_arch", "d10_sls_back_clean_L", "p02_stance_R_touch"):
        assert advised(load(name).between(0.0, 1.0)) is None, name


def high_camera(seconds=1.0):
    """Somebody with whom nothing is wrong but that the camera stands too high."""
    tracks = (track for _, track in before_cameras(seconds=seconds))
    return next(track for track in tracks if hint(track) is None and advised(track) == "camera_lower")


def test_where_it_belongs_as_last_time_no_other_height_is_advised(audited, load):
    track = high_camera()
    assert advised(track, like=audited("squat_front_steady").audit) is None
    low = (track for _, track in before_cameras() if advised(track) == "camera_higher")
    assert advised(next(low), "lateral_step_down", "left") is None  # seen from a step cameras stand lower


def test_an_advice_is_given_once_and_no_set_waits_for_it():
    track = high_camera(12.0)
    guide = guide_of("squat", "both", track)
    told = [(e.hint, e.ready) if isinstance(e, SetUp) else e.left_s for e in guided(guide, track)[:-1]]
    assert told == [(None, True), ("camera_lower", True), 3.0, 2.0, 1.0, 0.0, ("still", True)]
    assert guide.setting is not None
    again = Guide(Wanted(movements()["squat"], "both", track.size), advised=True)
    assert "camera_lower" not in [e.hint for e in guided(again, track) if isinstance(e, SetUp)]


def test_every_hint_has_its_words_and_none_is_left_over(load):
    """The names that the code gives are the keys of the table."""
    from pathlib import Path

    import hipaudit.live.setup as module

    code = Path(module.__file__).read_text("utf-8")
    named = {key for key in HINTS if f'"{key}"' in code}
    built = {key for key in HINTS if key.startswith(("side_", "like_"))}
    assert named | built == set(HINTS)


def guide_of(movement, side, track):
    return Guide(Wanted(movements()[movement], side, track.size))


def guided(guide, track, light=LIGHT):
    events = []
    for t, pose in track:
        if guide.setting is None:
            events += guide.update(t, pose, light)
    return events


def test_a_hint_stays_long_enough_to_be_read(load):
    track = load("squat_front_steady")
    guide = guide_of("squat", "both", track)
    events = []
    for i, (t, pose) in enumerate(track.between(0, 6)):
        events += guide.update(t, pose, 10.0 if i % 20 < 10 else LIGHT)
    shown = [e for e in events if isinstance(e, SetUp)]
    gaps = np.diff([e.t for e in shown])
    assert len(shown) > 1
    assert (gaps >= protocol().set_up.hint_s - 1e-6).all()


def test_who_leaves_during_the_countdown_begins_again(load):
    track = with_set_up(load("squat_front_steady"))
    guide = guide_of("squat", "both", track)
    rows = np.arange(len(track))
    away = (track.t > 2.5) & (track.t < 6)
    events = guided(guide, without(track, rows[away]))
    told = [e.hint if isinstance(e, SetUp) else e.left_s for e in events if isinstance(e, SetUp | Countdown)]
    assert told[:5] == [None, 3.0, 2.0, 1.0, "nobody"]
    assert not any(isinstance(e, CalibrationDone) and e.t < 10 for e in events)


def test_who_does_not_stand_still_is_not_measured(load):
    track = load("squat_front_knees_in")
    first = with_set_up(track).between(0, 4.3)  # the countdown is over, then squats without a rest
    busy = track.between(2.6, 16)
    guide = guide_of("squat", "both", track)
    events = guided(guide, first)
    assert guide.state == "still"
    for t, pose in busy:
        events += guide.update(t + 2, pose, LIGHT)
        if guide.setting is not None:
            break
    measured = [e for e in events if isinstance(e, CalibrationDone)]
    assert not measured or measured[0].t > 4.3 + protocol().set_up.still_s


def test_the_hold_of_one_leg_is_measured_on_both_feet(load):
    track = load("p02_stance_R_touch")
    guide = guide_of("single_leg_stance", "right", track)
    events = guided(guide, track.between(10, 23))  # one foot up all the time
    assert guide.setting is None
    assert not [e for e in events if isinstance(e, Problem)]
    assert guided(guide_of("single_leg_stance", "right", track), with_set_up(track))[-1].view == "front"


def test_a_side_is_known_before_the_stand_is_measured(load):
    """The outline of the back costs time: it is looked for as soon as somebody stands sideways."""
    for name, sideways in (
        ("squat_side_low_back_arch", True),
        ("squat_front_steady", False),
        ("p05_bridge_left", False),
    ):
        track = load(name)
        guide = guide_of("bridge" if "bridge" in name else "squat", "both", track)
        guided(guide, with_set_up(track).between(0, 2))
        assert guide.setting is None
        assert guide.sideways is sideways
