"""What the terminal says after an audit: what was found, then the start, then the first weeks, and nothing twice."""

from hipaudit.cli.summary import print_audit


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
