"""Which landmarks are believed."""

from dataclasses import replace

import numpy as np
import pytest
from figures import SIZE, clip, squat

from hipaudit.library import protocol
from hipaudit.poses import collect
from hipaudit.poses.skeleton import Joint
from hipaudit.poses.trust import bone_lengths, masked, trusted

AT = 100  # any instant in the middle of the drawn squat


@pytest.fixture(scope="module")
def drawn():
    return squat(seconds=7.0)


@pytest.fixture(scope="module")
def bones(drawn):
    return bone_lengths(drawn.xyz[0])


def moved(track, rows, joint, by):
    xy = track.xy.copy()
    xy[rows, joint] += by
    return replace(track, xy=xy)


def distrusted(track, bones):
    return {(int(row), Joint(int(j))) for row, j in np.argwhere(~trusted(track, bones))}


@pytest.mark.parametrize("azimuth", [0, 90, 180, -90, 45])
def test_clean_squat_is_believed_everywhere(azimuth):
    track = squat(seconds=7.0, azimuth=azimuth)
    assert trusted(track, bone_lengths(track.xyz[0])).all()


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_clean_squat_is_believed_at_any_rate(fps):
    track = squat(seconds=7.0, fps=fps)
    assert trusted(track, bone_lengths(track.xyz[0])).all()


@pytest.mark.parametrize("name", ["squat_front_steady", "step_down_front_left_pelvic_drop", "d10_sls_back_clean_L"])
def test_clean_clip_of_the_model_is_believed_almost_everywhere(load, name):
    track = load(name)
    assert trusted(track, np.median(bone_lengths(track.xyz), 0)).mean() > 0.97


def test_bone_lengths_are_those_of_thighs_and_shanks(drawn):
    xyz = drawn.xyz[0].copy()
    xyz[Joint.RIGHT_ANKLE] = xyz[Joint.RIGHT_KNEE] + [0, -0.55, 0]
    left_thigh, left_shank, _, right_shank = bone_lengths(xyz)
    assert left_thigh == pytest.approx(np.linalg.norm(xyz[Joint.LEFT_HIP] - xyz[Joint.LEFT_KNEE]))
    assert left_shank == pytest.approx(0.40, abs=1e-3)
    assert right_shank == pytest.approx(0.55, abs=1e-6)


@pytest.mark.parametrize("joint", [Joint.LEFT_WRIST, Joint.RIGHT_KNEE, Joint.NOSE])
def test_joint_that_leaves_for_one_picture_is_not_believed_there(drawn, bones, joint):
    assert distrusted(moved(drawn, AT, joint, (150, -40)), bones) == {(AT, joint)}


def test_joint_that_jumps_at_an_edge_cannot_be_told(drawn, bones):
    # With one neighbour only, leaving and coming back cannot be told from moving.
    assert distrusted(moved(drawn, 0, Joint.LEFT_WRIST, (150, 0)), bones) == set()


def test_joint_that_moves_slowly_is_believed(drawn, bones):
    ramp = np.linspace(0, 120, len(drawn))[:, None] * [1.0, 0.0]
    assert distrusted(moved(drawn, slice(None), Joint.LEFT_WRIST, ramp), bones) == set()


def test_leg_that_stretches_is_not_believed(drawn, bones):
    xyz = drawn.xyz.copy()
    knee, ankle = xyz[AT, Joint.LEFT_KNEE], xyz[AT, Joint.LEFT_ANKLE]
    xyz[AT, Joint.LEFT_ANKLE] = knee + 1.5 * (ankle - knee)
    assert distrusted(replace(drawn, xyz=xyz), bones) == {(AT, Joint.LEFT_KNEE), (AT, Joint.LEFT_ANKLE)}


def test_thigh_that_shrinks_is_not_believed(drawn, bones):
    xyz = drawn.xyz.copy()
    hip, knee = xyz[:, Joint.RIGHT_HIP], xyz[:, Joint.RIGHT_KNEE]
    # The whole lower leg comes along, so that only the thigh changes.
    xyz[:, [Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE]] += 0.5 * (hip - knee)[:, None]
    good = trusted(replace(drawn, xyz=xyz), bones)
    assert not good[:, [Joint.RIGHT_HIP, Joint.RIGHT_KNEE]].any()
    assert np.delete(good, [Joint.RIGHT_HIP, Joint.RIGHT_KNEE], 1).all()


@pytest.mark.parametrize(("axis", "beyond"), [(0, -1), (0, 1), (1, -1), (1, 1)])
def test_joint_outside_the_picture_is_not_believed(drawn, bones, axis, beyond):
    margin = protocol().trust.outside_picture * SIZE[axis]
    just_outside = SIZE[axis] + margin + 2 if beyond > 0 else -margin - 2
    xy = drawn.xy.copy()
    xy[:, Joint.LEFT_WRIST, axis] = just_outside
    good = trusted(replace(drawn, xy=xy), bones)
    assert not good[:, Joint.LEFT_WRIST].any()
    assert np.delete(good, Joint.LEFT_WRIST, 1).all()


def test_joint_just_past_the_edge_is_still_believed(drawn, bones):
    xy = drawn.xy.copy()
    xy[:, Joint.LEFT_WRIST, 0] = SIZE[0] + 2
    assert trusted(replace(drawn, xy=xy), bones).all()


def test_joint_the_model_does_not_see_is_not_believed(drawn, bones):
    limit = protocol().trust.visibility
    visibility = drawn.visibility.copy()
    visibility[AT, Joint.RIGHT_TOE] = limit - 0.01
    visibility[AT, Joint.LEFT_TOE] = limit
    assert distrusted(replace(drawn, visibility=visibility), bones) == {(AT, Joint.RIGHT_TOE)}


def test_person_lying_down_is_not_believed_at_all():
    times = np.arange(0, 1, 1 / 30)
    lying = clip(times, lambda t: {}, roll=90, pixels=150)
    upright = clip(times, lambda t: {}, pixels=150)
    assert ((lying.xy > 0) & (lying.xy < SIZE)).all()
    assert not trusted(lying, bone_lengths(lying.xyz[0])).any()
    assert trusted(upright, bone_lengths(upright.xyz[0])).all()


def test_person_lying_down_is_believed_where_lying_is_asked_for():
    times = np.arange(0, 1, 1 / 30)
    lying = clip(times, lambda t: {}, roll=90, pixels=150)
    upright = clip(times, lambda t: {}, pixels=150)
    assert trusted(lying, bone_lengths(lying.xyz[0]), "lying").all()
    assert not trusted(upright, bone_lengths(upright.xyz[0]), "lying").any()


def test_person_upside_down_is_not_believed_at_all(drawn, bones):
    xy = drawn.xy * [1, -1] + [0, SIZE[1]]
    assert not trusted(replace(drawn, xy=xy.astype(np.float32)), bones).any()


def test_instant_with_nobody_is_not_believed(drawn, bones):
    holed = collect([(t, None if row == AT else pose) for row, (t, pose) in enumerate(drawn)], drawn.size)
    good = trusted(holed, bones)
    assert not good[AT].any()
    assert np.delete(good, AT, 0).all()


@pytest.mark.parametrize(("first", "last"), [(0, 40), (20, 61), (37, 120), (AT + 2, AT + 6), (150, 153)])
def test_part_of_a_clip_is_judged_like_the_whole(load, first, last):
    track = load("step_down_front_left_pelvic_drop")
    bones = np.median(bone_lengths(track.xyz), 0)
    for row in range(5, len(track) - 5, 7):
        track = moved(track, row, row % len(Joint), (0, 200))
    part = track.between(track.t[first], track.t[last])
    whole = trusted(track, bones)[first : last + 1]
    np.testing.assert_array_equal(trusted(part, bones)[1:-1], whole[1:-1])
    assert not whole[1:-1].all()


def test_masking_leaves_holes_exactly_where_nothing_is_believed(drawn, bones):
    visibility = drawn.visibility.copy()
    visibility[50:60, Joint.LEFT_ANKLE] = 0.1
    track = moved(replace(drawn, visibility=visibility), AT, Joint.NOSE, (200, 0))
    good = trusted(track, bones)
    xy = masked(track, bones)
    assert np.isnan(xy[~good]).all()
    np.testing.assert_array_equal(xy[good], track.xy[good])
    assert (~good).sum() == 11
