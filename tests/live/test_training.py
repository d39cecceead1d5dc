"""A session that can be trained from beginning to end: what the camera judges, and what is shown."""

import dataclasses

import pytest

from hipaudit.audit.codec import document_from_json, to_json
from hipaudit.audit.screen import screen
from hipaudit.errors import NothingToJudge, SourceError
from hipaudit.library import exercises, movements, sessions
from hipaudit.live.coach import Coach
from hipaudit.live.training import CameraStep, GuideStep, read_session, session_of
from hipaudit.plan import StartingPhase
from hipaudit.plan.weeks import first_weeks


@pytest.fixture(scope="module")
def audit(audited):
    return audited("step_down_front_left_pelvic_drop").audit


def test_exercises_the_camera_judges_name_a_movement_that_exists():
    watched = {e.id: e.camera.movement for e in exercises().values() if e.camera.movement}
    assert set(watched.values()) <= set(movements())
    for name, movement in watched.items():
        exercise = exercises()[name]
        assert exercise.dose.reps is not None, name
        assert exercise.dose.per_side is (movements()[movement].legs == 1), name
        assert exercise.camera.view != "none", name


def test_every_exercise_of_the_plan_is_a_step_in_its_order(audit):
    session, weeks = session_of(audit), audit.first_weeks
    planned = [e.exercise for e in (*weeks.warm_up, *weeks.main, *weeks.cool_down)]
    assert list(dict.fromkeys(s.exercise for s in session.steps if s.exercise)) == planned
    assert [s.part for s in session.steps] == sorted(
        (s.part for s in session.steps), key=["warm_up", "task", "main", "cool_down"].index
    )
    assert session.stop == tuple(weeks.stop)
    assert session.notice
    assert session.pain


def test_the_audited_task_is_done_in_front_of_the_camera(audit):
    task = [s for s in session_of(audit).steps if s.part == "task"]
    assert all(isinstance(s, CameraStep) and s.goal.reps == sessions().task_reps for s in task)
    assert {s.movement for s in task} == {audit.first_weeks.task.movement}
    assert len(task) == (2 if movements()[task[0].movement].legs == 1 else 1)


@pytest.mark.parametrize("phase", [1, 2, 3, 4, 5])
def test_steps_of_every_phase_can_be_done(audit, phase):
    weeks = first_weeks(StartingPhase(phase, "x", False, [], [], []), audit.findings)
    steps = session_of(dataclasses.replace(audit, first_weeks=weeks)).steps
    for step in steps:
        if isinstance(step, CameraStep):
            assert Coach(step.movement, step.side, step.goal, (640, 480)).state == "set_up"
            assert step.goal.reps
            assert step.film
        else:
            assert isinstance(step, GuideStep)
            assert step.reps or step.hold_s or step.minutes
            assert step.sets >= 1
        assert step.cues or step.part == "task"
        assert step.amount
    assert any(isinstance(step, GuideStep) for step in steps)


def test_doses_begin_at_their_lower_end(audit):
    for step in session_of(audit).steps:
        if isinstance(step, GuideStep):
            dose = exercises()[step.exercise].dose
            assert step.sets == dose.sets[0]
            assert step.reps == (dose.reps[0] if dose.reps else None)
            assert step.hold_s == (dose.hold_s[0] if dose.hold_s else None)


def test_a_saved_audit_and_a_saved_screen_give_the_same_session_as_before(tmp_path, audit, judged):
    both = screen([judged("squat_front_knees_in"), judged("step_down_front_left_pelvic_drop")]).screen
    for document in (audit, both):
        path = tmp_path / "saved.json"
        path.write_text(to_json(document), "utf-8")
        assert read_session(path) == session_of(document)
        assert document_from_json(to_json(document)).schema == document.schema


def test_where_a_professional_comes_first_there_is_no_session(audit):
    start = StartingPhase(0, "No programme yet", False, [], [], [])
    with pytest.raises(NothingToJudge, match="health professional"):
        session_of(dataclasses.replace(audit, first_weeks=None, starting_phase=start))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "hipaudit.screen/1"}', '{"schema": "other"}', "no"])
def test_a_file_that_is_neither_is_told(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError, match="not"):
        read_session(path)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        read_session(tmp_path / "none.json")
    (tmp_path / "clip.mp4").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="not an audit"):
        read_session(tmp_path / "clip.mp4")
