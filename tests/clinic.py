"""A clinic of replayed clips: jobs that take a fraction of a second and go through everything but the pose model."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEEN = ("k01_squat_clean", "k07_stepdown_valgus", "k11_sls_drop", "k05_stepdown_clean")


@pytest.fixture(scope="session")
def poses(load, tmp_path_factory):
    """Pose files of four clips."""
    from hipaudit.poses.tracks import ClipPoses, describe, save_poses

    folder = tmp_path_factory.mktemp("poses")
    for name in SEEN:
        info = describe(load(name), f"{name}.mp4", "0" * 64)
        save_poses(ClipPoses(load(name), info, "saved"), folder / f"{name}.npz")
    return [folder / f"{name}.npz" for name in SEEN]


@pytest.fixture
def manifest(tmp_path):
    """Writes a manifest from rows of client and clip, and whatever columns they carry."""

    def write(rows, name="clients.csv"):
        columns = list(dict.fromkeys(key for row in rows for key in row))
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
        return tmp_path / name

    return write


@pytest.fixture
def clinic(manifest, poses):
    """A manifest of so many clients, each with clips of their own bytes, the first `per_client` of `poses`."""

    def write(clients, per_client=1):
        rows = [
            {"client": f"client {n:04}", "clip": str(poses[(n + k) % len(poses)])}
            for n in range(clients)
            for k in range(per_client)
        ]
        return manifest(rows)

    return write


@pytest.fixture
def jobs(tmp_path):
    """The jobs of a manifest."""
    from hipaudit.batch import Options
    from hipaudit.batch.plan import plan_manifest

    return lambda file, **options: plan_manifest(file, tmp_path / "out", Options(**options)).jobs


def command(*arguments):
    """The command line of hipaudit batch, and the environment it runs in."""
    environment = os.environ | {"COLUMNS": "300", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    return [sys.executable, "-m", "hipaudit", "batch", *map(str, arguments)], environment


def hipaudit_batch(*arguments, timeout=300):
    """Runs hipaudit batch to its end."""
    line, environment = command(*arguments)
    return subprocess.run(line, capture_output=True, text=True, env=environment, timeout=timeout)
