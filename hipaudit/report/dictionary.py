"""The metric dictionary: a page with every measure, its drawing, its error and what is judged by it.

    python -m hipaudit.report.dictionary docs

writes `measures.md` and its drawings into a folder; a test holds the committed ones to what this gives.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from ..findings import ON_SCREEN
from ..library import Quantity, Rule, citations, movements, quantities, rules
from .drawings import DRAWINGS, drawing_svg

_UNITS = {"deg": "degrees", "%": "per cent", "s": "seconds", "count": "a count", "": "a ratio"}
_WHEN = {
    "bottom": "at the lowest point of each repetition, the median over 0.1 s either side; again at the matched depth",
    "end": "standing again after each repetition",
    "rep": "over each repetition as a whole",
}
_SIGNS = {"above": "from", "below": "under", "either": "either way from"}
_FACES = {"front": "the front", "back": "behind", "left": "the side", "right": "the side", "oblique": "at an angle"}
_HEAD = """# Measures

Every number hipaudit gives: what it is, where its zero lies and which way it grows, when it is taken, from where it can
be seen, how sure it is, and what is judged by it. Left and right are the person's own. The error is one standard error
of measurement; a change smaller than the detectable one says nothing. In the drawings: dashed is zero, blue is what is
measured, the arrow shows which way is plus.

This page is made from [hipaudit/library](../hipaudit/library) by `python -m hipaudit.report.dictionary docs`.
"""
# A file of its own follows the reader's scheme; on a page the page's style sheet colours the same shapes.
_STYLE = """
svg { --ink:#1d2328; --limb:#b3bcc3; --accent:#0b6e99; --plus:#a34f00; --line:#c9ced2; --hole:#fff; }
@media (prefers-color-scheme: dark) {
svg { --ink:#e8ebed; --limb:#6b7780; --accent:#63b8df; --plus:#f0a35e; --line:#4a555d; --hole:#14181b; } }
svg { fill:none; stroke-linecap:round; stroke-linejoin:round; }
polyline, circle { stroke:var(--limb); stroke-width:4.5; }
.head { fill:var(--limb); stroke:none; }
.floor { stroke:var(--line); stroke-width:1.5; }
.zero { stroke:var(--ink); stroke-width:1.5; stroke-dasharray:4 3.4; stroke-linecap:butt; }
.mark { stroke:var(--accent); stroke-width:3; }
.joint { fill:var(--hole); stroke:var(--accent); stroke-width:2; }
.plus { stroke:var(--plus); stroke-width:2.2; }
.tip { fill:var(--plus); }
text { fill:var(--ink); font:600 9.5px system-ui, sans-serif; text-anchor:middle; }
"""


def dictionary() -> dict[str, str]:
    """Every file of the dictionary by its path: the page, and one drawing for each measure."""
    drawings = {
        f"images/measures/{name}.svg": drawing_svg(name, quantity.title, _STYLE) + "\n"
        for name, quantity in quantities().items()
    }
    entries = "\n".join(_entry(name, quantity) for name, quantity in quantities().items())
    return {"measures.md": f"{_HEAD}\n{entries}", **drawings}


def _entry(name: str, quantity: Quantity) -> str:
    rows = "\n".join(f"| {what} | {text} |" for what, text in _rows(name, quantity))
    drawing = DRAWINGS[name].desc
    return (
        f"## {quantity.title}\n\n"
        f'<img src="images/measures/{name}.svg" width="170" align="right" alt="{drawing}">\n\n'
        f"`{name}`, {_UNITS[quantity.unit]} ± {quantity.error:g}. {drawing}\n\n"
        f"| | |\n| --- | --- |\n{rows}\n"
    )


def _rows(name: str, quantity: Quantity) -> Iterator[tuple[str, str]]:
    """What there is to know of a measure, as rows of a table."""
    yield "column", f"`{quantity.column}`"
    yield "sign", quantity.positive
    yield "taken", _WHEN[quantity.at]
    yield "seen from", _seen_from(quantity)
    yield "in", " and ".join({1: "one-leg", 2: "two-leg"}[legs] for legs in quantity.legs) + " movements"
    if quantity.needs_stand:
        yield "needs", "quiet standing to compare with"
    yield "error", f"± {quantity.error:g}: {quantity.error_from}"
    yield "detectable change", f"{quantity.detectable:.2g}"
    users = [_judged_by(key, rule) for key, rule in rules().items() if rule.measure == name]
    helped = [f"`{key}`" for key, rule in rules().items() if name in _seconds(rule)]
    yield "judged by", "<br>".join(users) or "no rule; information"
    if helped:
        yield "second word in", ", ".join(helped)
    yield "sources", "<br>".join(_source(key) for key in quantity.cite)


def _seen_from(quantity: Quantity) -> str:
    if len(quantity.faces) == len(_FACES):
        return "anywhere"
    places = " or ".join(dict.fromkeys(_FACES[face] for face in quantity.faces))
    return f"{places}, within {quantity.max_yaw_deg:g} degrees of square"


def _judged_by(key: str, rule: Rule) -> str:
    cuts = ", ".join(f"{ON_SCREEN[band.level]} {_SIGNS[rule.direction]} {band.cut:g}" for band in rule.severity)
    where = ", ".join(movements()[movement].name.lower() for movement in rule.movements)
    kind = "a remark" if rule.information else "a finding"
    return f"`{key}`, {kind}: {cuts} ({where}; evidence grade {rule.grade})"


def _seconds(rule: Rule) -> set[str]:
    """Measures that a rule asks besides its own."""
    return {second.measure for second in (rule.confirm, rule.witness, rule.one_leg) if second}


def _source(key: str) -> str:
    source = citations()[key]
    return f"{source.text}: {source.taken}{' (unverified)' if source.status == 'recalled' else ''}"


def write_dictionary(folder: Path) -> None:
    """Writes the dictionary into a folder."""
    for path, text in dictionary().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    write_dictionary(Path(sys.argv[1]))
