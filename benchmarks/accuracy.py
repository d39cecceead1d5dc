"""Holds audits of rendered clips against what is true of them, and prints the tables of docs/accuracy.md.

    python benchmarks/accuracy.py            # print
    python benchmarks/accuracy.py --write    # and renew docs/accuracy.md

benchmarks/clips holds, for each clip, what the full pose model saw of every frame, and in truth.json the repetitions
and true angles (true joint centres; the angle in the picture is what a perfect tracker would read).
"""

import argparse
import json
from pathlib import Path

import numpy as np

from hipaudit.audit.run import audit_poses
from hipaudit.errors import NothingToJudge
from hipaudit.frames.video import ClipInfo
from hipaudit.library import movements
from hipaudit.poses.replay import ReplayBackend
from hipaudit.poses.tracks import load_track

HERE = Path(__file__).parent
DOCUMENT = HERE.parent / "docs" / "accuracy.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
TRUTH = json.loads((HERE / "clips" / "truth.json").read_text("utf-8"))
TIMED = json.loads((HERE / "clips" / "timed.json").read_text("utf-8"))
SETS = {"built_on": "Clips used while building", "kept_aside": "Clips kept aside until the rules were fixed"}
HEADLINE = ("knee_valgus", "pelvic_drop", "trunk_lean_lateral", "hip_shift", "lumbar_arch", "heel_rise", "unsteady")
ERRORS = {
    "turn": "lowest point, s",
    "fppa": "FPPA, one leg, frontal plane, deg",
    "fppa_image": "FPPA in the picture, deg",
    "pelvic": "pelvic obliquity from own stand, one leg, deg",
    "lean": "lateral trunk lean, one leg, deg",
    "flexion": "knee flexion from the side, deg",
    "lumbar": "lumbar angle from own stand, from the side, deg",
    "heel": "heel rise, from the side, deg",
}
TIMED_ERRORS = {
    "single_leg_stance_s": "single-leg stance, s",
    "single_leg_bridge_s": "single-leg bridge hold, s",
    "chair_stand_30s": "stands in 30 s",
    "pelvic_drop": "pelvic drop over the last 5 s of a stance, deg",
    "trunk_lean": "lateral trunk lean over the last 5 s of a stance, deg",
    "reps": "bridges counted",
    "lock_out": "shoulder, hip and knee at the top of a bridge, deg",
}


def audit(name):
    """The audit run over a clip's saved poses, None where there was nothing to judge."""
    track = load_track(HERE / "clips" / f"{name}.npz")
    step = float(np.median(np.diff(track.t)))
    info = ClipInfo(f"{name}.mp4", "", float(track.t[-1]), *track.size, 0, 1 / step, False, None)
    try:
        return audit_poses(track, info, ReplayBackend(track))
    except NothingToJudge:
        return None


def near(run, column, instant):
    seen = run.clips[0]
    curve = seen.curves[column][np.abs(seen.track.t - instant) <= 0.1]
    return float(np.median(curve[np.isfinite(curve)])) if np.isfinite(curve).any() else np.nan


def errors(run, true):
    """Measured minus true of every repetition, by the name of the error."""
    out = {key: [] for key in ERRORS}
    turns = np.array([rep.t_turn for rep in run.audit.reps if rep.valid])
    side, facing = true["side"], true["facing"]
    for i, bottom in enumerate(true["bottoms"]):
        out["turn"].append(float((turns - bottom)[np.argmin(np.abs(turns - bottom))]) if turns.size else np.nan)
        if facing in ("front", "back"):
            for leg in ("left", "right") if side == "both" else (side,):
                seen = near(run, f"fppa_{leg}_image_deg", bottom)
                out["fppa_image"].append(seen - true["fppa_image"][leg][i])
                if side != "both":
                    out["fppa"].append(near(run, f"fppa_{leg}_deg", bottom) - true["fppa"][leg][i])
            if side != "both":
                out["pelvic"].append(near(run, "pelvic_obliquity_deg", bottom) - true["pelvic_obliquity"][i])
                out["lean"].append(near(run, "trunk_lean_deg", bottom) - true["trunk_lean"][i])
        elif facing in ("left", "right"):
            read = near(run, f"knee_flexion_{facing}_deg", bottom)
            out["flexion"].append(read - true["knee_flexion"][facing][i])
            if "lumbar" in true:
                out["lumbar"].append(near(run, "lumbar_change_deg", bottom) - true["lumbar"][i])
            if "heel_rise" in true:
                read = near(run, f"heel_rise_{facing}_deg", bottom)
                out["heel"].append(read - true["heel_rise"][i])
    return out


def judgement(run, true):
    """Planted patterns found (and found clearly), patterns found that were not planted, refusals that were due."""
    planted = [entry.partition(":")[::2] for entry in true["expect"] if not entry.startswith("unassessed")]
    found = {(f.finding, f.side): f.severity for f in run.audit.findings}
    hits = [
        next((v for (f, s), v in found.items() if f == finding and side in ("", s)), None) for finding, side in planted
    ]
    extra = [v for (f, _), v in found.items() if f in HEADLINE and f not in {p for p, _ in planted}]
    due = [entry.split(":")[1] for entry in true["expect"] if entry.startswith("unassessed:")]
    refused = {u.finding for u in run.audit.unassessed}
    return {
        "planted": len(planted),
        "found": sum(h is not None for h in hits),
        "clearly": sum(h in ("moderate", "marked") for h in hits),
        "false_clear": sum(v != "mild" for v in extra),
        "false_slight": sum(v == "mild" for v in extra),
        "due": len(due),
        "refused": len(set(due) & refused),
    }


def table(name):
    """The tables of one set of clips, in Markdown."""
    chosen = {k: v for k, v in TRUTH.items() if v["set"] == name}
    ours = {k: v for k, v in chosen.items() if v["movement"] in movements()}
    runs = {k: audit(k) for k in chosen}
    audits = {k: run.audit for k in ours if (run := runs[k])}
    exact = sum(sum(r.valid for r in a.reps) == len(ours[k]["bottoms"]) for k, a in audits.items())
    same = sum((a.movement.name, a.movement.side) == (ours[k]["movement"], ours[k]["side"]) for k, a in audits.items())
    view = sum(a.clips[0].view.facing == ours[k]["facing"] for k, a in audits.items())
    judged = [judgement(runs[k], ours[k]) for k in audits]
    total = {key: sum(j[key] for j in judged) for key in judged[0]}
    others = [k for k in chosen if k not in ours]
    lines = [
        f"### {SETS[name]}",
        "",
        "| judged | right |",
        "| --- | --- |",
        f"| number of repetitions, exactly | {exact} of {len(ours)} clips |",
        f"| movement and stance side | {same} of {len(ours)} clips |",
        f"| camera face | {view} of {len(ours)} clips |",
        f"| planted pattern found | {total['found']} of {total['planted']} |",
        f"| planted pattern found as clear or strong | {total['clearly']} of {total['planted']} |",
        f"| pattern called clear or strong that was not planted | {total['false_clear']} |",
        f"| pattern called slight that was not planted | {total['false_slight']} |",
        f"| verdict refused where it must be | {total['refused']} of {total['due']} |",
    ]
    if others:
        lines.append(f"| other movements left alone | {sum(runs[k] is None for k in others)} of {len(others)} clips |")
    lines += [
        "",
        "| measured minus true, at the lowest point | n | not read | bias | MAE | SD | 95 % within |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    parts = [errors(runs[k], ours[k]) for k in audits]
    for key, title in ERRORS.items():
        every = np.array([e for part in parts for e in part[key]])
        known = every[np.isfinite(every)]
        if known.size:
            size = np.abs(known)
            lines.append(
                f"| {title} | {known.size} | {every.size - known.size} | {known.mean():+.2f} | {size.mean():.2f} "
                f"| {known.std():.2f} | {np.percentile(size, 95):.2f} |"
            )
    return "\n".join(lines)


def timed(name):
    """The table of one set of holds, bridges and chair stands, in Markdown."""
    chosen = {k: v for k, v in TIMED.items() if v["set"] == name}
    runs = {k: audit(k) for k in chosen}
    same = sum(
        r is not None and (r.audit.movement.name, r.audit.movement.side) == (v["movement"], v["side"])
        for r, v in zip(runs.values(), chosen.values(), strict=True)
    )
    parts = [timed_errors(runs[k], true) for k, true in chosen.items() if runs[k]]
    lines = [
        f"### Holds, bridges and chair stands: {SETS[name].lower()}",
        "",
        f"Movement and side right in {same} of {len(chosen)} clips.",
        "",
        "| measured minus true | n | bias | MAE | largest |",
        "| --- | --- | --- | --- | --- |",
    ]
    for key, title in TIMED_ERRORS.items():
        known = np.array([e for part in parts for e in part.get(key, ())])
        if known.size:
            size = np.abs(known)
            lines.append(f"| {title} | {known.size} | {known.mean():+.2f} | {size.mean():.2f} | {size.max():.2f} |")
    return "\n".join(lines)


def timed_errors(run, true):
    """Measured minus true of one timed clip, by the name of the error."""
    reps = [rep for rep in run.audit.reps if rep.valid]
    seen = {m.measure: m.value for m in run.audit.measures}
    out = {key: [seen[key] - true[key]] for key in ("pelvic_drop", "trunk_lean") if key in true and key in seen}
    if "test" in true:
        out[true["test"]] = [test.value - true["value"] for test in run.audit.tests]
    if "lock_out" in true:
        out["reps"] = [len(reps) - len(true["bottoms"])]
        out["lock_out"] = [r.measures["lock_out_deg"] - t for r, t in zip(reps, true["lock_out"], strict=False)]
    return out


def tables():
    """All sets that have clips."""
    parts = [table(name) for name in SETS if any(v["set"] == name for v in TRUTH.values())]
    return "\n\n".join([*parts, *(timed(name) for name in SETS if any(v["set"] == name for v in TIMED.values()))])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    text = tables()
    print(text)
    if args.write:
        before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
