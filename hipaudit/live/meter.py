"""What is shown while somebody moves: readings, depth and phase of this very instant. For the eyes only, never judged.

They come from the causal filter, which lags a little; what cannot be trusted now is None, never the last value.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..findings.rules import column_of
from ..kinematics import Setting, depth, measure_all
from ..kinematics.geometry import rotated
from ..kinematics.outline import hollow
from ..library import Movement, cues, quantities, rules
from ..poses import Pose, collect
from ..poses.smoothing import Causal
from ..poses.trust import masked
from .events import Phase

AROUND = 3  # instants that the trust in a landmark looks at
STANDING = 0.1  # share of the target's depth up to which somebody stands
MOVING = 0.08  # of the target's depth a second: slower is a pause
SWAYING = 0.25  # the same while standing, where people sway
SPEED_HZ = 1.5


@dataclass(frozen=True, slots=True)
class Now:
    """Readings by measure, depth (0 standing, 1 the target), the phase, and the share of its time that has passed."""

    readings: dict[str, float | None]
    depth: float | None
    phase: Phase | None
    tempo: float | None


NOTHING = Now({}, None, None, None)  # before a set, and after it


class Meter:
    """Reads one instant after the other.

    asked   the rules whose measures are shown
    target  depth of the movement that is aimed at, share of the standing height
    """

    def __init__(
        self, movement: Movement, setting: Setting, asked: Sequence[str], target: float, size: tuple[int, int]
    ) -> None:
        self._movement, self._setting, self._target, self._size = movement, setting, target, size
        facing, side = setting.view.facing, setting.side
        found = {name: quantities()[name] for name in dict.fromkeys(rules()[rule].measure for rule in asked)}
        self._columns = {name: column_of(q, facing, side) for name, q in found.items() if q.at == "bottom"}
        self._smooth = {name: Causal() for name in self._columns}
        self._deep, self._speed = Causal(), Causal(SPEED_HZ)
        self._last: tuple[float, float] | None = None
        self._window: deque[tuple[float, Pose | None]] = deque(maxlen=AROUND)
        self._phase: Phase | None = None
        self._since = math.nan

    def update(self, t: float, pose: Pose | None) -> Now:
        """Takes one instant."""
        self._window.append((t, pose))
        if pose is None:
            self._phase = None
            return Now(dict.fromkeys(self._columns), None, None, None)
        setting, track = self._setting, collect(self._window, self._size)
        bones = setting.stand.bones if setting.stand is not None else np.full(4, np.nan)
        xy = rotated(masked(track, bones, setting.posture), -setting.view.tilt_deg)
        curves = measure_all(xy, setting, hollow(track.back))
        read = {n: self._smooth[n].update(t, float(curves[c][-1])) for n, c in self._columns.items()}
        readings = {name: value if math.isfinite(value) else None for name, value in read.items()}
        share = self._deep.update(t, float(depth(xy, setting)[-1])) / self._target
        if not math.isfinite(share):
            self._phase = None
            return Now(readings, None, None, None)
        phase = self._moves(t, share)
        if phase != self._phase:
            self._phase, self._since = phase, t
        return Now(readings, share, phase, self._passed(t, phase))

    def _moves(self, t: float, share: float) -> Phase:
        before, self._last = self._last, (t, share)
        if self._movement.hold is not None:
            return "hold" if share * self._target >= self._movement.hold.off else "standing"
        if before is None or t <= before[0]:
            return "standing"
        speed = self._speed.update(t, (share - before[1]) / (t - before[0]))
        stands = share < STANDING
        if abs(speed) < (SWAYING if stands else MOVING):
            return "standing" if stands else "hold"
        return "up" if (speed < 0) is (self._movement.driver != "bridge") else "down"

    def _passed(self, t: float, phase: Phase) -> float | None:
        """Share of the phase's own time that has passed, 1 when it is over."""
        pace = cues().tempo
        time = {"down": pace.lower_s, "up": pace.lift_s}.get(phase)
        return min(1.0, (t - self._since) / time) if time else None
