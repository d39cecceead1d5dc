"""The starting phase: the weakest link of all gates in `library/phases/gates.toml`. Pure functions over data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..findings import CONFIDENCES, Finding, Passed, SetMeasure, Unassessed, Verdict
from ..library import Gates, gates
from . import Cap, StartingPhase
from .intake import Intake

SAFETY_FIRST = "An answer to the safety questions comes first: talk to a professional before training."
RESTRICTED = "An answer to the safety questions rules out impact and single-leg loading for now."
NOT_SEEN = "Not seen is not passed: something the decision asks for has not been seen or told."
FILM_AGAIN = "Everything was measured at low confidence only: film again, as the checks say."


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """One set as its rules saw it: movement, stance side, how many legs, verdicts and measures."""

    movement: str
    side: str
    legs: int
    verdicts: Sequence[Verdict]
    measures: Sequence[SetMeasure]

    @property
    def answered(self) -> bool:
        """Whether the knees could be judged: what makes a clip count as the front view a gate asks for."""
        return any(v.finding == "knee_valgus" and not isinstance(v, Unassessed) for v in self.verdicts)

    def bottom(self, measure: str) -> float | None:
        """A measure at the lowest point, None where it could not be read."""
        return next((m.value for m in self.measures if m.measure == measure and m.at == "bottom"), None)


def starting_phase(sets: Sequence[JudgedSet], intake: Intake | None = None) -> StartingPhase:
    """The lowest cap of all gates, with every cap that holds, what is missing, and what would move the person up."""
    table = gates()
    told = intake or Intake()
    missing = list(_missing(sets, told, table))
    caps = [*_told_caps(told, table), *_test_caps(told, table), *_seen_caps(sets, told, table)]
    if missing:
        caps.append(Cap("missing", None, None, table.missing_cap, None, NOT_SEEN))
    phase = min([table.highest_start, *(c.cap for c in caps)])
    caps.sort(key=lambda c: c.cap)
    return StartingPhase(
        phase=phase,
        name=table.phases[str(phase)],
        provisional=bool(missing),
        caps=caps,
        would_move_up=[_way_up(c, missing) for c in caps if c.cap == phase and phase > 0],
        missing=missing,
    )


def quality_score(judged: JudgedSet) -> tuple[int, list[str]]:
    """The step-down quality score's points for trunk, pelvis and knee, and the items that gave them.

    A lower bound of the 0-6 score: arms and steadiness are not watched yet. Piva 2006, Rabin 2010; the mapping from
    angles is hipaudit's (grade D).
    """
    lean, drop, knee = (judged.bottom(m) for m in ("trunk_lean", "pelvic_drop", "fppa"))
    points = {
        "trunk": int(lean is not None and abs(lean) >= 11),
        "pelvis": int(drop is not None and (drop >= 9 or drop <= -7)),
        "knee": 0 if knee is None else int(knee >= 8) + int(knee >= 15),
    }
    return sum(points.values()), [item for item, p in points.items() if p]


def _missing(sets: Sequence[JudgedSet], told: Intake, table: Gates) -> Iterator[str]:
    have = {
        "safety": told.safety is not None,
        "pain": told.pain is not None,
        "training": told.training is not None,
        "squat": any(s.legs == 2 and s.answered for s in sets),
        "step_down": any(s.legs == 1 and s.answered for s in sets),
        **{test: told.tests.result(test) is not None for test in ("chair_stand_30s", "single_leg_stance_s")},
    }
    return (words for key, words in table.required.items() if not have[key])


def _told_caps(told: Intake, table: Gates) -> Iterator[Cap]:
    """Caps from the answers: safety, pain, training, age and falls."""
    if told.safety and (told.safety.urgent or told.safety.see_someone_first):
        yield Cap("safety", None, None, 0, None, SAFETY_FIRST)
    if told.safety and told.safety.restricted:
        yield Cap("safety", None, None, table.restricted_cap, None, RESTRICTED)
    if told.pain is not None:
        for cut, cap in table.pain:
            if told.pain >= cut:
                yield Cap("pain", told.pain, cut, cap, None, f"Pain of {told.pain:g} out of 10.")
                break
    if told.training:
        yield from _training_caps(told, table)
    if (told.age or 0) >= table.older_supported_age:
        yield Cap(
            "age",
            told.age,
            table.older_supported_age,
            table.older_supported_cap,
            None,
            f"At {told.age}, start with supported versions.",
        )
    elif told.fall_last_year:
        yield Cap(
            "fall",
            None,
            None,
            table.older_supported_cap,
            None,
            "After a fall in the last year, start with supported versions.",
        )


def _training_caps(told: Intake, table: Gates) -> Iterator[Cap]:
    training = told.training
    assert training is not None
    if training.sessions_per_week == 0 or training.weeks == 0:
        cautious = (told.age or 0) >= table.older_age or 1 <= (told.pain or 0) < 3
        cap = table.untrained_older_cap if cautious else table.untrained_cap
        yield Cap("training", 0, 1, cap, None, "No leg strength training in the last three months.")
    elif training.sessions_per_week < 2 or training.weeks < 8:
        say = (
            f"Trained {training.sessions_per_week:g} times a week for {training.weeks:g} weeks: too little to build on."
        )
        yield Cap("training", training.weeks, 8, table.little_training_cap, None, say)


def _test_caps(told: Intake, table: Gates) -> Iterator[Cap]:
    """Caps from the functional tests: the bands of the person's age and sex, the stricter one where sex is not told."""
    for test, title in table.tests.items():
        value = told.tests.result(test)
        if value is None:
            continue
        bands = [
            b for b in table.bands if b.test == test and _fits(b.age, told.age) and b.sex in ("any", told.sex or b.sex)
        ]
        hits = [(i + 1, cut) for b in bands for i, cut in enumerate(b.caps) if value < cut]
        if hits:
            cap, cut = min(hits)
            yield Cap(test, value, cut, cap, None, f"{title[0].upper()}{title[1:]}: {value:g}, below {cut:g}.")


def _seen_caps(sets: Sequence[JudgedSet], told: Intake, table: Gates) -> Iterator[Cap]:
    """Caps from the findings. Only medium or high confidence changes a phase."""
    for judged in sets:
        found = [v for v in judged.verdicts if isinstance(v, Finding)]
        sure = [f for f in found if CONFIDENCES.index(f.confidence) >= 1]
        for gate in table.findings:
            for f in sure:
                if f.finding == gate.finding and gate.legs == judged.legs and f.severity in gate.caps:
                    yield Cap(gate.gate, f.value, f.threshold, gate.caps[f.severity], f.confidence, f.say)
        if judged.legs == 1:
            yield from _single_leg_caps(judged, found, told, table)
    knees = [v for s in sets for v in s.verdicts if v.finding == "knee_valgus" and isinstance(v, Finding | Passed)]
    if knees and all(v.confidence == "low" for v in knees):
        yield Cap("confidence", None, None, table.missing_cap, "low", FILM_AGAIN)


def _single_leg_caps(judged: JudgedSet, found: Sequence[Finding], told: Intake, table: Gates) -> Iterator[Cap]:
    """Quality score, summed angle, and a strong pelvic drop beside a failed hold or stance."""
    sure = any(v.finding == "knee_valgus" and getattr(v, "confidence", "low") != "low" for v in judged.verdicts)
    score, items = quality_score(judged)
    for least, cap in table.quality:
        if sure and score >= least:
            say = f"Quality score of at least {score} of 6 on the {judged.side} leg ({_listed(items)})."
            yield Cap("quality score", score, least, cap, None, say)
            break
    knee, lean = judged.bottom("fppa"), judged.bottom("trunk_lean")
    towards = -1 if judged.side == "left" else 1
    if sure and knee is not None and lean is not None:
        total = max(knee, 0) + max(towards * lean, 0)
        cut, cap = table.summed_angle
        if total >= cut:
            say = (
                f"Knee and trunk together reach {total:.0f}° on the {judged.side} leg: "
                "resembles what physiotherapists rate as reduced."
            )
            yield Cap("summed angle", total, cut, cap, None, say)
    holds = [told.tests.result(t) for t in ("single_leg_stance_s", "single_leg_bridge_s", "side_lying_abduction_s")]
    short = any(h is not None and h < 30 for h in holds)
    for f in found:
        if f.finding == "pelvic_drop" and f.severity == "marked" and short:
            yield Cap(
                "pelvic drop and hold",
                f.value,
                f.threshold,
                2,
                f.confidence,
                f"{f.say} A stance or hold test stayed under 30 s.",
            )


_WAYS = {
    "safety": "Clearance by a professional.",
    "pain": "Pain of 2 or less out of 10.",
    "training": "Leg strength training twice a week for eight weeks.",
    "age": "Supported versions first; the re-test decides.",
    "fall": "Supported versions first; the re-test decides.",
    "confidence": "A new clip that passes the checks.",
}


def _way_up(cap: Cap, missing: Sequence[str]) -> str:
    """What would raise one cap, in words."""
    if cap.gate == "missing":
        return f"Add {_listed(missing)}."
    if cap.gate in _WAYS:
        return _WAYS[cap.gate]
    if cap.gate in gates().tests:
        return f"{gates().tests[cap.gate].capitalize()}: {cap.cut:g} or more (now {cap.value:g})."
    return f"Re-test after practice: {cap.gate} inside {cap.cut:g} (now {cap.value:.3g})."


def _fits(ages: tuple[int, int], age: int | None) -> bool:
    """Without an age every band is held against the person: the strictest decides."""
    return age is None or ages[0] <= age <= ages[1]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
