"""What is said after a set: its repetitions and patterns by the rules of the recorded audit, in a few sentences."""

from collections.abc import Iterator, Sequence

from ..audit.seen import JudgedClip
from ..findings import ON_SCREEN, Finding, Passed, Unassessed
from ..library import cues, movements
from ..report.words import COMMON, listed
from .events import TestDone


def summed_up(judged: JudgedClip, clean: int, silent: bool) -> tuple[str, ...]:
    """The summary of a set, a sentence each; of a `silent` one the count alone, to see what stays."""
    return tuple(_sentences(judged, clean, silent))


def test_results(t: float, judged: JudgedClip) -> list[TestDone]:
    """The functional tests that the set shows, and those that it shows too little of."""
    done = [TestDone(t, x.test, x.side, x.value, x.unit, x.say) for x in judged.tests]
    tests = {r.test for m in movements().values() for r in (m.hold, m.chair, m.lock_out) if r is not None}
    missed = [v for v in judged.verdicts if isinstance(v, Unassessed) and v.finding in tests]
    return [*done, *(TestDone(t, v.finding, v.side, None, "", v.say) for v in missed)]


def _sentences(judged: JudgedClip, clean: int, silent: bool) -> Iterator[str]:
    counted = sum(rep.valid for rep in judged.reps)
    hold = movements()[judged.movement.name].hold is not None
    if not (hold or judged.tests):  # a test says its own result
        yield f"{counted} repetition{'s' * (counted != 1)}, {clean} of them clean."
    if silent:
        yield "This set was without feedback, to see what stays."
        return
    yield from (test.say for test in judged.tests)
    found = [v for v in judged.verdicts if isinstance(v, Finding)]
    for finding in found:
        reps = "" if hold else f", in {finding.reps_flagged} of {finding.reps_total} repetitions"
        unsure = ", at low confidence" if finding.confidence == "low" else ""
        yield f"{finding.title}: {ON_SCREEN[finding.severity]}{reps}{unsure}."
    if any(_is_pattern(f.rule) for f in found):
        yield COMMON
    if found and (words := _words(found)):
        yield f"Next set: {words}."
    yield from _not_found(judged, bool(found))


def _not_found(judged: JudgedClip, found: bool) -> Iterator[str]:
    """That nothing stood out, and what could not be judged from here."""
    if not found and any(isinstance(v, Passed) for v in judged.verdicts):
        yield "Nothing stood out in what this view shows."
    unseen = [v.title for v in judged.verdicts if isinstance(v, Unassessed) and v.reason != "wrong_view"]
    if unseen:
        yield f"Not judged this time: {listed(list(dict.fromkeys(title.lower() for title in unseen)))}."


def _is_pattern(rule: str) -> bool:
    band = cues().bands.get(rule)
    return band is None or band.pattern


def _words(found: Sequence[Finding]) -> str | None:
    """What to think of in the next set: the first words for what comes first."""
    bands = [band for f in found if (band := cues().bands.get(f.rule))]
    first = min(bands, key=lambda band: band.priority, default=None)
    return cues().words[first.words].external[0] if first else None
