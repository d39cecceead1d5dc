"""The report's sentences: what was done, what was seen, and why the start is where it is."""

from collections.abc import Sequence

from ..audit import Audit
from ..library import movements as library_movements
from ..plan import StartingPhase

FACES = {
    "front": "from the front",
    "back": "from behind",
    "left": "from the person's left",
    "right": "from the person's right",
    "oblique": "at an angle",
}
COMMON = "Many pain-free people move this way."
_COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six")
PACE = "tempo_fast"  # how fast somebody lowers is practice of control, and names no pattern


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def standing(audit: Audit) -> str:
    """The movement and the leg that bears it."""
    side = audit.movement.side
    if side == "both":
        return audit.movement.title
    bears = "on" if library_movements()[audit.movement.name].posture == "lying" else "standing on"
    return f"{audit.movement.title}, {bears} the {side} leg"


def counted(audit: Audit) -> str:
    """How many repetitions count, in words."""
    n = sum(rep.valid for rep in audit.reps)
    what = "hold" if library_movements()[audit.movement.name].hold else "repetition"
    return f"{n} {what}{'s' * (n != 1)}"


def table_words(audit: Audit) -> tuple[str, str, str]:
    """The table of repetitions: its heading, that of the instant and that of the durations, "" where there are none."""
    movement = library_movements()[audit.movement.name]
    if movement.hold:
        return "The hold, over its last seconds", "At", ""
    if movement.posture == "lying":
        return "Repetition by repetition, at the top", "Highest at", "Up / hold / down"
    return "Repetition by repetition, at the lowest point", "Lowest at", "Down / hold / up"


def views(audit: Audit) -> str:
    """Where the camera stood, once per view."""
    return listed(list(dict.fromkeys(FACES[clip.view.facing] for clip in audit.clips)))


def seen(audit: Audit) -> str:
    """What was done and how it was filmed, in one line; a hold has no repetitions."""
    return f"{counted(audit)}, filmed {views(audit)}" if audit.reps else f"filmed {views(audit)}"


def headline(audit: Audit) -> str:
    """What was seen in one audit, in one plain sentence; a safety answer comes before anything seen."""
    return page_headline([audit], audit.starting_phase)


def page_headline(audits: Sequence[Audit], start: StartingPhase) -> str:
    """What was seen in all audits of a page, in one plain sentence; a safety answer comes before anything seen."""
    if start.phase == 0:
        return "Before any training: talk to a health professional."
    patterns = _patterns(audits)
    if patterns:
        many = _COUNTS[len(patterns)] if len(patterns) < len(_COUNTS) else str(len(patterns))
        return f"{many} pattern{'s' * (len(patterns) > 1)} to practise: {listed(patterns)}."
    fast = any(f.finding == PACE for audit in audits for f in audit.findings)
    if any(p.finding != PACE for audit in audits for p in audit.passed):
        done = listed([counted(audit) for audit in audits]) if len(audits) == 1 else f"{len(audits)} movements"
        view = "this view" if len(audits) == 1 else "these views"
        return f"Nothing stood out that {view} can show, in {done}.{' One remark: lowering is fast.' if fast else ''}"
    tests = [test for audit in audits for test in audit.tests]
    if tests:
        return " ".join(f"{test.title}: {test.say}" for test in tests)
    here = "this clip" if sum(len(audit.clips) for audit in audits) == 1 else "these clips"
    if fast:
        return f"Lowering is fast; nothing else could be judged from {here}."
    return f"{here.capitalize()} cannot carry a verdict: see what could not be judged, and how to film it."


def _patterns(audits: Sequence[Audit]) -> list[str]:
    """Half-sentences of all findings; where there are several audits each names its movement."""
    together: dict[str, list[str]] = {}
    for audit in audits:
        for found in audit.findings:
            if found.finding != PACE:
                together.setdefault(found.headline, []).append(audit.movement.title.lower())
    if len(audits) == 1:
        return list(together)
    return [f"{head} ({listed(list(dict.fromkeys(movements)))})" for head, movements in together.items()]


def because(start: StartingPhase) -> str:
    """Why the start is not higher: the lowest caps in their own words, what is missing only where nothing else is."""
    caps = [cap for cap in start.caps if cap.cap == start.phase]
    return " ".join(cap.say for cap in [cap for cap in caps if cap.gate != "missing"] or caps)
