"""A coach fed with saved poses, as a camera would feed it."""

import numpy as np

from hipaudit.live.coach import Coach, Goal
from hipaudit.poses import PoseTrack

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
