"""Measures of the frontal plane, against drawn people whose answers are known."""

import numpy as np
import pytest
from figures import SHANK, SIZE, film, joints
from hypothesis import given, settings
from hypothesis import strategies as st

from hipaudit.kinematics import frontal
from hipaudit.kinematics.geometry import rotated
from hipaudit.poses.skeleton import SIDES, joint, mirrored

FROM = {"front": (0.0, 1), "back": (180.0, -1)}  # azimuth of the camera, left_x
CALM = settings(max_examples=60, deadline=None)
KNEES = st.floats(-20, 25)

# What each measure needs: function of (xy, left_x), and the joints without which it has no answer.
MEASURES = {
    "fppa left": (lambda xy, left_x: frontal.fppa_image(xy, "left", left_x), ("left hip", "left knee", "left ankle")),
    "fppa right": (
        lambda xy, left_x: frontal.fppa_image(xy, "right", left_x),
        ("right hip", "right knee", "right ankle"),
    ),
    "obliquity": (frontal.obliquity_image, ("left hip", "right hip")),
    "trunk lean": (frontal.trunk_lean, ("left hip", "right hip", "left shoulder", "right shoulder")),
    "separation": (
        lambda xy, left_x: frontal.knee_ankle_separation(xy),
        ("left knee", "right knee", "left ankle", "right ankle"),
    ),
    "inset left": (
        lambda xy, left_x: frontal.knee_inset(xy, "left", left_x),
        ("left knee", "left ankle", "right ankle"),
    ),
    "inset right": (
        lambda xy, left_x: frontal.knee_inset(xy, "right", left_x),
        ("right knee", "left ankle", "right ankle"),
    ),
    "hip offset": (frontal.hip_offset, ("left hip", "right hip", "left ankle", "right ankle")),
}
TURN_WITH_THE_PICTURE = {"obliquity": -1, "trunk lean": -1}  # front view: degrees for each degree clockwise
MIRRORED = {  # what the mirror image shows instead
    "fppa left": ("fppa right", 1),
    "fppa right": ("fppa left", 1),
    "obliquity": ("obliquity", -1),
    "trunk lean": ("trunk lean", -1),
    "separation": ("separation", 1),
    "inset left": ("inset right", 1),
    "inset right": ("inset left", 1),
    "hip offset": ("hip offset", -1),
}


def person(left=0.0, right=0.0, **pose):
    """A figure whose shanks go on from the thighs turned outwards by `left` and `right` degrees: knees medial."""
    xyz = joints(**pose)
    for side, sign, angle in (("left", 1, left), ("right", -1, right)):
        hip, knee, ankle = (joint(side, name) for name in ("hip", "knee", "ankle"))
        thigh = (xyz[knee] - xyz[hip])[:2]
        c, s = np.cos(np.radians(sign * angle)), np.sin(np.radians(sign * angle))
        below = np.array([c * thigh[0] - s * thigh[1], s * thigh[0] + c * thigh[1]]) / np.linalg.norm(thigh)
        shank = np.linalg.norm((xyz[ankle] - xyz[knee])[:2])
        moved = np.array([*(xyz[knee][:2] + shank * below), xyz[ankle][2]]) - xyz[ankle]
        xyz[[ankle, joint(side, "heel"), joint(side, "toe")]] += moved
    return xyz


def seen(xyz, view="front", **options):
    azimuth, left_x = FROM[view]
    return film(xyz, azimuth=azimuth, **options).xy.astype(np.float64), left_x


def mirror(xy):
    """The picture as a mirror shows it: who was left is right."""
    return (np.array([SIZE[0], 0.0]) + xy * np.array([-1.0, 1.0]))[..., mirrored(), :]


people = st.builds(
    person,
    left=KNEES,
    right=KNEES,
    flexion=st.floats(0, 100),
    drop=st.floats(-15, 15),
    lean=st.floats(-20, 20),
    shift=st.floats(-0.1, 0.1),
)


@pytest.mark.parametrize("view", FROM)
@pytest.mark.parametrize("flexion", [0, 30, 60, 90])
@pytest.mark.parametrize("angle", [-20, -10, -3, 0, 5, 10, 25])
def test_projection_angle_of_each_leg_is_the_drawn_one(view, flexion, angle):
    xy, left_x = seen(person(left=angle, right=angle / 2 - 5, flexion=flexion), view)
    assert frontal.fppa_image(xy, "left", left_x) == pytest.approx(angle, abs=0.1)
    assert frontal.fppa_image(xy, "right", left_x) == pytest.approx(angle / 2 - 5, abs=0.1)


@pytest.mark.parametrize("side", SIDES)
def test_knee_pushed_inwards_has_the_greater_angle(side):
    xyz = joints()
    before = frontal.fppa_image(seen(xyz)[0], side, 1)
    xyz[joint(side, "knee"), 0] *= 0.3
    assert frontal.fppa_image(seen(xyz)[0], side, 1) > before + 10


@pytest.mark.parametrize("view", FROM)
@pytest.mark.parametrize("drop", [-12, -5, 0, 2, 8, 20])
def test_obliquity_is_the_drawn_drop(view, drop):
    assert frontal.obliquity_image(*seen(joints(drop=drop), view)) == pytest.approx(drop, abs=0.1)


def test_right_hip_lower_is_positive():
    xyz = joints()
    xyz[joint("right", "hip"), 1] -= 0.02
    assert frontal.obliquity_image(*seen(xyz)) > 1


@pytest.mark.parametrize("view", FROM)
@pytest.mark.parametrize("lean", [-15, -4, 0, 6, 18])
def test_trunk_lean_is_the_drawn_one(view, lean):
    assert frontal.trunk_lean(*seen(joints(lean=lean, drop=3), view)) == pytest.approx(lean, abs=0.1)


@pytest.mark.parametrize("view", FROM)
@pytest.mark.parametrize("shift", [-0.06, 0.0, 0.03])
@pytest.mark.parametrize("apart", [0.2, 0.4])
def test_hip_offset_is_the_drawn_shift_of_the_distance_between_the_ankles(view, shift, apart):
    xy, left_x = seen(joints(shift=shift, apart=apart), view)
    assert frontal.hip_offset(xy, left_x) == pytest.approx(100 * shift / apart, abs=0.1)


@pytest.mark.parametrize("view", FROM)
@pytest.mark.parametrize(("left", "right"), [(0.0, 0.0), (0.05, 0.05), (0.06, 0.0), (-0.04, 0.02)])
def test_separation_and_insets_are_the_drawn_ones(view, left, right):
    xyz = joints(apart=0.3)
    for side, sign, inside in (("left", 1, left), ("right", -1, right)):
        xyz[joint(side, "knee"), 0] = sign * (0.15 - inside)
    xy, left_x = seen(xyz, view)
    assert frontal.knee_inset(xy, "left", left_x) == pytest.approx(100 * left / 0.3, abs=0.05)
    assert frontal.knee_inset(xy, "right", left_x) == pytest.approx(100 * right / 0.3, abs=0.05)
    assert frontal.knee_ankle_separation(xy) == pytest.approx((0.3 - left - right) / 0.3, abs=1e-3)


@given(people)
@CALM
def test_separation_is_one_less_both_insets(xyz):
    xy, left_x = seen(xyz)
    insets = sum(frontal.knee_inset(xy, side, left_x) for side in SIDES)
    assert frontal.knee_ankle_separation(xy) == pytest.approx(1 - insets / 100, abs=1e-6)


@pytest.mark.parametrize("view", FROM)
@pytest.mark.parametrize("inside", [-0.03, 0.0, 0.05])
def test_knee_over_a_foot_that_points_ahead_deviates_by_what_is_drawn(view, inside):
    xyz = joints(flexion=60)
    for side, sign in (("left", 1), ("right", -1)):
        xyz[joint(side, "knee"), 0] = xyz[joint(side, "ankle"), 0] - sign * inside
    xy, left_x = seen(xyz, view, pixels=300.0)
    for side in SIDES:
        deviation = frontal.knee_deviation(xy, side, left_x, 0.42 * 300, SHANK * 300)
        assert deviation == pytest.approx(100 * inside / SHANK, abs=0.1)


def test_knee_that_follows_a_foot_turned_out_does_not_deviate():
    xyz = joints(flexion=60)
    forward = SHANK * np.sin(np.radians(30))
    for side, sign in (("left", 1), ("right", -1)):
        ankle = xyz[joint(side, "ankle")]
        xyz[joint(side, "hip"), 1] = ankle[1] + (SHANK + 0.42) * np.cos(np.radians(30))
        outwards = sign * np.tan(np.radians(10))
        xyz[joint(side, "toe"), 0] = ankle[0] + outwards * 0.46 * SHANK
        xyz[joint(side, "knee"), 0] = ankle[0] + outwards * forward
    xy, left_x = seen(xyz)
    for side in SIDES:
        assert frontal.knee_deviation(xy, side, left_x, 0.42 * 300, SHANK * 300) == pytest.approx(0, abs=0.7)


def test_knee_of_a_leg_straighter_than_its_lengths_allow_has_no_deviation():
    xy, left_x = seen(joints())
    assert np.isnan(frontal.knee_deviation(xy, "left", left_x, 0.40 * 300, 0.38 * 300))


@given(people)
@CALM
def test_front_and_back_agree(xyz):
    for function, _ in MEASURES.values():
        assert function(*seen(xyz, "back")) == pytest.approx(function(*seen(xyz, "front")), abs=0.02)


@given(people, st.floats(-500, 500), st.floats(-500, 500), st.floats(0.1, 8))
@CALM
def test_moving_and_scaling_the_picture_changes_nothing(xyz, right, down, scale):
    xy, left_x = seen(xyz)
    for function, _ in MEASURES.values():
        changed = function(xy * scale + np.array([right, down]), left_x)
        assert changed == pytest.approx(function(xy, left_x), abs=1e-6)


@given(people, st.floats(-30, 30))
@CALM
def test_turning_the_picture_turns_only_what_is_measured_against_it(xyz, degrees):
    xy, left_x = seen(xyz)
    for name in ("fppa left", "fppa right", *TURN_WITH_THE_PICTURE):
        function, _ = MEASURES[name]
        expected = function(xy, left_x) + TURN_WITH_THE_PICTURE.get(name, 0) * degrees
        assert function(rotated(xy, degrees), left_x) == pytest.approx(expected, abs=1e-6)


@given(people)
@CALM
def test_mirroring_swaps_left_and_right_and_nothing_else(xyz):
    xy, left_x = seen(xyz)
    for name, (counterpart, sign) in MIRRORED.items():
        expected = sign * MEASURES[name][0](xy, left_x)
        assert MEASURES[counterpart][0](mirror(xy), left_x) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", MEASURES)
def test_whole_track_gives_what_each_instant_gives(name):
    function, _ = MEASURES[name]
    track = np.stack([seen(person(left=n, right=-n, flexion=5 * n, lean=n, drop=-n))[0] for n in range(20)])
    curve = function(track, 1)
    assert curve.shape == (20,)
    np.testing.assert_allclose(curve, [function(xy, 1) for xy in track], rtol=1e-12, atol=1e-12)
    assert np.ptp(curve) > 0


@pytest.mark.parametrize("name", MEASURES)
def test_only_a_joint_it_needs_takes_a_measure_away(name):
    function, needed = MEASURES[name]
    rows = {joint(*each.split()) for each in needed}
    xy, left_x = seen(person(left=5, right=8, flexion=30))
    for row in range(len(xy)):
        holed = xy.copy()
        holed[row] = np.nan
        assert np.isnan(function(holed, left_x)) == (row in rows)
