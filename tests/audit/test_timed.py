"""Holds, bridges and chair stands on real model output over rendered clips: seconds, counts and angles known."""

import numpy as np
import pytest
from conftest import TIMED

from hipaudit.errors import NothingToJudge
from hipaudit.library import movements

HELD = sorted(name for name, true in TIMED.items() if true["movement"] == "single_leg_stance")
BRIDGES = sorted(name for name, true in TIMED.items() if "lock_out" in true)
CHAIRS = sorted(name for name, true in TIMED.items() if true.get("test") == "chair_stand_30s")


def result(audit):
    """The one functional test of an audit."""
    assert len(audit.tests) == 1
    return audit.tests[0]


@pytest.mark.parametrize("name", sorted(TIMED))
def test_the_movement_is_recognised_with_its_side_and_view(audited, name):
    true, audit = TIMED[name], audited(name).audit
    assert (audit.movement.name, audit.movement.side) == (true["movement"], true["side"])
    assert audit.clips[0].view.facing == true["facing"]
    assert not audit.movement.given


@pytest.mark.parametrize("name", HELD)
def test_a_stance_is_timed_and_its_touch_downs_are_counted(audited, name):
    true, audit = TIMED[name], audited(name).audit
    test = result(audit)
    assert (test.test, test.side, test.unit) == ("single_leg_stance_s", true["side"], "s")
    assert test.value == pytest.approx(true["value"], abs=0.4)
    assert ("came down" in test.say) == (true["touches"] > 0)
    assert sum(rep.valid for rep in audit.reps) == 1


@pytest.mark.parametrize("name", HELD)
def test_the_pelvis_and_trunk_are_read_over_the_last_seconds_of_a_stance(audited, name):
    true, audit = TIMED[name], audited(name).audit
    seen = {m.measure: m.value for m in audit.measures}
    assert seen["pelvic_drop"] == pytest.approx(true["pelvic_drop"], abs=5.0)  # 95 % of the bench within 4.9
    assert seen["trunk_lean"] == pytest.approx(true["trunk_lean"], abs=3.5)
    (rep,) = (rep for rep in audit.reps if rep.valid)
    assert rep.t_end - rep.t_turn == pytest.approx(2.5, abs=0.3)


def test_a_stance_that_the_clip_cuts_off_lasts_at_least_so_long(audited, load):
    track = load("p01_stance_L")
    test = result(audited("p01_stance_L", track=track.between(0.0, 14.0)).audit)
    assert test.value == pytest.approx(11.3, abs=0.4)
    assert "at least" in test.say


def test_a_stance_on_two_legs_is_refused(audited):
    with pytest.raises(NothingToJudge):
        audited("d14_stand_front")
    with pytest.raises(NothingToJudge, match="nothing like one was seen"):
        audited("d14_stand_front", movement="single_leg_stance", side="left")


def test_a_stance_without_standing_on_both_feet_is_refused_and_says_how_to_film_it(audited, load):
    track = load("p01_stance_L")
    with pytest.raises(NothingToJudge, match="on both feet for two seconds"):
        audited("p01_stance_L", track=track.between(4.0, 20.0), movement="single_leg_stance", side="left")


@pytest.mark.parametrize("name", BRIDGES)
def test_bridges_are_counted_and_turn_where_they_should(audited, name):
    true, audit = TIMED[name], audited(name).audit
    turns = [rep.t_turn for rep in audit.reps if rep.valid]
    assert len(turns) == len(true["bottoms"])
    if "test" not in true:  # a long hold has no one instant at the top
        assert np.abs(np.array(turns) - true["bottoms"]).max() < 0.4


@pytest.mark.parametrize("name", BRIDGES)
def test_the_angle_at_the_top_of_a_bridge_is_read_with_its_sign(audited, name):
    true, audit = TIMED[name], audited(name).audit
    seen = [rep.measures["lock_out_deg"] for rep in audit.reps if rep.valid]
    assert np.abs(np.array(seen) - true["lock_out"]).max() < 8


def test_the_hold_of_a_single_leg_bridge_ends_where_ten_degrees_are_lost(audited):
    for name in BRIDGES:
        if "test" in TIMED[name]:
            test = result(audited(name).audit)
            assert (test.test, test.side) == ("single_leg_bridge_s", TIMED[name]["side"])
            assert test.value == pytest.approx(TIMED[name]["value"], abs=1.5)


@pytest.mark.parametrize("name", CHAIRS)
def test_stands_in_thirty_seconds_are_counted_exactly(audited, name):
    test = result(audited(name).audit)
    assert (test.test, test.side, test.value) == ("chair_stand_30s", None, TIMED[name]["value"])


def test_a_chair_stand_that_ends_too_early_says_why_it_is_no_test(audited):
    audit = audited("d11_sit_to_stand_side_5").audit
    assert not audit.tests
    (short,) = (u for u in audit.unassessed if u.finding == "chair_stand_30s")
    assert short.reason == "too_short"


def test_a_movement_that_is_not_validated_is_judged_at_low_confidence_alone(audited, monkeypatch):
    bare = movements()["single_leg_stance"].model_copy(update={"validated": False})
    monkeypatch.setitem(movements(), "single_leg_stance", bare)
    audit = audited("p01_stance_L").audit
    assert not audit.movement.validated
    assert {v.confidence for v in [*audit.judged, *audit.tests]} == {"low"}
