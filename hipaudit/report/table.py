"""measures.csv: one row per analysed frame, corrected and smoothed without lag; empty where not measurable."""

import csv
import io

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


def content(run: AuditRun) -> str:
    """The curves of every clip as CSV text, times in seconds to the millisecond."""
    columns = [*FIRST, *(c for c in run.clips[0].curves if c not in FIRST)]
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(["clip", "t_s", *columns])
    for part in run.clips:
        nothing = np.full(len(part.track), np.nan)
        values = np.stack([part.curves.get(c, nothing) for c in columns], 1)
        for t, row in zip(part.track.t, values, strict=True):
            writer.writerow([part.clip.name, f"{t:.4f}", *("" if np.isnan(v) else f"{v:.3f}" for v in row)])
    return sheet.getvalue()
