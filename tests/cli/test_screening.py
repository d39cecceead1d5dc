"""hipaudit screen as a user runs it: one folder of clips to one report, and what is wrong in one sentence."""

import json

import jsonschema
import pytest
from conftest import SAMPLES
from typer.testing import CliRunner

from hipaudit.audit import SCREEN_SCHEMA
from hipaudit.audit.codec import json_schema
from hipaudit.cli import app


def screen(*arguments):
    return CliRunner().invoke(app, ["screen", *map(str, arguments)], env={"COLUMNS": "300", "NO_COLOR": "1"})


@pytest.fixture
def clips(tmp_path):
    """A folder with a file that is no video; dots in its name are no ending."""
    folder = tmp_path / "anna.2026.11.24"
    folder.mkdir()
    (folder / "bad.mp4").write_text("no video", "utf-8")
    return folder


@pytest.mark.model
def test_a_folder_gives_one_report_and_one_document_beside_it(clips):
    (clips / "squat.mp4").symlink_to(SAMPLES / "squat_front_steady.mp4")
    done = screen(clips, "--model", "lite", "--no-video", "--json")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    jsonschema.validate(document, json_schema(SCREEN_SCHEMA))
    assert [audit["movement"]["name"] for audit in document["audits"]] == ["squat"]
    assert [refused["clip"] for refused in document["refused"]] == ["bad.mp4"]
    folder = clips.parent / "anna.2026.11.24_screen"
    assert json.loads((folder / "screen.json").read_text("utf-8")) == document
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == {
        "screen.json",
        "report.html",
        "squat/audit.json",
        "squat/measures.csv",
        "squat/poses.npz",
    }


def test_where_no_clip_can_be_judged_each_is_named_and_nothing_is_left(clips):
    done = screen(clips)
    assert done.exit_code == 4
    assert "bad.mp4" in done.stderr
    assert "Traceback" not in done.stderr
    assert [p.name for p in clips.parent.iterdir()] == [clips.name]


def test_a_folder_without_a_video_is_said(tmp_path):
    done = screen(tmp_path)
    assert done.exit_code == 3
    assert "holds no video" in done.stderr


def test_a_wrong_intake_is_said_before_any_clip_is_read(clips):
    wrong = clips / "intake.toml"
    wrong.write_text("pian = 3\n", "utf-8")
    done = screen(clips, "--intake", wrong)
    assert done.exit_code == 2
    assert "did you mean pain" in done.stderr
