"""What the page gets of a drawing: outlines, and a beat that keeps to the tempo bar."""

import json
from itertools import pairwise

import pytest

from hipaudit import library
from hipaudit.figure.motion import end_pose, key_poses
from hipaudit.live.pictured import beat, pictured
from hipaudit.live.training import GuideStep, session_of
from hipaudit.live.welcome import trained

DRAWINGS, EXERCISES = library.drawings(), library.exercises()
MOST = 250_000  # characters of one drawing on the wire


def dosed(name):
    dose = EXERCISES[name].dose
    return DRAWINGS[name], dose.tempo, dose.hold_s[0] if dose.hold_s else None


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_a_drawing_is_plain_json_of_a_bearable_size(name):
    _, tempo, hold = dosed(name)
    told = pictured(name, tempo, hold)
    assert len(json.dumps(told)) < MOST
    assert {len(shape["d"]) for shape in told["shapes"]} <= {1, max(len(shape["d"]) for shape in told["shapes"])}
    assert any(len(shape["d"]) > 1 for shape in told["shapes"]) == bool(told["beat"])
    assert [shape["kind"] for shape in told["shapes"]].count("ghost") == (end_pose(DRAWINGS[name]) is not None)


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_the_figure_keeps_to_the_tempo_bar_and_nothing_jumps(name):
    drawing, tempo, hold = dosed(name)
    parts = beat(drawing, tempo, hold)
    for (_, _, end), (_, start, _) in pairwise(parts):
        assert end == start, "from one part to the next"
    if tempo and end_pose(drawing):
        lengths = [tempo.lower_s, tempo.pause_low_s, tempo.lift_s, tempo.pause_top_s]
        assert [length for length, _, _ in parts[:4]] == lengths
        if drawing.cycle:
            return
        assert parts[0][1] == parts[-1][2] == (1 if drawing.low == "first" else 0), "it begins with the lowering"


def test_a_reach_goes_out_and_home_in_three_directions():
    drawing, tempo, hold = dosed("sl_balance_reach")
    parts = beat(drawing, tempo, hold)
    assert parts[-1][2] == pytest.approx(1)
    homes = [start * len(drawing.poses) for start in (parts[0][1], parts[4][1], parts[8][1])]
    assert homes == pytest.approx([0, 2, 4])
    places = [made.at["left_toe"] for made in key_poses(drawing)]
    assert all(abs(places[home] - places[0]).max() < 1e-6 for home in (2, 4)), "home is home"
    ahead, aside, behind = places[1] - places[0], places[3] - places[0], places[5] - places[0]
    assert ahead[0] > 0.15
    assert aside[2] < -0.15
    assert behind[0] < -0.15


def test_a_hold_inside_a_repetition_is_held():
    drawing, tempo, hold = dosed("bird_dog")
    assert tempo is None
    assert (hold, 1, 1) in beat(drawing, tempo, hold)


def test_nobody_hops_backwards():
    for name in ("single_leg_hop_stick", "lateral_hop_stick"):
        assert all(end >= start for _, start, end in beat(*dosed(name))), name
    there_and_back = beat(*dosed("squat_jump_soft"))
    assert any(end < start for _, start, end in there_and_back), "who jumps up comes down"
    assert not any(start == end == 1 for _, start, end in there_and_back), "at once"


def test_what_is_held_has_no_beat():
    held = [name for name in DRAWINGS if len(key_poses(DRAWINGS[name])) == 1]
    assert {"side_plank_knees", "butterfly_hold", "hip_flexor_half_kneel"} <= set(held)
    assert all(beat(*dosed(name)) == [] for name in held)


def test_every_step_that_is_shown_brings_its_drawing(audited):
    session = session_of(audited("step_down_front_right_knee_in").audit)
    shown = [step for step in trained(session)["steps"] if step["kind"] == "guide"]
    assert len(shown) == sum(isinstance(step, GuideStep) for step in session.steps) > 0
    for step in shown:
        assert step["drawing"]["title"] == DRAWINGS[step["exercise"]].shows
