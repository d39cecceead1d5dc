"""Rules over made repetitions: each answer a rule can give, and each reason it cannot."""

from dataclasses import replace

import numpy as np
import pytest
from figures import film, joints

from hipaudit.findings import Finding, Passed, Remark, Unassessed
from hipaudit.findings.rules import Quality, judge, reading, set_measures
from hipaudit.kinematics import Setting
from hipaudit.kinematics.stand import Stand
from hipaudit.kinematics.view import View
from hipaudit.library import quantities
from hipaudit.poses.skeleton import Joint
from hipaudit.poses.trust import bone_lengths
from hipaudit.reps import Rep

POSE = film(joints())
STAND = Stand(0.0, 2.0, POSE.xy.astype(float), POSE.xyz.astype(float), bone_lengths(POSE.xyz.astype(float)), np.nan)
FRONT = View("front", 0.0, 0.0, 1, 1)
GOOD = Quality(judged=True, steps_down=0, all_passed=True)
TALL = 240.0


def setting(view=FRONT, stand=STAND, side="right", legs=1):
    return Setting(view, stand, side, legs, TALL)


ONE_LEG = setting()
TWO_LEGS = setting(side="both", legs=2)


def reps(n=5, **measures):
    """Repetitions with the same measures; a list gives each its own."""
    rows = [{k: (v[i] if isinstance(v, list) else v) for k, v in measures.items()} for i in range(n)]
    return [
        Rep(i + 1, "c.mp4", "right", 4.0 * i, 4.0 * i + 2, 4.0 * i + 3.5, 2.6, 0.4, 1.5, True, None, 0.15, 1.0, row)
        for i, row in enumerate(rows)
    ]


def knee(value, change=None, **more):
    return {"fppa_right_deg": value, "fppa_change_right_deg": value if change is None else change, **more}


def verdict(found, finding):
    hits = [v for v in found if v.finding == finding]
    assert len(hits) == 1, finding
    return hits[0]


def one_leg(rows, where=ONE_LEG, quality=GOOD, finding="knee_valgus"):
    return verdict(judge(rows, "single_leg_squat", where, quality), finding)


def two_legs(rows, where=TWO_LEGS, finding="knee_valgus"):
    return verdict(judge(rows, "squat", where, GOOD), finding)


@pytest.mark.parametrize(
    ("angle", "severity", "cut"),
    [(10.9, None, None), (11.0, "mild", 11), (14.9, "mild", 11), (15.0, "moderate", 15), (20.0, "marked", 20)],
)
def test_severity_by_the_cuts(angle, severity, cut):
    answer = one_leg(reps(**knee(angle)))
    if severity is None:
        assert isinstance(answer, Passed)
        assert answer.threshold == 11
    else:
        assert (answer.severity, answer.threshold, answer.side) == (severity, cut, "right")
        assert "right knee" in answer.say


def test_the_set_is_judged_by_its_median_and_counts_the_repetitions_beyond():
    answer = one_leg(reps(**knee([5.0, 12.0, 13.0, 14.0, 30.0])))
    assert answer.value == 13.0
    assert (answer.reps_flagged, answer.reps_total) == (4, 5)
    assert answer.t_worst == 18.0  # the fifth repetition turns at 18 s
    assert "in 4 of 5 repetitions" in answer.say


def test_a_knee_that_stands_inward_already_needs_the_change_too():
    assert one_leg(reps(**knee(21.0, change=16.9))).severity == "moderate"
    assert one_leg(reps(**knee(21.0, change=11.0))).severity == "mild"
    assert one_leg(reps(**knee(21.0, change=17.0))).severity == "marked"


def test_repetitions_that_do_not_count_are_not_judged():
    rows = [replace(rep, valid=False, reason="partial") if rep.index > 2 else rep for rep in reps(**knee(25.0))]
    assert one_leg(rows).reason == "too_few_reps"


def test_reasons_why_not():
    rows = reps(**knee(25.0))
    side = setting(View("left", 0.0, None, 1, -1), STAND, "right", 1)
    turned = setting(View("front", 12.0, 0.0, 1, 1), STAND, "right", 1)
    assert one_leg(rows, side).reason == "wrong_view"
    assert "front" in one_leg(rows, side).say
    assert one_leg(rows, turned).reason == "off_square"
    assert "12°" in one_leg(rows, turned).say
    assert one_leg(rows, setting(FRONT, None, "right", 1)).reason == "no_stand"
    assert one_leg(rows, quality=Quality(False, 0, False)).reason == "picture_quality"
    assert one_leg(reps()).reason == "not_seen"


def test_an_answer_needs_the_measure_in_enough_repetitions():
    hidden = [replace(rep, measures={}) if rep.index > 2 else rep for rep in reps(**knee(25.0))]
    answer = one_leg(hidden)
    assert isinstance(answer, Unassessed)
    assert answer.reason == "not_seen"


@pytest.mark.parametrize(("yaw", "confidence"), [(0.0, "high"), (-5.0, "high"), (5.1, "medium"), (-9.9, "medium")])
def test_yaw_lowers_confidence_before_it_refuses(yaw, confidence):
    turned = setting(View("front", yaw, 0.0, 1, 1))
    assert one_leg(reps(**knee(25.0)), turned).confidence == confidence


def test_confidence_falls_with_margin_agreement_and_picture():
    assert one_leg(reps(**knee(25.0))).confidence == "high"
    assert one_leg(reps(**knee(12.0))).confidence == "medium"  # within its own error of the cut
    assert one_leg(reps(**knee([5.0, 5.0, 25.0, 25.0, 25.0]))).confidence == "medium"
    assert one_leg(reps(**knee([20.1, 20.1, 20.1, 16.0, 16.0]))).confidence == "medium"  # barely strong, and not in all
    assert one_leg(reps(**knee(25.0)), quality=Quality(True, 0, False)).confidence == "medium"
    assert one_leg(reps(**knee(25.0)), quality=Quality(True, 1, False)).confidence == "low"


def test_pelvic_drop_is_medium_at_most_and_must_be_consistent():
    steady = one_leg(reps(pelvic_drop_deg=16.0), finding="pelvic_drop")
    assert (steady.severity, steady.confidence, steady.side) == ("marked", "medium", "right")
    wild = one_leg(reps(pelvic_drop_deg=[-30.0, 10.0, 10.0, 40.0, -35.0]), finding="pelvic_drop")
    assert wild.reason == "reps_disagree"


def test_a_pelvis_that_rises_is_no_drop():
    assert isinstance(one_leg(reps(pelvic_drop_deg=-14.0), finding="pelvic_drop"), Passed)


@pytest.mark.parametrize(("lean", "side"), [(12.0, "right"), (-12.0, "left")])
def test_the_side_of_a_lean_is_where_it_goes(lean, side):
    answer = one_leg(reps(trunk_lean_deg=[lean, lean, lean, -lean, lean]), finding="trunk_lean_lateral")
    assert (answer.side, answer.severity, answer.value) == (side, "moderate", lean)
    assert answer.reps_flagged == 4  # a lean the other way is not the same pattern
    assert f"to the {side}" in answer.say


@pytest.mark.parametrize(
    ("ratio", "severity"),
    [
        (1.2, None),
        (0.95, None),
        (0.94, "mild"),
        (0.85, "mild"),
        (0.84, "moderate"),
        (0.70, "moderate"),
        (0.69, "marked"),
    ],
)
def test_two_leg_knees_by_the_ratio(ratio, severity):
    answer = two_legs(reps(kasr=ratio, knee_inset_left_pct=10.0, knee_inset_right_pct=10.0))
    assert getattr(answer, "severity", None) == severity
    assert answer.side == "both"


def test_one_knee_alone_is_named():
    answer = two_legs(reps(kasr=0.8, knee_inset_left_pct=22.0, knee_inset_right_pct=-2.0))
    assert answer.side == "left"
    assert "The left knee drifts" in answer.say


def test_one_knee_is_not_named_where_the_camera_or_a_shift_may_explain_it():
    rows = reps(kasr=0.8, knee_inset_left_pct=17.0, knee_inset_right_pct=3.0, hip_shift_pct=0.0)
    assert two_legs(rows).side == "left"
    turned = setting(View("front", 4.0, 0.0, 1, 1), STAND, "both", 2)
    assert two_legs(rows, turned).side == "both"
    shifted = reps(kasr=0.8, knee_inset_left_pct=30.0, knee_inset_right_pct=-10.0, hip_shift_pct=12.0)
    assert two_legs(shifted).side == "both"


def test_tempo_is_judged_from_any_view():
    oblique = setting(View("oblique", 40.0, None, 1, 1), STAND, "both", 2)
    assert two_legs(reps(lower_s=0.8), oblique, "tempo_fast").severity == "moderate"
    assert isinstance(two_legs(reps(lower_s=3.0), oblique, "tempo_fast"), Passed)


def test_depth_comes_from_the_near_leg_in_a_side_view():
    side = setting(View("left", 3.0, None, 1, -1), STAND, "both", 2)
    assert two_legs(reps(knee_flexion_left_deg=60.0), side, "depth_limited").severity == "mild"
    assert isinstance(two_legs(reps(knee_flexion_left_deg=95.0), side, "depth_limited"), Passed)
    assert two_legs(reps(kasr=1.0), finding="depth_limited").reason == "wrong_view"


def test_rules_of_other_movements_are_not_asked():
    asked = {v.finding for v in judge(reps(), "squat", TWO_LEGS, GOOD)}
    assert "pelvic_drop" not in asked
    assert "hip_shift" in asked


def test_set_measures_have_median_spread_and_error():
    rows = set_measures(reps(n=3, **knee([10.0, 12.0, 17.0]), **{"fppa_right_deg@matched": 9.0}), ONE_LEG)
    bottom = next(m for m in rows if m.measure == "fppa" and m.at == "bottom")
    assert (bottom.value, bottom.side, bottom.n_reps) == (12.0, "right", 3)
    assert bottom.spread == pytest.approx(3.606, abs=0.001)
    assert bottom.error == quantities()["fppa"].error
    assert any(m.at == "matched" and m.value == 9.0 for m in rows)


def test_a_single_repetition_has_no_spread():
    assert set_measures(reps(n=1, **knee(10.0)), ONE_LEG)[0].spread is None


def test_values_read_with_their_error():
    assert reading(18.6, quantities()["fppa"]) == "19\u00a0±\u00a04°"
    assert reading(-0.2, quantities()["pelvic_drop"]) == "0\u00a0±\u00a03°"
    assert reading(0.62, quantities()["kasr"]) == "0.62\u00a0±\u00a00.04"


def test_every_sentence_is_filled_in():
    rows = reps(kasr=0.6, hip_shift_pct=-12.0, trunk_lean_deg=9.0, lower_s=0.7, **knee(25.0), pelvic_drop_deg=20.0)
    for movement, where in (("squat", TWO_LEGS), ("single_leg_squat", ONE_LEG)):
        for answer in judge(rows, movement, where, GOOD):
            assert "{" not in answer.say
            assert "None" not in answer.say
            assert isinstance(answer, Finding | Passed | Unassessed)


def test_a_pass_is_as_sure_as_its_repetitions_agree():
    assert one_leg(reps(**knee(3.0))).confidence == "high"
    assert one_leg(reps(**knee([3.0, 3.0, 3.0, 14.0, 14.0]))).confidence == "medium"
    leans = one_leg(reps(trunk_lean_deg=[-12.0, -12.0, 0.0, 12.0, 12.0]), finding="trunk_lean_lateral")
    assert leans.confidence == "low"


def test_the_far_other_side_is_said_and_not_called_near():
    assert "rises" in one_leg(reps(pelvic_drop_deg=-12.0), finding="pelvic_drop").say
    assert "outward" in one_leg(reps(**knee(-25.0))).say
    assert "outside" in two_legs(reps(kasr=1.9)).say


def test_feet_too_wide_or_too_close_refuse_the_ratio():
    for apart in (0.05, 0.6):
        pose = film(joints(apart=apart))
        stand = replace(STAND, xy=pose.xy.astype(float))
        answer = two_legs(reps(kasr=0.6), setting(stand=stand, side="both", legs=2))
        assert answer.reason == "stance_width"


def test_a_foot_turned_from_the_camera_lowers_confidence():
    for inches, confidence in ((0.0, "high"), (10.0, "medium"), (40.0, "low")):
        xy = STAND.xy.copy()
        xy[Joint.RIGHT_TOE, 0] -= inches
        turned = setting(stand=replace(STAND, xy=xy))
        assert one_leg(reps(**knee(26.0)), turned).confidence == confidence
    behind = setting(View("back", 0.0, 0.0, -1, 1))
    assert one_leg(reps(**knee(26.0)), behind).confidence == "low"


def test_a_contradicting_witness_leaves_medium():
    witness = {f"knee_deviation_{side}_pct@matched": -9.0 for side in ("left", "right")}
    assert two_legs(reps(kasr=0.5)).confidence == "high"
    assert two_legs(reps(kasr=0.5, **witness)).confidence == "medium"
    assert two_legs(reps(kasr=1.2, **witness)).confidence == "high"  # both say that the knees stay out
    inward = {f"knee_deviation_{side}_pct@matched": 12.0 for side in ("left", "right")}
    assert two_legs(reps(kasr=1.2, **inward)).confidence == "medium"


def test_a_camera_far_off_square_is_told_apart_from_another_view():
    askew = setting(View("oblique", 22.0, None, 1, 1))
    assert one_leg(reps(**knee(26.0)), askew).reason == "off_square"
    assert one_leg(reps(**knee(26.0)), setting(View("oblique", 44.0, None, 1, 1))).reason == "wrong_view"


def from_the_side(**stand):
    """A square side view of a person whose back showed a hollow of 7 % in own standing."""
    return Setting(
        View("right", 0.0, None, 1, 1), replace(STAND, **{"hollow": 7.0, **stand}), side="both", legs=2, standing=TALL
    )


def back(change, where=None, **options):
    return judge(reps(lumbar_change_deg=change, **options), "squat", where or from_the_side(), GOOD)


@pytest.mark.parametrize(
    ("change", "severity"), [(11.9, None), (12.0, "mild"), (16.0, "moderate"), (26.0, "marked"), (-30.0, None)]
)
def test_the_lower_back_by_the_cuts(change, severity):
    answer = verdict(back(change), "lumbar_arch")
    assert getattr(answer, "severity", None) == severity
    assert answer.confidence != "high", "experimental: never more than medium"
    assert "xperimental" in answer.say


def test_a_rounding_back_is_a_remark_and_no_fault():
    found = back(-20.0)
    remark = verdict(found, "lumbar_round")
    assert isinstance(remark, Remark)
    assert isinstance(verdict(found, "lumbar_arch"), Passed)
    assert "not a fault" in remark.say


@pytest.mark.parametrize("change", [0.0, 20.0])
def test_a_remark_is_silent_where_there_is_nothing_to_say(change):
    assert not [v for v in back(change) if v.finding == "lumbar_round"]


@pytest.mark.parametrize(
    ("where", "reason", "word"),
    [
        (from_the_side(hollow=float("nan")), "back_hidden", "arms"),
        (from_the_side(hollow=2.9), "back_hidden", "fitted top"),
        (from_the_side(xy=STAND.xy * 0.3), "person_small", "closer"),
        (replace(from_the_side(), stand=None), "no_stand", "standing"),
        (replace(from_the_side(), view=View("oblique", 70.0, None, 1, 1)), "off_square", "20°"),
        (replace(from_the_side(), view=View("oblique", 20.0, None, 1, 1)), "wrong_view", "the side"),
        (TWO_LEGS, "wrong_view", "the side"),
    ],
)
def test_every_guard_of_the_lower_back_refuses_with_its_reason(where, reason, word):
    answer = verdict(back(20.0, where), "lumbar_arch")
    assert isinstance(answer, Unassessed)
    assert answer.reason == reason
    assert word in answer.say


def test_arms_in_the_way_during_the_repetitions_are_named():
    rows = reps(2, lumbar_change_deg=20.0) + reps(3)
    answer = verdict(judge(rows, "squat", from_the_side(), GOOD), "lumbar_arch")
    assert (answer.reason, "arms" in answer.say) == ("not_seen", True)


@pytest.mark.parametrize(
    ("counts", "severity"),
    [
        ([0.0, 0.0, 0.0, 0.0, 0.0], None),
        ([1.0, 0.0, 0.0, 0.0, 0.0], "mild"),
        ([1.0, 0.0, 0.0, 1.0, 0.0], "moderate"),
        ([2.0, 0.0, 1.0, 0.0, 0.0], "marked"),
        ([1.0, 0.0, 0.0], "mild"),  # 1.7 as if there had been five
        ([1.0, 1.0, 0.0], "marked"),
    ],
)
def test_signs_of_lost_balance_are_summed_as_if_there_had_been_five(counts, severity):
    answer = one_leg(reps(len(counts), unsteady=counts), finding="unsteady")
    assert getattr(answer, "severity", None) == severity
    assert answer.confidence == "medium"
    if severity:
        assert answer.reps_flagged == sum(c > 0 for c in counts)


def test_balance_that_could_not_be_seen_is_not_judged():
    assert one_leg(reps(), finding="unsteady").reason == "not_seen"


@pytest.mark.parametrize(("turned", "told"), [(1.0, False), (2.0, True)])
def test_a_jerky_path_is_a_remark(turned, told):
    remarks = [v for v in judge(reps(reversals=turned), "squat", TWO_LEGS, GOOD) if v.finding == "jerky"]
    assert [isinstance(v, Remark) for v in remarks] == [True] * told


@pytest.mark.parametrize(("lean", "told"), [(4.9, False), (5.0, True)])
def test_leaning_back_at_the_end_is_a_remark(lean, told):
    found = judge(reps(lean_back_deg=lean), "squat", from_the_side(), GOOD)
    assert [isinstance(v, Remark) for v in found if v.finding == "lean_back"] == [True] * told


@pytest.mark.parametrize("movement", ["sit_to_stand", "single_leg_squat", "single_leg_rdl", "lateral_step_down"])
@pytest.mark.parametrize("face", ["front", "back", "left", "oblique"])
def test_the_lower_back_is_said_to_be_unreadable_where_it_is(movement, face):
    legs = 2 if movement == "sit_to_stand" else 1
    where = setting(View(face, 0.0, 0.0, 1, 1), side="both" if legs == 2 else "right", legs=legs)
    answer = verdict(judge(reps(lumbar_change_deg=30.0), movement, where, GOOD), "lumbar_arch")
    assert (answer.reason, "squats" in answer.say) == ("not_fitted", True)


@pytest.mark.parametrize(("rise", "severity"), [(6.9, None), (7.0, "mild"), (12.0, "moderate"), (20.0, "marked")])
def test_rising_heels_by_the_cuts(rise, severity):
    answer = verdict(judge(reps(heel_rise_right_deg=rise), "squat", from_the_side(), GOOD), "heel_rise")
    assert getattr(answer, "severity", None) == severity
    assert answer.confidence != "high"
