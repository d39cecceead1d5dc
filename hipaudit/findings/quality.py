"""The quality score of the lateral step-down test, 0-6, from the measures of one set. Piva 2006; Rabin 2010.

One point each for arms, trunk, pelvis and an unsteady stance, one or two for the knee; the item's measure is its median
over the repetitions. How angles stand for what an observer marks is hipaudit's own (grade D, see
`library/phases/gates.toml`).
"""

from collections.abc import Sequence

from ..library import gates
from . import QualityScore, SetMeasure, Unassessed, Verdict

MOVEMENTS = ("lateral_step_down", "single_leg_squat")
TITLE = "Quality score"
HALF = 0.5  # of the repetitions: an event counts from then on
_NEEDED = {"trunk_lean": "trunk", "pelvic_drop": "pelvis", "fppa": "knee"}
_WATCHED = {"hand_off": "arms", "balance_lost": "steadiness"}


def quality_score(
    movement: str, side: str, measures: Sequence[SetMeasure], verdicts: Sequence[Verdict]
) -> QualityScore | Unassessed | None:
    """The score of one set; None in movements that have none.

    Trunk, pelvis and knee must have been read, else it is `Unassessed`: half the items are no score; and so where the
    knee cannot be judged, for what hinders that, say too few repetitions, hinders the score. Where arms or steadiness
    could not be watched it counts the rest and says "at least".
    """
    if movement not in MOVEMENTS:
        return None
    read = {m.measure: m.value for m in measures if m.at in ("bottom", "rep")}
    lacking = [part for name, part in _NEEDED.items() if name not in read]
    if lacking:
        say = f"It takes trunk, pelvis and knee from the front or behind; not read here: {', '.join(lacking)}."
        return Unassessed("quality_score", side, "not_seen", TITLE, say)
    knee = next((v for v in verdicts if v.finding == "knee_valgus"), None)
    if isinstance(knee, Unassessed):
        return Unassessed("quality_score", side, knee.reason, TITLE, knee.say)
    points = _points(read)
    items = [item for item, given in points.items() if given]
    not_seen = [part for name, part in _WATCHED.items() if name not in read]
    score = sum(points.values())
    return QualityScore(score, items, not_seen, side, _say(score, items, not_seen, side))


def _points(read: dict[str, float]) -> dict[str, int]:
    cut = gates().quality_items
    lean, drop, knee = read["trunk_lean"], read["pelvic_drop"], read["fppa"]
    return {
        "arms": int(read.get("hand_off", 0.0) >= HALF),
        "trunk": int(abs(lean) >= cut["trunk"]),
        "pelvis": int(drop >= cut["pelvis"] or drop <= cut["pelvis_hike"]),
        "knee": int(knee >= cut["knee"]) + int(knee >= cut["knee_far"]),
        "steadiness": int(read.get("balance_lost", 0.0) >= HALF),
    }


def _say(score: int, items: Sequence[str], not_seen: Sequence[str], side: str) -> str:
    least = "at least " if not_seen else ""
    given = f" (for {', '.join(items)})" if items else ""
    unseen = f" Not watched: {', '.join(not_seen)}." if not_seen else ""
    return f"{side.capitalize()} leg: {least}{score} of 6 points{given}, 0 is steadiest.{unseen}"
