"""Annotated videos of real clips: times, what is drawn when, and heads hidden so that a face detector finds none."""

from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from conftest import SAMPLES
from filming import film

from hipaudit.errors import OutputError
from hipaudit.frames.video import VideoFile
from hipaudit.poses import PoseTrack
from hipaudit.poses.head import head_circles
from hipaudit.report import ReportOptions, write_reports
from hipaudit.report.pictures import key_pictures
from hipaudit.report.video import Scene, shown_curves, video_files, write_video

SHORT = slice(60, 130)  # of a sample: standing, and into the first repetition
CASCADES = Path("/usr/share/opencv4/haarcascades")
NEEDS_CASCADES = pytest.mark.skipif(not CASCADES.exists(), reason="the package opencv-data is not installed")
ALL = sorted(p.stem for p in SAMPLES.glob("*.mp4"))


def cut(run, path, times, rows=SHORT):
    """The run with a clip of its own, whose pictures lie at `times`."""
    seen = run.clips[0]
    track = seen.track.at(rows)
    moved = PoseTrack(times, track.xy, track.xyz, track.visibility, track.size, track.back)
    curves = {name: curve[rows] for name, curve in seen.curves.items()}
    return replace(run, clips=[replace(seen, path=path, track=moved, curves=curves)])


def plain(size):
    return lambda t: np.full((size[1], size[0], 3), 90, np.uint8)


def uneven(count):
    return np.concatenate([[0], np.cumsum(np.random.default_rng(4).uniform(0.03, 0.07, count - 1))])


def decoded(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [(frame.time, frame.to_ndarray(format="rgb24")) for frame in container.decode(stream)]
        return frames, float(stream.duration * stream.time_base)


@pytest.fixture
def short(filmed, tmp_path):
    """Seventy pictures of one grey with uneven times, so that all that differs from grey was drawn."""
    run = filmed("squat_side_low_back_arch")
    clip = film(tmp_path / "clip.mp4", uneven(70), plain(run.clips[0].track.size))
    return cut(run, clip, np.array([frame.t for frame in VideoFile(clip)]))


def test_every_picture_has_the_time_of_its_source(short, tmp_path):
    write_video(short.audit, short.clips[0], tmp_path / "out.mp4")
    source = [frame.t for frame in VideoFile(short.clips[0].path)]
    frames, duration = decoded(tmp_path / "out.mp4")
    assert [t for t, _ in frames] == pytest.approx(source, abs=0.001)
    assert len(set(np.diff(source).round(3))) > 20, "the clip's rate does vary"
    assert source[-1] < duration < source[-1] + 0.1
    assert frames[0][1].shape == (480, 640, 3)


def test_a_turned_clip_is_drawn_upright(filmed, tmp_path):
    run = filmed("squat_front_steady")

    def corner(t):
        picture = np.full((480, 640, 3), 90, np.uint8)
        picture[-60:, -60:] = 255
        return picture

    clip = film(tmp_path / "clip.mp4", np.arange(70) / 30, corner, turned=270)
    run = cut(run, clip, np.array([frame.t for frame in VideoFile(clip)]))
    write_video(run.audit, run.clips[0], tmp_path / "out.mp4")
    frames, _ = decoded(tmp_path / "out.mp4")
    image = frames[30][1]
    assert image.shape == (640, 480, 3)
    assert image[-40:, :40].mean() > 240, "what was right below is left below once it is upright"


def test_an_instant_without_a_pose_shows_no_number_and_no_body(short, tmp_path):
    seen = short.clips[0]
    xy = seen.track.xy.copy()
    xy[20:40] = np.nan
    curves = {
        name: np.where((np.arange(70) >= 20) & (np.arange(70) < 40), np.nan, c) for name, c in seen.curves.items()
    }
    gone = replace(seen, track=replace(seen.track, xy=xy), curves=curves)
    write_video(short.audit, gone, tmp_path / "out.mp4")
    frames, _ = decoded(tmp_path / "out.mp4")
    assert len(frames) == 70
    below_the_notes = [np.abs(image[150:].astype(int) - 90).max() for _, image in frames]
    assert max(below_the_notes[22:38]) < 20
    assert min(below_the_notes[:18]) > 100


def test_a_value_that_was_not_measured_is_not_drawn(short):
    seen = short.clips[0]
    measured = Scene(short.audit, seen)
    blind = replace(seen, curves={name: np.full(70, np.nan) for name in seen.curves})
    assert len(shown_curves(short.audit, seen)) == 2
    assert shown_curves(short.audit, blind) == {}
    frame = next(iter(VideoFile(seen.path)))
    with_numbers = measured.drawn(replace(frame, image=frame.image.copy())).image
    without = Scene(short.audit, blind).drawn(replace(frame, image=frame.image.copy())).image
    assert (np.abs(with_numbers.astype(int) - (230, 159, 0)).sum(2) < 60).any()
    assert not (np.abs(without.astype(int) - (230, 159, 0)).sum(2) < 60).any()


def test_the_counter_and_the_finding_follow_the_repetitions(filmed):
    run = filmed("squat_front_knees_in")
    scene = Scene(run.audit, run.clips[0])
    reps = [rep for rep in run.audit.reps if rep.valid]
    assert scene.notes(0.0) == [(f"0 of {len(reps)} done", False)]
    for number, rep in enumerate(reps, 1):
        assert scene.notes(rep.t_start + 0.05)[0] == (f"rep {number} of {len(reps)}", False)
        assert len(scene.notes(rep.t_start + 0.05)) == 1, "nothing is said before the lowest point"
        assert ("strong: the knees drift inward", True) in scene.notes(rep.t_turn + 0.05)
    assert scene.notes(1000.0) == [(f"{len(reps)} of {len(reps)} done", False)]


def test_a_repetition_inside_the_cut_says_nothing(filmed):
    run = filmed("squat_front_knees_in")
    first = next(rep for rep in run.audit.reps if rep.valid)
    calm = replace(first, measures=first.measures | {"kasr": 1.1, "lower_s": 3.0})
    audit = replace(run.audit, reps=[calm if rep is first else rep for rep in run.audit.reps])
    notes = Scene(audit, run.clips[0]).notes(first.t_turn + 0.05)
    assert [found for _, found in notes] == [False]


def test_a_movement_that_does_not_count_says_so(filmed):
    run = filmed("squat_front_steady")
    first = run.audit.reps[0]
    audit = replace(run.audit, reps=[replace(first, valid=False, reason="partial"), *run.audit.reps[1:]])
    assert Scene(audit, run.clips[0]).notes(first.t_turn) == [("not counted", False)]


def test_only_findings_of_the_audit_are_named(filmed):
    run = filmed("squat_front_steady")
    scene = Scene(run.audit, run.clips[0])
    assert run.audit.findings == []
    assert all(len(scene.notes(t)) == 1 for t in run.clips[0].track.t)


def test_the_page_plays_what_lies_beside_it(short, tmp_path):
    files = {p.name for p in write_reports(short, tmp_path / "with")}
    assert files == {"audit.json", "measures.csv", "poses.npz", "annotated.mp4", "report.html"}
    assert files == {p.name for p in (tmp_path / "with").iterdir()}
    assert 'src="annotated.mp4"' in (tmp_path / "with" / "report.html").read_text("utf-8")
    write_reports(short, tmp_path / "without", options=ReportOptions(video=False))
    assert "annotated.mp4" not in {p.name for p in (tmp_path / "without").iterdir()}
    assert "<video" not in (tmp_path / "without" / "report.html").read_text("utf-8")


def test_every_clip_has_a_video_of_its_own(short):
    first = short.clips[0]
    second = replace(first, clip=replace(first.clip, name="side.mp4"))
    unseen = replace(first, clip=replace(first.clip, name="gone.mp4"), path=None)
    assert video_files([first, unseen, second]) == {first.clip.name: "annotated.mp4", "side.mp4": "annotated_3.mp4"}


def test_a_disk_that_refuses_leaves_no_video(short, tmp_path):
    (tmp_path / "annotated.mp4").mkdir()
    with pytest.raises(OutputError, match=r"annotated\.mp4"):
        write_video(short.audit, short.clips[0], tmp_path / "annotated.mp4")
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def faces(image, neighbours, least=30):
    """What OpenCV's detectors take for a face of `least` pixels, seen from the front or from either side."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return [
        box
        for name in ("frontalface_default", "frontalface_alt2", "profileface")
        for picture in ((grey, np.ascontiguousarray(grey[:, ::-1])) if name == "profileface" else (grey,))
        for box in _cascade(name).detectMultiScale(picture, 1.1, neighbours, minSize=(least, least))
    ]


def _cascade(name, loaded={}):  # noqa: B006 - loaded once
    if name not in loaded:
        loaded[name] = cv2.CascadeClassifier(str(CASCADES / f"haarcascade_{name}.xml"))
    return loaded[name]


def around_head(image, circle):
    x, y, reach = (int(v) for v in circle * (1, 1, 1.4))
    return np.ascontiguousarray(image[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach])


def at_head(box, circle):
    """Whether what was found lies where the face is: posters, a hip or a hand are taken for faces now and then."""
    x, y, width, height = box
    return np.hypot(x + width / 2 - circle[0], y + height / 2 - circle[1]) <= circle[2] / 2


def middle_of(close, circle):
    """The circle of a head in the picture cut around it."""
    return np.array([close.shape[1] / 2, close.shape[0] / 2, circle[2]])


def assert_no_face(run, tmp_path, near, every):
    """No face in a close look around the head in each `near`th picture, nor there in each `every`th as a whole."""
    seen = run.clips[0]
    write_video(run.audit, seen, tmp_path / "out.mp4", blur_faces=True)
    frames, _ = decoded(tmp_path / "out.mp4")
    assert len(frames) == len(seen.track)
    circles = head_circles(seen.track)
    some = list(zip(frames, circles, strict=True))
    found = [
        (t, box)
        for (t, image), c in some[::near]
        for box in faces(around_head(image, c), 5, int(c[2] / 2))
        if at_head(box, middle_of(around_head(image, c), c))
    ]
    found += [(t, box) for (t, image), c in some[::every] for box in faces(image, 5) if at_head(box, c)]
    stills = key_pictures(run, blur_faces=True)
    assert stills
    for rule, data in stills.items():
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
        # A still is cut to the person: the head is in its upper third.
        found += [(rule, box) for box in faces(np.ascontiguousarray(image[: len(image) // 3]), 5)]
    assert found == []


@NEEDS_CASCADES
@pytest.mark.parametrize("name", ["single_leg_squat_front_left_combo", "squat_front_knees_in"])
def test_no_face_is_found_once_heads_are_hidden(filmed, tmp_path, name):
    assert_no_face(filmed(name), tmp_path, near=10, every=120)


@NEEDS_CASCADES
@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_no_face_is_found_in_any_picture_of_any_sample(filmed, tmp_path, name):
    assert_no_face(filmed(name), tmp_path, near=1, every=5)


@NEEDS_CASCADES
@pytest.mark.parametrize("name", [name for name in ALL if "side" not in name])  # it finds no face from the side
def test_the_detector_does_find_the_faces_of_the_samples(filmed, name):
    seen = filmed(name).clips[0]
    circles = head_circles(seen.track)
    pictures = [frame.image for frame in VideoFile(seen.path)][::80]
    hits = [
        bool(faces(around_head(image, c), 5, int(c[2] / 2))) for image, c in zip(pictures, circles[::80], strict=True)
    ]
    assert np.mean(hits) > 0.8
    assert any(at_head(box, circles[0]) for box in faces(pictures[0], 5))
