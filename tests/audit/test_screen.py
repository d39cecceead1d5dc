"""All clips of one person: grouped by movement and side, one starting phase, what is missing and how to film it."""

import json

import jsonschema
import pytest
from conftest import SAMPLES

from hipaudit.audit import SCREEN_SCHEMA, Refused
from hipaudit.audit.codec import json_schema, to_json
from hipaudit.audit.screen import screen, screen_clips, videos
from hipaudit.audit.sides import between_sides
from hipaudit.errors import NothingToJudge, SourceError
from hipaudit.findings import Finding, FunctionalTest, Passed, Unassessed
from hipaudit.plan.intake import Intake, with_seen

SAMPLES_ALL = (
    "squat_front_steady",
    "squat_side_low_back_arch",
    "step_down_front_left_pelvic_drop",
    "step_down_front_right_knee_in",
    "single_leg_squat_front_left_combo",
)


def told(**changes):
    base = {
        "age": 28,
        "pain": 0,
        "fall_last_year": False,
        "safety": {"urgent": False, "see_someone_first": False},
        "training": {"sessions_per_week": 2, "weeks": 12},
        "tests": {"chair_stand_30s": 34, "single_leg_stance_s": {"left": 30, "right": 30}},
    }
    return Intake.model_validate(base | changes)


def seen(test, side, value, at_least=False):
    return FunctionalTest(test, side, value, "s", at_least, "c.mp4", "medium", "Test", "Say.")


def test_clips_are_grouped_by_movement_and_side(judged):
    run = screen([judged(name) for name in SAMPLES_ALL])
    kinds = [(a.movement.name, a.movement.side, len(a.clips)) for a in run.screen.audits]
    assert kinds == [
        ("squat", "both", 2),
        ("lateral_step_down", "left", 1),
        ("lateral_step_down", "right", 1),
        ("single_leg_squat", "left", 1),
    ]
    assert [r.audit for r in run.runs] == run.screen.audits


def test_the_document_is_valid_against_its_schema(judged):
    run = screen([judged(name) for name in SAMPLES_ALL], [Refused("bad.mp4", "It is empty.")], told())
    document = json.loads(to_json(run.screen), parse_constant=lambda c: pytest.fail(f"{c} in the document"))
    assert document["schema"] == SCREEN_SCHEMA
    assert next(iter(document)) == "schema"
    jsonschema.validate(document, json_schema(SCREEN_SCHEMA))


def test_the_phase_is_judged_from_all_clips_together(judged):
    knee = screen([judged("step_down_front_right_knee_in")], intake=told()).screen
    assert (knee.starting_phase.phase, knee.starting_phase.provisional) == (2, True)
    whole = screen([judged(name) for name in SAMPLES_ALL], intake=told()).screen
    assert not whole.starting_phase.provisional
    assert not whole.missing
    gates = {cap.gate for cap in whole.starting_phase.caps}
    assert {"single-leg knee", "lower back"} <= gates
    assert whole.starting_phase.phase == 2
    clean = [judged(n) for n in ("squat_front_steady", "d07_step_down_front_clean_L", "h05_stepdown_clean_R")]
    assert screen(clean, intake=told()).screen.starting_phase.phase == 3


def test_what_is_missing_comes_with_how_to_provide_it(judged):
    part = screen([judged("step_down_front_right_knee_in")]).screen
    missing = {m.what: m.how for m in part.missing}
    assert list(missing) == part.starting_phase.missing
    assert "square to the body" in missing["a squat filmed from the front"]
    left = "a step-down or single-leg squat on the left leg, filmed from the front"
    assert "20 cm step" in missing[left]
    assert all(how.endswith(".") for how in missing.values())


def test_a_forbidden_programme_says_only_that(judged):
    answer = told(safety={"urgent": True, "see_someone_first": False})
    urgent = screen([judged(name) for name in SAMPLES_ALL], intake=answer).screen
    assert urgent.starting_phase.phase == 0
    assert len(urgent.starting_phase.caps) == 1


def test_both_sides_of_a_movement_are_compared(judged):
    both = [judged("step_down_front_left_pelvic_drop"), judged("step_down_front_right_knee_in")]
    compared = screen(both).screen.between_sides
    by_measure = {v.measure: v for v in compared if not isinstance(v, Unassessed)}
    knee, pelvis = by_measure["fppa"], by_measure["pelvic_drop"]
    assert isinstance(knee, Finding)
    assert (knee.side, knee.severity, knee.clip) == ("right", "mild", "step_down_front_right_knee_in.mp4")
    assert knee.confidence in ("low", "medium"), "seen once"
    assert knee.value >= knee.threshold
    assert isinstance(pelvis, Finding)
    assert pelvis.side == "left"
    assert "film both sides again" in knee.say


def test_alike_sides_pass_and_one_side_is_not_compared(judged):
    both = [judged("d07_step_down_front_clean_L"), judged("h05_stepdown_clean_R")]
    assert {type(v) for v in screen(both).screen.between_sides} == {Passed}
    assert not screen(both[:1]).screen.between_sides


def test_a_side_that_cannot_be_read_is_said(judged):
    both = screen([judged("h05_stepdown_clean_R"), judged("h14_stepdown_yaw20")]).screen
    sides = {a.movement.side for a in both.audits}
    assert sides == {"left", "right"}
    assert {type(v) for v in between_sides(both.audits)} == {Unassessed}


def test_tests_seen_on_camera_fill_what_was_not_told():
    empty = told(tests={})
    both = [seen("single_leg_stance_s", "left", 12.0), seen("single_leg_stance_s", "right", 25.0)]
    filled = with_seen(empty, [*both, seen("single_leg_stance_s", "left", 20.0), seen("chair_stand_30s", None, 21.0)])
    assert filled.tests.result("single_leg_stance_s") == 20.0, "the best of two tries, the worse of two sides"
    assert filled.tests.result("chair_stand_30s") == 21
    assert with_seen(empty, both[:1]).tests.result("single_leg_stance_s") is None
    assert with_seen(empty, [both[0], seen("single_leg_stance_s", "right", 25.0, at_least=True)]) == with_seen(
        empty, both[:1]
    ), "a hold that the clip cuts off decides nothing"
    assert with_seen(told(), both) == told(), "what was told stands"
    assert with_seen(empty, []) == empty


def test_a_folder_gives_its_videos_by_name(tmp_path):
    for name in ("b.MP4", "a.mov", ".hidden.mp4", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "inside").mkdir()
    assert [p.name for p in videos([tmp_path])] == ["a.mov", "b.MP4"]
    assert videos([tmp_path / "b.MP4"]) == [tmp_path / "b.MP4"]
    with pytest.raises(SourceError, match="holds no video"):
        videos([tmp_path / "inside"])


@pytest.mark.model
def test_one_bad_clip_does_not_stop_the_others(tmp_path):
    (tmp_path / "empty.mp4").touch()
    clip = SAMPLES / "squat_front_steady.mp4"
    run = screen_clips([clip, tmp_path / "empty.mp4"], model="lite")
    assert [a.movement.name for a in run.screen.audits] == ["squat"]
    (refused,) = run.screen.refused
    assert refused.clip == "empty.mp4"
    assert "0 bytes" in refused.why
    with pytest.raises(NothingToJudge, match=r"empty\.mp4"):
        screen_clips([tmp_path / "empty.mp4"])
