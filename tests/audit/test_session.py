"""Streaming equals whole, and missing data gives way instead of turning into something else."""

import numpy as np
import pytest
from conftest import describe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipaudit.audit.codec import to_json
from hipaudit.audit.prepare import prepare
from hipaudit.audit.run import audit_poses
from hipaudit.audit.session import RepBegan, RepClosed, Session
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
        near = np.abs(run.track.t - rep.t_turn) <= 0.1
        for column, curve in run.curves.items():
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
    track = without(load(name), (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE), share)
    audit = audited(name, track).audit
    assert {f.finding for f in audit.findings} <= {"knee_valgus", "tempo_fast"}
    if share >= 0.6:
        assert "knee_valgus" in {u.finding for u in audit.unassessed}
    if share <= 0.05:
        assert "knee_valgus" in {f.finding for f in audit.findings}


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
    assert all(np.isnan(curve[gone]).all() for curve in run.curves.values())


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
