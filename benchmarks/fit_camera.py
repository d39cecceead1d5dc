"""Fits camera_height.toml of hipaudit/library/estimators on stills of rendered people who stand.

    python benchmarks/fit_camera.py            # print the errors
    python benchmarks/fit_camera.py --write    # and write the TOML file

The bench (bench_camera.npz) holds what the full pose model saw of 32 people, each before thirteen cameras: from the
floor to above the head, 1.9 to 4.6 m away, tipped so that all of the person is in the picture, up to 8 degrees off
square. Eight of the people were made when the rest was settled: the fit has seen nothing of them. Pixels are kept in
sixteenths, metres in half millimetres, heights and distances in standing heights.
"""

import argparse

import numpy as np
from fit_estimators import HERE, TARGET, least_squares, leave_one_out, report

from hipaudit.kinematics.estimators import height_cues
from hipaudit.kinematics.stand import Stand
from hipaudit.kinematics.view import find_view
from hipaudit.library import protocol
from hipaudit.poses.skeleton import SIDES

CUES = ("foot", "shank", "neck", "constant")
ASIDE = 24  # people from this number on are kept aside
FITTED = "benchmarks/fit_camera.py: 24 rendered people standing, still frames"
PROVED = "8 more rendered people of the same bench, and the clips of docs/accuracy.md"


def stands(data):
    """Each still as quiet standing, and the face that the camera is taken to see."""
    for xy, xyz, seen in zip(data["xy"] / 16.0, data["xyz"] / 2000.0, data["seen"], strict=True):
        known = np.where(seen[:, None], 1.0, np.nan)
        stand = Stand(0, 1, xy * known, xyz * known, np.full(4, np.nan), np.nan)
        yield stand, find_view(stand).facing


def told(read, true, error):
    """Of whom an advice is given, by where the camera stands."""
    limits = protocol().set_up
    high, low = read - error > limits.camera_high, read + error < limits.camera_low
    for name, some in (
        ("floor, under 0.1", true < 0.1),
        ("0.1 to 0.2", (true >= 0.1) & (true < 0.2)),
        ("0.2 to 0.58 (1 m)", (true >= 0.2) & (true <= 0.58)),
        ("0.58 to 0.87 (1.5 m)", (true > 0.58) & (true < 0.87)),
        ("0.87 and more", true >= 0.87),
    ):
        print(f"    {name:22s} n {some.sum():3d}  lower {high[some].sum():3d}  higher {low[some].sum():3d}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with np.load(HERE / "bench_camera.npz") as file:
        data = {k: file[k] for k in file.files}
    x = np.array([[*height_cues(stand, facing), 1.0] for stand, facing in stands(data)])
    face = np.array(["side" if facing in SIDES else facing for _, facing in stands(data)])
    y, bodies = data["height"].astype(float), data["body"]
    known = np.isfinite(x).all(1) & (face != "oblique")
    print(f"{(~known).sum()} of {len(known)} stills say nothing")
    aside, read, weights = bodies >= ASIDE, np.full(len(y), np.nan), {}
    errors = []
    for name in ("front", "back", "side"):
        fit, rest = (known & (face == name) & some for some in (~aside, aside))
        weights[name] = dict(zip(CUES, least_squares(x[fit], y[fit]), strict=True))
        errors.append(
            report(f"camera height, {name}", leave_one_out(x[fit], y[fit], bodies[fit], least_squares), y[fit])
        )
        read[rest] = x[rest] @ list(weights[name].values())
        errors.append(report(f"camera height, {name}, kept aside", read[rest], y[rest]))
    some = known & aside
    report("camera height, kept aside", read[some], y[some])
    error = np.concatenate(errors).std()
    told(read[some], y[some], error)
    if args.write:
        text = "# Written by benchmarks/fit_camera.py. Standing heights.\n"
        text += f"error = {error:.3f}\n"
        text += f'fitted_on = "{FITTED}"\nproved_on = "{PROVED}"\n'
        for name, row in weights.items():
            text += f"\n[{name}]\n" + "".join(f"{k} = {v:.4f}\n" for k, v in row.items())
        (TARGET / "camera_height.toml").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
