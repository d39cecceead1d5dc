"""What the terminal prints of audits and screens, from saved poses."""

from pathlib import Path

import pytest

from hipaudit.audit import Refused
from hipaudit.audit.screen import screen
from hipaudit.cli.summary import print_audit, print_screen
from hipaudit.plan.intake import Intake

WRITTEN = [Path("out/annotated.mp4"), Path("out/report.html")]
URGENT = Intake.model_validate({"age": 28, "safety": {"urgent": True, "see_someone_first": False}})
SEE_SOMEONE = Intake.model_validate({"age": 28, "safety": {"urgent": False, "see_someone_first": True}})


@pytest.mark.parametrize("kind", ["audit", "screen"])
def test_who_may_need_help_now_is_told_that_and_nothing_that_was_seen(judged, audited, capsys, monkeypatch, kind):
    monkeypatch.setenv("COLUMNS", "200")
    name = "step_down_front_right_knee_in"
    if kind == "audit":
        print_audit(audited(name, intake=URGENT).audit, WRITTEN)
    else:
        print_screen(screen([judged(name)], [], URGENT).screen, WRITTEN)
    said = capsys.readouterr().out
    assert "call the local emergency number" in said
    assert "report.html" in said
    for word in ("knee", "repetition", "phase", "Film", "annotated.mp4"):
        assert word not in said, word


def test_who_must_see_somebody_first_is_asked_for_nothing_more(judged, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    run = screen([judged("step_down_front_right_knee_in")], [], SEE_SOMEONE)
    assert run.screen.missing == []
    assert run.screen.first_weeks is None
    print_screen(run.screen, WRITTEN)
    said = capsys.readouterr().out
    assert "talk to a doctor or physiotherapist" in said
    assert "Missing" not in said
    assert "First weeks" not in said


def test_a_refused_clip_is_named_once(judged, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    refused = [Refused("a.mp4", "a.mp4 is empty (0 bytes)."), Refused("b.mp4", "Nobody can be seen in this clip.")]
    print_screen(screen([judged("squat_front_steady")], refused).screen, WRITTEN)
    said = capsys.readouterr().out
    assert "Not judged: a.mp4 is empty" in said
    assert "Not judged: b.mp4: Nobody" in said
