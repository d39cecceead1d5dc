"""Fixtures only. Poses of real model runs over rendered clips lie in benchmarks/clips, with what is true of them."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("MPLBACKEND", "svg")
os.environ.setdefault("HIPAUDIT_HISTORY", "off")  # nobody's own file

pytest_plugins = ["clinic", "desks", "visited"]
ROOT = Path(__file__).parents[1]
CLIPS = ROOT / "benchmarks" / "clips"
SAMPLES = ROOT / "sample_videos"
TRUTH = json.loads((CLIPS / "truth.json").read_text("utf-8"))
TIMED = json.loads((CLIPS / "timed.json").read_text("utf-8"))
SUPPORTED = ("squat", "single_leg_squat", "lateral_step_down", "sit_to_stand", "single_leg_rdl")


@pytest.fixture(scope="session")
def load() -> Callable:
    """The saved pose track of a clip by its name."""
    from hipaudit.poses.tracks import load_track

    return lambda name: load_track(CLIPS / f"{name}.npz")


@pytest.fixture(scope="session")
def audited(load) -> Callable:
    """The audit run over saved poses; extra arguments go to `audit_poses`."""
    from hipaudit.audit.run import audit_poses
    from hipaudit.poses.replay import ReplayBackend

    def run(name, track=None, **options):
        track = load(name) if track is None else track
        return audit_poses(track, describe(name, track), ReplayBackend(track), **options)

    return run


@pytest.fixture(scope="session")
def judged(load) -> Callable:
    """A clip's saved poses judged by themselves, as a part of several clips."""
    from hipaudit.audit.run import judge_poses
    from hipaudit.poses.replay import ReplayBackend

    def run(name, track=None, **options):
        track = load(name) if track is None else track
        return judge_poses(track, describe(name, track), ReplayBackend(track), **options)

    return run


@pytest.fixture(scope="session")
def filmed(audited) -> Callable:
    """The audit run over saved poses of a sample video, the video at hand for pictures."""
    return lambda name, **options: audited(name, path=SAMPLES / f"{name}.mp4", **options)


def describe(name, track):
    """A clip's description as its file would give it."""
    from hipaudit.frames.video import ClipInfo

    step = float(np.median(np.diff(track.t)))
    width, height = track.size
    return ClipInfo(
        f"{name}.mp4", "0" * 64, float(track.t[-1]) + step, width, height, 0, round(1 / step, 3), False, None
    )
