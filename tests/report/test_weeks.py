"""The first weeks on the page: all of the plan, nothing where there is none, and a style that stays its own."""

import re
from html import escape
from importlib.resources import files

from hipaudit.audit.codec import from_json, to_json
from hipaudit.library import drawings
from hipaudit.plan.intake import Intake, Safety
from hipaudit.report import html

TEMPLATES = files("hipaudit.report") / "templates"


def plain(text):
    """A page's words without its tags."""
    body = re.sub(r"<(style|script).*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_page_tells_the_whole_plan(audited):
    run = audited("step_down_front_right_knee_in", intake=Intake(age=70, equipment=("step",)))
    weeks, text = run.audit.first_weeks, plain(html.content(run))
    for planned in (*weeks.warm_up, *weeks.main, *weeks.cool_down):
        assert f"{planned.name}" in text
        assert planned.amount in text
    for planned in weeks.main:
        for part in (planned.why, planned.tempo, planned.effort, planned.easier, planned.harder, planned.caution):
            assert part is None or part in text, part
        assert all(cue in text for cue in planned.cues)
    for sentence in (*weeks.before_next, *weeks.stop, *weeks.progress, *weeks.notes, weeks.retest, weeks.task.cue):
        assert sentence in text
    assert all(row.then in text for row in weeks.pain)


def test_every_main_exercise_is_drawn(audited):
    run = audited("step_down_front_right_knee_in")
    cards = html.content(run).split('<li class="drill')[1:]
    weeks = run.audit.first_weeks
    assert len(cards) == len(weeks.main)
    for planned, card in zip(weeks.main, cards, strict=True):
        assert f"<title>{escape(drawings()[planned.exercise].shows)}</title>" in card


def test_an_answer_that_forbids_training_shows_no_exercise(audited):
    told = Intake(age=30, safety=Safety(urgent=False, see_someone_first=True))
    run = audited("step_down_front_right_knee_in", intake=told)
    text = html.content(run)
    assert run.audit.first_weeks is None
    assert 'id="weeks"' not in text
    assert "physiotherapist" in text
    assert "session" not in plain(text)


def test_the_plan_survives_its_json(audited):
    audit = audited("squat_front_knees_in").audit
    assert from_json(to_json(audit)).first_weeks == audit.first_weeks


def test_its_style_meets_no_class_of_the_rest_of_the_page():
    """A class of the same name would be laid out twice."""
    own = {
        name
        for names in re.findall(r'class="([^"{]+)', (TEMPLATES / "weeks.html").read_text("utf-8"))
        for name in names.split()
    }
    styles = "".join((TEMPLATES / name).read_text("utf-8") for name in ("base.css", "report.css"))
    elsewhere = set(re.findall(r"\.([a-z][\w-]*)", styles))
    assert own & elsewhere <= {"small", "sheet"}
