"""Where the camera stands, and where the person stands still."""

from dataclasses import replace

import numpy as np
import pytest
from figures import PIXELS, SIZE, clip, film, joints, squat

from hipaudit.kinematics.geometry import from_vertical, middle
from hipaudit.kinematics.stand import find_stand, stand_between, still
from hipaudit.kinematics.view import View, camera_azimuth, find_view
from hipaudit.poses import collect
from hipaudit.poses.skeleton import Joint

SECOND = np.arange(0, 1, 1 / 30)


def standing(**view):
    return stand_between(clip(SECOND, lambda t: {}, **view), 0, 1)


def drawn(seconds, pose_at, fps=30):
    """A track of whatever joints `pose_at(t)` gives, None for nobody."""
    instants = []
    for t in np.arange(0, seconds, 1 / fps).tolist():
        xyz = pose_at(t)
        instants.append((t, None if xyz is None else film(xyz, t=t)))
    return collect(instants, SIZE)


def walked(metres, **pose):
    return joints(**pose) + np.array([metres, 0.0, 0.0])


@pytest.mark.parametrize(
    ("azimuth", "facing", "left_x"),
    [
        (0, "front", 1),
        (180, "back", -1),
        (90, "left", None),
        (-90, "right", None),
        (45, "oblique", 1),
        (-45, "oblique", 1),
        (135, "oblique", -1),
        (-135, "oblique", -1),
    ],
)
def test_face_is_the_side_of_the_person_the_camera_sees(azimuth, facing, left_x):
    view = find_view(standing(azimuth=azimuth))
    assert view.facing == facing
    assert view.frontal == (facing in ("front", "back"))
    # Square to the side both hips lie at one place in the picture, and left of which is nobody's business.
    assert left_x in (None, view.left_x)


@pytest.mark.parametrize(("azimuth", "forward_x"), [(90, -1), (45, -1), (135, -1), (-90, 1), (-45, 1), (-135, 1)])
def test_forward_is_where_the_toes_point(azimuth, forward_x):
    stand = standing(azimuth=azimuth)
    toes = middle(stand.xy, "toe")[0] - middle(stand.xy, "heel")[0]
    assert find_view(stand).forward_x == forward_x == np.sign(toes)


@pytest.mark.parametrize("azimuth", [0, 20, 45, -45, 135, 160, 180, -160])
def test_left_is_where_the_left_hip_is(azimuth):
    stand = standing(azimuth=azimuth)
    hips = stand.xy[Joint.LEFT_HIP, 0] - stand.xy[Joint.RIGHT_HIP, 0]
    assert find_view(stand).left_x == np.sign(hips)


@pytest.mark.parametrize(
    ("azimuth", "sign"),
    [(8, 1), (-8, -1), (45, 1), (-45, -1), (172, 1), (-172, -1), (135, 1), (-135, -1)],
)
def test_yaw_is_positive_where_the_left_side_is_turned_to_the_camera(azimuth, sign):
    stand = standing(azimuth=azimuth)
    left_nearer = stand.xyz[Joint.LEFT_SHOULDER, 2] - stand.xyz[Joint.RIGHT_SHOULDER, 2]
    assert np.sign(left_nearer) == sign
    assert np.sign(find_view(stand).yaw_deg) == sign


@pytest.mark.parametrize("azimuth", [-10, -8, -4, 0, 4, 8, 10])
def test_yaw_from_the_front_is_the_drawn_one(azimuth):
    assert find_view(standing(azimuth=azimuth)).yaw_deg == pytest.approx(azimuth, abs=3)


@pytest.mark.parametrize(("azimuth", "yaw"), [(45, 45), (-45, -45), (30, 30), (135, 45), (-135, -45), (-150, -30)])
def test_yaw_of_an_oblique_view_is_from_the_nearer_of_front_and_back(azimuth, yaw):
    assert find_view(standing(azimuth=azimuth)).yaw_deg == pytest.approx(yaw, abs=1)


@pytest.mark.parametrize("azimuth", [78, 84, 90, 96, 102, -80, -90, -100])
def test_side_views_are_named_near_square(azimuth):
    view = find_view(standing(azimuth=azimuth))
    assert view.facing == ("left" if azimuth > 0 else "right")
    assert abs(view.yaw_deg) == pytest.approx(abs(abs(azimuth) - 90), abs=1)


def test_yaw_from_behind_grows_with_the_turn():
    yaws = [find_view(standing(azimuth=a)).yaw_deg for a in (-170, -175, 180, 175, 170)]
    assert (np.diff(yaws) > 1).all()


@pytest.mark.parametrize("azimuth", [0, 180])
@pytest.mark.parametrize("roll", [-4, 0, 4])
def test_roll_is_the_drawn_tilt(azimuth, roll):
    assert find_view(standing(azimuth=azimuth, roll=roll)).roll_deg == pytest.approx(roll, abs=1)


@pytest.mark.parametrize("azimuth", [45, 90, -90, 135])
def test_roll_is_unknown_where_the_trunk_is_not_seen_face_on(azimuth):
    assert find_view(standing(azimuth=azimuth)).roll_deg is None


@pytest.mark.parametrize(("roll", "back"), [(None, 0), (0.0, 0), (1.4, 0), (-1.4, 0), (4.0, 2.5), (-4.0, -2.5)])
def test_tilt_within_its_own_error_is_left_alone(roll, back):
    assert View("front", 0.0, roll, 1, -1).tilt_deg == back


@pytest.mark.parametrize("roll", [-4, 4])
def test_stand_of_a_tilted_camera_is_turned_upright(roll):
    stand = standing(roll=roll).upright(roll)
    assert from_vertical(middle(stand.xy, "hip"), middle(stand.xy, "shoulder")) == pytest.approx(0, abs=1e-3)
    assert stand.leg == pytest.approx(standing().leg, abs=1e-3)


@pytest.mark.parametrize("turned_m", [-0.12, -0.09, -0.06, 0.06, 0.09, 0.12])
def test_head_turned_away_does_not_turn_the_view(turned_m):
    straight = standing()
    xy = straight.xy.copy()
    xy[Joint.NOSE, 0] += turned_m * PIXELS
    assert camera_azimuth(replace(straight, xy=xy)) == pytest.approx(camera_azimuth(straight), abs=4)


def test_head_turned_by_any_angle_never_makes_a_front_view_oblique():
    straight = standing()
    for turned_m in np.linspace(-0.12, 0.12, 49):
        xy = straight.xy.copy()
        xy[Joint.NOSE, 0] += turned_m * PIXELS
        view = find_view(replace(straight, xy=xy))
        assert view.facing == "front"
        assert abs(view.yaw_deg) < 11


@pytest.mark.parametrize(("name", "facing"), [("squat_front_steady", "front"), ("squat_side_low_back_arch", "left")])
def test_real_clip_is_seen_from_where_it_was_filmed(load, name, facing):
    view = find_view(find_stand(load(name), 2.0))
    assert view.facing == facing
    assert abs(view.yaw_deg) < 10


def test_stand_before_the_first_repetition_is_found():
    stand = find_stand(squat((2.5, 8.5), seconds=13), 2.5)
    assert 0 <= stand.t0 < stand.t1 <= 2.5
    assert stand.t1 - stand.t0 == pytest.approx(2, abs=0.05)
    assert stand.xy[Joint.LEFT_HIP, 1] == pytest.approx(film(joints()).xy[Joint.LEFT_HIP, 1], abs=1)


def test_last_stand_before_the_time_is_taken():
    stand = find_stand(squat((2.5, 8.5), seconds=13), 8.5)
    assert 5.5 < stand.t0 < stand.t1 <= 8.5


def test_stand_is_cut_at_the_time_it_must_end_before():
    stand = find_stand(squat((2.5,), seconds=7), 1.2)
    assert stand.t1 <= 1.2
    assert stand.t0 == pytest.approx(0, abs=0.05)


def test_first_stand_after_serves_where_there_is_none_before():
    track = squat((-0.8,), seconds=7)
    stand = find_stand(track, 0.5)
    assert stand.t0 > 2
    assert stand.t1 - stand.t0 == pytest.approx(2, abs=0.05)


def test_walking_in_is_not_standing():
    track = drawn(6, lambda t: walked(max(0.0, 3 - t) * 0.4))
    stand = find_stand(track, 6.0)
    assert stand.t0 > 2.9
    assert not still(track)[track.t < 2.8].any()
    assert still(track)[(track.t > 3.3) & (track.t < 5.7)].all()


def test_nobody_standing_still_gives_no_stand():
    assert find_stand(drawn(5, lambda t: walked(0.4 * t - 1)), 3.0) is None


def test_squatting_without_a_pause_gives_no_stand():
    track = drawn(6, lambda t: joints(flexion=45 * (1 - np.cos(2 * np.pi * t / 1.5))))
    assert find_stand(track, 3.0) is None


def test_sitting_still_in_a_squat_is_not_standing():
    track = squat((1.0,), seconds=9, fps=30)
    held = drawn(8, lambda t: joints(flexion=90 * np.clip((t - 1) / 1.5, 0, 1)))
    assert find_stand(held, 8.0).t1 < 2
    assert find_stand(track, 1.0).t1 <= 1.0


def test_stand_shorter_than_asked_for_is_none():
    # Still for 0.4 s in all, of which the edges of the speed's window take their part.
    track = drawn(4, lambda t: walked(0.4 * t if t < 2 else 0.8 if t < 2.4 else 0.8 - 0.4 * (t - 2.4)))
    assert find_stand(track, 4.0) is None


def test_nobody_in_view_gives_no_stand():
    assert find_stand(drawn(2, lambda t: None), 1.0) is None


def test_stand_with_both_feet_down_is_asked_for():
    def pose(t):
        xyz = joints()
        if t >= 3:
            xyz[[Joint.RIGHT_ANKLE, Joint.RIGHT_HEEL, Joint.RIGHT_TOE], 1] += 0.3
        return xyz

    track = drawn(6, pose)
    assert find_stand(track, 6.0).t0 > 3
    assert find_stand(track, 6.0, both_feet=True).t1 < 3


def test_stand_is_the_median_so_one_slip_does_not_move_it():
    track = clip(SECOND, lambda t: {})
    xy = track.xy.copy()
    xy[10] += 200
    slipped = stand_between(replace(track, xy=xy), 0, 1)
    np.testing.assert_array_equal(slipped.xy, stand_between(track, 0, 1).xy)


def test_lengths_of_a_stand_are_those_of_the_picture():
    xyz = joints()
    stand = standing()
    thigh = np.linalg.norm((xyz[Joint.LEFT_HIP] - xyz[Joint.LEFT_KNEE])[:2]) * PIXELS
    shank = np.linalg.norm((xyz[Joint.LEFT_KNEE] - xyz[Joint.LEFT_ANKLE])[:2]) * PIXELS
    assert stand.segment("left", "hip", "knee") == pytest.approx(thigh, abs=0.01)
    assert stand.leg == pytest.approx(thigh + shank, abs=0.01)
    ears_over_heels = (xyz[Joint.LEFT_EAR, 1] - xyz[Joint.LEFT_HEEL, 1]) * PIXELS
    assert stand.height == pytest.approx(ears_over_heels / 0.93, abs=0.01)
