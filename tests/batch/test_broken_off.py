"""Runs that are killed, interrupted or run out of disk: nothing finished is lost, half written or done twice."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import time

import psutil
import pytest
from clinic import command, hipaudit_batch

from hipaudit.audit.codec import from_json
from hipaudit.batch.jobs import RECEIPT, read_receipt

LATER = [pytest.param(n, marks=pytest.mark.long) for n in range(3, 20)]
CLIPS = 12


def receipts(out):
    return sorted(out.rglob(RECEIPT))


def whole(out):
    """Holds every file of a result folder to be complete; returns the audits by place."""
    audits = {}
    for file in out.rglob("audit.json"):
        audits[file.relative_to(out)] = from_json(file.read_text("utf-8"))
    for receipt in receipts(out):
        held = read_receipt(receipt.parent)
        assert held is not None, f"{receipt} is half written"
        for name in held.files:
            assert (receipt.parent / name).stat().st_size > 0
    for page in out.rglob("report.html"):
        assert page.read_text("utf-8").rstrip().endswith("</html>")
    for table in out.rglob("measures.csv"):
        assert table.read_text("utf-8").endswith("\n")
    return audits


def begun(*arguments):
    """A run that has been started, in a session of its own as a terminal would give it."""
    line, environment = command(*arguments)
    return subprocess.Popen(
        line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def until(what, run, seconds=60):
    """Waits for something to come true while a run goes on."""
    give_up = time.monotonic() + seconds
    while not what():
        assert run.poll() is None, f"the run ended: {run.communicate()}"
        assert time.monotonic() < give_up
        time.sleep(0.02)


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """What a run that nothing happens to leaves behind, by number of clips."""
    return {}


def complete(manifest, out, reference):
    """A second run finds what is done, does the rest, and leaves what an undisturbed run leaves."""
    before = {path: path.stat().st_mtime_ns for path in receipts(out)}
    result = hipaudit_batch(manifest, "--out", out, "--no-video", "--show", "jsonl")
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len({line["folder"] for line in lines}) == len(lines) == CLIPS
    assert sum(line["state"] == "kept" for line in lines) == len(before), "what was finished is not done again"
    assert {path: path.stat().st_mtime_ns for path in before} == before
    audits = whole(out)
    assert len(audits) == CLIPS
    assert not list(out.rglob("*.part"))
    if "audits" not in reference:
        reference["audits"] = audits
    assert audits == reference["audits"]


@pytest.mark.parametrize("number", [0, 1, 2, *LATER])
def test_a_run_killed_at_any_instant_goes_on_where_it_was(clinic, tmp_path, reference, number):
    out, manifest = tmp_path / "out", clinic(CLIPS)
    run = begun(manifest, "--out", out, "--no-video", "--show", "quiet")
    until(lambda: receipts(out), run)
    time.sleep(random.Random(number).uniform(0, 3))
    workers = psutil.Process(run.pid).children(recursive=True) if run.poll() is None else []
    run.kill()
    run.communicate()
    psutil.wait_procs(workers, timeout=10)
    assert not [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE]
    whole(out)
    complete(manifest, out, reference)


@pytest.mark.parametrize("number", [0, 1, 2, *LATER])
def test_a_worker_killed_at_any_instant_costs_nothing(clinic, tmp_path, reference, number):
    out, manifest = tmp_path / "out", clinic(CLIPS)
    run = begun(manifest, "--out", out, "--no-video", "--show", "jsonl")
    until(lambda: receipts(out), run)
    time.sleep(random.Random(number).uniform(0, 2))
    children = psutil.Process(run.pid).children() if run.poll() is None else []
    workers = [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    for worker in workers[:1]:
        worker.kill()
    said, errors = run.communicate(timeout=120)
    assert run.returncode == 0, errors
    assert sum(json.loads(line)["state"] == "done" for line in said.splitlines()) == CLIPS
    complete(manifest, out, reference)


def test_ctrl_c_finishes_the_clips_under_way(clinic, tmp_path, reference):
    out, manifest = tmp_path / "out", clinic(CLIPS)
    run = begun(manifest, "--out", out, "--no-video", "--workers", "1")
    until(lambda: receipts(out), run)
    os.killpg(run.pid, signal.SIGINT)
    said, errors = run.communicate(timeout=60)
    assert run.returncode == 130, errors
    assert "Ctrl-C again stops at once" in errors
    assert "the same command goes on from here" in errors
    held = json.loads((out / "run.json").read_text("utf-8"))
    assert sum(held["clips"].values()) + held["not_reached"] == CLIPS
    assert f"{CLIPS} clips: {held['clips']['done']} done, 0 done before, 0 failed, {held['not_reached']} not" in said
    complete(manifest, out, reference)


def test_ctrl_c_twice_stops_at_once(clinic, tmp_path, reference):
    out, manifest = tmp_path / "out", clinic(CLIPS)
    run = begun(manifest, "--out", out, "--no-video", "--workers", "1")
    until(lambda: receipts(out), run)
    os.killpg(run.pid, signal.SIGINT)
    time.sleep(0.1)
    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in errors
    whole(out)
    complete(manifest, out, reference)


def test_a_second_run_into_the_same_folder_is_refused(clinic, tmp_path):
    out, manifest = tmp_path / "out", clinic(CLIPS)
    run = begun(manifest, "--out", out, "--no-video", "--show", "quiet")
    until(lambda: receipts(out), run)
    os.kill(run.pid, signal.SIGSTOP)  # else it might be done before the second has begun
    second = hipaudit_batch(manifest, "--out", out, "--no-video")
    os.kill(run.pid, signal.SIGCONT)
    assert second.returncode == 2
    assert second.stderr.splitlines()[-1].startswith(f"hipaudit: Another run is writing to {out}")
    run.communicate(timeout=120)
    assert run.returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 1.5 MB, if this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", place], capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_ends_the_run_and_loses_nothing(clinic, small_disk, tmp_path, reference):
    out, manifest = small_disk / "out", clinic(CLIPS)
    result = hipaudit_batch(manifest, "--out", out, "--no-video")
    assert result.returncode == 2
    assert "No space left on device" in result.stderr
    assert "Traceback" not in result.stderr
    kept = whole(out)
    assert 0 < len(kept) < CLIPS
    moved = tmp_path / "out"
    shutil.copytree(out, moved)
    complete(manifest, moved, reference)


def test_a_folder_that_cannot_be_written_to_is_told_before_anything_starts(clinic, tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    bound = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", place], capture_output=True)
    if bound.returncode:
        pytest.skip("no read-only disk can be mounted here")
    try:
        result = hipaudit_batch(clinic(2), "--out", place / "out")
    finally:
        subprocess.run(["umount", place], check=True)
    assert result.returncode == 2
    assert result.stderr.startswith(f"hipaudit: Cannot write to {place / 'out'}: Read-only file system.")


def test_one_place_that_cannot_be_written_to_costs_its_clip_alone(clinic, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "client 0000").touch()  # a file where the first client's folder should be
    result = hipaudit_batch(clinic(3), "--out", out, "--no-video", "--show", "jsonl")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 5, result.stderr
    assert {line["client"]: line["state"] for line in lines} == {
        "client 0000": "failed",
        "client 0001": "done",
        "client 0002": "done",
    }
    (failed,) = (line["why"] for line in lines if line["why"])
    assert failed["kind"] == "output"
    assert failed["say"].startswith(f"Cannot write to {out / 'client 0000'}")


def test_what_was_not_reached_again_is_counted_once_and_shown_as_it_was(clinic, tmp_path):
    out, manifest = tmp_path / "out", clinic(CLIPS)
    assert hipaudit_batch(manifest, "--out", out, "--no-video").returncode == 0
    before = {path: path.stat().st_mtime_ns for path in receipts(out)}
    run = begun(manifest, "--out", out, "--no-video", "--workers", "1", "--force")
    until(lambda: {path: path.stat().st_mtime_ns for path in receipts(out)} != before, run)
    os.killpg(run.pid, signal.SIGINT)
    said, errors = run.communicate(timeout=60)
    assert run.returncode == 130, errors
    held = json.loads((out / "run.json").read_text("utf-8"))
    assert held["clips"]["kept"] == 0, "none was asked for again"
    assert sum(held["clips"].values()) + held["not_reached"] == CLIPS
    assert f"{CLIPS} clips: " in said
    with (out / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == CLIPS


def test_results_of_a_client_who_was_renamed_are_named(clinic, tmp_path):
    out, manifest = tmp_path / "out", clinic(3)
    hipaudit_batch(manifest, "--out", out, "--no-video")
    manifest.write_text(manifest.read_text("utf-8").replace("client 0000", "Anna"), "utf-8")
    assert "earlier runs" not in hipaudit_batch(manifest, "--out", out, "--no-video", "--limit", "1").stderr
    result = hipaudit_batch(manifest, "--out", out, "--no-video")
    (stray,) = json.loads((out / "run.json").read_text("utf-8"))["strays"]
    assert stray.startswith("client 0000/")
    assert f"are not in the overview (1: {stray})" in result.stderr
    assert result.returncode == 0
