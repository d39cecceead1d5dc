"""Fits hipaudit/library/estimators/pelvic_drop_stance.toml on stills of rendered people who stand on one leg.

    python benchmarks/fit_stance.py            # print the leave-one-body-out error
    python benchmarks/fit_stance.py --write    # and write the TOML file

The bench (bench_stance.npz) holds what the full pose model saw of 16 people, each standing on both feet and then eight
times on one leg with another drop, lean and place of the free leg, from the front and from behind. Held against
standing on both feet the fit for bends on one leg fails there: a lifted thigh alone moves the two hip points.
"""

import argparse
from pathlib import Path

import numpy as np
from fit_estimators import FEATURES, HERE, MARGIN, TARGET, UNSHRINK, leave_one_out, report, ridge, ridge_table

from hipaudit.kinematics import frontal
from hipaudit.kinematics.estimators import landmark_features
from hipaudit.kinematics.geometry import from_vertical, middle, rotated
from hipaudit.kinematics.stand import Stand
from hipaudit.poses.trust import bone_lengths

STRENGTH = 1.0
FITTED = "benchmarks/fit_stance.py: 16 rendered people standing on one leg, still frames"
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
    if args.write:
        text = "# Written by benchmarks/fit_stance.py. Degrees per leg length of change from own stand on both feet.\n"
        text += f'fitted_on = "{FITTED}"\nproved_on = "{PROVED}"\n\n' + ridge_table("whole", whole)
        Path(TARGET / "pelvic_drop_stance.toml").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
