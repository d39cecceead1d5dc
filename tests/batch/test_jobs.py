"""A job is done once, and again only when something it depends on has changed."""

import json
import os
import shutil
from dataclasses import replace

import pytest
from conftest import SAMPLES

from hipaudit import audit, batch
from hipaudit.audit.codec import from_json
from hipaudit.batch import ClipJob, Options
from hipaudit.batch.jobs import RECEIPT, fate, read_receipt, run_job
from hipaudit.batch.plan import plan_screens
from hipaudit.export import EXPORTS, export
from hipaudit.poses.tracks import load_track, save_track

FILES = {"audit.json", "measures.csv", "poses.npz", "report.html"}


@pytest.fixture
def job(poses, tmp_path):
    clip = shutil.copy(poses[1], tmp_path / "squat.npz")
    return ClipJob("Anna", clip, tmp_path / "out" / "Anna" / "squat", Options())


def states(*jobs):
    return [run_job(job).state for job in jobs]


def test_a_job_leaves_an_audit_and_its_receipt(job):
    assert fate(job) == "to do"
    outcome = run_job(job)
    assert (outcome.state, outcome.failure, outcome.frames > 100) == ("done", None, True)
    assert set(outcome.files) == FILES
    assert {path.name for path in job.folder.iterdir()} == FILES | {RECEIPT}
    assert from_json((job.folder / "audit.json").read_text("utf-8")).movement.name == "lateral_step_down"
    assert fate(job) == "done"


def test_it_is_not_done_twice(job):
    first = run_job(job)
    written = {path: path.stat().st_mtime_ns for path in job.folder.iterdir()}
    again = run_job(job)
    assert again == replace(first, state="kept")
    assert {path: path.stat().st_mtime_ns for path in job.folder.iterdir()} == written


def test_what_it_depends_on_makes_it_new(job, poses, tmp_path, monkeypatch):
    intake = tmp_path / "intake.toml"
    intake.write_text("age = 30\n", "utf-8")
    told = replace(job, intake=intake)
    assert states(job, told, told) == ["done", "done", "kept"]
    intake.write_text("# asked again\nage = 30\n", "utf-8")
    assert states(told) == ["kept"], "the same answers in other bytes"
    intake.write_text("age = 31\n", "utf-8")
    assert states(told) == ["done"]
    assert states(replace(told, movement="lateral_step_down")) == ["done"]
    assert states(replace(job, options=Options(blur_faces=True)), job, job) == ["done", "done", "kept"]
    monkeypatch.setattr(batch.jobs, "digest", lambda: "other rules")
    assert states(job, job) == ["done", "kept"]
    monkeypatch.setattr(batch.jobs, "__version__", "9.9")
    assert states(job, job) == ["done", "kept"]
    shutil.copy(poses[2], job.clip)
    assert states(job, job) == ["done", "kept"]


@pytest.mark.model
def test_told_something_else_the_clip_is_not_looked_at_again(tmp_path, monkeypatch):
    seen = ClipJob("Anna", SAMPLES / "step_down_front_right_knee_in.mp4", tmp_path / "out", Options(model="lite"))
    intake = tmp_path / "intake.toml"
    intake.write_text("age = 30\n", "utf-8")
    assert states(seen) == ["done"]
    first = from_json((seen.folder / "audit.json").read_text("utf-8"))

    def looked(model):
        raise AssertionError("the pose model was opened")

    monkeypatch.setattr(audit.run, "open_model", looked)
    assert states(replace(seen, intake=intake), seen) == ["done", "done"]
    assert from_json((seen.folder / "audit.json").read_text("utf-8")) == first
    for other in (
        replace(seen, options=Options(model="full")),
        replace(seen, options=Options(model="lite", force=True)),
    ):
        with pytest.raises(AssertionError, match="was opened"):
            run_job(other)
    (seen.folder / "poses.npz").write_bytes(b"nonsense")
    with pytest.raises(AssertionError, match="was opened"):
        run_job(replace(seen, intake=intake))


def test_force_does_it_again(job):
    assert states(job, replace(job, options=Options(force=True)), job) == ["done", "done", "kept"]


@pytest.mark.parametrize("file", sorted(FILES | {RECEIPT}))
def test_a_file_that_is_gone_is_made_again(job, file):
    run_job(job)
    (job.folder / file).unlink()
    assert states(job, job) == ["done", "kept"]


def test_a_receipt_that_is_no_receipt_counts_for_nothing(job):
    run_job(job)
    (job.folder / RECEIPT).write_text('{"key": 3}', "utf-8")
    assert read_receipt(job.folder) is None
    assert states(job, job) == ["done", "kept"]


def test_a_failure_is_remembered_until_it_is_to_be_tried_again(job):
    still = load_track(job.clip)
    save_track(still.at(slice(0, 60)), job.clip)  # two seconds of standing
    first = run_job(job)
    assert (first.state, first.failure.kind) == ("failed", "nothing to judge")
    assert fate(job) == "failed before"
    receipt = (job.folder / RECEIPT).stat().st_mtime_ns
    assert run_job(job) == first
    assert (job.folder / RECEIPT).stat().st_mtime_ns == receipt, "not even tried"
    assert run_job(replace(job, options=Options(retry_failed=True))).failure == first.failure
    assert (job.folder / RECEIPT).stat().st_mtime_ns > receipt


def test_a_clip_that_turns_bad_leaves_nothing_of_its_old_audit(job):
    run_job(job)
    job.clip.write_bytes(b"nonsense")
    assert run_job(job).failure.kind == "unreadable"
    assert [path.name for path in job.folder.iterdir()] == [RECEIPT]


def test_an_export_of_the_old_audit_does_not_stay_beside_a_new_one(job, poses):
    run_job(job)
    export(job.folder, job.folder, EXPORTS)
    (job.folder / "my notes.txt").touch()
    assert states(job) == ["kept"]
    assert (job.folder / "landmarks.trc").exists()
    shutil.copy(poses[2], job.clip)
    assert states(job) == ["done"]
    assert {path.name for path in job.folder.iterdir()} == FILES | {RECEIPT, "my notes.txt"}


def test_what_a_broken_off_run_left_half_written_is_taken_away(job):
    job.folder.mkdir(parents=True)
    (job.folder / ".audit.json.part").write_text("{", "utf-8")
    assert states(job) == ["done"]
    assert {path.name for path in job.folder.iterdir()} == FILES | {RECEIPT}


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe"])
def test_what_is_no_file_fails_in_a_sentence_and_is_tried_again(job, kind):
    job.clip.unlink()
    if kind == "folder":
        job.clip.mkdir()
    if kind == "pipe":
        os.mkfifo(job.clip)
    outcome = run_job(job)
    assert outcome.failure.kind == "unreadable"
    assert outcome.failure.say.startswith(str(job.clip))
    assert not (job.folder / RECEIPT).exists()


def test_a_wrong_intake_fails_the_clip_and_is_not_remembered(job, tmp_path):
    told = replace(job, intake=tmp_path / "intake.toml")
    assert run_job(told).failure.kind == "intake"
    told.intake.write_text("age = 'old'\n", "utf-8")
    assert run_job(told).failure.kind == "intake"
    told.intake.write_text("age = 40\n", "utf-8")
    assert states(told) == ["done"]


@pytest.fixture
def visit(poses, tmp_path):
    """Two step-downs and a clip of standing, of one client and day."""
    still = tmp_path / "still.npz"
    save_track(load_track(poses[1]).at(slice(0, 60)), still)
    files = [poses[1], poses[3], still]
    return [
        ClipJob("Anna", file, tmp_path / "out" / "Anna" / file.stem, Options(), group="first visit") for file in files
    ]


def test_the_clips_of_a_visit_make_one_screen(visit, tmp_path):
    outcomes = [run_job(job) for job in visit]
    (screen,) = plan_screens(outcomes, tmp_path / "out", Options())
    assert screen.folder == tmp_path / "out" / "Anna" / "screen first visit"
    assert run_job(screen).state == "done"
    said = json.loads((screen.folder / "screen.json").read_text("utf-8"))
    assert len(said["audits"]) == 2
    assert [clip["clip"] for clip in said["refused"]] == ["still.npz"]
    assert run_job(screen).state == "kept"
    (again,) = plan_screens([run_job(job) for job in visit], tmp_path / "out", Options())
    assert run_job(again).state == "kept"


def test_a_screen_is_made_again_when_a_clip_is(visit, tmp_path):
    outcomes = [run_job(job) for job in visit]
    (screen,) = plan_screens(outcomes, tmp_path / "out", Options())
    run_job(screen)
    (tmp_path / "answers.toml").write_text("age = 70\n", "utf-8")
    told = [replace(job, intake=tmp_path / "answers.toml") for job in visit]
    (screen,) = plan_screens([run_job(job) for job in told], tmp_path / "out", Options())
    assert run_job(screen).state == "done"


def test_a_clip_that_cannot_be_read_is_missed_in_the_screen_of_its_group(visit, tmp_path):
    outcomes = [run_job(job) for job in [*visit[:2], replace(visit[2], clip=tmp_path / "gone.npz")]]
    (screen,) = plan_screens(outcomes, tmp_path / "out", Options())
    assert [path.name for path, _ in screen.refused] == ["gone.npz"]
    assert run_job(screen).state == "done"
    (later,) = plan_screens([run_job(job) for job in visit], tmp_path / "out", Options())
    assert [path.name for path, _ in later.refused] == ["still.npz"]
    assert run_job(later).state == "done", "the clip is there again"


def test_another_day_or_another_client_is_another_screen(visit, tmp_path):
    outcomes = [run_job(job) for job in visit]
    assert plan_screens(outcomes[:1], tmp_path, Options()) == []
    apart = [outcomes[0], replace(outcomes[1], visit="second visit")]
    assert plan_screens(apart, tmp_path, Options()) == []
    apart = [outcomes[0], replace(outcomes[1], job=replace(visit[1], client="Ben"))]
    assert plan_screens(apart, tmp_path, Options()) == []
