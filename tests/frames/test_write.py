"""Written videos decoded again: times, duration, size, codec, pixels, where the index lies, what a full disk leaves."""

import resource

import av
import numpy as np
import pytest

from hipaudit.errors import OutputError
from hipaudit.files import placed
from hipaudit.frames import Frame
from hipaudit.frames.write import VideoWriter

UNEVEN = np.concatenate([[0], np.cumsum(np.random.default_rng(5).uniform(0.02, 0.09, 60))])


def shade(t, size):
    """A picture whose colours tell their place and its time."""
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    picture[: size[1] // 2, : size[0] // 2] = (200, 40, 40)
    picture[..., 2] = round(40 + 40 * t) % 256
    return picture


def written(path, times, size=(96, 64)):
    with VideoWriter(path, size) as video:
        for t in times:
            video.write(Frame(float(t), shade(t, size)))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert len(container.streams) == 1
        frames = list(container.decode(stream))
        return stream, frames, float(stream.duration * stream.time_base)


@pytest.mark.parametrize(
    "times", [np.arange(40) / 30, np.arange(40) * 1001 / 30000, UNEVEN, UNEVEN + 7, np.array([0.0])]
)
def test_every_picture_keeps_its_own_time(tmp_path, times):
    _, frames, duration = written(tmp_path / "out.mp4", times)
    assert [frame.time for frame in frames] == pytest.approx(list(times - times[0]), abs=0.0005)
    longest = max(np.diff(times), default=1 / 30)
    assert times[-1] - times[0] < duration <= times[-1] - times[0] + longest + 0.001


@pytest.mark.parametrize(("size", "even"), [((96, 64), (96, 64)), ((97, 65), (96, 64)), ((240, 321), (240, 320))])
def test_it_is_what_browsers_play(tmp_path, size, even):
    stream, frames, _ = written(tmp_path / "out.mp4", UNEVEN[:5], size)
    assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
    assert (stream.width, stream.height) == even
    assert frames[0].rotation == 0
    data = (tmp_path / "out.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_colours_and_sides_stay_what_they_are(tmp_path):
    _, frames, _ = written(tmp_path / "out.mp4", UNEVEN[:5])
    for t, frame in zip(UNEVEN, frames, strict=False):
        assert np.abs(frame.to_ndarray(format="rgb24").astype(int) - shade(t, (96, 64))).mean() < 5


def test_a_failure_leaves_nothing(tmp_path):
    def fail():
        with placed(tmp_path / "out.mp4") as part, VideoWriter(part, (96, 64)) as video:
            video.write(Frame(0.0, shade(0, (96, 64))))
            video.write(Frame(0.1, shade(0, (96, 64))))
            raise RuntimeError("the clip went away")

    with pytest.raises(RuntimeError, match="went away"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path):
    rng = np.random.default_rng(1)
    noise = [Frame(i / 30, rng.integers(0, 255, (240, 320, 3), dtype=np.uint8)) for i in range(40)]

    def fill():
        with placed(tmp_path / "out.mp4") as part, VideoWriter(part, (320, 240)) as video:
            for frame in noise:
                video.write(frame)

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OutputError, match=r"out\.mp4.*--out"):
            fill()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_does_not_exist_is_said(tmp_path):
    with (
        pytest.raises(OutputError, match="Choose another place"),
        placed(tmp_path / "nowhere" / "out.mp4") as part,
        VideoWriter(part, (96, 64)) as video,
    ):
        video.write(Frame(0.0, shade(0, (96, 64))))
