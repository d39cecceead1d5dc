"""The intake file: what may be told, and what a wrong file is answered."""

import json
from pathlib import Path

import pytest

from hipaudit.errors import IntakeError
from hipaudit.plan import intake as module
from hipaudit.plan.intake import Intake, read_intake


def test_the_example_in_the_documentation_is_valid(tmp_path):
    lines = [line[4:] for line in module.__doc__.splitlines() if line.startswith("    ") or not line]
    file = tmp_path / "intake.toml"
    file.write_text("\n".join(lines), "utf-8")
    told = read_intake(file)
    assert told.age == 28
    assert told.tests.result("single_leg_bridge_s") == 45


def test_json_is_read_as_well(tmp_path):
    file = tmp_path / "intake.json"
    file.write_text(json.dumps({"age": 40, "tests": {"single_leg_stance_s": {"left": 12, "right": 20}}}), "utf-8")
    assert read_intake(file).tests.result("single_leg_stance_s") == 12


def test_what_is_left_out_is_not_known():
    told = Intake()
    assert told.pain is None
    assert told.tests.result("chair_stand_30s") is None


def test_the_example_file_is_the_one_in_the_documentation():
    example = Path(__file__).parents[2] / "docs" / "intake.example.toml"
    told = read_intake(example)
    assert told.tests.result("side_lying_abduction_s") == 40


def test_a_test_of_one_side_is_not_known():
    assert (
        Intake.model_validate({"tests": {"single_leg_bridge_s": {"left": 50}}}).tests.result("single_leg_bridge_s")
        is None
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pain = 11", "pain"),
        ("age = 'old'", "age"),
        ("pian = 3", "did you mean pain"),
        ("[tests]\nchair_stand_30s = -1", "tests.chair_stand_30s"),
        ("[safety]\nurgent = true", "safety.see_someone_first"),
        ("age = ", "not valid TOML"),
        ("sex = female", "words stand in quotation marks"),
        ("age = 28.5", "age must be a whole number, not 28.5"),
        (
            "[safety]\nurgent = 'perhaps'\nsee_someone_first = false",
            "safety.urgent must be true or false, not 'perhaps'",
        ),
        ("safety = true", "safety must be keys and values"),
    ],
)
def test_a_wrong_file_names_the_key(tmp_path, text, words):
    file = tmp_path / "intake.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(IntakeError, match=words) as caught:
        read_intake(file)
    assert "\n" not in str(caught.value)


def test_json_that_holds_no_keys_is_told_what_it_should_hold(tmp_path):
    file = tmp_path / "intake.json"
    file.write_text("[1, 2]", "utf-8")
    with pytest.raises(IntakeError, match="the file must be keys and values"):
        read_intake(file)
    file.write_text('{"age": 28,}', "utf-8")
    with pytest.raises(IntakeError, match="is not valid JSON"):
        read_intake(file)


def test_a_mark_in_front_of_the_text_is_read_over_and_another_encoding_is_said(tmp_path):
    file = tmp_path / "intake.toml"
    file.write_text("age = 28", "utf-8-sig")
    assert read_intake(file).age == 28
    file.write_text("age = 28", "utf-16")
    with pytest.raises(IntakeError, match="save it again as plain text, encoding UTF-8"):
        read_intake(file)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(IntakeError, match="cannot be read"):
        read_intake(tmp_path / "nothing.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('equipment = ["band"]', "'band' is no equipment hipaudit knows; did you mean (mini|long)_band"),
        ('equipment = ["dumbell"]', "did you mean dumbbells"),
        ('equipment = ["zzz"]', "known are floor, wall"),
        ('equipment = "step"', r"equipment must be a list, such as \["),
    ],
)
def test_unknown_equipment_is_answered_with_a_suggestion(tmp_path, text, words):
    file = tmp_path / "intake.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(IntakeError, match=words):
        read_intake(file)


def test_no_equipment_is_something_told_and_left_out_is_not():
    assert Intake.model_validate({"equipment": []}).equipment == ()
    assert Intake().equipment is None
