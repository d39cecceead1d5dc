"""report.html: one page that carries everything it shows and asks nothing of the network."""

import base64
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from ..audit import Audit
from ..audit.run import AuditRun
from ..findings import ON_SCREEN, Finding, Passed
from ..findings.rules import DIGITS, UNITS, number, reading
from ..library import citations, gates, movements, quantities, rules
from ..poses.skeleton import SIDES
from .curves import curves_svg
from .pictures import key_pictures, shown_value

_PAGES = Environment(
    loader=PackageLoader("hipaudit.report", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
FACES = {
    "front": "from the front",
    "back": "from behind",
    "left": "from the person's left",
    "right": "from the person's right",
    "oblique": "at an angle",
}
_PLURAL = {
    1: "One pattern",
    2: "Two patterns",
    3: "Three patterns",
    4: "Four patterns",
    5: "Five patterns",
    6: "Six patterns",
}


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value on its scale: places in per cent of the width; `low` to `high` is one standard error either way."""

    zones: list[tuple[str, float, float]]
    marker: float
    low: float
    high: float
    ticks: list[tuple[str, float]]


def content(run: AuditRun) -> str:
    """The report as HTML; where the video is not here, without pictures."""
    audit = run.audit
    pictures = key_pictures(run)
    used = sorted({key for v in audit.judged for key in rules()[v.rule].cite})
    return _PAGES.get_template("report.html").render(
        audit=audit,
        clip=audit.clips[0],
        headline=headline(audit),
        because=because(audit),
        counted_text=counted(audit),
        phases=gates().phases,
        shown_value={f.rule: number(shown_value(f, audit), quantities()[f.measure]) for f in audit.findings},
        findings=audit.findings,
        pictures={rule: base64.b64encode(data).decode() for rule, data in pictures.items()},
        gauges={v.rule: _gauge(v) for v in audit.judged},
        per_rep={f.rule: _per_rep(audit, f) for f in audit.findings},
        shown=reading,
        quantities=quantities(),
        rules=rules(),
        words=ON_SCREEN,
        face=FACES[audit.clips[0].view.facing],
        film=movements()[audit.movement.name].film,
        citations=citations(),
        sources=[(key, citations()[key]) for key in used],
        columns=_rep_columns(audit),
        curves=curves_svg(audit, run.clips[0]),
    )


def headline(audit: Audit) -> str:
    """What was seen, in one plain sentence; a safety answer comes before anything seen."""
    if audit.starting_phase.phase == 0:
        return "Before any training: talk to a health professional."
    patterns = [f.headline for f in audit.findings if f.finding != "tempo_fast"]
    if patterns:
        return f"{_PLURAL[len(patterns)]} to practise: {_listed(patterns)}."
    if any(p.finding != "tempo_fast" for p in audit.passed):
        remark = " One remark: lowering is fast." if audit.findings else ""
        return f"Nothing stood out that this view can show, in {counted(audit)}.{remark}"
    if audit.findings:
        return "Lowering is fast; nothing else could be judged from this clip."
    return "This clip cannot carry a verdict: see what could not be judged, and how to film it."


def counted(audit: Audit) -> str:
    """How many repetitions count, in words."""
    n = sum(rep.valid for rep in audit.reps)
    return f"{n} repetition{'s' * (n != 1)}"


def because(audit: Audit) -> str:
    """Why the start is not higher: the lowest caps, in their own words."""
    start = audit.starting_phase
    return " ".join(cap.say for cap in start.caps if cap.cap == start.phase and cap.gate != "missing")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _per_rep(audit: Audit, finding: Finding) -> list[str]:
    """The measure of every repetition that counts, as short text."""
    quantity = quantities()[finding.measure]
    near = audit.clips[0].view.facing if audit.clips[0].view.facing in SIDES else audit.movement.side
    column = quantity.column.format(side=near)
    values = [rep.measures.get(column) for rep in audit.reps if rep.valid]
    return ["–" if v is None else number(v, quantity) for v in values]


def _gauge(verdict: Finding | Passed) -> Gauge:
    """Where the value lies between the cuts of its rule."""
    rule, quantity = rules()[verdict.rule], quantities()[verdict.measure]
    value = abs(verdict.value) if rule.direction == "either" else verdict.value
    cuts = [s.cut for s in rule.severity]
    falling = rule.direction == "below"
    gap = abs(cuts[-1] - cuts[0]) or 0.3 * abs(cuts[0])
    near = [*cuts, value - quantity.error, value + quantity.error]
    low, high = min(near) - 0.35 * gap, max(near) + 0.35 * gap
    low = low if falling else min(low, 0.0)

    def place(x: float) -> float:
        return round(100 * (x - low) / (high - low), 1)

    edges = [high, *cuts, low] if falling else [low, *cuts, high]
    names: list[str] = ["inside", *(s.level for s in rule.severity)]
    steps = zip(names, edges, edges[1:], strict=False)
    zones = [(name, min(place(a), place(b)), max(place(a), place(b))) for name, a, b in steps]
    ticks = [(f"{cut:g}", place(cut)) for cut in cuts]
    marker, least, most = (
        min(100.0, max(0.0, place(v))) for v in (value, value - quantity.error, value + quantity.error)
    )
    return Gauge(zones, marker, least, most, ticks)


def _rep_columns(audit: Audit) -> list[tuple[str, str, int, str]]:
    """Columns of the repetition table: heading, key in a repetition's measures, decimals, how to read it."""
    columns = []
    side = audit.movement.side
    for name in ("fppa", "kasr", "pelvic_drop", "trunk_lean", "hip_shift", "lumbar_change", "knee_flexion"):
        quantity = quantities()[name]
        for leg in ("left", "right") if quantity.per_leg and side == "both" else (side,):
            key = quantity.column.format(side=leg)
            if name == "fppa" and side == "both":
                continue  # in a two-leg bend the angle of one knee mostly shows the camera
            if any(key in rep.measures for rep in audit.reps):
                heading = f"{quantity.title} {UNITS[quantity.unit].strip()}".strip()
                columns.append((heading, key, DIGITS[quantity.unit], quantity.positive))
    return columns
