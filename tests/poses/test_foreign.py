"""Poses of other programs: what is read, what is missing, and what is refused with which sentence."""

import json
import re

import numpy as np
import pytest
from foreign import keypoints, openpose, trc, write

from hipaudit.errors import SourceError
from hipaudit.library import skeletons
from hipaudit.poses.files import read_poses
from hipaudit.poses.metres import metres, metres_per_pixel
from hipaudit.poses.skeleton import Joint
from hipaudit.poses.trc import trc_text

SKELETONS = sorted(skeletons().keypoints)
FEET = [Joint.LEFT_HEEL, Joint.RIGHT_HEEL, Joint.LEFT_TOE, Joint.RIGHT_TOE]


@pytest.fixture(scope="module")
def track(load):
    """Ten seconds of a step-down."""
    return load("step_down_front_right_knee_in").between(0, 10)


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_openpose_gives_the_joints_it_has_and_nothing_else(track, tmp_path, skeleton):
    poses = read_poses(openpose(track, tmp_path / "json", skeleton), 30.0, track.size)
    known = [Joint[name.upper()] for name in skeletons().keypoints[skeleton].rows]
    np.testing.assert_allclose(poses.track.xy[:, known], track.xy[:, known], atol=1e-3)
    np.testing.assert_allclose(poses.track.visibility[:, known], track.visibility[:, known], atol=1e-3)
    others = [joint for joint in Joint if joint not in known]
    assert set(others) == (set(FEET) if skeleton == "COCO_17" else set())
    assert np.isnan(poses.track.xy[:, others]).all()
    assert (poses.track.visibility[:, others] == 0).all()
    assert np.isnan(poses.track.xyz).all()
    assert np.isnan(poses.track.back).all()
    assert not poses.own
    assert (poses.info.width, poses.info.height, poses.info.median_fps) == (*track.size, 30.0)


def test_pictures_keep_their_own_time_by_their_number(track, tmp_path):
    folder = openpose(track, tmp_path / "json")
    for number in (0, 1, 50, 51):
        (folder / f"anna_{number:012d}_keypoints.json").unlink()
    poses = read_poses(folder, 25.0, track.size)
    assert len(poses.track) == len(track) - 4
    assert poses.track.t[:2] == pytest.approx([0, 0.04])
    assert np.diff(poses.track.t).max() == pytest.approx(0.12), "the pictures that are missing leave a gap"


def test_an_instant_with_nobody_is_one_with_nobody(track, tmp_path):
    folder = openpose(track, tmp_path / "json")
    write(folder / "anna_000000000007_keypoints.json", [])
    nothing = [0.0] * 75  # OpenPose writes a person of zeros now and then
    write(folder / "anna_000000000009_keypoints.json", [nothing])
    found = read_poses(folder, 30.0, track.size).track.found
    assert list(np.flatnonzero(~found)) == [7, 9]


def test_of_two_people_the_larger_one_is_followed(track, tmp_path):
    child = 0.5 * track.xy[0] + np.array([10.0, 250.0])
    alone = read_poses(openpose(track, tmp_path / "alone"), 30.0, track.size).track
    both = read_poses(openpose(track, tmp_path / "both", extra=child), 30.0, track.size).track
    np.testing.assert_array_equal(both.xy, alone.xy)


def test_a_keypoint_without_confidence_is_missing(track, tmp_path):
    seen = np.where(np.arange(len(Joint)) == Joint.LEFT_HIP, 0.0, 1.0)
    write(tmp_path / "a_1.json", [keypoints(track.xy[0], seen, "BODY_25")])
    pose = read_poses(tmp_path, 30.0, track.size).track
    assert np.isnan(pose.xy[0, Joint.LEFT_HIP]).all()
    assert pose.found.all(), "one hip hidden is a person all the same"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("not json", "a_1.json is not OpenPose JSON"),
        ("{}", "a_1.json is not OpenPose JSON"),
        ('{"people": [{"pose_keypoints_2d": [1, 2]}]}', "a_1.json is not OpenPose JSON"),
        ('{"people": [{"pose_keypoints_2d": ["a", "b", "c"]}]}', "a_1.json is not OpenPose JSON"),
        (
            json.dumps({"people": [{"pose_keypoints_2d": [1.0] * 3 * 18}]}),
            "has 18 keypoints a person; known are BODY_25 with 25, HALPE_26 with 26, COCO_17 with 17",
        ),
    ],
)
def test_what_is_not_openpose_is_said(tmp_path, content, said):
    (tmp_path / "a_1.json").write_text(content, "utf-8")
    with pytest.raises(SourceError) as error:
        read_poses(tmp_path, 30.0, (480, 640))
    assert said in str(error.value)


def test_rate_and_size_must_be_told(track, tmp_path):
    folder = openpose(track.between(0, 1), tmp_path / "json")
    for fps, size in ((None, None), (30.0, None), (None, track.size)):
        with pytest.raises(SourceError, match=r"--fps.*--size"):
            read_poses(folder, fps, size)


def test_pictures_without_a_number_of_their_own_are_said(tmp_path):
    (tmp_path / "knees.json").write_text('{"people": []}', "utf-8")
    with pytest.raises(SourceError, match=r"knees\.json: its name"):
        read_poses(tmp_path, 30.0, (480, 640))


@pytest.mark.parametrize(("unit", "scale"), [("m", 1.0), ("cm", 100.0), ("mm", 1000.0)])
def test_markers_come_back_whatever_their_unit(track, tmp_path, unit, scale):
    poses = read_poses(trc(track, tmp_path / "a.trc", unit=unit, scale=scale))
    assert (poses.info.width, poses.info.height) == (0, 0), "there is no picture"
    np.testing.assert_allclose(poses.track.t, track.t, atol=1e-4)
    shape, drawn = poses.track.xy / 500, track.xy * metres_per_pixel(track)
    known = np.isfinite(metres(track)).all(-1)
    offset = (shape - drawn)[known]
    assert np.ptp(offset, axis=0).max() < 1e-4, "the picture is the same but for its edges"
    assert (np.isfinite(poses.track.xy).all(-1) == known).all()


def test_what_is_exported_can_be_read(track, tmp_path):
    points = metres(track)
    (tmp_path / "a.trc").write_text(trc_text(track.t, points, 30, "a.trc"), "utf-8")
    got = read_poses(tmp_path / "a.trc").track
    hips = points[:, [Joint.LEFT_HIP, Joint.RIGHT_HIP]].mean(1)
    np.testing.assert_allclose(got.xyz, points - hips[:, None], atol=1e-4)


def test_markers_in_a_plane_have_no_depth(track, tmp_path):
    poses = read_poses(trc(track, tmp_path / "a.trc", depth=False))
    assert np.isnan(poses.track.xyz).all()
    assert np.isfinite(poses.track.xy[:, Joint.LEFT_HIP]).all()


def test_markers_that_are_missing_are_named(track, tmp_path):
    table = skeletons().markers
    names = {name: table[name][0] for name in table if name not in ("left_knee", "right_hip", "nose")}
    with pytest.raises(SourceError, match=r"a\.trc lacks the markers RHip, LKnee, without which"):
        read_poses(trc(track, tmp_path / "a.trc", names))


def test_markers_of_another_name_are_found(track, tmp_path):
    table = skeletons().markers
    names = {name: table[name][-1] for name in skeletons().needed}
    got = read_poses(trc(track, tmp_path / "a.trc", names)).track
    assert np.isfinite(got.xy[:, Joint.LEFT_HIP]).all()
    assert np.isnan(got.xy[:, FEET]).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: "", "cannot be read as a TRC file"),
        (lambda text: "a,b,c\n1,2,3\n", "does not begin with PathFileType"),
        (lambda text: "\n".join(text.splitlines()[:5]), "it holds no instant"),
        (lambda text: "\n".join(text.splitlines()[:2]), "cannot be read as a TRC file"),
        (lambda text: text.replace("\tUnits\t", "\tUnit\t"), "it does not say in which unit it is"),
        (lambda text: re.sub(r"(?m)^(\d+\t\d+[.]\d+\t).*$", r"\1", text), "shows no leg from hip to ankle"),
        (lambda text: text.replace("\tm\t", "\tfurlong\t"), "is in furlong: TRC in m, cm, mm"),
        (lambda text: text.replace("\tm\t", "\tmm\t"), "its numbers are no metres"),
        (lambda text: "\n".join([*text.splitlines()[:6], *text.splitlines()[5:9]]), "its times do not increase"),
        (lambda text: text.replace("0.0", "x.y"), "cannot be read as a TRC file"),
    ],
)
def test_what_is_no_trc_in_metres_is_said(track, tmp_path, change, said):
    file = trc(track, tmp_path / "a.trc")
    file.write_text(change(file.read_text("utf-8")), "utf-8")
    with pytest.raises(SourceError) as error:
        read_poses(file)
    assert str(error.value).startswith("a.trc ")
    assert said in str(error.value)


def test_files_of_other_kinds_are_said(tmp_path):
    (tmp_path / "poses.csv").write_text("", "utf-8")
    with pytest.raises(SourceError, match=r"poses\.csv holds no poses that can be read"):
        read_poses(tmp_path / "poses.csv")
    with pytest.raises(SourceError, match="does not exist"):
        read_poses(tmp_path / "nothing.trc")
    with pytest.raises(SourceError, match="holds no OpenPose JSON"):
        read_poses(tmp_path, 30.0, (480, 640))
