"""Repetitions from a depth signal whose repetitions are known."""

import math

import numpy as np
import pytest
from figures import bends

from hipaudit.reps.measure import find_phases
from hipaudit.reps.segment import HoldSegmenter, RepSegmenter

STARTS = (2.0, 6.5, 11.0)


def depth(t, starts=STARTS, deep=0.3, **shape):
    """A depth signal with the given repetitions: the square of the bend, as hip height goes."""
    return deep * (bends(t, starts, deep=1.0, **shape)) ** 2


def bouts(times, signal):
    segmenter = RepSegmenter()
    found = [b for t, d in zip(times, signal, strict=True) if (b := segmenter.update(float(t), float(d)))]
    last = segmenter.finish(float(times[-1]))
    return [*found, last] if last else found


def steady(fps, seconds=16.0):
    return np.arange(0, seconds, 1 / fps)


def uneven(seed, seconds=16.0):
    return np.cumsum(np.random.default_rng(seed).uniform(0.02, 0.07, int(seconds / 0.045)))


@pytest.mark.parametrize("times", [steady(15), steady(30), steady(60), uneven(1), uneven(2)], ids=lambda t: f"{len(t)}")
@pytest.mark.parametrize("deep", [0.06, 0.15, 0.35])
def test_counts_repetitions_at_any_rate_and_depth(times, deep):
    found = bouts(times, [depth(t, deep=deep) for t in times])
    assert len(found) == 3
    assert all(b.complete for b in found)
    for bout, start in zip(found, STARTS, strict=True):
        assert bout.t0 < start
        assert start + 3.0 < bout.t1 < start + 4.6


def test_standing_still_and_swaying_is_no_repetition():
    times = steady(30)
    sway = 0.008 * np.sin(2 * np.pi * 0.4 * times) + 0.004 * np.sin(2 * np.pi * 2.3 * times)
    assert bouts(times, sway) == []


def test_nobody_is_no_repetition():
    assert bouts(steady(30), np.full(480, np.nan)) == []


def test_a_clip_that_ends_at_the_bottom_leaves_an_incomplete_bout():
    times = steady(30, seconds=8.0)
    found = bouts(times, [depth(t, starts=(2.0, 6.5)) for t in times])
    assert [b.complete for b in found] == [True, False]


def test_a_bounce_at_the_bottom_stays_one_repetition():
    times = steady(30, seconds=8.0)
    bounce = [d + (0.04 * np.sin(2 * np.pi * 3 * t) if d > 0.25 else 0.0) for t in times for d in [depth(t, (2.0,))]]
    assert len(bouts(times, bounce)) == 1


def test_repetitions_without_standing_up_fully_are_counted_one_by_one():
    times = steady(30)
    found = bouts(times, [max(depth(t, starts=(2.0, 5.6, 9.2)), 0.04 if 5.0 < t < 12.5 else 0.0) for t in times])
    assert len(found) == 3


def test_a_pause_at_the_bottom_does_not_split_a_repetition():
    times = steady(30)
    assert len(bouts(times, [depth(t, starts=(2.0,), hold=5.0) for t in times])) == 1


@pytest.mark.parametrize("fps", [24, 30, 60])
@pytest.mark.parametrize(("down", "hold", "up"), [(3.0, 0.5, 2.0), (1.6, 0.4, 1.1), (0.8, 0.2, 0.7)])
def test_phases_are_timed_and_the_turn_is_the_middle_of_the_plateau(fps, down, hold, up):
    times = steady(fps, seconds=4.0 + down + hold + up)
    signal = np.array([depth(t, starts=(2.0,), down=down, hold=hold, up=up) for t in times])
    phases = find_phases(times, signal, 2.3)
    assert phases.low - phases.start == pytest.approx(down, rel=0.2)
    assert phases.end - phases.rise == pytest.approx(up, rel=0.2)
    assert phases.turn == pytest.approx(2.0 + down + hold / 2, abs=0.12)
    assert phases.start < phases.low <= phases.turn <= phases.rise < phases.end


def test_a_hesitation_on_the_way_down_does_not_cut_the_lowering_short():
    times = steady(30, seconds=9.0)
    bend = np.interp(times, [2.0, 3.0, 3.6, 5.0, 5.5, 7.0], [0.0, 0.5, 0.5, 1.0, 1.0, 0.0])
    phases = find_phases(times, 0.3 * bend**2, 2.3)
    assert phases.low - phases.start == pytest.approx(3.0, rel=0.25)


def test_phases_of_nothing_seen_do_not_fail():
    phases = find_phases(np.array([0.0, 0.1, 0.2]), np.full(3, np.nan), 0.0)
    assert (phases.start, phases.end) == (0.0, 0.2)


def lifts(segmenter, *levels, fps=30.0):
    """Bouts of a foot lifted by each level for two seconds, and what is left open."""
    times = np.arange(0, 2 * len(levels), 1 / fps)
    bouts = [b for t in times if (b := segmenter.update(float(t), levels[int(t // 2)]))]
    return bouts, segmenter.finish(float(times[-1]))


def test_a_foot_is_held_until_it_is_on_the_floor_again():
    bouts, left = lifts(HoldSegmenter(0.03, 0.018), 0.0, 0.1, 0.025, 0.1, 0.0)
    assert left is None
    (bout,) = bouts
    assert bout.complete
    assert (bout.began, bout.t1) == (pytest.approx(2.0, abs=0.2), pytest.approx(8.0, abs=0.3))


def test_every_touch_of_the_floor_ends_a_hold_and_the_last_may_be_cut_off():
    bouts, left = lifts(HoldSegmenter(0.03, 0.018), 0.0, 0.1, 0.0, 0.1)
    assert [b.complete for b in bouts] == [True]
    assert left is not None
    assert not left.complete
    assert left.t0 >= bouts[0].t1


def test_a_foot_that_is_not_seen_for_a_moment_is_still_held():
    bouts, _ = lifts(HoldSegmenter(0.03, 0.018), 0.0, 0.1, math.nan, 0.1, 0.0)
    assert len(bouts) == 1
