"""Clips as phones write them, and files that are no clip."""

from fractions import Fraction

import av
import numpy as np
import pytest
from filming import DARK, STEP_PER_S, film, grey

from hipaudit.errors import SourceError
from hipaudit.frames.video import VideoFile

EVEN = np.arange(45) / 30


def noise(t):
    return np.random.default_rng(round(t * 1000)).integers(0, 255, (120, 160, 3), dtype=np.uint8)


def white_corner(t):
    picture = np.zeros((120, 160, 3), np.uint8)
    picture[:40, :40] = 255
    return picture


def read(path):
    clip = VideoFile(path)
    return list(clip), clip


def times_of(frames):
    return np.array([frame.t for frame in frames])


def refusal(path):
    with pytest.raises(SourceError) as caught:
        list(VideoFile(path))
    return str(caught.value)


def assert_one_sentence_about(path, message):
    assert path.name in message
    assert message.endswith(".")
    assert ". " not in message.replace(str(path), path.name)
    assert "\n" not in message
    assert "Traceback" not in message
    assert "Error" not in message


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mov", "clip.mkv"])
def test_variable_frame_rate_keeps_every_timestamp(tmp_path, name):
    times = np.concatenate([[0], np.cumsum(np.random.default_rng(3).uniform(0.033, 0.067, 40))])
    frames, clip = read(film(tmp_path / name, times))
    assert len(frames) == len(times)
    assert np.abs(times_of(frames) - times).max() < 0.001
    assert clip.info().variable_frame_rate


def test_ntsc_rate_does_not_drift(tmp_path):
    times = np.arange(90) * 1001 / 30000
    frames, clip = read(film(tmp_path / "clip.mp4", times))
    assert np.abs(times_of(frames) - times).max() < 1e-4
    assert clip.info().median_fps == pytest.approx(29.97, abs=0.005)
    assert clip.info().duration_s == pytest.approx(90 * 1001 / 30000, abs=0.001)
    assert not clip.info().variable_frame_rate


@pytest.mark.parametrize("rate", [50, 60, 120, 240])
def test_fast_clips_are_thinned_to_about_thirty_with_their_own_times(tmp_path, rate):
    times = np.arange(2 * rate) / rate
    frames, clip = read(film(tmp_path / "clip.mp4", times))
    seen = times_of(frames)
    assert len(frames) == pytest.approx(60, abs=2)
    assert np.abs(seen[:, None] - times).min(1).max() < 0.001
    steps = np.diff(seen)
    assert steps.max() < 0.05
    assert steps[1:].min() > 0.0195
    for frame in frames:
        assert frame.image.mean() == pytest.approx(DARK + STEP_PER_S * frame.t, abs=3)
    assert clip.info().median_fps == pytest.approx(rate, rel=0.01)
    assert not clip.info().variable_frame_rate


@pytest.mark.parametrize("rate", [15, 24, 25, 30])
def test_slower_clips_keep_every_picture(tmp_path, rate):
    times = np.arange(rate) / rate
    frames, _ = read(film(tmp_path / "clip.mp4", times))
    assert len(frames) == rate
    assert np.abs(times_of(frames) - times).max() < 0.001


@pytest.mark.parametrize(
    ("counter_clockwise", "clockwise", "corner"),
    [(0, 0, "top left"), (90, 270, "bottom left"), (180, 180, "bottom right"), (270, 90, "top right")],
)
@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_turned_clips_come_upright(tmp_path, name, counter_clockwise, clockwise, corner):
    frames, clip = read(film(tmp_path / name, EVEN[:4], white_corner, turned=counter_clockwise))
    upright = (120, 160) if clockwise in (90, 270) else (160, 120)
    info = clip.info()
    assert clip.size == (info.width, info.height) == upright
    assert info.rotation_deg == clockwise
    image = frames[0].image
    assert image.shape == (upright[1], upright[0], 3)
    corners = {
        "top left": image[:30, :30],
        "top right": image[:30, -30:],
        "bottom left": image[-30:, :30],
        "bottom right": image[-30:, -30:],
    }
    assert {name for name, part in corners.items() if part.mean() > 128} == {corner}


@pytest.mark.parametrize(("codec", "name"), [("libx265", "clip.mp4"), ("libx265", "clip.mkv"), ("mpeg4", "clip.mp4")])
def test_other_codecs_are_read_with_exact_times(tmp_path, codec, name):
    options = {"x265-params": "log-level=none:pools=1"} if codec == "libx265" else {}
    frames, clip = read(film(tmp_path / name, EVEN, codec=codec, **options))
    assert np.abs(times_of(frames) - EVEN).max() < 0.001
    assert frames[-1].image.mean() == pytest.approx(DARK + STEP_PER_S * EVEN[-1], abs=3)
    assert clip.info().broken_off_s is None


def test_b_frames_come_in_the_order_they_are_shown(tmp_path):
    frames, _ = read(film(tmp_path / "clip.mp4", EVEN, preset="fast", bf="3"))
    assert np.abs(times_of(frames) - EVEN).max() < 0.001
    for frame in frames:
        assert frame.image.mean() == pytest.approx(DARK + STEP_PER_S * frame.t, abs=3)


def test_odd_sizes_are_kept(tmp_path):
    frames, clip = read(film(tmp_path / "clip.mp4", EVEN[:3], lambda t: grey(t, (241, 321)), pixels="yuv444p"))
    assert clip.size == (241, 321)
    assert frames[0].image.shape == (321, 241, 3)


@pytest.mark.parametrize(("turned", "upright"), [(0, (240, 120)), (90, (120, 240))])
def test_pixels_that_are_not_square_are_shown_in_their_true_proportions(tmp_path, turned, upright):
    frames, clip = read(film(tmp_path / "clip.mp4", EVEN[:3], aspect=Fraction(3, 2), turned=turned))
    assert clip.size == upright
    assert (clip.info().width, clip.info().height) == upright
    assert frames[0].image.shape == (upright[1], upright[0], 3)


@pytest.mark.parametrize(("turned", "size"), [(0, (1920, 1080)), (270, (1080, 1920))])
def test_large_pictures_are_made_smaller_but_described_as_filmed(tmp_path, turned, size):
    frames, clip = read(film(tmp_path / "clip.mp4", EVEN[:2], lambda t: grey(t, (2560, 1440)), turned=turned))
    assert clip.size == size
    assert frames[0].image.shape == (size[1], size[0], 3)
    assert sorted((clip.info().width, clip.info().height)) == [1440, 2560]


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mov", "clip.mkv"])
def test_time_begins_at_zero_whatever_the_file_says(tmp_path, name):
    frames, _ = read(film(tmp_path / name, EVEN + 5))
    assert frames[0].t == 0
    assert np.abs(times_of(frames) - EVEN).max() < 0.001


def test_reading_twice_gives_the_same(tmp_path):
    clip = VideoFile(film(tmp_path / "clip.mp4", EVEN, noise))
    first, described = list(clip), clip.info()
    second = list(clip)
    assert [f.t for f in first] == [f.t for f in second]
    assert all((a.image == b.image).all() for a, b in zip(first, second, strict=True))
    assert clip.info() == described


def test_reading_the_first_picture_only_leaves_the_clip_readable(tmp_path):
    clip = VideoFile(film(tmp_path / "clip.mp4", EVEN))
    assert next(iter(clip)).t == 0
    assert len(list(clip)) == len(EVEN)


def test_even_clip_is_described_as_it_is(tmp_path):
    _, clip = read(film(tmp_path / "squat 1.mp4", EVEN))
    info = clip.info()
    assert info.name == "squat 1.mp4"
    assert len(info.sha256) == 64
    assert info.duration_s == pytest.approx(1.5, abs=0.002)
    assert info.median_fps == pytest.approx(30, abs=0.01)
    assert not info.variable_frame_rate
    assert info.broken_off_s is None
    assert clip.expected_s == pytest.approx(1.5, abs=0.05)


def test_one_late_picture_is_not_a_variable_rate(tmp_path):
    times = np.arange(150) / 30
    times[100:] += 0.05
    _, clip = read(film(tmp_path / "clip.mp4", times))
    assert not clip.info().variable_frame_rate


def test_another_file_has_another_digest(tmp_path):
    _, one = read(film(tmp_path / "one.mp4", EVEN[:3]))
    _, two = read(film(tmp_path / "two.mp4", EVEN[:4]))
    assert one.info().sha256 != two.info().sha256


@pytest.mark.parametrize("name", ["clip.mkv", "clip.mp4"])
def test_clip_cut_in_the_middle_yields_what_it_holds_and_says_where_it_ends(tmp_path, name):
    times = np.arange(90) / 30
    container = {"movflags": "faststart"} if name.endswith("mp4") else None
    whole = film(tmp_path / name, times, noise, container=container).read_bytes()
    cut = tmp_path / f"cut {name}"
    cut.write_bytes(whole[: len(whole) // 2])
    frames, clip = read(cut)
    assert 30 < len(frames) < 60
    assert np.abs(times_of(frames) - times[: len(frames)]).max() < 0.001
    assert clip.info().broken_off_s == pytest.approx(frames[-1].t, abs=0.001)
    assert clip.info().duration_s < 2


@pytest.mark.parametrize("name", ["clip.mkv", "clip.mp4", "clip.mov"])
def test_whole_clip_is_not_broken_off(tmp_path, name):
    _, clip = read(film(tmp_path / name, EVEN, noise))
    assert clip.info().broken_off_s is None


def test_clip_without_its_index_is_refused(tmp_path):
    whole = film(tmp_path / "clip.mp4", EVEN, noise).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    assert_one_sentence_about(cut, refusal(cut))


def test_missing_file_is_refused(tmp_path):
    path = tmp_path / "nowhere.mp4"
    message = refusal(path)
    assert_one_sentence_about(path, message)
    assert "does not exist" in message


def test_folder_is_refused(tmp_path):
    path = tmp_path / "clips.mp4"
    path.mkdir()
    message = refusal(path)
    assert_one_sentence_about(path, message)
    assert "folder" in message


def test_empty_file_is_refused(tmp_path):
    path = tmp_path / "clip.mp4"
    path.touch()
    message = refusal(path)
    assert_one_sentence_about(path, message)
    assert "empty" in message


def test_noise_is_refused(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(np.random.default_rng(1).bytes(50_000))
    message = refusal(path)
    assert_one_sentence_about(path, message)
    assert "cannot be read as a video" in message


def test_text_is_refused(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_text("Dear physiotherapist, please find no video here.\n" * 50)
    message = refusal(path)
    assert_one_sentence_about(path, message)
    assert "cannot be read as a video" in message


def test_sound_alone_is_refused(tmp_path):
    path = tmp_path / "voice.m4a"
    with av.open(str(path), "w", format="mp4") as output:
        stream = output.add_stream("aac", rate=16000, layout="mono")
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), format="fltp", layout="mono")
        sound.rate, sound.pts = 16000, 0
        output.mux(stream.encode(sound))
        output.mux(stream.encode())
    message = refusal(path)
    assert_one_sentence_about(path, message)
    assert "no picture" in message


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("closed.mp4", {"g": "10"}),
        ("bframes.mov", {"preset": "medium", "bf": "3", "g": "12"}),
        ("open.mkv", {"preset": "medium", "bf": "3", "g": "12", "x264-params": "open-gop=1"}),
        ("one_key.mp4", {"g": "1000"}),
        ("pieces.mp4", {"g": "10", "container": {"movflags": "frag_keyframe+empty_moov"}}),
        ("no_index.ts", {"g": "10"}),
        ("no_index.avi", {"g": "10"}),
    ],
)
def test_a_picture_by_its_time_is_the_one_that_was_read_there(tmp_path, name, options):
    times = (
        EVEN
        if name.endswith("avi")
        else np.concatenate([[0], np.cumsum(np.random.default_rng(3).uniform(0.034, 0.06, 44))])
    )
    frames, clip = read(film(tmp_path / name, times, picture=noise, turned=90, **options))
    assert len(frames) > 30
    for frame in frames[::4] + frames[-1:]:
        np.testing.assert_array_equal(clip.picture(frame.t).image, frame.image)
    assert clip.picture(frames[3].t + 0.001) is None
    assert clip.picture(99.0) is None
