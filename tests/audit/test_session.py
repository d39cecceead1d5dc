"""Streaming equals whole, and missing data gives way instead of turning into something else."""

import numpy as np
import pytest
from conftest import describe
from figures import bends, clip
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipaudit.audit.codec import from_json, to_json
from hipaudit.audit.prepare import prepare
from hipaudit.audit.run import audit_poses
from hipaudit.audit.session import RepBegan, RepClosed, Session
from hipaudit.errors import NothingToJudge
from hipaudit.frames import Frame
from hipaudit.poses import PoseTrack, collect
from hipaudit.poses.replay import ReplayBackend
from hipaudit.poses.skeleton import Joint

CLIPS = (
    "squat_front_knees_in",
    "step_down_front_right_knee_in",
    "single_leg_squat_front_left_combo",
    "d10_sls_back_clean_L",
)


def fed(track, prepared, name):
    """The repetitions of a session fed one pose at a time, and its events."""
    session = Session(prepared.movement, prepared.setting, track.size, name)
    events = [event for t, pose in track for event in session.update(t, pose)]
    return session.finish(), events


@pytest.mark.parametrize("name", CLIPS)
def test_poses_through_a_backend_one_at_a_time_give_the_same_audit(load, audited, name):
    track = load(name)
    whole = to_json(audited(name).audit)
    with ReplayBackend(track) as backend:
        frames = (Frame(float(t), np.zeros((1, 1, 3), np.uint8)) for t in track.t)
        streamed = collect([(frame.t, backend.detect(frame)) for frame in frames], track.size)
        again = to_json(audit_poses(streamed, describe(name, streamed), backend).audit)
    assert again == whole


@pytest.mark.parametrize("name", CLIPS)
def test_each_repetition_equals_the_curves_of_the_whole_clip(audited, name):
    """A repetition is measured on its own window; the curves are smoothed over the whole clip."""
    run = audited(name)
    for rep in run.audit.reps:
        if not rep.valid:
            continue
        near = np.abs(run.clips[0].track.t - rep.t_turn) <= 0.1
        for column, curve in run.clips[0].curves.items():
            if column in rep.measures:
                assert rep.measures[column] == pytest.approx(np.nanmedian(curve[near]), abs=0.05), column


@pytest.mark.parametrize("name", CLIPS)
def test_events_come_in_order_and_tell_each_repetition_once(load, name):
    track = load(name)
    reps, events = fed(track, prepare(track), name)
    closed = [e for e in events if isinstance(e, RepClosed)]
    began = [e for e in events if isinstance(e, RepBegan)]
    assert [e.rep.index for e in closed] == [rep.index for rep in reps]
    assert len(began) == len(closed)
    assert all(b.t < c.t for b, c in zip(began, closed, strict=True))
    assert all(c.t >= c.rep.t_end - 0.1 for c in closed)


@pytest.mark.parametrize("name", CLIPS)
def test_a_session_forgets_what_no_repetition_needs(load, name):
    track = load(name)
    prepared = prepare(track)
    session = Session(prepared.movement, prepared.setting, track.size)
    longest = 0
    for t, pose in track:
        session.update(t, pose)
        longest = max(longest, len(session._window))
    assert longest < 0.5 * len(track)


def without(track: PoseTrack, joints, share, seed=0) -> PoseTrack:
    """The track with joints hidden in a share of its instants: the model says it cannot see them."""
    visibility = track.visibility.copy()
    hidden = np.random.default_rng(seed).random(len(track)) < share
    for joint in joints:
        visibility[hidden, joint] = 0.1
    return PoseTrack(track.t, track.xy, track.xyz, visibility, track.size)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.3, 0.6, 1.0])
def test_hidden_joints_give_way_and_never_turn_into_another_finding(load, audited, share):
    name = "step_down_front_right_knee_in"
    track = without(load(name), (Joint.RIGHT_KNEE,), share)
    audit = audited(name, track).audit
    assert {f.finding for f in audit.findings} <= {"knee_valgus", "tempo_fast"}
    if share >= 0.6:
        assert "knee_valgus" in {u.finding for u in audit.unassessed}
    if share <= 0.05:
        assert "knee_valgus" in {f.finding for f in audit.findings}


def test_a_hidden_standing_foot_leaves_nothing_to_judge(load, audited):
    track = without(load("step_down_front_right_knee_in"), (Joint.RIGHT_ANKLE,), 1.0)
    with pytest.raises(NothingToJudge, match="No repetition"):
        audited("step_down_front_right_knee_in", track)


def test_a_short_loss_at_the_lowest_point_can_still_be_written(load, audited):
    """The depth at the turn is then not known: no number stands in for it."""
    name = "squat_front_knees_in"
    track = load(name)
    second = audited(name).audit.reps[1]
    gone = np.abs(track.t - second.t_turn) < 0.15
    instants = [(t, None if hidden else pose) for (t, pose), hidden in zip(track, gone, strict=True)]
    run = audited(name, collect(instants, track.size))
    text = to_json(run.audit)
    assert to_json(from_json(text)) == text
    assert sum(rep.valid for rep in run.audit.reps) >= 4


def test_quick_repetitions_are_each_their_own():
    starts = np.arange(2.5, 9.0, 1.2)
    track = drawn(lambda t: bends(t, starts, down=0.5, hold=0.1, up=0.5, deep=80), 11.0)
    audit = audit_poses(track, describe("quick", track), ReplayBackend(track)).audit
    turns = [rep.t_turn for rep in audit.reps if rep.valid]
    assert turns == pytest.approx(starts + 0.55, abs=0.12)


def test_a_clip_that_begins_in_a_repetition_does_not_count_it():
    starts = (-0.8, 4.0, 8.0, 12.0)
    track = drawn(lambda t: bends(t, starts, deep=80), 16.0)
    audit = audit_poses(track, describe("begun", track), ReplayBackend(track)).audit
    assert [rep.valid for rep in audit.reps] == [False, True, True, True]


def test_no_quiet_standing_refuses_what_needs_it_and_says_so():
    rng = np.random.default_rng(0)
    starts = (1.0, 5.0, 9.0)
    track = drawn(lambda t: bends(t, starts, deep=80), 13.0)
    sway = (6 * np.sin(2 * np.pi * 1.3 * track.t) + rng.normal(0, 0.5, len(track)))[:, None, None]
    moving = PoseTrack(track.t, (track.xy + sway * [3, 0]).astype(np.float32), track.xyz, track.visibility, track.size)
    audit = audit_poses(moving, describe("sway", moving), ReplayBackend(moving)).audit
    assert "no_stand" in {u.reason for u in audit.unassessed}


def test_naming_another_movement_than_is_shown_is_said(audited):
    audit = audited("squat_front_steady", movement="single_leg_squat", side="right").audit
    assert audit.movement.confidence == 0
    check = next(c for c in audit.clips[0].checks if c.check == "movement_given")
    assert "both feet stay on the ground" in check.say
    assert {v.confidence for v in audit.judged} == {"low"}


def test_a_low_frame_rate_costs_one_step_of_confidence(load, audited):
    name = "squat_front_steady"
    track = load(name)
    rows = np.flatnonzero(np.diff(np.floor(track.t * 18), prepend=-1))
    thin = PoseTrack(track.t[rows], track.xy[rows], track.xyz[rows], track.visibility[rows], track.size)
    knees = [
        next(p for p in a.audit.passed if p.finding == "knee_valgus") for a in (audited(name), audited(name, thin))
    ]
    assert [knee.confidence for knee in knees] == ["high", "medium"]


@pytest.mark.parametrize("joints", [("SHOULDER",), ("EAR",), ("HEEL", "TOE"), ("SHOULDER", "EAR")])
def test_joints_hidden_throughout_leave_a_document_without_nan(load, audited, joints):
    names = [Joint[f"{side}_{name}"] for side in ("LEFT", "RIGHT") for name in joints]
    run = audited("squat_front_knees_in", without(load("squat_front_knees_in"), names, 1.0))
    assert from_json(to_json(run.audit)).movement.name == "squat"
    if "SHOULDER" in joints:
        assert "trunk_lean_lateral" in {u.finding for u in run.audit.unassessed}


@pytest.mark.parametrize("start", [2.6, 2.9])
def test_a_step_down_that_begins_at_its_lowest_keeps_the_others(load, audited, start):
    """The lowered foot must not make the lowest point look like standing."""
    name = "k07_stepdown_valgus"
    audit = audited(name, load(name).between(start, 99.0)).audit
    assert sum(rep.valid for rep in audit.reps) >= 3
    assert ("knee_valgus", "right") in {(f.finding, f.side) for f in audit.findings}


@pytest.mark.parametrize("loss", [0.4, 0.7, 1.0, 1.4])
def test_a_loss_over_the_descent_gives_no_time_and_no_repetition(loss):
    track = drawn(lambda t: bends(t, (2.5, 6.5, 10.5, 14.5), deep=80), 18.0)
    gone = (track.t > 2.7) & (track.t < 2.7 + loss)
    instants = [(t, None if hidden else pose) for (t, pose), hidden in zip(track, gone, strict=True)]
    holed = collect(instants, track.size)
    audit = audit_poses(holed, describe("loss", holed), ReplayBackend(holed)).audit
    assert [rep.valid for rep in audit.reps] == [False, True, True, True]


def test_a_repetition_whose_beginning_is_cut_has_no_times(load, audited):
    """A lowering that began before the clip must not be timed from where the clip begins."""
    name = "single_leg_squat_front_left_combo"
    first = audited(name).audit.reps[0]
    audit = audited(name, load(name).between(first.t_start + 0.4, 99.0)).audit
    assert (audit.reps[0].lower_s, audit.reps[0].pause_s, audit.reps[0].lift_s) == (None, None, None)
    assert "lower_s" not in audit.reps[0].measures
    assert all(rep.lower_s is not None for rep in audit.reps if rep.valid and rep.index > 1)


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0, 2.0])
def test_jitter_of_the_landmarks_does_not_make_a_slow_lowering_fast(jitter):
    rng = np.random.default_rng(1)
    still = drawn(lambda t: bends(t, (2.5, 9.0, 15.5), 3.0, 0.5, 2.0, 80), 22.0)
    xy = (still.xy + rng.normal(0, jitter, still.xy.shape)).astype(np.float32)
    track = PoseTrack(still.t, xy, still.xyz, still.visibility, still.size)
    audit = audit_poses(track, describe("jitter", track), ReplayBackend(track)).audit
    assert "tempo_fast" not in {f.finding for f in audit.findings}


def drawn(flexion, seconds):
    """A drawn squat with the given knee flexion over time."""
    return clip(np.arange(0, seconds, 1 / 30), lambda t: {"flexion": flexion(t), "apart": 0.22})


def test_a_hole_in_the_middle_of_a_repetition_makes_it_not_count(load, audited):
    name = "squat_front_knees_in"
    track = load(name)
    third = audited(name).audit.reps[2]
    gone = (track.t > third.t_turn - 0.4) & (track.t < third.t_turn + 0.4)
    instants = [(t, None if hidden else pose) for (t, pose), hidden in zip(track, gone, strict=True)]
    audit = audited(name, collect(instants, track.size)).audit
    assert [rep.valid for rep in audit.reps] == [True, True, False, True, True]
    assert "not seen" in audit.reps[2].reason


def test_curves_have_holes_where_nobody_was_seen(load, audited):
    name = "squat_front_knees_in"
    track = load(name)
    gone = (track.t > 9.0) & (track.t < 9.5)
    instants = [(t, None if hidden else pose) for (t, pose), hidden in zip(track, gone, strict=True)]
    run = audited(name, collect(instants, track.size))
    assert all(np.isnan(curve[gone]).all() for curve in run.clips[0].curves.values())


def test_a_clip_that_ends_in_a_repetition_lists_it_as_cut_off(load, audited):
    name = "squat_front_knees_in"
    track = load(name)
    last = audited(name).audit.reps[-1]
    audit = audited(name, track.between(0.0, last.t_turn)).audit
    assert sum(rep.valid for rep in audit.reps) == 4
    assert "cut off" in audit.reps[-1].reason


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keep=st.integers(0, 2**32 - 1))
def test_dropped_frames_change_precision_and_not_meaning(load, audited, keep):
    """A slow camera: a third of the frames is missing at random, never more than three in a row."""
    name = "step_down_front_right_knee_in"
    track = load(name)
    kept = np.random.default_rng(keep).random(len(track)) > 0.44
    kept[::4] = True
    thin = PoseTrack(track.t[kept], track.xy[kept], track.xyz[kept], track.visibility[kept], track.size)
    audit = audited(name, thin).audit
    assert sum(rep.valid for rep in audit.reps) == 5
    assert ("knee_valgus", "right") in {(f.finding, f.side) for f in audit.findings}


@pytest.mark.parametrize(("bounce", "turns"), [(0.0, 0.0), (30.0, 2.0), (45.0, 2.0)])
def test_a_bounce_on_the_way_down_makes_a_path_jerky(bounce, turns):
    """A drawn squat that comes up a little half-way down, and goes on."""
    starts = (2.5, 7.5, 12.5)

    def shape(t):
        since = next((t - s - 1.2 for s in starts if 0 < t - s - 1.2 < 0.8), 0.0)
        return {"flexion": bends(t, starts, down=2.5) - bounce * np.sin(np.pi * since / 0.8) ** 2}

    track = clip(np.arange(0, 17, 1 / 30), shape, azimuth=90.0)
    prepared = prepare(track, "squat", "auto")
    session = Session(prepared.movement, prepared.setting, track.size)
    for t, pose in track:
        session.update(t, pose)
    assert [rep.measures["reversals"] for rep in session.finish() if rep.valid] == [turns] * 3


def test_where_nothing_counts_a_camera_at_an_angle_is_named(load, audited):
    askew = without(load("d06_squat_oblique45_valgus"), (Joint.RIGHT_ANKLE,), 0.7)
    with pytest.raises(NothingToJudge, match="the camera seems to stand at an angle"):
        audited("d06_squat_oblique45_valgus", askew, movement="squat")
    with pytest.raises(NothingToJudge) as square:
        audited("step_down_front_right_knee_in", movement="squat")
    assert "at an angle" not in str(square.value)
