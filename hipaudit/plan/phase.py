"""The starting phase: the weakest link of all gates in `library/phases/gates.toml`. Pure functions over data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..findings import CONFIDENCES, Finding, Passed, QualityScore, SetMeasure, Unassessed, Verdict
from ..findings.quality import quality_score
from ..library import FindingGate, Gates, gates, movements
from ..poses.skeleton import SIDES
from . import Cap, Missing, StartingPhase
from .intake import Intake

URGENT = "What you reported may need help now: call the local emergency number. Do not start training."
SEE_SOMEONE = (
    "I am pausing your plan. What you reported is outside what an exercise app should decide. Please talk to a doctor "
    "or physiotherapist; you can bring this report."
)
TOO_YOUNG = "Under 16 there is no programme: a parent or guardian and a professional decide together."
RESTRICTED = "An answer to the safety questions rules out impact and single-leg loading for now."
NOT_SEEN = "Some of what the decision needs is still missing, so the start stays at phase 2 or below."
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

    @property
    def quality(self) -> QualityScore | None:
        """The quality score, None where the movement has none or it could not be read."""
        scored = quality_score(self.movement, self.side, self.measures)
        return scored if isinstance(scored, QualityScore) else None

    def bottom(self, measure: str) -> float | None:
        """A measure at the lowest point, None where it could not be read."""
        return next((m.value for m in self.measures if m.measure == measure and m.at == "bottom"), None)


def starting_phase(sets: Sequence[JudgedSet], intake: Intake | None = None) -> StartingPhase:
    """The lowest cap of all gates, with every cap that holds, what is missing, and what would move the person up.

    Where an answer forbids a programme that is all it says.
    """
    table = gates()
    told = intake or Intake()
    caps = [*_told_caps(told, table), *_test_caps(told, table), *_seen_caps(sets, told, table)]
    forbidden = [cap for cap in caps if cap.cap == 0]
    if forbidden:
        return StartingPhase(0, table.phases["0"], provisional=False, caps=forbidden[:1], would_move_up=[], missing=[])
    missing = [m.what for m in missing_parts(sets, told)]
    if missing:
        caps.append(Cap("missing", None, None, table.missing_cap, None, NOT_SEEN))
    phase = min([table.highest_start, *(c.cap for c in caps)])
    caps.sort(key=lambda c: (c.cap, c.gate == "missing"))
    return StartingPhase(
        phase=phase,
        name=table.phases[str(phase)],
        provisional=bool(missing),
        caps=caps,
        would_move_up=[_way_up(c, missing) for c in caps if c.cap == phase < table.highest_start],
        missing=missing,
    )


def missing_parts(sets: Sequence[JudgedSet], intake: Intake | None = None) -> list[Missing]:
    """What the decision asks for and has not got, and how to provide each; empty where nothing is missing."""
    return list(_missing(sets, intake or Intake(), gates()))


def _missing(sets: Sequence[JudgedSet], told: Intake, table: Gates) -> Iterator[Missing]:
    for key in ("safety", "pain", "training"):
        if getattr(told, key) is None:
            yield _part(table, key)
    if told.age is None or told.fall_last_year is None:
        yield _part(table, "age")
    if not any(s.legs == 2 and s.answered for s in sets):
        yield _part(table, "squat")
    # Step tasks are left out for older people and after a fall: the chair stand speaks for them.
    if not _fragile(told, table):
        for side in SIDES:
            if not any(s.legs == 1 and s.side == side and s.answered for s in sets):
                yield _part(table, "step_down", side)
    for test in ("chair_stand_30s", "single_leg_stance_s"):
        if told.tests.result(test) is None:
            yield _part(table, test)


def _part(table: Gates, key: str, side: str = "") -> Missing:
    part = table.required[key]
    how = movements()[part.film].film if part.film else part.how
    return Missing(part.what.format(side=side), how)


def _fragile(told: Intake, table: Gates) -> bool:
    return (told.age or 0) >= table.older_supported_age or bool(told.fall_last_year)


def _told_caps(told: Intake, table: Gates) -> Iterator[Cap]:
    """Caps from the answers: safety, age, pain, training, falls."""
    if told.safety and told.safety.urgent:
        yield Cap("safety", None, None, 0, None, URGENT)
    if told.safety and told.safety.see_someone_first:
        yield Cap("safety", None, None, 0, None, SEE_SOMEONE)
    if told.age is not None and told.age < table.youngest_age:
        yield Cap("age", told.age, table.youngest_age, 0, None, TOO_YOUNG)
    if told.safety and told.safety.restricted:
        yield Cap("safety", None, None, table.restricted_cap, None, RESTRICTED)
    if told.pain is not None:
        for cut, cap in table.pain:
            if told.pain >= cut:
                say = f"Pain of {told.pain:g} out of 10." if cap else f"Pain of {told.pain:g} out of 10. {SEE_SOMEONE}"
                yield Cap("pain", told.pain, cut, cap, None, say)
                break
    if told.training:
        yield from _training_caps(told, table)
    if (told.age or 0) >= table.older_supported_age:
        say = f"At {told.age}, start with supported versions."
        yield Cap("age", told.age, table.older_supported_age, table.older_supported_cap, None, say)
    if told.fall_last_year:
        say = "After a fall in the last year, start with supported versions."
        yield Cap("fall", None, None, table.older_supported_cap, None, say)


def _training_caps(told: Intake, table: Gates) -> Iterator[Cap]:
    training = told.training
    assert training is not None
    if training.sessions_per_week == 0 or training.weeks == 0:
        cautious = (told.age or 0) >= table.older_age or 1 <= (told.pain or 0) < 3
        cap = table.untrained_older_cap if cautious else table.untrained_cap
        yield Cap("training", 0, 1, cap, None, "No leg strength training in the last three months.")
    elif training.sessions_per_week < table.trained_per_week:
        say = (
            f"Leg strength training {training.sessions_per_week:g} times a week, less than {table.trained_per_week:g}."
        )
        yield Cap("training", training.sessions_per_week, table.trained_per_week, table.little_training_cap, None, say)
    elif training.weeks < table.trained_weeks:
        say = f"Leg strength training for {training.weeks:g} weeks, less than {table.trained_weeks:g}."
        yield Cap("training", training.weeks, table.trained_weeks, table.little_training_cap, None, say)


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
            unknown = "" if told.age is not None else " (without an age the strictest band decides)"
            yield Cap(test, value, cut, cap, None, f"{title[0].upper()}{title[1:]}: {value:g}, below {cut:g}{unknown}.")


def _seen_caps(sets: Sequence[JudgedSet], told: Intake, table: Gates) -> Iterator[Cap]:
    """Caps from the findings. Only medium or high confidence changes a phase."""
    for judged in sets:
        found = [v for v in judged.verdicts if isinstance(v, Finding)]
        sure = [f for f in found if CONFIDENCES.index(f.confidence) >= 1]
        for gate in table.findings:
            for f in sure:
                if _asks(gate, judged) and f.finding == gate.finding and f.severity in gate.caps:
                    say = f"{f.say} {gate.then}".rstrip()
                    yield Cap(gate.gate, f.value, f.threshold, gate.caps[f.severity], f.confidence, say)
        if judged.legs == 1:
            yield from _single_leg_caps(judged, found, told, table)
    knees = [v for s in sets for v in s.verdicts if v.finding == "knee_valgus" and isinstance(v, Finding | Passed)]
    if knees and all(v.confidence == "low" for v in knees):
        yield Cap("confidence", None, None, table.missing_cap, "low", FILM_AGAIN)


def _asks(gate: FindingGate, judged: JudgedSet) -> bool:
    """Whether a gate is about this set's task."""
    return gate.legs in (None, judged.legs) and (not gate.movements or judged.movement in gate.movements)


def _single_leg_caps(judged: JudgedSet, found: Sequence[Finding], told: Intake, table: Gates) -> Iterator[Cap]:
    """Quality score, summed angle, and a strong pelvic drop beside a failed hold or stance."""
    sure = any(v.finding == "knee_valgus" and getattr(v, "confidence", "low") != "low" for v in judged.verdicts)
    scored = judged.quality
    for least, cap in table.quality:
        if sure and scored and scored.score >= least:
            yield Cap("quality score", scored.score, least, cap, None, f"Quality score: {scored.say}")
            break
    knee, lean = judged.bottom("fppa"), judged.bottom("trunk_lean")
    towards = -1 if judged.side == "left" else 1
    if sure and knee is not None and lean is not None:
        total = max(knee, 0) + max(towards * lean, 0)
        cut, cap = table.summed_angle
        if total >= cut:
            say = (
                f"Knee and trunk together reach {total:.0f}° on the {judged.side} leg: "
                "resembles squats that physiotherapists rate as reduced control."
            )
            yield Cap("summed angle", total, cut, cap, None, say)
    holds = [told.tests.result(t) for t in ("single_leg_stance_s", "single_leg_bridge_s", "side_lying_abduction_s")]
    short = any(h is not None and h < table.short_hold_s for h in holds)
    for f in found:
        if f.finding == "pelvic_drop" and f.severity == "marked" and short:
            say = f"{f.say} A stance or hold test stayed under {table.short_hold_s:g} s."
            yield Cap("pelvic drop and hold", f.value, f.threshold, table.drop_cap, f.confidence, say)


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
    assert cap.value is not None, f"the gate {cap.gate} is of a value"
    if cap.gate in gates().tests:
        return f"{gates().tests[cap.gate].capitalize()}: {cap.cut:g} or more (now {cap.value:g})."
    return f"Practise, then film again: {cap.gate} better than {cap.cut:g} (now {abs(cap.value):.3g})."


def _fits(ages: tuple[int, int], age: int | None) -> bool:
    """Without an age every band is held against the person: the strictest decides."""
    return age is None or ages[0] <= age <= ages[1]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
