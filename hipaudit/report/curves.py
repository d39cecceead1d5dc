"""The curves of an audit as one SVG that follows the page's colours, light or dark."""

import io
import re
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ..audit import Audit
from ..audit.run import ClipRun
from ..findings.rules import UNITS
from ..library import Rule, movements, quantities, rules
from ..poses.skeleton import SIDES
from .lines import legible

# Drawn in stand-in colours, then handed to the style sheet.
_COLOURS = {
    "#010101": "var(--ink)",
    "#020202": "var(--muted)",
    "#030303": "var(--line)",
    "#040404": "var(--accent)",
    "#050505": "var(--band)",
    "#060606": "var(--off)",
    "#070707": "var(--accent-2)",
}
_INK, _MUTED, _LINE, _ACCENT, _BAND, _OFF, _SECOND = _COLOURS
_STYLE = {
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _INK,
    "text.color": _INK,
    "xtick.color": _MUTED,
    "ytick.color": _MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True, slots=True)
class Curves:
    """The drawing of a clip's curves, and where its time axis lies in it.

    t_first, t_last  seconds at the ends of the axis
    left, width      the axis in per cent of the drawing's width
    measures         the measures that are drawn
    """

    svg: str
    t_first: float
    t_last: float
    left: float
    width: float
    measures: list[str]


def curves(audit: Audit, seen: ClipRun) -> Curves:
    """Depth and every measure a rule judged, over one clip: counted repetitions shaded, first cuts dashed."""
    rows = _rows(audit, seen)
    t = seen.track.t
    names = {"svg.hashsalt": seen.clip.name}  # what parts of the drawing are called: the same in every run
    with matplotlib.rc_context(_STYLE | names):
        figure = Figure(figsize=(5.4, 0.4 + 0.95 * len(rows)), layout="constrained")
        axes = figure.subplots(len(rows), 1, sharex=True, squeeze=False)
        for axis, row in zip(axes[:, 0], rows, strict=True):
            _draw(axis, audit, seen, row)
        axes[-1, 0].set_xlabel("time in the clip, s")
        sheet = io.StringIO()
        figure.savefig(sheet, format="svg", transparent=True, metadata={"Date": None})
        place = axes[0, 0].get_position()
    left, width = round(100 * place.x0, 3), round(100 * place.width, 3)
    return Curves(_for_page(sheet.getvalue()), float(t[0]), float(t[-1]), left, width, [row.measure for row in rows])


@dataclass(frozen=True, slots=True)
class _Row:
    """One measure over time: a curve for each side that was seen ("" where it belongs to no side), and its cuts."""

    measure: str
    heading: str
    curves: dict[str, NDArray[np.float64]]
    cuts: list[float]


_DRIVEN = {  # what goes up or down in a repetition, by what drives it
    "free_foot": "Free foot off the floor, % of standing hip height",
    "bridge": "Hips over where they lie, % of the trunk",
}


def _rows(audit: Audit, seen: ClipRun) -> list[_Row]:
    depth = seen.curves["depth_pct"]
    heading = _DRIVEN.get(movements()[audit.movement.name].driver, "Depth, % of standing hip height")
    rows = [_Row("depth", heading, {"": depth}, [])]
    judged = {v.rule for v in audit.judged}
    for name, rule in rules().items():
        quantity = quantities()[rule.measure]
        if name not in judged or quantity.at == "rep":
            continue
        sides = SIDES if quantity.per_leg and audit.movement.side == "both" else (audit.movement.side,)
        curves = {
            s if quantity.per_leg else "": legible(seen, rule.measure, quantity.column.format(side=s)) for s in sides
        }
        curves = {s: c for s, c in curves.items() if np.isfinite(c).any()}
        if curves:  # else another clip of this audit shows it
            heading = ", ".join(filter(None, (quantity.title, UNITS[quantity.unit].strip())))
            rows.append(_Row(rule.measure, heading, curves, _cuts(rule)))
    return rows


def _cuts(rule: Rule) -> list[float]:
    first = rule.severity[0].cut
    return [first, -first] if rule.direction == "either" else [first]


def _draw(axis: Axes, audit: Audit, seen: ClipRun, row: _Row) -> None:
    for rep in (r for r in audit.reps if r.clip == seen.clip.name):
        axis.axvspan(rep.t_start, rep.t_end, color=_BAND if rep.valid else _OFF, lw=0)
    for (side, curve), (colour, dash) in zip(
        row.curves.items(), ((_ACCENT, "-"), (_SECOND, (0, (5, 1.2)))), strict=False
    ):
        axis.plot(seen.track.t, curve, color=colour, lw=1.6, ls=dash, label=side)
    known = np.concatenate(list(row.curves.values()))
    known = known[np.isfinite(known)]
    low, high = np.percentile(known, [0.5, 99.5]) if known.size else (0, 1)
    for cut in row.cuts:  # the cuts set the scale, so that noise far inside them looks like what it is
        axis.axhline(cut, color=_INK, lw=1, ls=(0, (4, 3)))
        low, high = min(low, cut), max(high, cut)
    pad = 0.12 * max(high - low, 1e-6)
    axis.set_ylim(low - pad, high + pad)
    axis.set_xlim(seen.track.t[0], seen.track.t[-1])
    axis.set_title(row.heading, loc="left", fontsize=9.5, color=_INK)
    axis.grid(axis="y", color=_LINE, lw=0.5)
    axis.tick_params(length=0)
    if len(row.curves) > 1:
        axis.legend(frameon=False, ncols=2, loc="upper right", bbox_to_anchor=(1, 1.28), fontsize=8.5)


def _for_page(svg: str) -> str:
    """Without what belongs to a file of its own, and in the page's colours and fonts."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(
        r'(<svg[^>]*?) width="[^"]*" height="[^"]*"|(<svg[^>]*?) height="[^"]*" width="[^"]*"', r"\1\2", svg, count=1
    )
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)  # a page may hold several
    svg = re.sub(r' xmlns(:xlink)?="[^"]*"', "", svg)
    svg = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", svg)
    for stand_in, colour in _COLOURS.items():
        svg = svg.replace(stand_in, colour)
    return svg
