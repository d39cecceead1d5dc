"""Applies the rules of `library/rules/` to the repetitions of one set. Data in, verdicts out; no rule lives here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..kinematics import Setting
from ..kinematics.stand import Stand, foot_direction
from ..library import Quantity, Rule, lumbar_estimator, movements, protocol, quantities, rules
from ..poses.skeleton import SIDES, other
from ..reps import MATCHED, Rep
from . import (
    CONFIDENCES,
    SEVERITIES,
    Confidence,
    Finding,
    Passed,
    Reason,
    Remark,
    SetMeasure,
    Severity,
    Unassessed,
    Verdict,
)

AGREE_HIGH, AGREE_MEDIUM = 0.8, 0.6  # share of repetitions beyond the cut


NEARLY = 40.0  # degrees from the front or back up to which an oblique clip is one that was filmed askew


@dataclass(frozen=True, slots=True)
class Quality:
    """What the clip's checks leave of confidence.

    judged      False where the picture cannot carry any verdict (too few pictures a second)
    steps_down  how many steps of confidence are lost
    all_passed  whether every check passed
    outline     whether the outline of the back came with the poses, where it showed
    """

    judged: bool
    steps_down: int
    all_passed: bool
    outline: bool = True


def judge(
    reps: Sequence[Rep], movement: str, setting: Setting, quality: Quality, silenced: Sequence[str] = ()
) -> list[Verdict]:
    """Every rule of this movement, in the rules' order of priority, but those of `silenced` findings.

    A rule of information is silent unless it has something to say: the rule that grades its measure tells whether it
    could be seen. Every verdict of a movement that is not validated is of low confidence.
    """
    valid = [rep for rep in reps if rep.valid]
    validated = movements()[movement].validated
    answers = [
        (rule, _Judge(name, rule, valid, setting, quality, validated).verdict())
        for name, rule in rules().items()
        if movement in rule.movements and not rule.between_sides and rule.finding not in silenced
    ]
    verdicts = [v for rule, v in answers if not rule.information or isinstance(v, Remark)]
    verdicts += [
        Unassessed(rule.finding, None, "not_fitted", rule.say.title, rule.not_in.say)
        for rule in rules().values()
        if rule.not_in and movement in rule.not_in.movements
    ]
    return [_by_leg(v, valid, setting, verdicts) for v in verdicts]


def set_measures(reps: Sequence[Rep], setting: Setting) -> list[SetMeasure]:
    """Every measure that at least one valid repetition has, where it is read and at the matched depth."""
    valid = [rep for rep in reps if rep.valid]
    legs = SIDES if setting.legs == 2 else (setting.side,)
    found = []
    for name, quantity in quantities().items():
        for side in legs if quantity.per_leg else (None,):
            column = quantity.column.format(side=side)
            for at, key in ((quantity.at, column), ("matched", f"{column}@{MATCHED}")):
                values = [rep.measures[key] for rep in valid if key in rep.measures]
                if values:
                    spread = float(np.std(values, ddof=1)) if len(values) > 1 else None
                    found.append(
                        SetMeasure(
                            name,
                            side,
                            float(np.median(values)),
                            quantity.unit,
                            spread,
                            quantity.error,
                            len(values),
                            at,
                            valid[0].clip,
                        )
                    )
    return found


def column_of(quantity: Quantity, facing: str, side: str) -> str:
    """The column of a measure in a clip: of the leg towards the camera in a side view, else of the standing leg."""
    return quantity.column.format(side=facing if facing in SIDES else side)


def rep_level(finding: Finding, rep: Rep, facing: str) -> Severity | None:
    """How strongly one repetition shows a finding, by the same cuts; None if it does not or cannot be read."""
    turned = rules()[finding.rule].direction == "either" and finding.value < 0
    shows = rep_shows(finding.rule, rep, facing, -1 if turned else 1)
    return shows.level if shows else None


@dataclass(frozen=True, slots=True)
class Shows:
    """What one repetition shows of a rule: the value of its measure, and the strictest band it reaches."""

    value: float
    level: Severity | None


def rep_shows(name: str, rep: Rep, facing: str, sign: int = 1) -> Shows | None:
    """One repetition by the cuts of the rule `name`; None where it cannot be read.

    `sign` -1 turns a rule of both directions to the left.
    """
    rule = rules()[name]
    value = rep.measures.get(column_of(quantities()[rule.measure], facing, rep.side))
    if value is None:
        return None
    confirm = rule.confirm
    second = rep.measures.get(column_of(quantities()[confirm.measure], facing, rep.side)) if confirm else None
    return Shows(sign * value, _level(rule, sign * value, second))


def askable(movement: str, setting: Setting) -> list[str]:
    """The rules that grade repetitions of a movement and can be asked in this view and stand, in order of priority."""
    whole = Quality(judged=True, steps_down=0, all_passed=True)
    asked = {
        name: _Judge(name, rule, (), setting, whole, validated=True).hindrance()
        for name, rule in rules().items()
        if movement in rule.movements and not rule.between_sides and not rule.information
    }
    return [name for name, reason in asked.items() if reason and reason[0] == "too_few_reps"]  # nothing else hinders it


def _beyond(rule: Rule, value: float, cut: float) -> float:
    """How far a value lies beyond a cut; negative inside it."""
    return cut - value if rule.direction == "below" else value - cut


def _reached(rule: Rule, value: float, cut: float) -> bool:
    """Whether a value is beyond a cut: at it counts upwards, not downwards ("from 11", but "under 0.95")."""
    beyond = _beyond(rule, value, cut)
    return beyond > 0 or (beyond == 0 and rule.direction != "below")


def _level(rule: Rule, value: float, second: float | None) -> Severity | None:
    """The strictest band reached; the bands that want a second measure's word only with it."""
    reached = [s for s in rule.severity if _reached(rule, value, s.cut)]
    confirm = rule.confirm
    if confirm:
        nearly = second + confirm.within if second is not None else -np.inf
        gated = SEVERITIES.index(confirm.level)
        reached = [s for s in reached if SEVERITIES.index(s.level) < gated or _reached(rule, nearly, s.cut)]
    return reached[-1].level if reached else None


@dataclass(frozen=True, slots=True)
class _Judge:
    """One rule held against one set."""

    name: str
    rule: Rule
    reps: Sequence[Rep]
    setting: Setting
    quality: Quality
    validated: bool

    @property
    def quantity(self) -> Quantity:
        return quantities()[self.rule.measure]

    def verdict(self) -> Verdict:
        reason = self.hindrance()
        if reason:
            return self._unassessed(*reason)
        readings = self._readings(self.rule.measure)
        if len(readings) < self.rule.min_reps:
            return self._unassessed("not_seen", self.rule.say.unseen)
        value = self._of_set(readings)
        if self.rule.direction == "either" and value < 0:  # the same pattern to the left: counted that way round
            return self._answer(value, [(rep, -v) for rep, v in readings])
        return self._answer(value, readings)

    def _answer(self, value: float, readings: list[tuple[Rep, float]]) -> Verdict:
        """The verdict on readings turned so that more is worse ("below" rules: less)."""
        middle = self._of_set(readings)
        level = self._level(middle)
        if level is None:
            return self._passed(value, middle, readings)
        if self.rule.information:
            return self._remark(value, middle, readings)
        if self.rule.consistent and not self._consistent([v for _, v in readings]):
            return self._unassessed("reps_disagree", "The repetitions differ too much to say.")
        return self._found(value, middle, level, readings)

    def _of_set(self, readings: list[tuple[Rep, float]]) -> float:
        """One value of all repetitions: their median, or their sum as if there had been five."""
        values = [v for _, v in readings]
        return float(np.median(values)) if self.rule.statistic == "median" else 5 * float(np.mean(values))

    def _agreement(self, beyond: int, of: int) -> float:
        """Share of the repetitions that agree with a verdict; events need not happen in every one."""
        return beyond / of if self.rule.statistic == "median" else 1.0

    def hindrance(self) -> tuple[Reason, str] | None:
        """Why the rule cannot even be asked."""
        quantity, view, stand = self.quantity, self.setting.view, self.setting.stand
        if not self.quality.judged:
            return "picture_quality", "There are too few pictures a second: film at 24 or more."
        off = abs(view.yaw_deg) if view.facing in quantity.faces else self._askew()
        if off is None:
            return "wrong_view", f"This needs a clip filmed from {_faces(quantity)}."
        if off > quantity.max_yaw_deg:
            return "off_square", (
                f"The camera stands about {off:.0f}° off square, and that alone changes the picture more "
                f"than the body does; within {quantity.max_yaw_deg:.0f}° it can be judged."
            )
        if stand is None and quantity.needs_stand:
            return "no_stand", "There is no quiet standing to compare with: stand still for two seconds first."
        if quantity.of_outline and not self.quality.outline:
            return "not_fitted", "Poses from another program hold no outline of the back."
        if quantity.of_outline and stand is not None and (hidden := _back_hidden(stand, view.facing)):
            return hidden
        if (
            self.rule.stance
            and stand is not None
            and not self.rule.stance[0] <= stand.stance_width <= self.rule.stance[1]
        ):
            return "stance_width", "The feet stand too close or too wide for this: place them about hip-width apart."
        if len(self.reps) < self.rule.min_reps:
            return (
                "too_few_reps",
                f"It takes {self.rule.min_reps} repetitions that count; here there are {len(self.reps)}.",
            )
        return None

    def _askew(self) -> float | None:
        """Degrees by which a camera that stands too far round missed a face the measure can be read from."""
        view = self.setting.view
        if view.facing != "oblique":
            return None
        off = abs(view.yaw_deg) if "front" in self.quantity.faces else 90 - abs(view.yaw_deg)
        return off if off <= NEARLY else None

    def _readings(self, measure: str) -> list[tuple[Rep, float]]:
        """Each repetition with its value where the measure is read, if it has one."""
        column = column_of(quantities()[measure], self.setting.view.facing, self.setting.side)
        return [(rep, rep.measures[column]) for rep in self.reps if column in rep.measures]

    def _level(self, value: float) -> Severity | None:
        confirm = self.rule.confirm
        second = [v for _, v in self._readings(confirm.measure)] if confirm else []
        return _level(self.rule, value, float(np.median(second)) if second else None)

    def _consistent(self, values: list[float]) -> bool:
        """Same sign in most repetitions, and a median clear of its own standard error."""
        consistent = self.rule.consistent
        assert consistent is not None
        sign = np.sign(np.median(values))
        same = np.mean(np.sign(values) == sign)
        error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.inf
        return bool(
            same >= consistent.same_sign_share and abs(np.median(values)) >= consistent.times_standard_error * error
        )

    def _found(self, value: float, middle: float, level: Severity, readings: list[tuple[Rep, float]]) -> Finding:
        first = self.rule.severity[0].cut
        cut = next(s.cut for s in self.rule.severity if s.level == level)
        flagged = sum(_reached(self.rule, v, first) for _, v in readings)
        agreeing = sum(_reached(self.rule, v, cut) for _, v in readings)
        worst, _ = max(readings, key=lambda r: _beyond(self.rule, r[1], first))
        side, say = self._side(value), self.rule.say
        reps = f"in {flagged} of {len(readings)} repetitions"
        return Finding(
            finding=self.rule.finding,
            side=side,
            severity=level,
            measure=self.rule.measure,
            value=value,
            unit=self.quantity.unit,
            error=self.quantity.error,
            threshold=cut,
            confidence=self._confidence(
                _beyond(self.rule, middle, cut), self._agreement(agreeing, len(readings)), found=True
            ),
            reps_flagged=flagged,
            reps_total=len(readings),
            t_worst=worst.t_turn,
            clip=worst.clip,
            rule=self.name,
            title=say.title,
            headline=say.headline.format(side=side),
            say=say.found.format(side=side, value=self._text(middle), reps=reps),
        )

    def _passed(self, value: float, middle: float, readings: list[tuple[Rep, float]]) -> Passed:
        side = None if self.rule.side == "direction" else self._side(value)
        first = self.rule.severity[0].cut
        inside = [
            v for _, v in readings if not _reached(self.rule, abs(v) if self.rule.direction == "either" else v, first)
        ]
        other = self.rule.opposite
        opposite = other is not None and (
            middle >= other.cut if self.rule.direction == "below" else middle <= other.cut
        )
        say = other.say if other is not None and opposite else self.rule.say.passed
        return Passed(
            finding=self.rule.finding,
            side=side,
            measure=self.rule.measure,
            value=value,
            unit=self.quantity.unit,
            error=self.quantity.error,
            threshold=first,
            confidence=self._confidence(
                -_beyond(self.rule, middle, first), self._agreement(len(inside), len(readings)), found=False
            ),
            clip=readings[0][0].clip,
            rule=self.name,
            title=self.rule.say.title,
            say=say.format(side=side, value=self._text(middle)),
        )

    def _remark(self, value: float, middle: float, readings: list[tuple[Rep, float]]) -> Remark:
        cut = self.rule.severity[0].cut
        beyond = sum(_reached(self.rule, v, cut) for _, v in readings)
        side, text = self._side(value), self.rule.say.found
        return Remark(
            finding=self.rule.finding,
            side=side,
            measure=self.rule.measure,
            value=value,
            unit=self.quantity.unit,
            error=self.quantity.error,
            threshold=cut,
            confidence=self._confidence(
                _beyond(self.rule, middle, cut), self._agreement(beyond, len(readings)), found=True
            ),
            clip=readings[0][0].clip,
            rule=self.name,
            title=self.rule.say.title,
            say=text.format(side=side, value=self._text(middle), reps=f"in {beyond} of {len(readings)} repetitions"),
        )

    def _unassessed(self, reason: Reason, why: str) -> Unassessed:
        side = self.setting.side if self.rule.side in ("stance", "both") else None
        return Unassessed(self.rule.finding, side, reason, self.rule.say.title, why)

    def _side(self, value: float) -> str | None:
        if self.rule.side == "direction":
            return "right" if value > 0 else "left"
        return None if self.rule.side == "none" else self.setting.side

    def _confidence(self, margin: float, agreement: float, found: bool) -> Confidence:
        """High where all checks pass, the repetitions agree and the value is clear of the cut by its own error."""
        if self.quality.all_passed and agreement >= AGREE_HIGH and margin >= self.quantity.error:
            step = 2
        else:
            step = 1 if agreement >= AGREE_MEDIUM else 0
        if abs(self.setting.view.yaw_deg) > self.rule.sure_yaw_deg or self._contradicted(found):
            step = min(step, 1)
        if self.rule.foot_matters:
            step = min(step, self._foot_step())
        step = min(step, CONFIDENCES.index(self.rule.at_most)) if self.validated else 0
        return CONFIDENCES[max(0, step - self.quality.steps_down)]

    def _contradicted(self, found: bool) -> bool:
        """Whether the second witness, mean of both legs at the matched depth, says the opposite."""
        witness = self.rule.witness
        if witness is None:
            return False
        column = quantities()[witness.measure].column
        keys = [f"{column.format(side=side)}@{MATCHED}" for side in SIDES]
        means = [np.mean([rep.measures[k] for k in keys]) for rep in self.reps if all(k in rep.measures for k in keys)]
        if not means:
            return False
        mean = float(np.median(means))
        return mean < witness.denies_below if found else mean >= witness.asserts_from

    def _foot_step(self) -> int:
        """The confidence that the direction of the stance foot allows; from behind the toes cannot be read."""
        stand, view, limits = self.setting.stand, self.setting.view, protocol().foot
        if stand is None or view.facing != "front":
            return 0
        off = abs(foot_direction(stand, self.setting.side, view.left_x))
        return 2 if off <= limits.high_deg else 1 if off <= limits.medium_deg else 0

    def _text(self, value: float) -> str:
        return reading(value, self.quantity)


UNITS = {"deg": "°", "%": "\u00a0%", "s": "\u00a0s", "count": "", "": ""}
DIGITS = {"deg": 0, "%": 0, "s": 1, "count": 0, "": 2}


def number(value: float, quantity: Quantity) -> str:
    """A value as people read it, with its unit."""
    digits = DIGITS[quantity.unit]
    return f"{round(value, digits) + 0.0:.{digits}f}{UNITS[quantity.unit]}"  # + 0.0: no minus sign on a zero


def reading(value: float, quantity: Quantity) -> str:
    """A value with its error, as people read it; events are counted, not measured."""
    if quantity.unit == "count":
        return number(value, quantity)
    bare = number(value, quantity).removesuffix(UNITS[quantity.unit])
    return f"{bare}\u00a0±\u00a0{number(quantity.error, quantity)}"


def _by_leg(verdict: Verdict, reps: Sequence[Rep], setting: Setting, verdicts: Sequence[Verdict]) -> Verdict:
    """A finding of both legs laid at one leg's door, where only one leg makes it and the camera is square enough."""
    if not isinstance(verdict, Finding) or verdict.side != "both":
        return verdict
    one_leg = rules()[verdict.rule].one_leg
    if one_leg is None or abs(setting.view.yaw_deg) > one_leg.max_yaw_deg or verdict.value >= one_leg.beyond:
        return verdict
    if any(isinstance(v, Finding) and v.finding == one_leg.not_with and v.severity != "mild" for v in verdicts):
        return verdict
    column = quantities()[one_leg.measure].column
    legs = {s: [r.measures[c] for r in reps if (c := column.format(side=s)) in r.measures] for s in SIDES}
    if not all(legs.values()):
        return verdict
    inset = {s: float(np.median(v)) for s, v in legs.items()}
    worse = max(inset, key=lambda s: inset[s])
    explained = one_leg.differ_per_yaw_deg * (abs(setting.view.yaw_deg) + one_leg.yaw_error_deg)
    if inset[worse] - inset[other(worse)] < max(one_leg.differ, explained):
        return verdict
    value = reading(verdict.value, quantities()[verdict.measure])
    reps_text = f"in {verdict.reps_flagged} of {verdict.reps_total} repetitions"
    say = one_leg.found.format(side=worse, value=value, reps=reps_text)
    return replace(verdict, side=worse, say=say, headline=one_leg.headline.format(side=worse))


def _back_hidden(stand: Stand, side: str) -> tuple[Reason, str] | None:
    """Why the outline of the back says nothing, None where it does."""
    limits = lumbar_estimator()
    if side in SIDES and stand.segment(side, "shoulder", "hip") < limits.least_trunk_px:
        return "person_small", "The person is too small in the picture for the outline of the back: film closer."
    if not np.isfinite(stand.hollow):
        return "back_hidden", (
            "The outline of the back could not be read while standing: keep both arms in front of the body, "
            "and hair and loose cloth off the back."
        )
    if stand.hollow < limits.least_hollow:
        return "back_hidden", (
            "The outline of the back shows no hollow in own standing, so its change cannot be read: "
            "wear a fitted top, tucked in."
        )
    return None


def _faces(quantity: Quantity) -> str:
    words = {"front": "the front", "back": "behind", "left": "the side"}
    return " or ".join(words[f] for f in quantity.faces if f in words)
