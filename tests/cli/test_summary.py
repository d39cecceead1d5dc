"""What the terminal says after an audit: what was found, then the start, then the first weeks, and nothing twice."""

from pathlib import Path

import pytest

from hipaudit.audit import Refused
from hipaudit.audit.screen import screen
from hipaudit.cli.summary import print_audit, print_screen
from hipaudit.plan.intake import Intake

WRITTEN = [Path("out/annotated.mp4"), Path("out/report.html")]
URGENT = ({"age": 28, "safety": {"urgent": True, "see_someone_first": False}}, "call the local emergency number")
CLEARED = ({"age": 28, "safety": {"urgent": False, "see_someone_first": True}}, "talk to a doctor or physiotherapist")
YOUNG = ({"age": 12}, "a parent or guardian and a professional decide")


@pytest.mark.parametrize(("answers", "words"), [URGENT, CLEARED, YOUNG], ids=["urgent", "cleared first", "young"])
@pytest.mark.parametrize("kind", ["audit", "screen"])
def test_an_answer_that_forbids_a_programme_is_all_that_is_told(
    judged, audited, capsys, monkeypatch, kind, answers, words
):
    told = Intake.model_validate(answers)
    monkeypatch.setenv("COLUMNS", "200")
    name = "step_down_front_right_knee_in"
    if kind == "audit":
        print_audit(audited(name, intake=told).audit, WRITTEN)
    else:
        print_screen(screen([judged(name)], [], told).screen, WRITTEN)
    said = capsys.readouterr().out
    assert words in said
    assert "report.html" in said
    for word in ("knee", "repetition", "phase", "Film", "annotated.mp4"):
        assert word not in said, word


def test_without_a_programme_no_more_clips_are_asked_for(judged):
    run = screen([judged("step_down_front_right_knee_in")], [], Intake.model_validate(CLEARED[0]))
    assert run.screen.missing == []
    assert run.screen.first_weeks is None


def test_a_refused_clip_is_named_once(judged, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    refused = [Refused("a.mp4", "a.mp4 is empty (0 bytes)."), Refused("b.mp4", "Nobody can be seen in this clip.")]
    print_screen(screen([judged("squat_front_steady")], refused).screen, WRITTEN)
    said = capsys.readouterr().out
    assert "Not judged: a.mp4 is empty" in said
    assert "Not judged: b.mp4: Nobody" in said


def test_the_terminal_names_a_finding_again_without_saying_it_again(audited, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    audit = audited("squat_front_knees_in").audit
    print_audit(audit, [tmp_path / "report.html"])
    told = capsys.readouterr().out
    (knees,) = (found for found in audit.findings if found.finding == "knee_valgus")
    assert any(cap.say == knees.say for cap in audit.starting_phase.caps)
    assert told.count(knees.say) == 1
    start = told.index("Start: phase 1")
    assert told.index(knees.say) < start < told.index("The knees drift inward.", start) < told.index("First weeks")
    for planned in audit.first_weeks.main:
        assert planned.name in told


def test_brackets_in_what_to_write_into_the_intake_reach_the_reader(judged, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    seen = screen([judged("squat_front_knees_in"), judged("step_down_front_right_knee_in")]).screen
    assert any("[safety]" in part.how for part in seen.missing)
    print_screen(seen, [tmp_path / "report.html"])
    told = capsys.readouterr().out
    for part in seen.missing:
        assert part.how in told
