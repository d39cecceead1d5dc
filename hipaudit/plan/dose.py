"""A dose in words a person can train by."""

from ..library import Dose

_LOADS = {"light_band": "light band", "light_dumbbells": "light dumbbells"}


def amount(dose: Dose) -> str:
    """Sets and what one holds: "2 to 3 × 10 to 15 each side", "2 × 30 to 60 s", "4 to 6 min"."""
    sets = _span(dose.sets)
    if dose.minutes is not None:
        whole = _span(dose.minutes) + " min" if dose.minutes[1] >= 1 else _span(_seconds(dose.minutes)) + " s"
        text = whole if sets == "1" else f"{sets} × {whole}"
    elif dose.reps is not None and dose.hold_s is not None:
        text = f"{sets} × {_span(dose.reps)} holds of {_span(dose.hold_s)} s"
    elif dose.reps is not None:
        text = f"{sets} × {_span(dose.reps)}"
    else:
        assert dose.hold_s is not None, "a dose has reps, a hold or minutes"
        text = f"{sets} × {_span(dose.hold_s)} s"
    side = " each side" if dose.per_side else ""
    load = f", {_LOADS[dose.load]}" if dose.load in _LOADS else ""
    return f"{text}{side}{load}"


def tempo(dose: Dose) -> str | None:
    """Seconds of each part of a repetition, None where there is no tempo to keep."""
    if dose.tempo is None:
        return None
    t, (lower, lift) = dose.tempo, dose.tempo.ways
    parts = (
        (t.lower_s, lower),
        (t.pause_low_s, "pause"),
        (t.lift_s, lift),
        (t.pause_top_s, "pause at the top" if lift == "up" else "pause"),
    )
    return ", ".join(f"{seconds:g} s {word}" for seconds, word in parts if seconds)


def rest(dose: Dose) -> str | None:
    """Rest between sets, None where there is none."""
    return f"{dose.rest_s:g} s rest" if dose.rest_s else None


def effort(dose: Dose) -> str:
    """How hard it should feel: perceived exertion, and repetitions in reserve where sets are counted by them."""
    felt = f"effort {_span(dose.rpe)} of 10"
    return felt if dose.rir is None else f"{felt}, {_span(dose.rir)} repetitions in reserve"


def _span(pair: tuple[float, float]) -> str:
    low, high = pair
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _seconds(minutes: tuple[float, float]) -> tuple[float, float]:
    return round(60 * minutes[0]), round(60 * minutes[1])
