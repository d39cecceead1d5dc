"""measures.csv: one row per analysed frame, corrected and smoothed without lag; empty where not measurable."""

import csv
import io
from pathlib import Path

import numpy as np

from ..audit.run import AuditRun

# The columns others rely on come first; what else is measured follows.
FIRST = (
    "fppa_left_deg",
    "fppa_right_deg",
    "fppa_left_image_deg",
    "fppa_right_image_deg",
    "pelvic_obliquity_deg",
    "trunk_lean_deg",
    "trunk_inclination_deg",
    "hip_shift_pct",
    "kasr",
    "knee_flexion_left_deg",
    "knee_flexion_right_deg",
    "hip_flexion_left_deg",
    "hip_flexion_right_deg",
    "lumbar_change_deg",
)


def content(run: AuditRun, clip: Path | None) -> str:
    """The curves as CSV text, times in seconds to the millisecond."""
    nothing = np.full(len(run.track), np.nan)
    columns = [*FIRST, *(c for c in run.curves if c not in FIRST)]
    values = np.stack([run.curves.get(c, nothing) for c in columns], 1)
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(["clip", "t_s", *columns])
    name = run.audit.clips[0].name
    for t, row in zip(run.track.t, values, strict=True):
        writer.writerow([name, f"{t:.4f}", *("" if np.isnan(v) else f"{v:.3f}" for v in row)])
    return sheet.getvalue()
