"""The real pose model: with and without the mask of the person, and when each is used."""

import numpy as np
import pytest
from conftest import SAMPLES

from hipaudit.audit.run import find_poses
from hipaudit.frames.ahead import ahead
from hipaudit.frames.video import VideoFile
from hipaudit.poses import collect
from hipaudit.poses.mediapipe import MediaPipeBackend
from hipaudit.poses.outline import LASTING

pytestmark = pytest.mark.model
FRONT, SIDE = (SAMPLES / f"{name}.mp4" for name in ("step_down_front_right_knee_in", "squat_side_low_back_arch"))


def first(path, seconds, backend):
    """The poses of the beginning of a clip."""
    clip = VideoFile(path)
    frames = (frame for frame in clip if frame.t < seconds)
    with backend:
        return collect(((frame.t, backend.detect(frame)) for frame in ahead(frames)), clip.size)


@pytest.mark.parametrize("path", [FRONT, SIDE])
@pytest.mark.parametrize("model", ["full", "lite"])
def test_without_masks_the_landmarks_are_the_same_to_the_last_bit(model, path):
    whole, cut = (first(path, 4.0, MediaPipeBackend(model, masks)) for masks in (True, False))
    assert whole.found.all()
    for part in ("xy", "xyz", "visibility"):
        np.testing.assert_array_equal(getattr(whole, part), getattr(cut, part))
    assert np.isnan(cut.back).all()


def test_both_name_the_published_model():
    with MediaPipeBackend("lite") as whole, MediaPipeBackend("lite", masks=False) as cut:
        assert (whole.name, whole.sha256) == (cut.name, cut.sha256)


class Start(VideoFile):
    """The first seconds of a clip."""

    def __iter__(self):
        return (frame for frame in super().__iter__() if frame.t < 3.0)


@pytest.mark.parametrize(("path", "asked"), [(FRONT, [False]), (SIDE, [False, True])])
def test_a_clip_from_the_side_is_begun_again_with_masks(path, asked):
    opened, told = [], []

    def backend(masks):
        opened.append(masks)
        return MediaPipeBackend("lite", masks)

    track, used = find_poses(Start(path), backend, lambda clip, t, of: told.append(t))
    assert opened == asked
    again = np.flatnonzero(np.diff(told) < 0)
    assert len(again) == len(asked) - 1
    assert all(LASTING <= told[i] < LASTING + 0.2 for i in again)
    direct = first(path, 3.0, MediaPipeBackend("lite", asked[-1]))
    np.testing.assert_array_equal(track.xy, direct.xy)
    np.testing.assert_array_equal(track.back, direct.back)
    assert np.isfinite(track.back).any() == (path == SIDE)
    assert used.name.endswith("pose_landmarker_lite")
