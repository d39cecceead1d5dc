"""hipaudit live as it is typed: in the browser, in a window, as lines of JSON, and its benchmark."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
from conftest import SAMPLES
from screen import needs_a_screen, screen
from websockets.sync.client import connect

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "hipaudit", "live"]
NOWHERE = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
SQUAT = SAMPLES / "squat_front_knees_in.mp4"


def live(*arguments, environment=NOWHERE, timeout=300):
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=timeout)


@contextmanager
def started(*arguments, environment=NOWHERE):
    pipe = subprocess.PIPE
    running = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdout=pipe, stderr=pipe, text=True, cwd=ROOT, env=environment
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


@pytest.mark.model
def test_the_address_is_printed_works_and_ends_with_ctrl_c(tmp_path):
    with started("--no-open", "--movement", "squat", "--reps", "7", "--out", tmp_path) as running:
        address = running.stdout.readline().strip()
        port, token = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/#([\w-]{32})", address).groups()
        origin = f"http://127.0.0.1:{port}"
        assert "<title>hipaudit live</title>" in httpx.get(origin).text
        with connect(f"ws://127.0.0.1:{port}/ws", origin=origin) as page:
            page.send(json.dumps({"type": "hello", "token": token}))
            welcome = json.loads(page.recv(10))
            running.send_signal(signal.SIGINT)
            _, errors = running.communicate(timeout=30)
    assert welcome["chosen"] == {"movement": "squat", "side": None, "sets": None, "reps": 7}
    assert running.returncode == 0
    assert errors.splitlines()[-1] == "hipaudit: Ended."
    assert "Traceback" not in errors


@pytest.mark.model
def test_headless_prints_what_the_coach_says_and_saves_where_it_was_told(tmp_path):
    """A file is played at its own pace, and a machine that is late misses pictures of it: only what ends is certain."""
    result = live("--headless", "--source", SQUAT, "--movement", "squat", "--out", tmp_path)
    assert result.returncode == 0, result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    kinds = {event["type"] for event in events}
    assert kinds >= {"set_up", "tracked"}
    assert ("ended before a set began" in result.stderr) == ("calibration_done" not in kinds)
    for saved in (event for event in events if event["type"] == "saved"):
        assert (Path(saved["folder"]) / "audit.json").exists()


WRONG = {
    "no movement": (["--headless"], 2, "name the movement with --movement"),
    "no side": (["--window", "--movement", "single_leg_squat"], 2, "--side left or --side right"),
    "two at once": (["--window", "--headless", "--movement", "squat"], 2, "one of --window, --headless and --bench"),
    "no camera": (["--headless", "--movement", "squat", "--camera", "97"], 3, "Camera 97 cannot be opened"),
    "no file": (["--headless", "--movement", "squat", "--source", "nothing.mp4"], 3, "does not exist"),
    "no screen": (["--window", "--movement", "squat", "--mute", "--source", SQUAT], 3, "There is no screen"),
    "a screen that is not there": (
        ["--window", "--movement", "squat", "--mute", "--source", SQUAT],
        3,
        "There is no screen",
    ),
    "no clip": (["--bench", "nothing.mp4", "--movement", "squat"], 3, "does not exist"),
    "no port": (["--port", "70000"], 2, "--port"),
}


@pytest.mark.model
@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_in_a_sentence(case):
    arguments, code, why = WRONG[case]
    environment = {**NOWHERE, "DISPLAY": ":4711"} if case == "a screen that is not there" else NOWHERE
    result = live(*arguments, environment={**environment, "COLUMNS": "200"})
    assert result.returncode == code, result.stderr
    assert why in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert not result.stdout


@pytest.mark.model
def test_the_benchmark_says_what_it_measured():
    result = live("--bench", SAMPLES / "squat_front_steady.mp4", "--movement", "squat", "--model", "lite")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert re.fullmatch(r"\d+ pictures in [\d.]+ s: [\d.]+ a second", lines[0])
    for name in ("decode", "pose", "coach", "total", "rep end to count"):
        assert any(re.fullmatch(rf"{name} +p50 +-?[\d.]+ ms +p95 +-?[\d.]+ ms", line) for line in lines), name
    assert "3 repetitions counted" in lines


@pytest.mark.model
@needs_a_screen
def test_the_window_shows_the_person_the_counter_and_ends_with_the_clip(tmp_path):
    shown = []
    with (
        screen(tmp_path) as there,
        started(
            "--window", "--movement", "squat", "--mute", "--source", SQUAT, environment=there.environment
        ) as running,
    ):
        while running.poll() is None:
            try:
                running.wait(1)
            except subprocess.TimeoutExpired:
                shown.append(there.picture())
        assert running.returncode == 0, running.stderr.read()
    seen = [picture for picture in shown if picture.any()]
    assert len(seen) > 5
    assert np.abs(np.diff([picture.mean() for picture in seen])).max() > 0  # it moves
    counters = {picture[60:360, 20:340].tobytes() for picture in seen}
    assert len(counters) > 1  # and counts
