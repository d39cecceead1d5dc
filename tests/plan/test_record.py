"""The result of a test goes into an intake file and comes back out of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipaudit.errors import IntakeError
from hipaudit.plan.intake import Intake, read_intake
from hipaudit.plan.record import record_result

WHOLE = """
age = 67
sex = "female"
pain = 1.5
fall_last_year = false
equipment = ["mini_band", "step"]
[safety]
urgent = false
see_someone_first = true
[training]
sessions_per_week = 2
weeks = 12
[tests]
chair_stand_30s = 11
single_leg_stance_s = { left = 5.5 }
"""


@pytest.mark.parametrize("name", ["new.toml", "new.json", "deep/er/new.toml"])
def test_a_missing_file_is_made(tmp_path, name):
    path = tmp_path / name
    record_result(path, "single_leg_stance_s", "left", 18.9)
    assert read_intake(path).tests.single_leg_stance_s.left == 18.9
    record_result(path, "single_leg_stance_s", "right", 20)
    record_result(path, "chair_stand_30s", None, 14.0)
    tests = read_intake(path).tests
    assert (tests.single_leg_stance_s.left, tests.single_leg_stance_s.right, tests.chair_stand_30s) == (18.9, 20, 14)


def test_everything_else_that_was_told_stays(tmp_path):
    path = tmp_path / "intake.toml"
    path.write_text(WHOLE, "utf-8")
    before = read_intake(path)
    given_back = record_result(path, "single_leg_stance_s", "left", 9.2)
    after = read_intake(path)
    assert after == given_back
    assert after.tests.single_leg_stance_s.left == 9.2
    assert after.tests.chair_stand_30s == 11
    assert after.model_copy(update={"tests": None}) == before.model_copy(update={"tests": None})


def test_a_json_intake_stays_json(tmp_path):
    path = tmp_path / "intake.json"
    path.write_text(json.dumps({"age": 30}), "utf-8")
    record_result(path, "single_leg_bridge_s", "right", 22.8)
    assert json.loads(path.read_text("utf-8")) == {"age": 30, "tests": {"single_leg_bridge_s": {"right": 22.8}}}


def test_a_file_that_is_no_intake_is_left_as_it_is(tmp_path):
    path = tmp_path / "intake.toml"
    path.write_text("agee = 30\n", "utf-8")
    with pytest.raises(IntakeError):
        record_result(path, "chair_stand_30s", None, 12)
    assert path.read_text("utf-8") == "agee = 30\n"


@given(st.text(min_size=0, max_size=20), st.floats(allow_nan=True))
def test_what_no_intake_can_hold_is_refused(tmp_path_factory, test, value):
    path = tmp_path_factory.mktemp("no") / "intake.toml"
    if test in Intake().tests.model_fields_set:
        return
    with pytest.raises(ValueError, match="validation error"):
        record_result(path, test or "x", None, value)
    assert not path.exists()
