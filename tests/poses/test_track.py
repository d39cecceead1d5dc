"""Pose tracks: what they accept, how they are cut, saved and played back."""

import numpy as np
import pytest
from figures import squat

from hipaudit.errors import SourceError
from hipaudit.frames import Frame
from hipaudit.frames.video import ClipInfo
from hipaudit.poses import J, Pose, PoseTrack, collect
from hipaudit.poses.replay import ReplayBackend
from hipaudit.poses.skeleton import Joint
from hipaudit.poses.tracks import ClipPoses, describe, load_poses, load_track, save_poses, save_track

ARRAYS = ("t", "xy", "xyz", "visibility")
BLACK = np.zeros((2, 2, 3), np.uint8)


@pytest.fixture
def drawn():
    """Three seconds of a drawn squat with nobody in rows 4 and 5."""
    instants = [(t, None if row in (4, 5) else pose) for row, (t, pose) in enumerate(squat(seconds=3.0))]
    return collect(instants, (640, 720))


def parts(track):
    return {name: getattr(track, name).copy() for name in ARRAYS}


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("xy", (3, J, 3), rf"xy has shape \(3, {J}, 3\), expected \(3, {J}, 2\)"),
        ("xy", (2, J, 2), rf"xy has shape \(2, {J}, 2\), expected \(3, {J}, 2\)"),
        ("xyz", (3, J - 1, 3), rf"xyz has shape \(3, {J - 1}, 3\), expected \(3, {J}, 3\)"),
        ("visibility", (3, 33), rf"visibility has shape \(3, 33\), expected \(3, {J}\)"),
        ("t", (3, 1), r"t has shape \(3, 1\), expected \(3,\)"),
    ],
)
def test_wrong_shape_is_refused_with_both_shapes(name, shape, message):
    arrays = {
        "t": np.arange(3.0),
        "xy": np.zeros((3, J, 2), np.float32),
        "xyz": np.zeros((3, J, 3), np.float32),
        "visibility": np.ones((3, J), np.float32),
    }
    arrays[name] = np.zeros(shape, np.float32)
    with pytest.raises(ValueError, match=message):
        PoseTrack(**arrays, size=(640, 720))


@pytest.mark.parametrize("times", [[0.0, 0.1, 0.1], [0.0, 0.2, 0.1], [0.0, np.nan, 0.2], [0.0, 0.1, np.inf]])
def test_times_that_do_not_increase_are_refused(times):
    with pytest.raises(ValueError, match="strictly increasing"):
        PoseTrack(np.array(times), np.zeros((3, J, 2)), np.zeros((3, J, 3)), np.zeros((3, J)), (640, 720))


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_cannot_be_written_to(drawn, name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(drawn, name)[0] = 0


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_of_a_part_cannot_be_written_to(drawn, name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(drawn.between(0.5, 1.0), name)[0] = 0


def test_between_takes_both_ends(drawn):
    part = drawn.between(drawn.t[10], drawn.t[20])
    assert part.t.tolist() == drawn.t[10:21].tolist()
    assert part.size == drawn.size
    for name in ("xy", "xyz", "visibility"):
        assert (getattr(part, name) == getattr(drawn, name)[10:21]).all()


def test_between_two_instants_is_nothing(drawn):
    part = drawn.between(drawn.t[10] + 0.001, drawn.t[11] - 0.001)
    assert len(part) == 0
    assert list(part) == []


def test_between_wider_than_the_clip_is_the_clip(drawn):
    assert len(drawn.between(-1, 100)) == len(drawn)


def test_iteration_gives_none_where_nobody_was_found(drawn):
    poses = [pose for _, pose in drawn]
    assert [row for row, pose in enumerate(poses) if pose is None] == [4, 5]
    assert np.flatnonzero(~drawn.found).tolist() == [4, 5]


def test_iteration_gives_each_pose_with_its_time(drawn):
    for row, (t, pose) in enumerate(drawn):
        assert t == drawn.t[row]
        if pose is not None:
            assert pose.t == t
            assert (pose.xy == drawn.xy[row]).all()
            assert (pose.xyz == drawn.xyz[row]).all()
            assert (pose.visibility == drawn.visibility[row]).all()


def test_collecting_a_track_gives_it_back(drawn):
    again = collect(drawn, drawn.size)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(again, name), getattr(drawn, name))


def test_nobody_at_all_is_a_track_of_nothing():
    track = collect([(0.0, None), (0.1, None)], (640, 720))
    assert not track.found.any()
    assert [pose for _, pose in track] == [None, None]
    assert (track.visibility == 0).all()


def test_no_frames_at_all_is_an_empty_track():
    track = collect([], (640, 720))
    assert len(track) == 0
    assert track.xy.shape == (0, J, 2)
    assert track.xyz.shape == (0, J, 3)


def test_saved_track_comes_back_within_the_stated_precision(drawn, tmp_path):
    save_track(drawn, tmp_path / "poses.npz")
    again = load_track(tmp_path / "poses.npz")
    assert (again.t == drawn.t).all()
    assert again.size == drawn.size
    assert all(type(side) is int for side in again.size)
    assert (again.found == drawn.found).all()
    assert np.nanmax(np.abs(again.xy - drawn.xy)) <= 0.5 / 64 + 1e-6
    assert np.nanmax(np.abs(again.xyz - drawn.xyz)) <= 0.5e-4 + 1e-6
    assert np.abs(again.visibility - drawn.visibility).max() <= 0.5e-3 + 1e-6
    assert again.xy.dtype == np.float32


def test_saving_what_was_loaded_changes_nothing_more(drawn, tmp_path):
    save_track(drawn, tmp_path / "one.npz")
    once = load_track(tmp_path / "one.npz")
    save_track(once, tmp_path / "two.npz")
    twice = load_track(tmp_path / "two.npz")
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(twice, name), getattr(once, name))


def test_a_clips_poses_come_back_with_every_digit_and_their_description(drawn, tmp_path):
    rng = np.random.default_rng(4)
    xy = (drawn.xy + rng.normal(0, 1e-3, drawn.xy.shape)).astype(np.float32)
    back = rng.uniform(0, 0.3, (len(drawn), 97)).astype(np.float32)
    track = PoseTrack(drawn.t, xy, drawn.xyz, drawn.visibility, drawn.size, back)
    info = ClipInfo("Anna's squat 🏋.mov", "ab" * 32, 3.1, 1080, 1920, 90, 59.94, True, 2.9)
    save_poses(ClipPoses(track, info, "some-model", "cd" * 32), tmp_path / "poses of Anna")
    again = load_poses(tmp_path / "poses of Anna")
    assert (again.info, again.model, again.model_sha256) == (info, "some-model", "cd" * 32)
    assert again.track.size == track.size
    for name in (*ARRAYS, "back"):
        np.testing.assert_array_equal(getattr(again.track, name), getattr(track, name))
        assert getattr(again.track, name).dtype == getattr(track, name).dtype


def test_a_track_without_a_description_tells_what_it_can(load, tmp_path):
    track = load("squat_front_steady")
    save_track(track, tmp_path / "old.npz")
    info = load_poses(tmp_path / "old.npz").info
    assert (info.name, info.width, info.height, info.median_fps) == ("old.npz", *track.size, 30.0)
    assert info.duration_s == pytest.approx(track.t[-1] + 1 / 30, abs=1e-3)
    assert not info.variable_frame_rate
    assert len(info.sha256) == 64


def test_a_track_of_nothing_has_a_description():
    info = describe(collect([], (640, 720)), "nothing.npz", "")
    assert (info.duration_s, info.median_fps) == (0.0, 0.0)


def test_a_description_that_is_none_is_said(drawn, tmp_path):
    held = parts(drawn) | {"clip": '{"name": "a.mp4"}', "model": "", "model_sha256": ""}
    names = [j.name.lower() for j in Joint]
    np.savez(tmp_path / "poses.npz", format="hipaudit.poses/1", joints=names, size=drawn.size, **held)
    with pytest.raises(SourceError, match=r"poses\.npz does not say of which clip its poses are"):
        load_poses(tmp_path / "poses.npz")


def test_real_clip_is_loaded(load):
    track = load("squat_front_steady")
    assert track.found.all()
    assert len(track) > 300


def test_empty_file_is_not_a_track(tmp_path):
    assert_refused(tmp_path / "poses.npz", b"")


def test_text_is_not_a_track(tmp_path):
    assert_refused(tmp_path / "poses.npz", b"left knee 1 2 3\n" * 50)


def test_noise_is_not_a_track(tmp_path):
    assert_refused(tmp_path / "poses.npz", np.random.default_rng(0).bytes(4000))


def test_missing_file_is_not_a_track(tmp_path):
    with pytest.raises(SourceError, match=r"poses\.npz"):
        load_track(tmp_path / "poses.npz")


def test_foreign_arrays_are_not_a_track(tmp_path):
    np.savez(tmp_path / "poses.npz", temperature=np.arange(5))
    with pytest.raises(SourceError, match=r"poses\.npz is not a pose file of this version"):
        load_track(tmp_path / "poses.npz")


def test_track_with_other_joints_is_refused(drawn, tmp_path):
    names = [j.name.lower() for j in Joint]
    names[0], names[1] = names[1], names[0]
    np.savez(tmp_path / "poses.npz", format="hipaudit.poses/1", joints=names, size=drawn.size, **parts(drawn))
    with pytest.raises(SourceError, match=r"poses\.npz is not a pose file of this version"):
        load_track(tmp_path / "poses.npz")


def test_track_of_another_version_is_refused(drawn, tmp_path):
    names = [j.name.lower() for j in Joint]
    np.savez(tmp_path / "poses.npz", format="hipaudit.poses/0", joints=names, size=drawn.size, **parts(drawn))
    with pytest.raises(SourceError, match=r"hipaudit\.poses/1"):
        load_track(tmp_path / "poses.npz")


def test_replay_gives_the_pose_of_each_frames_own_time(drawn):
    with ReplayBackend(drawn, "saved", "abc") as backend:
        assert (backend.name, backend.sha256) == ("saved", "abc")
        for t, pose in drawn:
            found = backend.detect(Frame(t, BLACK))
            if pose is None:
                assert found is None
            else:
                assert isinstance(found, Pose)
                assert (found.xy == pose.xy).all()
        assert backend.detect(Frame(float(drawn.t[3]) + 0.001, BLACK)) is None


def test_replaying_a_track_collects_to_the_same_track(drawn):
    with ReplayBackend(drawn) as backend:
        again = collect([(t, backend.detect(Frame(t, BLACK))) for t in drawn.t.tolist()], drawn.size)
    np.testing.assert_array_equal(again.xy, drawn.xy)
    np.testing.assert_array_equal(again.xyz, drawn.xyz)


def assert_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(SourceError, match=rf"^{path.name} is not a pose file"):
        load_track(path)
