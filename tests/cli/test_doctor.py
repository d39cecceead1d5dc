"""hipaudit doctor on this machine, and on machines that lack something."""

import json
import subprocess
import sys
from importlib import metadata

import pytest
from typer.testing import CliRunner

from hipaudit import doctor
from hipaudit.cli import app
from hipaudit.poses import models


def hipaudit(*arguments):
    return CliRunner().invoke(app, ["doctor", *arguments], env={"COLUMNS": "80"})


def found(result, name):
    return next(check for check in json.loads(result.stdout)["checks"] if check["name"] == name)


@pytest.mark.model
def test_here_audits_can_run(monkeypatch, tmp_path):
    monkeypatch.setenv("HIPAUDIT_MODELS", str(tmp_path))
    result = hipaudit()
    assert result.exit_code == 0, result.stdout
    assert result.stdout.endswith("Audits can run.\n")
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    for name in ("python", "mediapipe", "cv2 package", "codecs", "model full", "camera", "screen", "folder", "trial"):
        assert f" {name} " in result.stdout


@pytest.mark.model
def test_without_a_model_they_cannot(monkeypatch, tmp_path):
    monkeypatch.setattr(models, "SHIPPED", ())
    monkeypatch.setenv("HIPAUDIT_MODELS", str(tmp_path))
    result = hipaudit("--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["ready"] is False
    assert found(result, "model full") == {
        "name": "model full", "state": "missing", "say": "Not here: install hipaudit again."
    }  # fmt: skip
    assert found(result, "model heavy")["state"] == "ok"
    assert "does not run" in found(result, "trial")["say"]


def test_a_library_that_cannot_be_loaded_is_missing_and_says_why():
    check = doctor._library("no_such_library")
    assert check.state == "missing"
    assert "No module named" in check.say


def test_without_numpy_it_says_so_in_one_sentence():
    script = "import sys; sys.modules['numpy'] = None; from hipaudit.cli import app; app(['doctor'])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert result.returncode == 1
    assert result.stderr.startswith("hipaudit: Cannot start (")
    assert result.stderr.count("\n") == 1


def test_a_missing_system_library_names_the_packages():
    assert "libegl1" in doctor._cure(OSError("libEGL.so.1: cannot open shared object file"))


class Distribution:
    def __init__(self, name):
        self.metadata = {"Name": name}


def test_two_packages_with_one_cv2_are_a_warning(monkeypatch):
    names = ("numpy", "opencv-python", "opencv-contrib-python")
    monkeypatch.setattr(metadata, "distributions", lambda: map(Distribution, names))
    check = doctor._one_cv2()
    assert check.state == "warning"
    assert "pip uninstall opencv-python," in check.say


@pytest.mark.parametrize(
    ("lost", "state", "words"),
    [("hevc", "missing", "read hevc"), ("libdav1d", "warning", "read av1"), ("libx264", "warning", "write h264")],
)
def test_codecs_that_phones_use_are_needed_others_not(monkeypatch, lost, state, words):
    import av

    monkeypatch.setattr(av, "codecs_available", av.codecs_available - {lost})
    check = doctor._codecs()
    assert check.state == state
    assert words in check.say


def test_a_screen_is_asked_of_the_environment(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert doctor._screen().state == "warning"
    monkeypatch.setenv("DISPLAY", ":0")
    assert doctor._screen().state == "ok"


def test_a_folder_that_is_gone_is_a_warning(monkeypatch, tmp_path):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert doctor._folder().state == "warning"
