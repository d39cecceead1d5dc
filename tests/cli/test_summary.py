"""What the terminal says after an audit: what was found, then the start, then the first weeks, and nothing twice."""

from hipaudit.audit.screen import screen
from hipaudit.cli.summary import print_audit, print_screen


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
