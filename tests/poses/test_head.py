"""Where the head is: generous on real poses, from every side, and never missing."""

from dataclasses import replace

import numpy as np
import pytest
from conftest import TRUTH

from hipaudit.poses.head import HEAD, head_circles
from hipaudit.poses.skeleton import Joint


def without(track, rows, joints=slice(None)):
    xy = track.xy.copy()
    xy[rows, joints] = np.nan
    return replace(track, xy=xy)


def inside(circles, points):
    return np.hypot(*(points - circles[:, :2]).T) <= circles[:, 2]


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_head_landmarks_lie_well_inside_and_most_of_the_picture_stays(load, name):
    track = load(name)
    circles = head_circles(track)
    assert np.isfinite(circles[track.found]).all()
    for landmark in HEAD:
        at = track.xy[track.found, landmark]
        room = circles[track.found, 2] - np.hypot(*(at - circles[track.found, :2]).T)
        assert np.isfinite(room).all()
        assert (room > 0.4 * circles[track.found, 2]).mean() > 0.99, landmark.name
        assert (room > 0).all(), landmark.name
    assert np.median(2 * circles[track.found, 2] / np.ptp(track.xy[track.found, :, 1], axis=1)) < 0.45


def test_a_missing_head_is_found_from_the_shoulders(load):
    track = load("squat_front_steady")
    alone = head_circles(without(track, slice(None), HEAD))
    assert inside(alone, track.xy[:, Joint.NOSE]).all()


@pytest.mark.parametrize("rows", [slice(0, 4), slice(100, 112), slice(-4, None)])
def test_a_short_loss_is_covered_from_both_sides(load, rows):
    track = load("squat_front_knees_in")
    circles = head_circles(without(track, rows))
    assert np.isfinite(circles).all()
    assert inside(circles, track.xy[:, Joint.NOSE]).all()


def test_a_long_loss_hides_the_whole_picture(load):
    track = load("squat_front_steady")
    hidden = np.isinf(head_circles(without(track, slice(100, 160)))[:, 2])
    assert hidden[115:145].all()
    assert not hidden[:100].any()
    assert not hidden[160:].any()


def test_with_nobody_found_everything_is_hidden(load):
    track = load("squat_front_steady").between(0, 2)
    assert np.isinf(head_circles(without(track, slice(None)))[:, 2]).all()
