"""A coach fed with saved poses, as a camera would feed it."""

from pathlib import Path

import numpy as np

from hipaudit.live.coach import Coach, Goal
from hipaudit.poses import PoseTrack

BENCH = Path(__file__).parents[1] / "benchmarks" / "bench_camera.npz"
LIGHT = 120.0
QUIET = 1.2  # s at the beginning of every saved clip in which the person stands or lies still


def with_set_up(track, seconds=8.0):
    """The clip with its first, quiet second to and fro before it: time to count down and measure the stand."""
    step = float(np.median(np.diff(track.t)))
    n, more = int(np.searchsorted(track.t, QUIET)), round(seconds / step)
    to_and_fro = [*range(n), *range(n - 2, 0, -1)]
    rows = np.array([to_and_fro[i % len(to_and_fro)] for i in range(more)] + list(range(len(track))))
    t = np.concatenate([track.t[0] + np.arange(more) * step, track.t + more * step])
    return PoseTrack(t, track.xy[rows], track.xyz[rows], track.visibility[rows], track.size, track.back[rows])


def fed(coach, track, light=LIGHT):
    """Every event of a track fed to a coach and its set stopped at the end."""
    events = [event for t, pose in track for event in coach.update(t, pose, light)]
    return [*events, *coach.stop(float(track.t[-1]) + 0.04)]


def coached(track, movement, side, goal=None, **options):
    """A coach that has seen a track, and the events."""
    coach = Coach(movement, side, goal or Goal(), track.size, **options)
    return coach, fed(coach, track)


def of(kind, events):
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]


def before_cameras(from_body=0, seconds=1.0):
    """Height of the camera in standing heights, and somebody who stands before it: every still of the bench."""
    with np.load(BENCH) as file:
        data = {name: file[name] for name in file.files}
    t = np.arange(0, seconds + 0.04, 0.04)
    for i in np.flatnonzero(data["body"] >= from_body):
        still = data["xy"][i] / 16.0, data["xyz"][i] / 2000.0, data["seen"][i]
        xy, xyz, seen = (np.repeat(part[None].astype(np.float32), len(t), 0) for part in still)
        yield float(data["height"][i]), PoseTrack(t, xy, xyz, seen, tuple(data["size"][i].tolist()))
