"""Both sides of a one-leg movement held against each other, by the rules that have `between_sides`."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..findings import CONFIDENCES, Confidence, Finding, Passed, SetMeasure, Unassessed
from ..findings.rules import number
from ..library import Rule, quantities, rules
from ..poses.skeleton import SIDES
from ..reps import Rep
from . import Audit

Difference = Finding | Passed | Unassessed


def between_sides(audits: Sequence[Audit]) -> list[Difference]:
    """What the rules say of every movement that was filmed on both sides."""
    filmed = {(audit.movement.name, audit.movement.side): audit for audit in audits}
    return [
        _Pair(name, rule, filmed[movement, "left"], filmed[movement, "right"]).verdict()
        for movement in dict.fromkeys(movement for movement, _ in filmed)
        if all((movement, side) in filmed for side in SIDES)
        for name, rule in rules().items()
        if rule.between_sides and movement in rule.movements
    ]


@dataclass(frozen=True, slots=True)
class _Pair:
    """One rule held against the left and the right side."""

    name: str
    rule: Rule
    left: Audit
    right: Audit

    def verdict(self) -> Difference:
        """A difference smaller than what measurement can tell is no difference."""
        read_left, read_right = self._read(self.left), self._read(self.right)
        if read_left is None or read_right is None:
            return Unassessed(
                self.rule.finding, None, "not_seen", self.rule.say.title, self._words(self.rule.say.unseen)
            )
        left, right = self._turned(read_left.value, self.left), self._turned(read_right.value, self.right)
        if abs(left - right) < self.rule.severity[0].cut:
            return self._passed(left, right, read_left.clip)
        return self._found(left, right)

    def _read(self, audit: Audit) -> SetMeasure | None:
        """A side's measure, None where no rule could judge it there: too few repetitions, say, or it was not seen.

        Yaw makes one leg look worse and the other better, so beyond the rule's limit nothing is compared.
        """
        judged = any(v.measure == self.rule.measure for v in audit.judged)
        square = {c.name for c in audit.clips if abs(c.view.yaw_deg) <= self.rule.sure_yaw_deg}
        found = (m for m in audit.measures if m.measure == self.rule.measure and m.at == "bottom")
        return next((m for m in found if judged and m.clip in square), None)

    def _turned(self, value: float, audit: Audit) -> float:
        """Measures that count to the person's right, counted towards the stance side."""
        return -value if self.rule.direction == "either" and audit.movement.side == "left" else value

    def _found(self, left: float, right: float) -> Finding:
        worse, better = (self.left, right) if left > right else (self.right, left)
        readings = self._readings(worse)
        worst, _ = max(readings, key=lambda reading: reading[1])
        cut, say = self.rule.severity[0].cut, self.rule.say
        return Finding(
            finding=self.rule.finding,
            side=worse.movement.side,
            severity=self.rule.severity[0].level,
            measure=self.rule.measure,
            value=abs(left - right),
            unit=quantities()[self.rule.measure].unit,
            error=self._error,
            threshold=cut,
            confidence=self._confidence(),
            reps_flagged=sum(value - better >= cut for _, value in readings),
            reps_total=len(readings),
            t_worst=worst.t_turn,
            clip=worst.clip,
            rule=self.name,
            title=say.title,
            headline=self._words(say.headline, left, right, worse),
            say=self._words(say.found, left, right, worse),
        )

    def _passed(self, left: float, right: float, clip: str) -> Passed:
        return Passed(
            finding=self.rule.finding,
            side=None,
            measure=self.rule.measure,
            value=abs(left - right),
            unit=quantities()[self.rule.measure].unit,
            error=self._error,
            threshold=self.rule.severity[0].cut,
            confidence=self._confidence(),
            clip=clip,
            rule=self.name,
            title=self.rule.say.title,
            say=self._words(self.rule.say.passed, left, right),
        )

    def _readings(self, audit: Audit) -> list[tuple[Rep, float]]:
        column = quantities()[self.rule.measure].column.format(side=audit.movement.side)
        return [(r, self._turned(r.measures[column], audit)) for r in audit.reps if r.valid and column in r.measures]

    @property
    def _error(self) -> float:
        """A difference of two values carries the error of both."""
        return float(2**0.5 * quantities()[self.rule.measure].error)

    def _confidence(self) -> Confidence:
        """No surer than the less sure side."""
        judged = [v.confidence for a in (self.left, self.right) for v in a.judged if v.measure == self.rule.measure]
        return min([*judged, self.rule.at_most], key=CONFIDENCES.index)

    def _words(self, text: str, left: float = 0.0, right: float = 0.0, worse: Audit | None = None) -> str:
        quantity = quantities()[self.rule.measure]
        return text.format(
            side=worse.movement.side if worse else "",
            movement=self.left.movement.title.lower(),
            value=number(abs(left - right), quantity),
            left=number(left, quantity),
            right=number(right, quantity),
            change=number(self.rule.severity[0].cut, quantity),
        )
