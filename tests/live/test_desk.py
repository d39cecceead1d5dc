"""What stays of a set: an audit, a recording, how often was trained, the results of tests."""

import json

import numpy as np
import pytest
from conftest import SAMPLES

from hipaudit.audit.codec import to_json
from hipaudit.errors import NothingToJudge, SourceError
from hipaudit.frames import Frame
from hipaudit.frames.video import VideoFile
from hipaudit.live import events
from hipaudit.live.desk import Choice, Desk, goal
from hipaudit.live.history import History, load
from hipaudit.live.record import Recorder
from hipaudit.live.training import session_of
from hipaudit.live.welcome import read_like
from hipaudit.plan.intake import read_intake
from hipaudit.poses.replay import ReplayBackend
from hipaudit.poses.tracks import ClipPoses, describe, save_poses


class Replayed:
    """A loop whose coach was given saved poses: the desk wants no more of it."""

    def __init__(self, desk, track, movement):
        self.coach = desk.coach(movement, "both", goal(movement), track.size)
        self.events = []
        first = next(pose for _, pose in track if pose is not None)
        for t in np.arange(-8, 0, 1 / 30):
            self.events += self.coach.update(t, first)
        for t, pose in track:
            self.events += self.coach.update(t, pose)
        self.events += self.coach.stop(float(track.t[-1]) + 0.1)

    def finish(self):
        return self.coach.finish()


@pytest.fixture
def a_desk(tmp_path):
    return Desk(Choice(tmp_path / "sets"), ReplayBackend, load(tmp_path / "history.json"))


def test_a_set_counts_as_one_session_however_often_it_is_done(a_desk, load, tmp_path):
    loop = Replayed(a_desk, load("h01_squat_front_clean"), "squat")
    done = [event for event in loop.events if isinstance(event, events.SetDone)]
    for _ in range(2):
        assert a_desk.done(loop, done) == []
    assert a_desk.history.trained("squat") == 1
    assert json.loads((tmp_path / "history.json").read_text())["sessions"] == {"squat": 1}


def test_a_history_that_cannot_be_written_is_told(load, tmp_path):
    (tmp_path / "file").touch()
    desk = Desk(Choice(tmp_path), ReplayBackend, History(tmp_path / "file" / "history.json"))
    loop = Replayed(desk, load("h01_squat_front_clean"), "squat")
    (problem,) = desk.done(loop, loop.events[-1:])
    assert "HIPAUDIT_HISTORY" in problem.say
    assert desk.last is not None  # the set can be saved all the same


def test_test_results_go_into_an_intake_file_that_can_be_read(a_desk):
    with pytest.raises(NothingToJudge, match="no result to save"):
        a_desk.save_tests()
    for side, value in (("left", 21.5), ("right", None)):
        a_desk.done(None, [events.TestDone(1.0, "single_leg_stance_s", side, value, "s", "")])
    a_desk.done(None, [events.TestDone(1.0, "chair_stand_30s", None, 14.0, "", "")])
    told = read_intake(a_desk.save_tests())
    assert told.tests.single_leg_stance_s.left == 21.5
    assert told.tests.single_leg_stance_s.right is None
    assert told.tests.chair_stand_30s == 14


def test_a_session_and_an_earlier_audit_are_told_to_the_page(audited, tmp_path):
    run = audited("h02_squat_front_valgus")
    file = tmp_path / "audit.json"
    file.write_text(to_json(run.audit), "utf-8")
    audit, poses = read_like(file)
    assert (to_json(audit), poses) == (to_json(run.audit), None)
    track = run.clips[0].track
    save_poses(ClipPoses(track, describe(track, "x", ""), "", ""), tmp_path / "poses.npz")
    _, poses = read_like(file)
    assert np.array_equal(poses.t, track.t)
    welcome = Desk(Choice(tmp_path, session=session_of(audit)), ReplayBackend).welcome()
    kinds = [step["kind"] for step in welcome["session"]["steps"]]
    assert {"camera", "guide"} == set(kinds)
    assert json.loads(json.dumps(welcome))["like"] is None
    camera = welcome["session"]["steps"][kinds.index("camera")]
    assert {"movement", "side", "sets", "reps", "hold_s", "timed", "rest_s", "name", "amount"} <= set(camera)


@pytest.mark.parametrize("text", ["", "{}", "[1]", "\x00"])
def test_what_is_no_audit_is_told(tmp_path, text):
    (tmp_path / "audit.json").write_text(text)
    with pytest.raises(SourceError, match="not an audit"):
        read_like(tmp_path / "audit.json")
    with pytest.raises(SourceError, match="cannot be read"):
        read_like(tmp_path / "nothing.json")


def test_a_recording_hides_the_head_before_anything_reaches_the_disk(load, tmp_path):
    name = "squat_front_steady"
    track, clip = load(name), VideoFile(SAMPLES / f"{name}.mp4")
    pictures = [frame for frame in clip if frame.t < 4]
    poses = dict(track)
    bare, hidden = (Recorder(clip.size, blur) for blur in (False, True))
    for frame in pictures:
        pose = poses[min(poses, key=lambda t: abs(t - frame.t))]
        for recorder in (bare, hidden):
            recorder.take(frame, pose)
    files = [recorder.keep(tmp_path / f"{n}.mp4") for n, recorder in enumerate((bare, hidden))]
    shown, covered = (list(VideoFile(file)) for file in files)
    assert [f.t for f in shown] == [f.t for f in covered]
    assert len(shown) == len(pictures)
    x, y = np.nanmedian(track.xy[:60, 0], 0).astype(int)
    head = np.s_[y - 12 : y + 12, x - 12 : x + 12]
    for a, b in zip(shown, covered, strict=True):
        assert b.image[head].std() < 0.4 * a.image[head].std()
    assert not list(hidden._folder.parent.glob(f"{hidden._folder.name}*"))


def test_a_recording_that_is_dropped_leaves_nothing(load):
    recorder = Recorder((128, 96))
    for n in range(20):
        recorder.take(Frame(n / 30, np.zeros((96, 128, 3), np.uint8)), None)
    recorder.drop()
    assert not recorder._folder.exists()
