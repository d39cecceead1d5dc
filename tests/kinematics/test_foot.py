"""The heel's rise and the trunk's lean at the end, in drawn people from the side."""

import numpy as np
import pytest
from figures import film, joints

from hipaudit.kinematics import Setting, estimators, measure_all, shown
from hipaudit.kinematics.stand import Stand
from hipaudit.kinematics.view import View
from hipaudit.library import quantities
from hipaudit.poses.skeleton import SIDES, joint
from hipaudit.poses.trust import bone_lengths
from hipaudit.reps.measure import Phases, standing_again

VIEWS = {"left": (90.0, -1), "right": (-90.0, 1)}  # azimuth of the camera, forward_x


def risen(degrees):
    """A standing person whose feet are turned up about the toes by so much."""
    xyz = joints()
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    for side in SIDES:
        toe = xyz[joint(side, "toe")]
        for name in ("ankle", "heel"):
            arm = xyz[joint(side, name)] - toe
            xyz[joint(side, name)] = toe + [arm[0], c * arm[1] - s * arm[2], s * arm[1] + c * arm[2]]
    return xyz


def seen(xyz, face):
    return film(xyz, azimuth=VIEWS[face][0])


def stand(face):
    pose = seen(joints(), face)
    return Stand(0.0, 2.0, pose.xy.astype(float), pose.xyz.astype(float), bone_lengths(pose.xyz.astype(float)), np.nan)


def rise(degrees, face="left", hide=None):
    xy = seen(risen(degrees), face).xy.astype(float)
    if hide:
        xy[joint(face, hide)] = np.nan
    return float(estimators.heel_rise(xy, stand(face), face, VIEWS[face][1]))


@pytest.mark.parametrize("face", VIEWS)
def test_a_heel_on_the_floor_reads_nought_and_more_the_higher_it_is(face):
    values = [rise(d, face) for d in (0, 4, 8, 12, 16)]
    assert values[0] == pytest.approx(0, abs=1e-6)
    assert values == sorted(values)
    assert values[-1] > 8


def test_both_sides_read_alike():
    assert rise(12, "left") == pytest.approx(rise(12, "right"), abs=1e-6)


@pytest.mark.parametrize("name", ["ankle", "heel", "toe"])
def test_a_hidden_foot_gives_nothing(name):
    assert np.isnan(rise(12, hide=name))


def test_a_foot_far_from_its_place_is_outside_the_fit():
    xy = seen(joints(), "left").xy.astype(float) + [60.0, -60.0]
    assert np.isnan(estimators.heel_rise(xy, stand("left"), "left", -1))


@pytest.mark.parametrize("face", VIEWS)
def test_only_the_near_heel_is_read_and_only_from_the_side(face):
    xy = np.repeat(seen(risen(10), face).xy[None].astype(float), 5, 0)
    curves = measure_all(xy, Setting(View(face, 0.0, None, 1, VIEWS[face][1]), stand(face), "both", 2, 240.0))
    far = "right" if face == "left" else "left"
    assert np.isfinite(curves[f"heel_rise_{face}_deg"]).all()
    assert np.isnan(curves[f"heel_rise_{far}_deg"]).all()
    front = Setting(View("front", 0.0, 0.0, 1, 1), stand(face), "both", 2, 240.0)
    assert not shown(quantities()["heel_rise"], front, face)
    assert not shown(quantities()["lean_back"], front)


@pytest.mark.parametrize(("back", "face"), [(8.0, "left"), (8.0, "right"), (-8.0, "left")])
def test_the_trunk_behind_own_standing_is_plus(back, face):
    xyz = joints()
    hip = (xyz[joint("left", "hip")] + xyz[joint("right", "hip")]) / 2
    for side in SIDES:
        shoulder = xyz[joint(side, "shoulder")]
        height = shoulder[1] - hip[1]
        shoulder[2] -= height * np.tan(np.radians(back))
    xy = seen(xyz, face).xy[None].astype(float)
    curves = measure_all(xy, Setting(View(face, 0.0, None, 1, VIEWS[face][1]), stand(face), "both", 2, 240.0))
    assert curves["lean_back_deg"][0] == pytest.approx(back, abs=0.3)


def test_what_is_read_when_standing_again_is_the_most_from_the_end_on():
    t = np.arange(0, 4, 0.1)
    phases = Phases(start=0.5, low=1.5, rise=2.0, end=3.0)
    values = np.where(t > 3.2, 7.0, -3.0)
    assert standing_again(t, values, phases) == 7.0
    assert np.isnan(standing_again(t, np.where(t > 2.5, np.nan, 1.0), phases))
