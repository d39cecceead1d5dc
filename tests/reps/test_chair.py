"""Counting stands against the clock, on drawn depth curves whose stands are known."""

import numpy as np
import pytest

from hipaudit.library import movements
from hipaudit.reps.chair import count_stands

TEST = movements()["sit_to_stand"].chair
SEAT = 0.45


def sitting(period, until, fps=30.0, wait=1.0):
    """Depth of somebody who sits for `wait` seconds, then stands up and sits down, once in `period` seconds."""
    t = np.arange(0, until, 1 / fps)
    return t, SEAT * np.where(t < wait, 1.0, 0.5 + 0.5 * np.cos(2 * np.pi * (t - wait) / period))


@pytest.mark.parametrize("fps", [15.0, 25.0, 30.0])
@pytest.mark.parametrize("period", [1.5, 2.0, 2.5, 4.0])
def test_every_full_stand_of_a_steady_pace_is_counted(period, fps):
    count = count_stands(*sitting(period, 34.0, fps), SEAT, TEST)
    # Half a period up: the n-th stand is reached after (n - 1/2) periods, and half-way to it counts when time is up.
    halfway = np.arange(100) * period + period / 4
    assert count.stands == pytest.approx((halfway < 30).sum(), abs=0)
    assert count.start == pytest.approx(1.0, abs=0.3)
    assert count.covered == 30.0


def test_more_than_half_way_up_counts_when_time_is_up_and_less_does_not():
    t, depth = sitting(2.0, 40.0)
    start = count_stands(t, depth, SEAT, TEST).start

    def with_last(share):
        """Ten stands, then seated until the last moment, when somebody has come up by `share`."""
        end = start + TEST.seconds
        late = np.interp(t, [end - 1, end + 1], [SEAT, SEAT * (1 - 2 * share)]).clip(0, SEAT)
        return np.where(t < 21.0, depth, late)

    up, down = (count_stands(t, with_last(share), SEAT, TEST).stands for share in (0.6, 0.4))
    assert (up, down) == (11, 10)


def test_standing_at_the_start_is_no_stand_and_the_clock_waits_for_the_seat():
    t, depth = sitting(2.0, 40.0, wait=5.0)
    stood_first = np.where(t < 3.0, np.clip(SEAT * (t - 1.5) / 1.5, 0, SEAT), depth)
    assert count_stands(t, stood_first, SEAT, TEST) == count_stands(t, depth, SEAT, TEST)


def test_half_a_rise_is_no_stand():
    t = np.arange(0, 40, 1 / 30)
    _, depth = sitting(2.0, 40.0)
    half = np.where((t >= 10) & (t < 20), np.maximum(depth, 0.6 * SEAT), depth)
    assert count_stands(t, half, SEAT, TEST).stands == count_stands(t, depth, SEAT, TEST).stands - 4


def test_nobody_who_stays_on_the_seat_or_on_the_feet_is_counted():
    t = np.arange(0, 34, 1 / 30)
    assert count_stands(t, np.full(len(t), SEAT), SEAT, TEST) is None
    assert count_stands(t, np.zeros(len(t)), SEAT, TEST) is None


def test_a_clip_that_is_too_short_says_how_far_it_goes():
    count = count_stands(*sitting(2.0, 15.0), SEAT, TEST)
    assert count.covered == pytest.approx(14.0, abs=0.3)
