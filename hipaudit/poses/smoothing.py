"""Filters on time, not on frame numbers.

`zero_phase` serves every number a rule reads: no lag, true peaks. `Causal` serves only what must be instant, the
signal that opens and closes repetitions.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

# Slow tasks: 4th-order zero-lag low-pass at 6 Hz, the usual choice in the field (Winter 2009, ch. 3: 4-6 Hz for
# gait-speed movement). Second order run both ways is fourth order; 0.802 restores the cut-off of the double pass.
CUTOFF_HZ = 6.0
_DOUBLE_PASS = 0.802
PADDING = 12  # instants by which a stretch is drawn on beyond its ends, so that the filter starts smoothly
RINGS = 1e-16  # share of its own sum at which the filter's memory of an instant is over
GAP = 0.25  # s; a longer step between instants splits the signal instead of being drawn across
BRIDGE = 0.2  # s; a shorter hole is bridged for the filter's sake only, and stays a hole in the result


@dataclass(frozen=True, slots=True)
class Smoothing:
    """What was done to the signal, for the record."""

    cutoff_hz: float = CUTOFF_HZ
    gap_s: float = GAP

    def __str__(self) -> str:
        return f"zero-lag Butterworth, 4th order, {self.cutoff_hz:g} Hz; gaps over {self.gap_s:g} s split"


def zero_phase(
    t: NDArray[np.float64], values: NDArray[np.floating], cutoff_hz: float = CUTOFF_HZ
) -> NDArray[np.float64]:
    """Low-pass without lag.

    `values` is (T, ...) at the times `t` (T,) in seconds, evenly spaced or not. A NaN stays NaN; nothing is
    filled in. Steps longer than 0.25 s split the signal, and each stretch is filtered by itself.
    """
    if not len(t):
        return np.array(values, np.float64)
    flat = np.asarray(values, np.float64).reshape(len(t), -1)
    out = np.full_like(flat, np.nan)
    for start, stop in _stretches(t, np.ones(len(t), bool)):
        block = flat[start:stop]
        whole = np.isfinite(block).all(0)
        if whole.any():
            out[start:stop, whole] = _filter(t[start:stop], block[:, whole], cutoff_hz)
        for column in np.flatnonzero(~whole):
            out[start:stop, column] = _with_holes(t[start:stop], block[:, column], cutoff_hz)
    return out.reshape(np.shape(values))


def _with_holes(t: NDArray[np.float64], series: NDArray[np.float64], cutoff_hz: float) -> NDArray[np.float64]:
    """One series with NaN: short holes bridged for the filter, long ones split it, all of them left as holes."""
    out = np.full_like(series, np.nan)
    known = np.isfinite(series)
    for start, stop in _stretches(t, known):
        inside = known[start:stop]
        times = t[start:stop]
        bridged = np.interp(times, times[inside], series[start:stop][inside])
        out[start:stop] = np.where(inside, _filter(times, bridged[:, None], cutoff_hz)[:, 0], np.nan)
    return out


def _stretches(t: NDArray[np.float64], known: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Index ranges within which known instants follow each other closely enough."""
    rows = np.flatnonzero(known)
    if rows.size == 0:
        return []
    limit = GAP if known.all() else BRIDGE
    cuts = np.flatnonzero(np.diff(t[rows]) > limit) + 1
    return [(int(part[0]), int(part[-1]) + 1) for part in np.split(rows, cuts)]


def load_all() -> None:
    """Loads what a varying frame rate needs, which takes a second or two: before a set, not at its first repetition."""
    import scipy.interpolate  # noqa: F401


def _filter(t: NDArray[np.float64], block: NDArray[np.float64], cutoff_hz: float) -> NDArray[np.float64]:
    """Butterworth both ways on an even grid; unfiltered where there is too little or too coarse a signal."""
    if len(t) < 4:
        return block
    step = float(t[-1] - t[0]) / (len(t) - 1)
    corner = cutoff_hz / _DOUBLE_PASS * 2 * step  # as a share of the Nyquist frequency
    if corner >= 0.95:
        return block  # sampled so slowly that there is nothing above the cut-off to remove
    grid = np.linspace(t[0], t[-1], len(t))
    if float(np.abs(grid - t).max()) < 0.02 * step:
        return _both_ways(block, corner)
    from scipy.interpolate import PchipInterpolator  # slow to load, and only a varying frame rate needs it

    return PchipInterpolator(grid, _both_ways(PchipInterpolator(t, block)(grid), corner))(t)


def _both_ways(signal: NDArray[np.float64], corner: float) -> NDArray[np.float64]:
    """(T, N) through the second-order Butterworth low-pass, forwards and then backwards.

    Both ends are drawn on, turned about their last value, and the filter starts as if it had stood there for ever.
    """
    response = _butterworth(corner)
    pad = min(PADDING, len(signal) - 1)
    odd = 2 * signal[[0]] - signal[pad:0:-1], signal, 2 * signal[[-1]] - signal[-2 : -2 - pad : -1]
    out = np.concatenate(odd)
    for _ in range(2):
        before = np.repeat(out[:1], len(response) - 1, axis=0)
        through = [np.convolve(column, response, "valid") for column in np.concatenate([before, out]).T]
        out = np.stack(through, 1)[::-1]
    return out[pad : len(out) - pad]


def _butterworth(corner: float) -> NDArray[np.float64]:
    """Impulse response of the second-order Butterworth low-pass, as long as it rings; sums to 1.

    `corner` is the cut-off as a share of the Nyquist frequency; analogue prototype, bilinear transform with the
    frequency prewarped. Written out here since loading scipy.signal takes longer than all the filtering of an audit.
    """
    w = math.tan(math.pi * corner / 2)
    scale = 1 / (1 + math.sqrt(2) * w + w * w)
    a1, a2 = 2 * (w * w - 1) * scale, (1 - math.sqrt(2) * w + w * w) * scale
    length = math.ceil(2 * math.log(RINGS) / math.log(a2)) + 3  # its poles have the radius sqrt(a2)
    response = np.zeros(length)
    response[:3] = w * w * scale * np.array([1, 2, 1])
    for i in range(1, length):
        response[i] -= a1 * response[i - 1] + (a2 * response[i - 2] if i > 1 else 0.0)
    return response / response.sum()


@dataclass(slots=True)
class Causal:
    """A first-order low-pass of one number, a sample at a time; a gap over 0.25 s starts it afresh."""

    cutoff_hz: float = 3.0
    _t: float = field(default=-math.inf, init=False)
    _value: float = field(default=math.nan, init=False)

    def update(self, t: float, value: float) -> float:
        """The smoothed value at `t` seconds. NaN in gives NaN out and is not remembered."""
        if math.isnan(value):
            return value
        dt = t - self._t
        if dt > GAP or math.isnan(self._value):
            self._value = value
        else:
            self._value += (1 - math.exp(-2 * math.pi * self.cutoff_hz * dt)) * (value - self._value)
        self._t = t
        return self._value
