"""Importing hipaudit, and asking it for help, loads nothing heavy, prints nothing and writes nothing."""

import subprocess
import sys

HEAVY = ("cv2", "mediapipe", "av", "matplotlib", "scipy")


def loaded(code, cwd):
    """Which heavy libraries are loaded after running `code` in a fresh interpreter; its output must be empty."""
    probe = f"{code}\nimport sys\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=cwd, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_import_loads_nothing_heavy(tmp_path):
    assert loaded("import hipaudit", tmp_path) == ["[]"]
    assert list(tmp_path.iterdir()) == []


def test_help_loads_nothing_heavy(tmp_path):
    code = (
        "from hipaudit.cli import app\n"
        "import contextlib, io\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    app(['--help'])\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    app(['audit', '--help'])"
    )
    assert loaded(code, tmp_path) == ["[]"]


def test_public_names_are_all_there():
    import hipaudit

    for name in hipaudit.__all__:
        assert getattr(hipaudit, name) is not None
    assert set(dir(hipaudit)) == set(hipaudit.__all__)
