"""A value on the scale of its rule: the numbers that a bar is drawn from."""

from dataclasses import dataclass
from itertools import pairwise

from ..findings import ON_SCREEN, Finding, Passed
from ..findings.rules import reading
from ..library import quantities, rules

_WIDE = 12.0  # % of the bar that a cut and its grade need on one line of paper


@dataclass(frozen=True, slots=True)
class Gauge:
    """A bar: places in per cent of its width; `low` to `high` is one standard error either way.

    zones  (name of the grade or "inside", from, to)
    ticks  (the cut as text, the grade that begins there, place)
    says   the bar in words
    """

    zones: list[tuple[str, float, float]]
    marker: float
    low: float
    high: float
    ticks: list[tuple[str, str, float]]
    says: str

    @property
    def crowded(self) -> bool:
        """Whether cuts lie so close that each needs its grade under it, not beside it."""
        return any(abs(b - a) < _WIDE for (*_, a), (*_, b) in pairwise(self.ticks))


def gauge(verdict: Finding | Passed) -> Gauge:
    """Where the value lies between the cuts of its rule."""
    rule, quantity = rules()[verdict.rule], quantities()[verdict.measure]
    value = abs(verdict.value) if rule.direction == "either" else verdict.value
    cuts = [s.cut for s in rule.severity]
    falling = rule.direction == "below"
    gap = abs(cuts[-1] - cuts[0]) or 0.3 * abs(cuts[0])
    near = [*cuts, value - quantity.error, value + quantity.error]
    low, high = min(near) - 0.35 * gap, max(near) + 0.35 * gap
    far = cuts[0] > 10 * gap  # zero is not on this scale: at the top of a bridge straight is 180
    low = low if falling or far else min(low, 0.0)

    def place(x: float) -> float:
        return round(min(100.0, max(0.0, 100 * (x - low) / (high - low))), 1)

    edges = [high, *cuts, low] if falling else [low, *cuts, high]
    names: list[str] = ["inside", *(s.level for s in rule.severity)]
    steps = zip(names, edges, edges[1:], strict=False)
    zones = [(name, min(place(a), place(b)), max(place(a), place(b))) for name, a, b in steps]
    ticks = [(f"{s.cut:g}", ON_SCREEN[s.level], place(s.cut)) for s in rule.severity]
    cut_words = ", ".join(f"{word} {'under' if falling else 'from'} {cut}" for cut, word, _ in ticks)
    says = f"{verdict.title}: {reading(value, quantity)}; {cut_words}"
    spread = (place(value - quantity.error), place(value + quantity.error))
    return Gauge(zones, place(value), *spread, ticks, says)
