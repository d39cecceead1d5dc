"""The quality score of the step-down test: every item, what could not be watched, and when there is no score."""

import numpy as np
import pytest

from hipaudit.findings import QualityScore, SetMeasure, Unassessed
from hipaudit.findings.quality import quality_score

STEADY = {"trunk_lean": 0.0, "pelvic_drop": 0.0, "fppa": 0.0, "hand_off": 0.0, "balance_lost": 0.0}
AT = {"hand_off": "rep", "balance_lost": "rep"}


def scored(movement="lateral_step_down", without=(), **values):
    measures = [
        SetMeasure(name, "left", value, "deg", 1.0, 1.0, 5, AT.get(name, "bottom"), "c.mp4")
        for name, value in (STEADY | values).items()
        if name not in without
    ]
    return quality_score(movement, "left", measures, [])


@pytest.mark.parametrize(
    ("values", "points", "item"),
    [
        ({"hand_off": 1.0}, 1, "arms"),
        ({"trunk_lean": -11.0}, 1, "trunk"),
        ({"pelvic_drop": 9.0}, 1, "pelvis"),
        ({"pelvic_drop": -7.0}, 1, "pelvis"),
        ({"fppa": 8.0}, 1, "knee"),
        ({"fppa": 15.0}, 2, "knee"),
        ({"balance_lost": 2.0}, 1, "steadiness"),
    ],
)
def test_each_item_gives_its_points(values, points, item):
    score = scored(**values)
    assert (score.score, score.items, score.not_seen) == (points, [item], [])
    assert f"{points} of 6" in score.say
    assert item in score.say


def test_the_worst_is_six_and_the_steadiest_nought():
    worst = scored(hand_off=1.0, trunk_lean=20.0, pelvic_drop=20.0, fppa=30.0, balance_lost=1.0)
    assert worst.score == worst.of == 6
    assert (scored().score, scored().items) == (0, [])
    assert "least" not in scored().say


def test_what_was_not_watched_makes_it_a_lower_bound():
    score = scored(without=("hand_off",), fppa=20.0)
    assert (score.score, score.not_seen) == (2, ["arms"])
    assert "at least 2 of 6" in score.say


@pytest.mark.parametrize("lacking", ["trunk_lean", "pelvic_drop", "fppa"])
def test_half_the_items_are_no_score(lacking):
    answer = scored(without=(lacking,))
    assert isinstance(answer, Unassessed)
    assert answer.reason == "not_seen"


def test_movements_without_a_score():
    assert scored("squat") is None
    assert isinstance(scored("single_leg_squat"), QualityScore)


def test_the_score_stands_on_the_audit_of_a_clip(audited):
    audit = audited("step_down_front_right_knee_in").audit
    assert (audit.quality.score, audit.quality.items) == (2, ["knee"])
    assert audited("d01_squat_front_clean").audit.quality is None
    askew = audited("h14_stepdown_yaw20").audit
    assert askew.quality is None
    assert "quality_score" in {u.finding for u in askew.unassessed}


def test_what_cannot_carry_a_verdict_carries_no_score(audited, load):
    name = "step_down_front_right_knee_in"
    track = load(name)
    first = next(rep for rep in audited(name).audit.reps if rep.valid)
    few = audited(name, track=track.between(0.0, first.t_end + 0.5), movement="lateral_step_down", side="right").audit
    jerky = audited(name, track=track.at(np.arange(len(track)) % 3 == 0)).audit
    for audit, reason in ((few, "too_few_reps"), (jerky, "picture_quality")):
        assert audit.quality is None
        assert next(u.reason for u in audit.unassessed if u.finding == "quality_score") == reason
