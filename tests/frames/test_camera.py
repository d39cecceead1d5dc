"""Pictures that come by themselves: a browser's JPEGs, a file played as a camera, a webcam."""

import struct
import time
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from filming import film
from PIL import Image

from hipaudit.errors import SourceError
from hipaudit.frames.camera import MOST_BYTES, Played, Webcam, decoded
from hipaudit.frames.video import VideoFile

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "squat_front_steady.mp4"


def packed(image, kind="JPEG", **options):
    data = BytesIO()
    Image.fromarray(image).save(data, kind, **options)
    return data.getvalue()


def test_a_jpeg_becomes_a_frame_of_its_own_time():
    image = np.zeros((48 * 2, 64 * 2, 3), np.uint8)
    image[:, :64] = (200, 20, 60)
    frame = decoded(packed(image, quality=95), 1.25)
    assert frame.t == 1.25
    assert frame.image.shape == image.shape
    assert np.abs(frame.image[50, 20].astype(int) - (200, 20, 60)).max() < 8  # red first


def test_a_grey_picture_has_three_colours_too():
    assert decoded(packed(np.full((96, 128), 90, np.uint8)), 0).image.shape == (96, 128, 3)


def test_a_turned_picture_is_taken_as_the_pixels_stand():
    turned = Image.Exif()
    turned[0x0112] = 6
    assert decoded(packed(np.zeros((96, 128, 3), np.uint8), exif=turned), 0).image.shape == (96, 128, 3)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_unread():
    whole = packed(np.zeros((96, 128, 3), np.uint8))
    at = whole.index(b"\xff\xc0") + 5  # height and width in the start of frame
    bomb = whole[:at] + struct.pack(">HH", 65500, 65500) + whole[at + 4 :]
    begun = time.monotonic()
    with pytest.raises(SourceError, match="cannot be used: at most 1920x1080"):
        decoded(bomb, 0)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("size", [(1921, 1080), (1200, 1200), (63, 640)])
def test_a_picture_of_another_size_is_refused(size):
    with pytest.raises(SourceError, match="cannot be used"):
        decoded(packed(np.zeros((*size[::-1], 3), np.uint8)), 0)


def test_an_upright_picture_may_be_as_large_as_a_lying_one():
    assert decoded(packed(np.zeros((1920, 1080, 3), np.uint8)), 0).image.shape == (1920, 1080, 3)


def test_what_is_no_whole_jpeg_is_refused():
    image = np.random.default_rng(0).integers(0, 255, (480, 640, 3), np.uint8)
    whole = packed(image)
    for rubbish in (b"", b"\xff\xd8", whole[:200], whole[: len(whole) // 2], packed(image, "PNG"), bytes(5000)):
        with pytest.raises(SourceError, match="not a whole JPEG"):
            decoded(rubbish, 0)
    with pytest.raises(SourceError, match="too large"):
        decoded(whole + bytes(MOST_BYTES), 0)


def test_a_file_is_played_at_its_own_pace_and_who_is_slow_misses_pictures():
    begun, seen = time.monotonic(), []
    with Played(VideoFile(SAMPLE)) as camera:
        for frame in camera:
            seen.append((time.monotonic() - begun, frame.t))
            time.sleep(0.2)
            if frame.t > 1.5:
                break
    came, t = np.array(seen).T
    assert (np.diff(t) > 0.1).all()  # of 30 a second only those a slow one can look at
    assert (came >= t).all()  # none comes before its time


def test_a_file_that_is_played_ends(tmp_path):
    clip = film(tmp_path / "short.mp4", np.arange(8) / 30)
    with Played(VideoFile(clip)) as camera:
        assert [frame.t for frame in camera][-1] > 0.2


def test_a_camera_that_is_not_there_is_told_in_a_sentence(capfd):
    with pytest.raises(SourceError, match="Camera 97 cannot be opened"):
        Webcam(97)
    assert capfd.readouterr().err == ""
