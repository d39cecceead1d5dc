"""Pictures through the real model to the coach, and the same set judged from its recording."""

import numpy as np
import pytest
from served import frames, jpeg

from hipaudit.audit.run import audit_clip, open_model
from hipaudit.frames import Frame
from hipaudit.frames.video import VideoFile
from hipaudit.live.coach import Coach
from hipaudit.live.desk import Choice, Desk, goal
from hipaudit.live.events import Problem, RepDone, SetDone
from hipaudit.live.loop import KEPT, Latency, Loop, light, sets

pytestmark = pytest.mark.model


class Played:
    """A sample clip shown to a desk as JPEGs, every picture of it; the audit of the set, and its recording."""

    def __init__(self, name, movement, side, out, blur=False):
        self.desk = Desk(Choice(out), open_model("full"))
        self.desk.record(True, blur)
        self.events = []

        def coached(size):
            return self.desk.coach(movement, side, goal(movement), size)

        with Loop(coached, self.desk.opened, self.desk) as loop:
            for t, image in frames(name):
                self.events += loop.show(jpeg(image, 95), t)
            self.events += loop.coach.stop(t)
            self.stages = loop.latency.told()
            self.desk.done(loop, self.events)
        self.folder = self.desk.save()

    @property
    def run(self):
        return self.desk.last


@pytest.fixture(scope="module")
def knees_in(tmp_path_factory):
    return Played("squat_front_knees_in", "squat", "both", tmp_path_factory.mktemp("knees_in"))


def of_kind(events, kind):
    return [event for event in events if isinstance(event, kind)]


def verdicts(audit):
    """What a reader of the audit learns: how often, and which patterns on which side."""
    return sum(rep.valid for rep in audit.reps), {(f.finding, f.side, f.severity) for f in audit.findings}


def test_the_repetitions_are_counted_as_they_end(knees_in):
    done = of_kind(knees_in.events, RepDone)
    assert [rep.number for rep in done if rep.counts] == [1, 2, 3, 4, 5]
    assert [event.reps for event in of_kind(knees_in.events, SetDone)] == [5]
    for rep, measured in zip(done, knees_in.run.audit.reps, strict=True):
        assert abs(rep.t - measured.t_end) < 0.5


def test_live_equals_recorded(knees_in):
    """The recording is encoded once more, so its numbers differ a little; what is counted and found does not."""
    recorded = audit_clip(knees_in.folder / "set.mp4", movement="squat").audit
    assert verdicts(recorded) == verdicts(knees_in.run.audit)
    assert {finding.finding for finding in recorded.findings} >= {"knee_valgus"}


def test_the_recording_keeps_the_times_of_its_pictures(knees_in):
    times = np.array([frame.t for frame in VideoFile(knees_in.folder / "set.mp4")])
    assert np.allclose(np.diff(times), 1 / 30, atol=0.002)
    assert times[-1] > 15


def test_what_is_saved_is_a_whole_audit(knees_in):
    names = {file.name for file in knees_in.folder.iterdir()}
    assert names == {"audit.json", "measures.csv", "poses.npz", "report.html", "set.mp4"}


def test_each_stage_tells_how_long_it_took(knees_in):
    assert set(knees_in.stages) == {"decode", "pose", "coach", "total"}
    assert all(0 < spent.p50 <= spent.p95 for spent in knees_in.stages.values())
    assert knees_in.stages["pose"].p50 < knees_in.stages["total"].p50


def test_seen_from_the_side_the_back_is_read_too(tmp_path):
    played = Played("squat_side_low_back_arch", "squat", "both", tmp_path)
    assert np.isfinite(played.run.clips[0].track.back).any(1).mean() > 0.9
    assert "lumbar_arch" in {finding.finding for finding in played.run.audit.findings}


def test_latency_keeps_the_latest_only():
    latency = Latency()
    for _ in range(KEPT + 10):
        with latency.of("pose"):
            pass
    assert len(latency._taken["pose"]) == KEPT


def test_another_picture_size_begins_the_set_again():
    grey = np.full((480, 640, 3), 99, np.uint8)
    with Loop(lambda size: Coach("squat", "both", goal("squat"), size), open_model("full")) as loop:
        assert not of_kind(loop.step(Frame(0.0, grey)), Problem)
        before = loop.coach
        assert "begins again" in of_kind(loop.step(Frame(0.1, grey[:240])), Problem)[0].say
        assert loop.coach is not before


def test_a_source_that_ends_ends_the_set():
    pictures = (Frame(t, image) for t, image in frames("squat_front_steady"))
    with Loop(lambda size: Coach("squat", "both", goal("squat", reps=100), size), open_model("full")) as loop:
        *_, (_, last) = sets(pictures, loop)
    assert of_kind(last, SetDone)[0].reps == 3


def test_light_is_that_of_the_person(load):
    track = load("h01_squat_front_clean")
    _, pose = next(iter(track))
    image = np.zeros((track.size[1], track.size[0], 3), np.uint8)
    low, high = np.nanmin(pose.xy, 0).astype(int), np.nanmax(pose.xy, 0).astype(int)
    image[low[1] : high[1] + 1, low[0] : high[0] + 1] = 200
    assert light(Frame(0, image), pose) == pytest.approx(200, abs=2)
    assert light(Frame(0, image), None) == pytest.approx(image.mean(), abs=5)
