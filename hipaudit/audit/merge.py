"""Several clips of one movement and side as one: each finding from the clip whose view is competent for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..findings import CONFIDENCES, Answer, SetMeasure, Unassessed, Verdict
from ..findings.rules import number, reading
from ..library import quantities
from .seen import JudgedClip


@dataclass(frozen=True, slots=True)
class Merged:
    """What the clips say together; `disagreements` where two of them differ by more than measurement explains."""

    verdicts: list[Verdict]
    measures: list[SetMeasure]
    disagreements: list[str]


def merge(clips: Sequence[JudgedClip]) -> Merged:
    """One verdict for each finding, one value for each measure.

    Where several clips answer, the surest counts, then the one filmed most squarely; of three or more the middle
    value. Two that differ by more than the minimal detectable change are named, and their verdict is one step less
    sure. What no clip can answer keeps the reason that says most.
    """
    square = sorted(clips, key=lambda c: abs(c.seen.clip.view.yaw_deg))
    shown = {test.test for clip in clips for test in clip.tests}
    codes = dict.fromkeys(v.finding for clip in clips for v in clip.verdicts if v.finding not in shown)
    verdicts, disagreements = [], []
    for code in codes:
        said = [v for clip in square for v in clip.verdicts if v.finding == code]
        verdict, disagreement = _agreed(said)
        verdicts.append(verdict)
        disagreements += disagreement
    judged = {v.measure: v.clip for v in verdicts if not isinstance(v, Unassessed)}
    return Merged(verdicts, list(_one_of_each(square, judged)), disagreements)


def _agreed(said: Sequence[Verdict]) -> tuple[Verdict, list[str]]:
    """The verdict that stands for all, from the most squarely filmed clip to the least, and where they disagree."""
    answers = [v for v in said if not isinstance(v, Unassessed)]
    if not answers:
        return next((v for v in said if isinstance(v, Unassessed) and v.reason != "wrong_view"), said[0]), []
    best = max(answers, key=lambda v: CONFIDENCES.index(v.confidence))  # the first, so the squarest, of equals
    alike = sorted((v for v in answers if v.measure == best.measure), key=lambda v: v.value)
    quantity = quantities()[best.measure]
    if alike[-1].value - alike[0].value <= quantity.detectable:
        return best, []
    if len(alike) > 2:
        chosen = alike[len(alike) // 2]
    else:
        chosen = replace(best, confidence=CONFIDENCES[max(0, CONFIDENCES.index(best.confidence) - 1)])
    return chosen, [_disagreement(alike, chosen)]


def _disagreement(alike: Sequence[Answer], chosen: Answer) -> str:
    quantity = quantities()[chosen.measure]
    values = ", ".join(f"{v.clip} {reading(v.value, quantity)}" for v in alike)
    advice = "The middle one is shown." if len(alike) > 2 else f"Shown is {chosen.clip}; a third clip would settle it."
    return (
        f"{chosen.title}: the clips differ ({values}) by more than the {number(quantity.detectable, quantity)} that "
        f"measurement alone explains. {advice}"
    )


def _one_of_each(square: Sequence[JudgedClip], judged: Mapping[str, str]) -> Iterator[SetMeasure]:
    """Each measure once: from the clip it was `judged` in, else from the most squarely filmed one that has it."""
    found: dict[tuple[str, str | None, str], list[SetMeasure]] = {}
    for clip in square:
        for measure in clip.measures:
            found.setdefault((measure.measure, measure.side, measure.at), []).append(measure)
    for same in found.values():
        yield next((m for m in same if m.clip == judged.get(m.measure)), same[0])
