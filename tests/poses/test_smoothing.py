"""Filters: what they keep, what they remove, and that they invent nothing."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfiltfilt

from hipaudit.poses.smoothing import _DOUBLE_PASS, CUTOFF_HZ, GAP, PADDING, Causal, Smoothing, zero_phase

CALM = settings(max_examples=60, deadline=None)
STEPS = st.lists(st.floats(0.008, 0.5), min_size=1, max_size=120)


def even(fps, seconds=6.0):
    return np.arange(round(seconds * fps)) / fps


def uneven(least, most, seconds=6.0):
    steps = np.random.default_rng(5).uniform(least, most, round(2 * seconds / (least + most)))
    return np.cumsum(steps)


CLOCKS = {
    "15": even(15),
    "25": even(25),
    "30": even(30),
    "60": even(60),
    "phone at 30": uneven(0.028, 0.039),
    "phone at 60": uneven(0.012, 0.022),
    "phone at 20": uneven(0.033, 0.067),
}


def fitted(t, values, hertz):
    """Amplitude and delay in seconds of the sine nearest to `values`, away from both ends."""
    inside = (t > t[0] + 0.4) & (t < t[-1] - 0.4)
    angle = 2 * np.pi * hertz * t[inside]
    basis = np.stack([np.sin(angle), np.cos(angle), np.ones_like(angle)], 1)
    sine, cosine, _ = np.linalg.lstsq(basis, values[inside], rcond=None)[0]
    return np.hypot(sine, cosine), -np.arctan2(cosine, sine) / (2 * np.pi * hertz)


@pytest.mark.parametrize("length", [4, 5, 13, 400])
@pytest.mark.parametrize("fps", [20, 30, 100])
@pytest.mark.parametrize("cutoff", [2.5, CUTOFF_HZ])
def test_the_filter_is_the_butterworth_of_the_signal_library(length, fps, cutoff):
    noise = np.random.default_rng(1).normal(size=(length, 3)).cumsum(0)
    sections = butter(2, cutoff / _DOUBLE_PASS, fs=fps, output="sos")
    expected = sosfiltfilt(sections, noise, axis=0, padlen=min(PADDING, length - 1))
    np.testing.assert_allclose(zero_phase(np.arange(length) / fps, noise, cutoff), expected, atol=1e-10)


@pytest.mark.parametrize("clock", ["15", "25", "30", "60", "phone at 30", "phone at 60"])
def test_slow_movement_keeps_its_size(clock):
    t = CLOCKS[clock]
    amplitude, _ = fitted(t, zero_phase(t, np.sin(2 * np.pi * t)), 1.0)
    assert amplitude == pytest.approx(1, abs=0.01)


def test_slow_movement_keeps_its_size_at_twenty_uneven_frames():
    # Straight lines between pictures 33 to 67 ms apart cut 2 % off a movement of one second, none of a squat's three.
    t = CLOCKS["phone at 20"]
    amplitude, _ = fitted(t, zero_phase(t, np.sin(2 * np.pi * t / 3)), 1 / 3)
    assert amplitude == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("clock", CLOCKS)
def test_nothing_lags(clock):
    t = CLOCKS[clock]
    _, delay = fitted(t, zero_phase(t, np.sin(2 * np.pi * t)), 1.0)
    assert abs(delay) < 0.005


@pytest.mark.parametrize("fps", [30, 60])
def test_peak_keeps_its_time_and_height(fps):
    t = even(fps)
    peak = np.exp(-(((t - 3.0) / 0.4) ** 2))
    smooth = zero_phase(t, peak)
    assert t[smooth.argmax()] == pytest.approx(3.0)
    assert smooth.max() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("clock", ["30", "60", "phone at 30", "phone at 60"])
def test_shaking_is_removed(clock):
    t = CLOCKS[clock]
    shake = np.sin(2 * np.pi * 12 * t)
    inside = (t > 0.5) & (t < t[-1] - 0.5)
    assert zero_phase(t, shake)[inside].std() < 0.1 * shake[inside].std()


def test_slow_movement_survives_the_shaking_on_top_of_it():
    t = even(60)
    slow = 45 * (1 - np.cos(2 * np.pi * t / 3))
    smooth = zero_phase(t, slow + 3 * np.sin(2 * np.pi * 14 * t))
    inside = (t > 0.3) & (t < t[-1] - 0.3)
    assert np.abs(smooth - slow)[inside].max() < 0.45


@given(
    st.floats(-1e4, 1e4),
    STEPS,
)
@CALM
def test_what_does_not_move_stays_where_it_is(value, steps):
    t = np.cumsum(steps)
    assert zero_phase(t, np.full(len(t), value)) == pytest.approx(value, rel=1e-9, abs=1e-9)


@given(st.lists(st.booleans(), min_size=1, max_size=90), st.sampled_from([15, 30, 60]))
@CALM
def test_holes_stay_holes_and_nothing_else_becomes_one(known, fps):
    t = np.arange(len(known)) / fps
    values = np.where(known, np.sin(t), np.nan)
    assert (np.isfinite(zero_phase(t, values)) == np.array(known)).all()


@given(STEPS)
@CALM
def test_result_stays_within_reach_of_the_signal(steps):
    t = np.cumsum(steps)
    values = np.where(np.arange(len(t)) % 2, 1.0, -1.0)
    smooth = zero_phase(t, values)
    assert np.isfinite(smooth).all()
    assert np.abs(smooth).max() < 2


def test_hole_in_one_joint_leaves_the_others_alone():
    t = even(30)
    both = np.stack([np.sin(t), np.cos(t)], 1)
    holed = both.copy()
    holed[50:60, 0] = np.nan
    np.testing.assert_array_equal(zero_phase(t, holed)[:, 1], zero_phase(t, both)[:, 1])


def test_short_hole_is_bridged_for_its_neighbours():
    t = even(60)
    values = np.sin(2 * np.pi * t)
    holed = values.copy()
    holed[100:105] = np.nan
    smooth = zero_phase(t, holed)
    assert np.isnan(smooth[100:105]).all()
    assert np.nanmax(np.abs(smooth - values)[30:-30]) < 0.02


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_long_hole_keeps_both_sides_apart(fps):
    t = even(fps)
    values = np.where(t < 3, 0.0, 100.0)
    values[(t > 2.85) & (t < 3.15)] = np.nan
    smooth = zero_phase(t, values)
    assert np.abs(smooth[t < 2.85]).max() < 1e-9
    assert np.abs(smooth[t > 3.15] - 100).max() < 1e-9


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_step_across_missing_pictures_does_not_leak(fps):
    t = even(fps)
    t = t[(t < 3) | (t > 3 + GAP)]
    values = np.where(t < 3, 0.0, 100.0)
    smooth = zero_phase(t, values)
    assert np.abs(smooth - values).max() < 1e-9


def test_step_within_a_stretch_is_smoothed():
    t = even(30)
    values = np.where(t < 3, 0.0, 100.0)
    assert np.abs(zero_phase(t, values) - values).max() > 10


@pytest.mark.parametrize("count", [1, 2, 3])
def test_too_few_samples_pass_through(count):
    t = even(30)[:count]
    values = np.array([5.0, -3.0, 8.0])[:count]
    assert zero_phase(t, values).tolist() == values.tolist()


def test_too_slow_a_clip_passes_through():
    t = even(10)
    values = np.random.default_rng(0).normal(size=len(t))
    np.testing.assert_array_equal(zero_phase(t, values), values)


def test_any_shape_is_filtered_along_time_alone():
    t = even(30)
    values = np.random.default_rng(0).normal(size=(len(t), 3, 2))
    smooth = zero_phase(t, values)
    assert smooth.shape == values.shape
    np.testing.assert_allclose(smooth[:, 1, 0], zero_phase(t, values[:, 1, 0]), atol=1e-12)


def test_input_is_left_as_it_was():
    t = even(30)
    values = np.random.default_rng(0).normal(size=len(t))
    before = values.copy()
    zero_phase(t, values)
    np.testing.assert_array_equal(values, before)


def test_what_was_done_is_told():
    assert str(Smoothing()) == "zero-lag Butterworth, 4th order, 6 Hz; gaps over 0.25 s split"


def test_instant_filter_begins_with_the_first_value():
    assert Causal().update(3.0, 42.0) == 42.0


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.floats(0.01, 0.1))
@CALM
def test_instant_filter_comes_to_a_value_that_stays(first, last, step):
    follow = Causal()
    follow.update(0.0, first)
    values = [follow.update(step * n, last) for n in range(1, math.ceil(2 / step))]
    assert values[-1] == pytest.approx(last, abs=1e-6 * (1 + abs(last - first)))
    distance = np.abs(np.array([first, *values]) - last)
    assert (np.diff(distance) <= 1e-9).all()


def test_instant_filter_starts_afresh_after_a_gap():
    follow = Causal()
    for n in range(30):
        follow.update(n / 30, 10.0)
    assert follow.update(29 / 30 + GAP + 0.01, 90.0) == 90.0


def test_instant_filter_carries_on_across_a_shorter_pause():
    follow = Causal(cutoff_hz=1.0)
    follow.update(0.0, 10.0)
    assert 10 < follow.update(GAP - 0.01, 90.0) < 90


def test_instant_filter_gives_nothing_for_nothing_and_forgets_it():
    with_hole, without = Causal(), Causal()
    for follow in (with_hole, without):
        follow.update(0.0, 10.0)
        follow.update(0.03, 20.0)
    assert math.isnan(with_hole.update(0.06, math.nan))
    assert with_hole.update(0.09, 30.0) == without.update(0.09, 30.0)


def test_instant_filter_that_has_seen_nothing_begins_with_the_first_number():
    follow = Causal()
    assert math.isnan(follow.update(0.0, math.nan))
    assert follow.update(0.03, 7.0) == 7.0
