"""Functional tests that a clip shows: how long a position was held, how often somebody stood up."""

from collections.abc import Sequence

from ..library import Hold, LockOut, Movement
from ..reps import HELD, Rep
from ..reps.chair import StandCount
from . import CONFIDENCES, Confidence, FunctionalTest, Unassessed
from .rules import Quality


def held_test(reps: Sequence[Rep], movement: Movement, quality: Quality) -> FunctionalTest | None:
    """The longest hold of a set as a functional test; None where nothing was held."""
    valid = [rep for rep in reps if rep.valid]
    best = max(valid, key=lambda rep: rep.measures.get(HELD, 0.0), default=None)
    timed = movement.hold or movement.lock_out
    if timed is None or best is None or HELD not in best.measures:
        return None
    if isinstance(timed, LockOut) and len(valid) > timed.most_holds:
        return None  # a set of repetitions: nobody held as long as possible
    seconds = round(best.measures[HELD], 1)
    say = _stance(best, seconds, timed, _touches(reps)) if isinstance(timed, Hold) else _top(best, seconds, timed)
    return FunctionalTest(
        test=timed.test,
        side=best.side,
        value=seconds,
        unit="s",
        at_least=isinstance(timed, Hold) and not best.complete and seconds < timed.at_most_s,
        clip=best.clip,
        confidence=confidence(quality, movement),
        title=timed.title,
        say=say,
    )


def counted_test(count: StandCount, movement: Movement, clip: str, quality: Quality) -> FunctionalTest | Unassessed:
    """The stands of a clip as the timed test; `Unassessed` where the clip ends before the time is up."""
    chair = movement.chair
    assert chair is not None, "only chair stands are counted against the clock"
    if count.covered < chair.seconds:
        say = (
            f"It takes {chair.seconds:g} s from first leaving the seat, and this clip goes on for {count.covered:.0f} "
            f"s: sit down, stand up fully as often as you can, and film until {chair.seconds:g} s have passed."
        )
        return Unassessed(chair.test, None, "too_short", chair.title, say)
    return FunctionalTest(
        test=chair.test,
        side=None,
        value=float(count.stands),
        unit="",
        at_least=False,
        clip=clip,
        confidence=confidence(quality, movement),
        title=chair.title,
        say=f"{count.stands} full stands in {chair.seconds:g} s, from first leaving the seat at {count.start:.1f} s.",
    )


def confidence(quality: Quality, movement: Movement) -> Confidence:
    """What the clip's checks leave of a duration or a count; a movement that is not validated is at low confidence."""
    if not movement.validated or not quality.judged:
        return "low"
    return CONFIDENCES[max(0, (2 if quality.all_passed else 1) - quality.steps_down)]


def _top(best: Rep, seconds: float, top: LockOut) -> str:
    return f"On the {best.side} leg the hips stayed within {top.loss_deg:g}° of their best for {seconds:.1f} s."


def _stance(best: Rep, seconds: float, hold: Hold, touches: int) -> str:
    leg = f"On the {best.side} leg"
    if seconds >= hold.at_most_s:
        held = f"{leg} held for the full {hold.at_most_s:g} s"
    elif best.complete:
        held = f"{leg} held for {seconds:.1f} s"
    else:
        held = f"{leg} held for at least {seconds:.1f} s: the clip ends before the hold does"
    times = "once" if touches == 1 else f"{touches} times"
    return f"{held}; the free foot came down {times} between holds." if touches else f"{held}."


def _touches(reps: Sequence[Rep]) -> int:
    """How often the free foot came down and went up again."""
    return max(sum(HELD in rep.measures for rep in reps) - 1, 0)
