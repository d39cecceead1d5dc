"""The starting phase: the worked cases of the decision table, and each gate by itself."""

import pytest

from hipaudit.findings import Finding, Passed, SetMeasure, Unassessed
from hipaudit.plan.intake import Intake
from hipaudit.plan.phase import JudgedSet, starting_phase


def found(finding, severity, value=20.0, side="right", confidence="high", measure="fppa", cut=15.0):
    return Finding(
        finding,
        side,
        severity,
        measure,
        value,
        "deg",
        3.0,
        cut,
        confidence,
        5,
        5,
        3.0,
        "c.mp4",
        "rule",
        "Title",
        "headline",
        "Say.",
    )


def passed(finding, side=None, confidence="high"):
    return Passed(finding, side, "fppa", 5.0, "deg", 3.0, 11.0, confidence, "c.mp4", "rule", "Title", "Say.")


def measured(**values):
    return [SetMeasure(name, "right", value, "deg", 1.0, 3.0, 5, "bottom", "c.mp4") for name, value in values.items()]


def step_down(*verdicts, side="right", **values):
    answered = any(v.finding == "knee_valgus" for v in verdicts)
    verdicts = verdicts if answered else (*verdicts, passed("knee_valgus", side))
    return JudgedSet(
        "lateral_step_down",
        side,
        1,
        verdicts,
        measured(**{"fppa": 5.0, "trunk_lean": 0.0, "pelvic_drop": 2.0} | values),
    )


def front_squat(*verdicts):
    answered = any(v.finding == "knee_valgus" for v in verdicts)
    return JudgedSet("squat", "both", 2, verdicts if answered else (*verdicts, passed("knee_valgus", "both")), [])


def told(**changes):
    """A person with nothing against phase 3."""
    base = {
        "age": 28,
        "sex": "female",
        "pain": 0,
        "fall_last_year": False,
        "safety": {"urgent": False, "see_someone_first": False},
        "training": {"sessions_per_week": 2, "weeks": 12},
        "tests": {
            "chair_stand_30s": 34,
            "single_leg_bridge_s": {"left": 45, "right": 45},
            "side_lying_abduction_s": {"left": 40, "right": 40},
            "single_leg_stance_s": {"left": 30, "right": 30},
        },
    }
    tests = base["tests"] | changes.pop("tests", {})
    return Intake.model_validate(base | {"tests": tests} | changes)


LEFT = step_down(side="left")
CLEAN = (front_squat(), LEFT, step_down(fppa=9.0))


def test_case_a_trained_and_clean_starts_at_three():
    start = starting_phase(CLEAN, told())
    assert (start.phase, start.provisional) == (3, False)


def test_case_b_strong_knee_and_a_poor_score_start_at_two():
    knee = found("knee_valgus", "marked", 21.0, cut=20.0)
    start = starting_phase((front_squat(), LEFT, step_down(knee, fppa=21.0, trunk_lean=12.0, pelvic_drop=10.0)), told())
    assert start.phase == 2
    assert {c.gate for c in start.caps} >= {"single-leg knee", "quality score"}
    assert any("20" in way for way in start.would_move_up)
    assert not start.missing


def test_case_c_untrained_and_67_starts_at_one():
    person = told(
        age=67,
        sex="male",
        training={"sessions_per_week": 0, "weeks": 0},
        tests={"chair_stand_30s": 11, "single_leg_stance_s": {"left": 6, "right": 7}},
    )
    start = starting_phase(CLEAN, person)
    assert start.phase == 1
    chair = next(c for c in start.caps if c.gate == "chair_stand_30s")
    assert (chair.value, chair.cut, chair.cap) == (11, 12, 1)


def test_case_d_pain_of_four_starts_at_two():
    start = starting_phase(CLEAN, told(pain=4))
    assert start.phase == 2
    assert "Pain of 2 or less out of 10." in start.would_move_up


def test_case_e_a_camera_off_square_gives_no_knee_verdict_and_two_by_missing_data():
    unseen = Unassessed("knee_valgus", "right", "off_square", "Knee drifts inward", "The camera stands off square.")
    start = starting_phase((front_squat(), LEFT, step_down(unseen)), told())
    assert (start.phase, start.provisional) == (2, True)
    assert start.missing == ["a step-down or single-leg squat on the right leg, filmed from the front"]


def test_an_urgent_answer_says_only_that():
    start = starting_phase((), told(safety={"urgent": True, "see_someone_first": True}, pain=9, age=80))
    assert (start.phase, start.missing, start.would_move_up) == (0, [], [])
    assert len(start.caps) == 1
    assert "emergency number" in start.caps[0].say


def test_under_sixteen_there_is_no_programme():
    assert starting_phase(CLEAN, told(age=15)).phase == 0
    assert starting_phase(CLEAN, told(age=16)).phase == 3


def test_age_and_falls_must_be_told():
    assert starting_phase(CLEAN, told(fall_last_year=None)).missing == ["age and falls in the last year"]
    assert starting_phase(CLEAN, told(age=None)).provisional


def test_both_legs_and_both_sides_of_a_test_are_asked_for():
    assert starting_phase((front_squat(), step_down()), told()).missing == [
        "a step-down or single-leg squat on the left leg, filmed from the front"
    ]
    half = told(tests={"single_leg_stance_s": {"left": 30}})
    assert starting_phase(CLEAN, half).missing == ["the single-leg stance on each leg, in seconds"]


def test_older_people_and_the_fallen_are_not_asked_for_step_tasks():
    person = told(age=70, sex="female", fall_last_year=True, tests={"chair_stand_30s": 30})
    start = starting_phase((front_squat(),), person)
    assert (start.phase, start.missing) == (2, [])
    assert {c.gate for c in start.caps} == {"age", "fall"}


def test_at_the_ceiling_nothing_would_move_up():
    knee = found("knee_valgus", "moderate")
    assert starting_phase((front_squat(), LEFT, step_down(knee)), told()).would_move_up == []


def test_case_f_night_pain_and_weight_loss_gives_no_programme():
    start = starting_phase(CLEAN, told(safety={"urgent": False, "see_someone_first": True}))
    assert start.phase == 0
    assert start.would_move_up == []


def test_without_intake_the_start_is_provisional_and_says_what_is_missing():
    start = starting_phase((step_down(),))
    assert (start.phase, start.provisional) == (2, True)
    assert len(start.missing) == 8


def test_nothing_at_all_is_two_at_most():
    assert starting_phase(()).phase == 2


def test_a_first_programme_never_starts_above_three():
    assert starting_phase(CLEAN, told(training={"sessions_per_week": 6, "weeks": 200})).phase == 3


@pytest.mark.parametrize(("pain", "phase"), [(0, 3), (2, 3), (2.9, 3), (3, 2), (5, 2), (5.5, 0), (10, 0)])
def test_pain(pain, phase):
    assert starting_phase(CLEAN, told(pain=pain)).phase == phase


@pytest.mark.parametrize(
    ("age", "pain", "sessions", "weeks", "phase"),
    [(28, 0, 0, 0, 2), (28, 1, 0, 0, 1), (61, 0, 0, 0, 1), (28, 0, 1, 20, 2), (28, 0, 2, 7, 2), (28, 0, 2, 8, 3)],
)
def test_training_history(age, pain, sessions, weeks, phase):
    person = told(age=age, pain=pain, training={"sessions_per_week": sessions, "weeks": weeks})
    assert starting_phase(CLEAN, person).phase == phase


@pytest.mark.parametrize(
    ("age", "sex", "stands", "phase"),
    [
        (30, "male", 19, 1), (30, "male", 20, 2), (30, "male", 26, 2), (30, "male", 27, 3),
        (45, "male", 16, 1), (45, "male", 22, 2), (45, "male", 23, 3), (45, "female", 14, 1), (45, "female", 21, 3),
        (55, "male", 20, 2), (55, "female", 19, 3), (62, "male", 13, 1), (62, "female", 17, 2), (62, "female", 18, 3),
    ],
)  # fmt: skip
def test_chair_stand_by_age_and_sex(age, sex, stands, phase):
    assert starting_phase(CLEAN, told(age=age, sex=sex, tests={"chair_stand_30s": stands})).phase == phase


def test_without_a_sex_the_stricter_band_decides():
    person = told(age=45, sex=None, tests={"chair_stand_30s": 22})
    assert starting_phase(CLEAN, person).phase == 2


@pytest.mark.parametrize(
    ("test", "seconds", "phase"),
    [
        ("single_leg_bridge_s", 9, 1), ("single_leg_bridge_s", 15, 2), ("single_leg_bridge_s", 25, 3),
        ("single_leg_bridge_s", 30, 3), ("side_lying_abduction_s", 14, 1), ("side_lying_abduction_s", 20, 2),
        ("single_leg_stance_s", 9, 1), ("single_leg_stance_s", 29, 2), ("single_leg_stance_s", 30, 3),
    ],
)  # fmt: skip
def test_holds_count_by_the_worse_side(test, seconds, phase):
    assert starting_phase(CLEAN, told(tests={test: {"left": seconds, "right": 60}})).phase == phase


@pytest.mark.parametrize(
    ("finding", "severity", "confidence", "phase"),
    [
        ("knee_valgus", "mild", "high", 3),
        ("knee_valgus", "moderate", "high", 2),
        ("knee_valgus", "marked", "medium", 1),
        ("knee_valgus", "marked", "low", 3),
        ("hip_shift", "moderate", "medium", 2),
        ("hip_shift", "marked", "high", 1),
        ("trunk_lean_lateral", "marked", "high", 1),
        ("tempo_fast", "moderate", "high", 3),
    ],
)
def test_two_leg_squat_findings(finding, severity, confidence, phase):
    squat = front_squat(found(finding, severity, side="both", confidence=confidence), passed("knee_valgus", "both"))
    assert starting_phase((squat, LEFT, step_down()), told()).phase == phase


@pytest.mark.parametrize(
    ("severity", "confidence", "phase"), [("moderate", "high", 3), ("marked", "medium", 2), ("marked", "low", 3)]
)
def test_single_leg_knee(severity, confidence, phase):
    knee = found("knee_valgus", severity, confidence=confidence)
    assert starting_phase((front_squat(), LEFT, step_down(knee, passed("pelvic_drop"))), told()).phase == phase


def test_a_low_confidence_knee_among_trusted_ones_caps_nothing():
    knee = found("knee_valgus", "marked", confidence="low")
    start = starting_phase((front_squat(), step_down(knee), LEFT), told())
    assert start.phase == 3


def test_everything_at_low_confidence_asks_for_a_new_clip():
    low = (
        front_squat(passed("knee_valgus", "both", "low")),
        step_down(passed("knee_valgus", "left", "low"), side="left"),
        step_down(passed("knee_valgus", "right", "low")),
    )
    start = starting_phase(low, told())
    assert start.phase == 2
    assert "A new clip that passes the checks." in start.would_move_up


def test_summed_knee_and_trunk_angle():
    knee = found("knee_valgus", "moderate", 18.0)
    start = starting_phase((front_squat(), LEFT, step_down(knee, fppa=18.0, trunk_lean=10.9)), told())
    assert start.phase == 2
    assert any(c.gate == "summed angle" for c in start.caps)
    away = starting_phase((front_squat(), LEFT, step_down(knee, fppa=18.0, trunk_lean=-10.9)), told())
    assert away.phase == 3  # leaning away from the stance leg adds nothing


def test_pelvic_drop_never_decides_alone():
    drop = found("pelvic_drop", "marked", 16.0, confidence="medium", measure="pelvic_drop")
    sets = (front_squat(), LEFT, step_down(drop, pelvic_drop=16.0))
    assert starting_phase(sets, told()).phase == 3
    weak = told(tests={"single_leg_stance_s": {"left": 30, "right": 29.5}})
    assert any(c.gate == "pelvic drop and hold" and c.cap == 2 for c in starting_phase(sets, weak).caps)


@pytest.mark.parametrize(
    ("values", "score", "items"),
    [
        ({"fppa": 5.0, "trunk_lean": 3.0, "pelvic_drop": 3.0}, 0, []),
        ({"fppa": 8.0, "trunk_lean": 11.0, "pelvic_drop": 9.0}, 3, ["trunk", "pelvis", "knee"]),
        ({"fppa": 15.0, "trunk_lean": -12.0, "pelvic_drop": -7.0}, 4, ["trunk", "pelvis", "knee"]),
    ],
)
def test_quality_score_items(values, score, items):
    quality = step_down(**values).quality
    assert (quality.score, quality.items) == (score, items)


def test_the_gate_says_at_least_where_an_item_could_not_be_watched():
    poor = step_down(fppa=15.0, trunk_lean=-12.0, pelvic_drop=-7.0)
    cap = next(c for c in starting_phase((front_squat(), LEFT, poor), told()).caps if c.gate == "quality score")
    assert (cap.value, cap.cap) == (4, 2)
    assert "at least 4 of 6" in cap.say
    assert "arms" in cap.say


def test_age_and_falls_ask_for_supported_versions():
    assert starting_phase(CLEAN, told(age=66, sex="female", tests={"chair_stand_30s": 30})).phase == 2
    assert starting_phase(CLEAN, told(fall_last_year=True)).phase == 2


def test_restricted_is_two():
    safety = {"urgent": False, "see_someone_first": False, "restricted": True}
    assert starting_phase(CLEAN, told(safety=safety)).phase == 2


def test_caps_are_listed_lowest_first_with_their_reason():
    start = starting_phase(CLEAN, told(pain=4, training={"sessions_per_week": 0, "weeks": 0}, age=65))
    assert [c.cap for c in start.caps] == sorted(c.cap for c in start.caps)
    assert all(c.say for c in start.caps)


def test_a_back_that_arches_at_the_top_of_a_bridge_holds_the_start_at_phase_one_for_a_week():
    def bridges(severity, confidence="medium"):
        arch = found("lumbar_arch", severity, 192.0, None, confidence, "lock_out", 190.0)
        return JudgedSet("bridge", "both", 2, [arch], [])

    (cap,) = (c for c in starting_phase([bridges("moderate")], told()).caps if c.gate == "bridge lock-out")
    assert (cap.cap, cap.value, cap.cut) == (1, 192.0, 190.0)
    assert "One week" in cap.say
    for gentle in (bridges("mild"), bridges("marked", "low")):
        assert not [c for c in starting_phase([gentle], told()).caps if c.gate in ("bridge lock-out", "lower back")]


def test_an_arching_back_in_a_squat_is_no_bridge():
    arch = found("lumbar_arch", "moderate", 17.0, None, "medium", "lumbar_change", 16.0)
    gates = {c.gate: c.cap for c in starting_phase([front_squat(arch)], told()).caps}
    assert gates.get("lower back") == 2
    assert "bridge lock-out" not in gates
