"""What fewer pictures a second cost: each repetition's measures from the same clip at two rates.

    python benchmarks/frame_rate.py

Clips filmed at 60 a second were given to the pose model whole and thinned to 30, as `frames.video` thins them (saved
in benchmarks/rate); of the clips at 30 a second in benchmarks/clips every other pose is left out, which gives 15.
Only repetitions that count at both rates are compared, and every repetition that does not is told.
"""

from collections import defaultdict
from pathlib import Path

import numpy as np

from hipaudit.audit.run import judge_poses
from hipaudit.errors import NothingToJudge
from hipaudit.frames.video import ClipInfo
from hipaudit.poses.replay import ReplayBackend
from hipaudit.poses.tracks import load_track

HERE = Path(__file__).parent
TIMES = ("lower_s", "pause_s", "lift_s")
NEAR = 0.5  # s between the lowest points of what is the same repetition


def judged(track):
    step = float(np.median(np.diff(track.t)))
    info = ClipInfo("clip", "0" * 64, float(track.t[-1]), *track.size, 0, 1 / step, False, None)
    return [rep for rep in judge_poses(track, info, ReplayBackend(track)).reps if rep.valid]


def compared(pairs):
    """Differences slower - faster of each measure over all pairs of tracks, and the repetitions lost."""
    differences, lost, total = defaultdict(list), 0, 0
    for faster, slower in pairs:
        try:
            whole = judged(faster)
        except NothingToJudge:
            continue
        try:
            thin = judged(slower)
        except NothingToJudge:
            thin = []
        total += len(whole)
        for rep in whole:
            same = next((r for r in thin if abs(r.t_turn - rep.t_turn) < NEAR), None)
            if same is None:
                lost += 1
                continue
            a, b = ({**r.measures, **{k: getattr(r, k) for k in TIMES}} for r in (rep, same))
            for name in a.keys() & b.keys():
                if a[name] is not None and b[name] is not None:
                    differences[name].append(b[name] - a[name])
    return differences, lost, total


def told(title, pairs):
    differences, lost, total = compared(pairs)
    print(f"\n{title}: {len(pairs)} clips, {total} repetitions, {lost} not found at the slower rate\n")
    print("| measure | n | bias | spread | largest |\n| --- | --- | --- | --- | --- |")
    for name in sorted(differences):
        d = np.array(differences[name])
        print(f"| {name} | {len(d)} | {d.mean():+.2f} | {d.std():.2f} | {np.abs(d).max():.2f} |")


def main():
    rate = HERE / "rate"
    told(
        "60 to 30",
        [(load_track(f), load_track(rate / f.name.replace("_at60", "_at30"))) for f in sorted(rate.glob("*_at60.npz"))],
    )
    slow = [
        track
        for f in sorted((HERE / "clips").glob("*.npz"))
        if 0.03 < np.median(np.diff((track := load_track(f)).t)) < 0.035
    ]
    told("30 to 15", [(track, track.at(slice(None, None, 2))) for track in slow])


if __name__ == "__main__":
    main()
