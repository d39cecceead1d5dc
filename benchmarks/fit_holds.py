"""Fits pelvic_drop_stance.toml and lock_out.toml of hipaudit/library/estimators on stills of rendered people.

    python benchmarks/fit_holds.py            # print the leave-one-body-out error
    python benchmarks/fit_holds.py --write    # and write the TOML files

One bench (bench_stance.npz) holds what the full pose model saw of 16 people, each standing on both feet and then eight
times on one leg with another drop, lean and place of the free leg, from the front and from behind. Held against
standing on both feet the fit for bends on one leg fails there: a lifted thigh alone moves the two hip points.

The other (bench_bridge.npz) holds 10 people at the top of five bridges each, on one foot or both, from either side.
"""

import argparse

import numpy as np
from fit_estimators import FEATURES, HERE, MARGIN, TARGET, UNSHRINK, leave_one_out, report, ridge, ridge_table

from hipaudit.kinematics import frontal, sagittal
from hipaudit.kinematics.estimators import landmark_features
from hipaudit.kinematics.geometry import from_vertical, middle, rotated
from hipaudit.kinematics.stand import Stand
from hipaudit.poses.trust import bone_lengths

STRENGTH = 1.0
FITTED = "benchmarks/fit_holds.py: 16 rendered people standing on one leg, still frames"
FITTED_BRIDGE = "benchmarks/fit_holds.py: 10 rendered people at the top of bridges, still frames"
PROVED = "rendered clips with other people, clothes and cameras: docs/accuracy.md"


def holds(data):
    """Each hold: features as change from own stand on both feet, true drop, what the hip points show, body."""
    for i in range(len(data["body"])):
        rows = data["run"] == i
        xy, xyz = data["xy"][rows] / 16.0, data["xyz"][rows] / 2000.0
        standing = data["standing"][rows]
        left_x = -1 if abs(float(data["azimuth"][i])) > 90 else 1
        still = np.median(xy[standing], 0)
        roll = float(from_vertical(middle(still, "hip"), middle(still, "shoulder")))
        bones = np.median(bone_lengths(xyz[standing]), 0)
        stand = Stand(0, 1, rotated(still, -roll), np.median(xyz[standing], 0), bones, np.nan)
        side, upright = str(data["stance"][i]), rotated(xy, -roll)
        towards = 1 if side == "left" else -1
        features = landmark_features(upright, stand, side, left_x, FEATURES)
        drop = data["drop"][rows] - np.median(data["drop"][rows][standing])
        seen = frontal.obliquity_image(upright, left_x) - frontal.obliquity_image(stand.xy, left_x)
        for k in np.unique(data["hold"][rows][~standing]):
            part = data["hold"][rows] == k
            yield np.median(features[part], 0), drop[part].mean(), towards * np.median(seen[part]), int(data["body"][i])


def lock_out(data):
    """The mean by which the angle of shoulder, hip and knee is read as more arched than it is."""
    seen = [
        sagittal.lock_out(xy / 16.0, str(side), -1 if side == "left" else 1)
        for xy, side in zip(data["xy"], data["side"], strict=True)
    ]
    top, bodies = data["top"], data["body"]
    error = (np.array(seen) - data["lock_out"])[top]
    others = np.array([error[bodies[top] != body].mean() for body in bodies[top]])
    report("shoulder, hip and knee in a bridge", error - others + data["lock_out"][top], data["lock_out"][top])
    return float(error.mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with np.load(HERE / "bench_stance.npz") as file:
        x, y, seen, bodies = map(np.array, zip(*holds({k: file[k] for k in file.files}), strict=True))
    report("hip points alone", seen, y)

    def fit(a, b):
        return ridge(a, b, STRENGTH) / UNSHRINK

    report("pelvic drop in stance, 7 landmarks", leave_one_out(x, y, bodies, fit), y)
    mean, whiten = x.mean(0), np.linalg.inv(np.linalg.cholesky(np.cov(x.T)))
    limit = MARGIN * np.percentile(np.sqrt((((x - mean) @ whiten.T) ** 2).mean(1)), 99.5)
    whole = {"features": FEATURES, "weights": fit(x, y), "mean": mean, "whiten": whiten, "limit": limit}
    with np.load(HERE / "bench_bridge.npz") as file:
        offset = lock_out({k: file[k] for k in file.files})
    if args.write:
        text = "# Written by benchmarks/fit_holds.py. Degrees per leg length of change from own stand on both feet.\n"
        text += f'fitted_on = "{FITTED}"\nproved_on = "{PROVED}"\n\n' + ridge_table("whole", whole)
        (TARGET / "pelvic_drop_stance.toml").write_text(text, "utf-8")
        text = "# Written by benchmarks/fit_holds.py. Degrees.\n" + f"offset = {offset:.2f}\n"
        text += f'fitted_on = "{FITTED_BRIDGE}"\nproved_on = "{PROVED}"\n'
        (TARGET / "lock_out.toml").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
