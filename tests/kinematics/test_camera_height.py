"""How high the camera stands: from the floor to above the head, and no guess where it cannot be told."""

from dataclasses import replace

import numpy as np
import pytest
from coaching import before_cameras

from hipaudit.kinematics.estimators import camera_height
from hipaudit.kinematics.stand import stand_between
from hipaudit.kinematics.view import find_view
from hipaudit.library import camera_estimator
from hipaudit.poses.skeleton import Joint


@pytest.fixture(scope="module")
def read():
    """(N, 2) true heights and what is read of people whom the fit has not seen, standing heights."""
    stands = [(true, stand_between(track, 0.0, 1.0)) for true, track in before_cameras(from_body=24)]
    return np.array([(true, camera_height(stand, find_view(stand))) for true, stand in stands])


def test_the_error_is_what_the_estimator_says(read):
    true, seen = read.T
    assert np.isfinite(seen).all()
    assert (seen - true).std() < 1.25 * camera_estimator().error
    assert abs((seen - true).mean()) < 0.05
    assert np.corrcoef(true, seen)[0, 1] > 0.85


def test_from_askew_or_without_a_foot_nothing_is_said():
    _, track = next(before_cameras())
    stand = stand_between(track, 0.0, 1.0)
    view = find_view(stand)
    assert np.isfinite(camera_height(stand, view))
    assert np.isnan(camera_height(stand, replace(view, facing="oblique")))
    xy = stand.xy.copy()
    xy[[Joint.LEFT_TOE, Joint.RIGHT_TOE]] = np.nan
    assert np.isnan(camera_height(replace(stand, xy=xy), view))
