"""Measures of the side view, against drawn people whose answers are known."""

import numpy as np
import pytest
from figures import PIXELS, SHANK, THIGH, TRUNK, film, joints
from hypothesis import given, settings
from hypothesis import strategies as st

from hipaudit.kinematics import sagittal
from hipaudit.kinematics.geometry import rotated
from hipaudit.poses import J
from hipaudit.poses.skeleton import SIDES, joint, mirrored

FROM = {"left": (90.0, -1), "right": (-90.0, 1)}  # azimuth of the camera, forward_x
CALM = settings(max_examples=60, deadline=None)

# Function of (xy, forward_x), and the joints without which it has no answer.
MEASURES = {
    "knee left": (lambda xy, _: sagittal.knee_flexion_image(xy, "left"), ("left hip", "left knee", "left ankle")),
    "knee right": (lambda xy, _: sagittal.knee_flexion_image(xy, "right"), ("right hip", "right knee", "right ankle")),
    "hip left": (lambda xy, _: sagittal.hip_flexion(xy, "left"), ("left shoulder", "left hip", "left knee")),
    "hip right": (lambda xy, _: sagittal.hip_flexion(xy, "right"), ("right shoulder", "right hip", "right knee")),
    "inclination": (sagittal.trunk_inclination, ("left hip", "right hip", "left shoulder", "right shoulder")),
    "height left": (lambda xy, _: sagittal.height(xy, "left"), ("left hip", "left ankle")),
    "height both": (
        lambda xy, _: sagittal.height(xy, "both"),
        ("left hip", "right hip", "left ankle", "right ankle"),
    ),
}
ANGLES = [name for name in MEASURES if not name.startswith("height")]


def squatting(flexion=0.0, inclination=0.0):
    """A figure bent at both knees, shanks and thighs equally tilted, the trunk `inclination` degrees forward."""
    xyz = joints()
    half, forward = np.radians(flexion) / 2, np.radians(inclination)
    for side in SIDES:
        ankle = xyz[joint(side, "ankle")]
        knee = ankle + SHANK * np.array([0.0, np.cos(half), np.sin(half)])
        hip = knee + THIGH * np.array([0.0, np.cos(half), -np.sin(half)])
        shoulder = hip + TRUNK * np.array([0.0, np.cos(forward), np.sin(forward)])
        for name, point in (("knee", knee), ("hip", hip), ("shoulder", shoulder)):
            xyz[joint(side, name)] = point
    return xyz


def seen(xyz, view="left"):
    azimuth, forward_x = FROM[view]
    return film(xyz, azimuth=azimuth).xy.astype(np.float64), forward_x


people = st.builds(squatting, flexion=st.floats(0, 120), inclination=st.floats(-10, 60))


@pytest.mark.parametrize("view", FROM)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("flexion", [0, 15, 45, 90, 120])
@pytest.mark.parametrize("inclination", [-5, 0, 40])
def test_bends_of_the_side_view_are_the_drawn_ones(view, side, flexion, inclination):
    xy, forward_x = seen(squatting(flexion, inclination), view)
    assert sagittal.knee_flexion_image(xy, side) == pytest.approx(flexion, abs=0.1)
    assert sagittal.hip_flexion(xy, side) == pytest.approx(abs(flexion / 2 + inclination), abs=0.1)
    assert sagittal.trunk_inclination(xy, forward_x) == pytest.approx(inclination, abs=0.1)


@pytest.mark.parametrize("view", FROM)
@pytest.mark.parametrize("side", [*SIDES, "both"])
@pytest.mark.parametrize("flexion", [0, 60, 110])
def test_hip_height_is_the_drawn_one(view, side, flexion):
    height = (THIGH + SHANK) * np.cos(np.radians(flexion / 2)) * PIXELS
    assert sagittal.height(seen(squatting(flexion), view)[0], side) == pytest.approx(height, abs=0.01)


def test_hip_height_of_both_is_the_mean_of_each():
    xyz = joints(drop=10)
    xyz[joint("left", "ankle"), 1] += 0.1
    xy = film(xyz).xy.astype(np.float64)
    left, right = (sagittal.height(xy, side) for side in SIDES)
    assert left < right - 1
    assert sagittal.height(xy, "both") == pytest.approx((left + right) / 2)


@given(people)
@CALM
def test_both_sides_agree(xyz):
    for name, (function, _) in MEASURES.items():
        assert function(*seen(xyz, "right")) == pytest.approx(function(*seen(xyz, "left")), abs=0.02), name


@given(people, st.floats(-500, 500), st.floats(-500, 500), st.floats(0.1, 8))
@CALM
def test_moving_and_scaling_the_picture_changes_no_angle(xyz, right, down, scale):
    xy, forward_x = seen(xyz)
    moved = xy * scale + np.array([right, down])
    for name in ANGLES:
        function, _ = MEASURES[name]
        assert function(moved, forward_x) == pytest.approx(function(xy, forward_x), abs=1e-5)
    assert sagittal.height(moved, "both") == pytest.approx(scale * sagittal.height(xy, "both"))


@given(people, st.floats(-30, 30))
@CALM
def test_turning_the_picture_turns_only_the_trunk_against_vertical(xyz, degrees):
    xy, forward_x = seen(xyz)
    for name in ANGLES:
        function, _ = MEASURES[name]
        expected = function(xy, forward_x) + (forward_x * degrees if name == "inclination" else 0)
        assert function(rotated(xy, degrees), forward_x) == pytest.approx(expected, abs=1e-5)


@given(people)
@CALM
def test_mirroring_swaps_left_and_right_and_nothing_else(xyz):
    xy, forward_x = seen(xyz)
    mirror = (xy * np.array([-1.0, 1.0]))[mirrored()]
    swap = {"left": "right", "right": "left"}
    for name in ANGLES:
        joint_name, _, side = name.partition(" ")
        counterpart = f"{joint_name} {swap[side]}" if side else name
        expected = MEASURES[name][0](xy, forward_x)
        assert MEASURES[counterpart][0](mirror, -forward_x) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("name", MEASURES)
def test_whole_track_gives_what_each_instant_gives(name):
    function, _ = MEASURES[name]
    track = np.stack([seen(squatting(5 * n, 2 * n))[0] for n in range(20)])
    curve = function(track, -1)
    assert curve.shape == (20,)
    np.testing.assert_allclose(curve, [function(xy, -1) for xy in track], rtol=1e-12, atol=1e-12)
    assert np.ptp(curve) > 1


@pytest.mark.parametrize("name", MEASURES)
def test_only_a_joint_it_needs_takes_a_measure_away(name):
    function, needed = MEASURES[name]
    rows = {joint(*each.split()) for each in needed}
    xy, forward_x = seen(squatting(50, 20))
    for row in range(len(xy)):
        holed = xy.copy()
        holed[row] = np.nan
        assert np.isnan(function(holed, forward_x)) == (row in rows)


@pytest.mark.parametrize(("view", "forward"), [("left", -1), ("right", 1)])
@pytest.mark.parametrize("degrees", [-10.0, 0.0, 35.0])
def test_the_shin_leans_as_drawn(view, forward, degrees):
    xy = np.zeros((J, 2))
    xy[joint(view, "knee")] = 90 * np.array([forward * np.sin(np.radians(degrees)), -np.cos(np.radians(degrees))])
    assert sagittal.shank_inclination(xy, view, forward) == pytest.approx(degrees)
