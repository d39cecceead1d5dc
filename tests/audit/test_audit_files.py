"""Audits of poses from files: hipaudit's own to the last digit, other programs' as far as they go and never sure."""

import json
from dataclasses import replace

import numpy as np
import pytest
from conftest import describe
from foreign import openpose, trc
from typer.testing import CliRunner

from hipaudit.audit.codec import to_json
from hipaudit.audit.run import audit_files
from hipaudit.cli import app
from hipaudit.cli.audit import CameraAt
from hipaudit.errors import NothingToJudge
from hipaudit.export import export
from hipaudit.findings import Unassessed
from hipaudit.kinematics.view import FACES
from hipaudit.library import movements, skeletons
from hipaudit.poses.files import read_poses
from hipaudit.poses.skeleton import Joint, mirrored
from hipaudit.poses.tracks import ClipPoses, load_poses, save_poses
from hipaudit.report import write_reports

FRONT, SIDE, ONE_LEG, BACK = (
    "squat_front_knees_in",
    "squat_side_low_back_arch",
    "step_down_front_right_knee_in",
    "h04_squat_back_clean",
)
SKELETONS = sorted(skeletons().keypoints)
TOLD = {  # what poses without depth cannot show
    FRONT: {"movement": "squat", "view": "front"},
    SIDE: {"movement": "squat", "view": "left"},
    ONE_LEG: {"view": "front"},
}


def measures(audit):
    return {(m.measure, m.side, m.at): m.value for m in audit.measures}


def counted(audit):
    return [(rep.side, pytest.approx(rep.t_turn, abs=0.1)) for rep in audit.reps if rep.valid]


def same_reps(audit, other):
    assert [(rep.side, rep.t_turn) for rep in audit.reps if rep.valid] == counted(other)


@pytest.fixture(scope="module")
def keypoint_files(load, tmp_path_factory):
    """Reads a clip as if another program had found its poses, under one skeleton."""

    def read(name, skeleton, track=None):
        track = load(name) if track is None else track
        folder = openpose(track, tmp_path_factory.mktemp("json") / name, skeleton)
        return read_poses(folder, describe(name, track).median_fps, track.size)

    return read


def test_every_face_may_be_named():
    assert set(CameraAt) == {"auto", *FACES}


@pytest.mark.parametrize("name", [FRONT, SIDE, ONE_LEG])
def test_own_poses_give_the_same_audit_to_the_last_digit(audited, load, tmp_path, name):
    track = load(name)
    poses = ClipPoses(track, describe(name, track), "replay", "")
    save_poses(poses, tmp_path / "poses.npz")
    assert to_json(audit_files([read_poses(tmp_path / "poses.npz")]).audit) == to_json(audited(name).audit)


@pytest.mark.parametrize("name", [FRONT, ONE_LEG])
def test_an_exported_trc_gives_nearly_the_same_audit(audited, tmp_path, name):
    run = audited(name)
    write_reports(run, tmp_path, ("json", "poses"))
    (file,) = export(tmp_path, tmp_path, ("trc",)).written
    again = audit_files([read_poses(file)]).audit
    assert (again.movement.name, again.movement.side) == (run.audit.movement.name, run.audit.movement.side)
    assert again.clips[0].view.facing == run.audit.clips[0].view.facing
    same_reps(again, run.audit)
    before, after = measures(run.audit), measures(again)
    assert before.keys() == after.keys()
    for key, value in before.items():
        assert after[key] == pytest.approx(value, abs=0.6), key
    assert {f.finding for f in again.findings} == {f.finding for f in run.audit.findings}


def test_a_trc_from_the_side_needs_the_movement_only_where_a_leg_is_hidden(audited, tmp_path):
    run = audited("s01_squat_side_arch24_tight")
    write_reports(run, tmp_path, ("json", "poses"))
    (file,) = export(tmp_path, tmp_path, ("trc",)).written
    with pytest.raises(NothingToJudge, match="name it with --movement"):
        audit_files([read_poses(file)])
    again = audit_files([read_poses(file)], movement="squat").audit
    same_reps(again, run.audit)
    for key, value in measures(again).items():
        assert value == pytest.approx(measures(run.audit)[key], abs=1.3), key


@pytest.mark.parametrize("skeleton", SKELETONS)
@pytest.mark.parametrize("name", [FRONT, SIDE, ONE_LEG])
def test_keypoints_without_depth_give_the_same_repetitions(audited, keypoint_files, name, skeleton):
    own = audited(name).audit
    audit = audit_files([keypoint_files(name, skeleton)], **TOLD[name]).audit
    to_json(audit)
    assert (audit.movement.name, audit.movement.side) == (own.movement.name, own.movement.side)
    same_reps(audit, own)
    assert audit.clips[0].view.told
    assert audit.judged
    assert {verdict.confidence for verdict in [*audit.judged, *audit.remarks]} == {"low"}
    assert audit.starting_phase.phase <= 2
    assert "yaw" not in {check.check for check in audit.clips[0].checks}, "how square it stood is not known"


def test_what_the_poses_lack_is_not_judged_and_says_why(keypoint_files):
    audit = audit_files([keypoint_files(SIDE, "COCO_17")], **TOLD[SIDE]).audit
    left = {verdict.finding: verdict for verdict in audit.unassessed}
    assert left["lumbar_arch"].say == "Poses from another program hold no outline of the back."
    assert left["heel_rise"].reason == "not_seen"
    assert isinstance(left["heel_rise"], Unassessed)
    assert "feet_visible" in {check.check for check in audit.clips[0].checks if check.passed}, "ankles are feet"


def test_the_audit_says_that_the_poses_are_not_its_own(audited, keypoint_files):
    audit = audit_files([keypoint_files(ONE_LEG, "BODY_25")], **TOLD[ONE_LEG]).audit
    (check,) = (check for check in audit.clips[0].checks if check.check == "own_poses")
    assert not check.passed
    assert "every verdict is of low confidence" in check.say
    assert audit.provenance.model == f"keypoints of {ONE_LEG}"
    assert "own_poses" not in {check.check for check in audited(ONE_LEG).audit.clips[0].checks}


def test_they_stay_other_programs_when_they_are_saved_and_audited_again(keypoint_files, tmp_path):
    run = audit_files([keypoint_files(FRONT, "HALPE_26")], **TOLD[FRONT])
    write_reports(run, tmp_path, ("json", "poses"))
    again = load_poses(tmp_path / "poses.npz")
    assert not again.own
    assert to_json(audit_files([again], **TOLD[FRONT]).audit) == to_json(run.audit)
    done = export(tmp_path, tmp_path, ("csv", "trc"))
    assert [file.name for file in done.written] == ["landmarks.csv", "angles.csv"]
    assert "no metres" in str(done.refused[0])


def test_poses_without_depth_do_not_say_where_the_camera_stood(keypoint_files):
    poses = keypoint_files(ONE_LEG, "BODY_25")
    with pytest.raises(NothingToJudge, match=r"have no depth.*--view"):
        audit_files([poses])
    with pytest.raises(NothingToJudge, match="cannot be seen from the back"):
        audit_files([poses], view="back")


def test_from_behind_left_is_left(audited, keypoint_files):
    poses = keypoint_files(BACK, "BODY_25")
    with pytest.raises(NothingToJudge, match="cannot be seen from the front"):
        audit_files([poses], view="front", movement="squat")
    same_reps(audit_files([poses], view="back", movement="squat").audit, audited(BACK).audit)


def test_without_depth_a_squat_is_not_told_from_a_lunge(keypoint_files):
    with pytest.raises(NothingToJudge, match="a squat and a lunge look alike"):
        audit_files([keypoint_files(FRONT, "BODY_25")], view="front")


def test_poses_with_depth_are_not_overruled(load):
    track = load(ONE_LEG)
    poses = ClipPoses(track, describe(ONE_LEG, track))
    with pytest.raises(NothingToJudge, match="leave --view out"):
        audit_files([poses], view="left")
    assert audit_files([poses], view="front").audit.clips[0].view.told is False


def test_exchanged_sides_change_the_leg(load, keypoint_files):
    """Left and right are the subject's: a file that exchanges them is seen from the other side."""
    track = load(ONE_LEG)
    swapped = replace(track, xy=track.xy[:, mirrored()], visibility=track.visibility[:, mirrored()])
    audit = audit_files([keypoint_files(ONE_LEG, "BODY_25", swapped)], view="back").audit
    assert audit.movement.side == "left"


def without(track, hidden):
    visibility = track.visibility.copy()
    visibility[:, Joint[hidden]] = 0
    return replace(track, visibility=visibility)


@pytest.mark.parametrize(
    ("hidden", "unseen", "judged"),
    [
        ("RIGHT_KNEE", "knee_valgus", "trunk_lean_lateral"),
        ("RIGHT_SHOULDER", "trunk_lean_lateral", "knee_valgus"),
    ],
)
def test_a_joint_that_is_never_seen_costs_what_needs_it(load, keypoint_files, hidden, unseen, judged):
    poses = keypoint_files(FRONT, "BODY_25", without(load(FRONT), hidden))
    assert np.isnan(poses.track.xy[:, Joint[hidden]]).all()
    audit = audit_files([poses], **TOLD[FRONT]).audit
    assert {verdict.finding: verdict.reason for verdict in audit.unassessed}[unseen] == "not_seen"
    assert judged in {verdict.finding for verdict in audit.judged}


@pytest.mark.parametrize("hidden", ["LEFT_HIP", "LEFT_ANKLE"])
def test_without_a_hip_or_an_ankle_nothing_can_be_counted(load, keypoint_files, hidden):
    with pytest.raises(NothingToJudge, match="No repetition of a squat counts"):
        audit_files([keypoint_files(FRONT, "BODY_25", without(load(FRONT), hidden))], **TOLD[FRONT])


@pytest.mark.parametrize("seed", range(40))
def test_poses_full_of_holes_are_judged_or_refused_with_a_reason(load, seed):
    """Any stretch, any joints hidden at times or for good, with depth or without, any movement named."""
    rng = np.random.default_rng(seed)
    name = (FRONT, SIDE, ONE_LEG, "p05_bridge_left")[seed % 4]
    track = load(name)
    start = rng.uniform(0, track.t[-1] / 2)
    track = track.between(start, rng.uniform(start, track.t[-1]))
    hidden = rng.random((len(track), len(Joint))) < rng.choice([0.02, 0.2, 0.9])
    hidden[:, rng.random(len(Joint)) < rng.choice([0, 0.1, 0.3])] = True
    xy, xyz, visibility = track.xy.copy(), track.xyz.copy(), track.visibility.copy()
    xy[hidden], visibility[hidden] = np.nan, 0
    flat = rng.random() < 0.5
    xyz[hidden | flat] = np.nan
    holed = replace(track, xy=xy, xyz=xyz, visibility=visibility, back=np.full_like(track.back, np.nan))
    poses = ClipPoses(holed, describe(name, load(name)), own=False)
    movement = rng.choice(["auto", *movements()])
    told = {"movement": str(movement), "side": str(rng.choice(["auto", "left"])), "view": "front" if flat else "auto"}
    try:
        audit = audit_files([poses], **told).audit
    except NothingToJudge:
        return
    assert all(verdict.confidence == "low" for verdict in audit.judged)
    assert json.loads(to_json(audit))["clips"][0]["name"] == f"{name}.mp4"


def test_a_picture_that_there_is_not_is_not_checked(load, tmp_path):
    poses = read_poses(trc(load(FRONT), tmp_path / "a.trc"))
    checks = {check.check for check in audit_files([poses]).audit.clips[0].checks}
    assert checks.isdisjoint({"person_height", "feet_visible"})
    assert {"person_found", "frame_rate", "yaw", "own_poses"} <= checks


def command(*arguments):
    return CliRunner().invoke(app, ["audit", *map(str, arguments)], env={"COLUMNS": "300", "NO_COLOR": "1"})


def test_the_command_writes_a_report_without_a_clip(load, tmp_path):
    track = load(ONE_LEG)
    folder = openpose(track, tmp_path / "anna_json")
    done = command("--poses", folder, "--fps", 30, "--size", "480x640", "--view", "front")
    assert done.exit_code == 0, done.stderr
    assert "the right knee drifts inward" in done.stdout
    out = tmp_path / "anna_json_audit"
    assert {p.name for p in out.iterdir()} == {"audit.json", "measures.csv", "poses.npz", "report.html"}
    assert "hipaudit&#39;s corrections and errors were fitted to its own pose model" in (out / "report.html").read_text(
        "utf-8"
    ).replace("'", "&#39;")


def test_two_files_of_one_movement_give_one_audit(load, tmp_path):
    for name in (FRONT, SIDE):
        save_poses(ClipPoses(load(name), describe(name, load(name))), tmp_path / f"{name}.npz")
    files = [part for name in (FRONT, SIDE) for part in ("--poses", tmp_path / f"{name}.npz")]
    done = command(*files, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    assert {"poses.npz", "poses_2.npz"} <= {p.name for p in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "one of the two"),
        (("clip.mp4", "--poses", "poses.npz"), 2, "one of the two"),
        (("clip.mp4", "--view", "front"), 2, "give them with --poses"),
        (("--poses", "nothing.trc"), 3, "nothing.trc does not exist"),
        (("--poses", "empty"), 3, "holds no OpenPose JSON"),
        (("--poses", "empty", "--fps", "30", "--size", "wide"), 2, "1080x1920"),
        (("--poses", "empty", "--fps", "30", "--size", "10x10"), 3, "holds no OpenPose JSON"),
    ],
)
def test_wrong_use_is_said_and_nothing_is_left(tmp_path, monkeypatch, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    done = command(*arguments)
    assert done.exit_code == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["empty"]
