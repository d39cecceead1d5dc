"""The curves of an audit as one SVG that follows the page's colours, light or dark."""

import io
import re

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ..audit import Audit
from ..audit.run import ClipRun
from ..library import Rule, quantities, rules
from ..poses.skeleton import SIDES

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


def curves_svg(audit: Audit, seen: ClipRun) -> str:
    """Depth and every measure a rule judged, over one clip: counted repetitions shaded, first cuts dashed."""
    rows = _rows(audit, seen)
    with matplotlib.rc_context(_STYLE):
        figure, axes = plt.subplots(
            len(rows), 1, sharex=True, figsize=(9, 0.5 + 1.35 * len(rows)), squeeze=False, layout="constrained"
        )
        for axis, (title, unit, curves, cuts) in zip(axes[:, 0], rows, strict=True):
            _draw(axis, audit, seen, title, unit, curves, cuts)
        axes[-1, 0].set_xlabel("time in the clip, s")
        sheet = io.StringIO()
        figure.savefig(sheet, format="svg", transparent=True, metadata={"Date": None})
        plt.close(figure)
    return _for_page(sheet.getvalue())


Row = tuple[str, str, dict[str, NDArray[np.float64]], list[float]]


def _rows(audit: Audit, seen: ClipRun) -> list[Row]:
    depth = seen.curves["depth_pct"]
    rows: list[Row] = [("Depth", "% of standing hip height", {"": depth}, [])]
    judged = {v.rule for v in audit.judged}
    for name, rule in rules().items():
        quantity = quantities()[rule.measure]
        if name not in judged or quantity.at == "rep":
            continue
        sides = SIDES if quantity.per_leg and audit.movement.side == "both" else (audit.movement.side,)
        curves = {s if quantity.per_leg else "": seen.curves[quantity.column.format(side=s)] for s in sides}
        curves = {s: c for s, c in curves.items() if np.isfinite(c).any()}
        if rule.measure == "kasr":  # standing, the ratio only says how wide the feet are
            curves = {s: np.where(depth > 8, c, np.nan) for s, c in curves.items()}
        rows.append((quantity.title, {"deg": "°", "%": "%"}.get(quantity.unit, ""), curves, _cuts(rule)))
    return rows


def _cuts(rule: Rule) -> list[float]:
    first = rule.severity[0].cut
    return [first, -first] if rule.direction == "either" else [first]


def _draw(
    axis: Axes,
    audit: Audit,
    seen: ClipRun,
    title: str,
    unit: str,
    curves: dict[str, NDArray[np.float64]],
    cuts: list[float],
) -> None:
    for rep in (r for r in audit.reps if r.clip == seen.clip.name):
        axis.axvspan(rep.t_start, rep.t_end, color=_BAND if rep.valid else _OFF, lw=0)
    for (side, curve), colour in zip(curves.items(), (_ACCENT, _SECOND), strict=False):
        axis.plot(seen.track.t, curve, color=colour, lw=1.6, label=side)
    known = np.concatenate(list(curves.values())) if curves else np.array([0.0])
    known = known[np.isfinite(known)]
    low, high = np.percentile(known, [0.5, 99.5]) if known.size else (0, 1)
    for cut in cuts:  # the cuts set the scale, so that noise far inside them looks like what it is
        axis.axhline(cut, color=_INK, lw=1, ls=(0, (4, 3)))
        low, high = min(low, cut), max(high, cut)
    pad = 0.12 * max(high - low, 1e-6)
    axis.set_ylim(low - pad, high + pad)
    axis.set_xlim(seen.track.t[0], seen.track.t[-1])
    axis.set_title(f"{title}, {unit}" if unit else title, loc="left", fontsize=9.5, color=_INK)
    axis.grid(axis="y", color=_LINE, lw=0.5)
    axis.tick_params(length=0)
    if len(curves) > 1:
        axis.legend(frameon=False, ncols=2, loc="upper right", bbox_to_anchor=(1, 1.28), fontsize=8.5)


def _for_page(svg: str) -> str:
    """Without what belongs to a file of its own, and in the page's colours and fonts."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(
        r'(<svg[^>]*?) width="[^"]*" height="[^"]*"|(<svg[^>]*?) height="[^"]*" width="[^"]*"', r"\1\2", svg, count=1
    )
    svg = re.sub(r' xmlns(:xlink)?="[^"]*"', "", svg)
    svg = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", svg)
    for stand_in, colour in _COLOURS.items():
        svg = svg.replace(stand_in, colour)
    return svg
