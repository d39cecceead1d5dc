"""Fits the estimators in hipaudit/library/estimators/ on the bench, and prints their leave-one-body-out errors.

    python benchmarks/fit_estimators.py            # print the table
    python benchmarks/fit_estimators.py --write    # and write the TOML files

The bench (bench_poses.npz) holds what the full pose model saw on still frames of 88 runs of 44 rendered people whose
joints are exactly known: single-leg squats, lateral step-downs and squats, from the front and from behind, the camera
up to 14 degrees off square, the arms in five places; the knee angles of 30 squat runs from the side; and 20 squat runs
of 20 more people from the side whose heels rise by 0 to 23 degrees. Pixels are
kept in sixteenths, metres in half millimetres.
"""

import argparse
from pathlib import Path

import numpy as np

from hipaudit.kinematics import frontal, sagittal
from hipaudit.kinematics.estimators import foot_features, landmark_features
from hipaudit.kinematics.geometry import from_vertical, middle, rotated, span
from hipaudit.kinematics.outline import hollow
from hipaudit.kinematics.stand import Stand
from hipaudit.poses.skeleton import SIDES, Joint
from hipaudit.poses.trust import bone_lengths

HERE = Path(__file__).parent
TARGET = HERE.parent / "hipaudit" / "library" / "estimators"
# The right hip is left out: about mid-hip it is the left one mirrored.
FEATURES = tuple(
    f"{s}_{j}_{a}"
    for s in SIDES
    for j in ("shoulder", "hip", "knee", "ankle")
    for a in "xy"
    if (s, j) != ("right", "hip")
)
UPPER = tuple(n for n in FEATURES if "shoulder" in n or "hip" in n)
RIDGE = 10.0
FOOT = tuple(f"left_{j}_{a}" for j in ("ankle", "heel", "toe") for a in "xy")
FOOT_RIDGE = 3.0
UNSHRINK = 0.9  # a ridge reads 0.8 of the drop of a body it has not seen: half of that is given back
BACK_SHRINK = 0.65  # seen from behind the yaw is read with an error as large as it usually is
MARGIN = 1.25  # how far beyond nearly all poses of the bench a pose may lie
LUMBAR_DEEP = 0.6  # the same for the back, where the outline has settled
DEEP = 0.55  # share of a repetition's depth from which frames are taken


class Run:
    """One run of the bench: landmarks, truth, and its own stand."""

    def __init__(self, data, i):
        rows = data["run"] == i
        self.name, self.movement, self.body = str(data["name"][i]), str(data["movement"][i]), int(data["body"][i])
        azimuth = float(data["azimuth"][i])
        self.back = abs((azimuth + 180) % 360 - 180) > 90
        self.left_x = -1 if self.back else 1
        self.yaw = ((180 - azimuth if self.back else azimuth) + 180) % 360 - 180
        self.side = str(data["stance"][i])
        xy, self.xyz = data["xy"][rows] / 16.0, data["xyz"][rows] / 2000.0
        level = data["both_feet"][rows]
        self.level_xy, self.level_xyz = np.median(xy[level], 0), np.median(self.xyz[level], 0)
        self.standing, self.depth, self.rep = (
            data["standing"][rows],
            data["depth"][rows].astype(float),
            data["rep"][rows],
        )
        still, world = np.median(xy[self.standing], 0), np.median(self.xyz[self.standing], 0)
        roll = float(from_vertical(middle(still, "hip"), middle(still, "shoulder")))
        self.stand = Stand(
            0, 1, rotated(still, -roll), world, np.median(bone_lengths(self.xyz[self.standing]), 0), np.nan
        )
        self.xy = rotated(xy, -roll)
        self.fppa = dict(zip(SIDES, data["fppa"][rows].T, strict=True))
        self.fppa_image = dict(zip(SIDES, data["fppa_image"][rows].T, strict=True))
        self.obliquity, self.lean = data["pelvic_obliquity"][rows], data["trunk_lean"][rows]
        self.shift = data["hip_shift"][rows]

    def deep(self):
        """Frames of each repetition, deep ones only."""
        for k in np.unique(self.rep[self.depth > DEEP]):
            yield (self.rep == k) & (self.depth > DEEP)


def ridge(x, y, strength):
    """Weights through the origin: no change of posture is no change of angle."""
    scale = np.sqrt((x**2).mean(0)) + 1e-9
    z = x / scale
    return np.linalg.solve(z.T @ z + strength * np.eye(z.shape[1]), z.T @ y) / scale


def leave_one_out(x, y, bodies, fit):
    """Predictions for each body from all the others."""
    out = np.empty(len(y))
    for body in np.unique(bodies):
        own = bodies == body
        out[own] = x[own] @ fit(x[~own], y[~own])
    return out


def report(name, predicted, true):
    error = predicted - true
    gain = np.polyfit(true, predicted, 1)[0]
    within = np.percentile(abs(error), 95)
    print(
        f"{name:38s} n {len(true):4d}  r {np.corrcoef(predicted, true)[0, 1]:.2f}  gain {gain:.2f}  "
        f"bias {error.mean():+.2f}  MAE {abs(error).mean():.2f}  SD {error.std():.2f}  95 % within {within:.1f}"
    )
    return error


def posture(runs, what, names, scale=1.0):
    """Landmarks to an angle of one-leg tasks, + = pelvis: free side lower; trunk: towards the stance side."""
    x, y, bodies, every = [], [], [], []
    for run in (r for r in runs if r.side != "both"):
        features = landmark_features(run.xy, run.stand, run.side, run.left_x, names)
        truth = run.obliquity if what == "pelvic drop" else -run.lean
        true = (truth - np.median(truth[run.standing])) * (1 if run.side == "left" else -1)
        every.append(features[run.standing | (run.depth > 0.3)])  # on one leg: not while the foot is still down
        for part in run.deep():
            x.append(np.median(features[part], 0))
            y.append(np.median(true[part]))
            bodies.append(run.body)
    x, y, bodies = map(np.array, (x, y, bodies))
    fit = lambda a, b: ridge(a, b, RIDGE) / scale  # noqa: E731
    report(f"{what}, {len(names) // 2} landmarks", leave_one_out(x, y, bodies, fit), y)
    return shaped(names, fit(x, y), np.concatenate(every))


def shaped(names, weights, every):
    """One fit as the library keeps it; `every` are the poses it has seen."""
    mean, whiten = every.mean(0), np.linalg.inv(np.linalg.cholesky(np.cov(every.T)))
    distance = np.sqrt((((every - mean) @ whiten.T) ** 2).mean(1))
    return {
        "features": names, "weights": weights, "mean": mean, "whiten": whiten,
        "limit": MARGIN * np.percentile(distance, 99.5),
    }  # fmt: skip


def hip_line(runs):
    """What the two hip points alone show of a drop, for comparison."""
    seen, true = [], []
    for run in (r for r in runs if r.side != "both"):
        tilt = frontal.obliquity_image(run.xy, run.left_x) - frontal.obliquity_image(run.stand.xy, run.left_x)
        for part in run.deep():
            seen.append(np.median(tilt[part]))
            true.append(np.median(run.obliquity[part]) - np.median(run.obliquity[run.standing]))
    report("pelvic drop, hip points alone", np.array(seen), np.array(true))


def shift(runs):
    """What a degree of yaw does to the hip shift of a squat: hips go back, and a turned camera sees that sideways."""
    rows = []
    for run in (r for r in runs if r.side == "both"):
        offset = frontal.hip_offset(run.xy, run.left_x) - frontal.hip_offset(run.stand.xy, run.left_x)
        depth = 1 - sagittal.height(run.xy, "both") / sagittal.height(run.stand.xy, "both")
        apart = abs(span(run.stand.xy, "ankle")[0]) / run.stand.leg
        true = run.shift - np.median(run.shift[run.standing])
        for part in run.deep():
            root = np.sqrt(np.median(depth[part]))
            rows.append((np.median(offset[part]), np.median(true[part]), run.left_x * run.yaw * root / apart, run.yaw))
    seen, true, turned, yaw = np.array(rows).T
    per_degree = float(turned @ (seen - true) / (turned @ turned))
    near = abs(yaw) <= 5
    report("hip shift, as seen", seen, true)
    report("hip shift, yaw undone", seen - per_degree * turned, true)
    report("hip shift, as seen, within 5 deg", seen[near], true[near])
    return per_degree


def projection(runs, legs):
    """Picture angle to true picture angle, and that to the frontal plane; by camera face."""
    rows = {"front": [], "back": []}
    for run in (r for r in runs if (r.side == "both") == (legs == 2)):
        for side in SIDES if legs == 2 else (run.side,):
            seen = frontal.fppa_image(run.xy, side, run.left_x)
            depth = 1 - sagittal.height(run.xy, run.side) / sagittal.height(run.stand.xy, run.side)
            towards = -run.yaw if side == "left" else run.yaw
            for part in [run.standing, *run.deep()]:
                root = np.sqrt(max(np.median(depth[part]), 0))
                values = [np.median(v[part]) for v in (seen, run.fppa_image[side], run.fppa[side])]
                rows["back" if run.back else "front"].append((*values, root, towards * root, run.body, run.yaw))
    terms = {}
    for face, table in rows.items():
        seen, image, true, root, yaw_root, bodies, yaw = np.array(table).T
        bodies = bodies.astype(int)
        # From the front the model reads the picture without bias; behind the thighs it needs help.
        model = np.stack([seen, root], 1)
        gain, offset = (1.0, 0.0) if face == "front" else least_squares(model, image)
        camera = np.stack([root, yaw_root], 1)
        perspective, per_yaw = least_squares(camera, true - image)
        terms[face] = {"gain": gain, "depth_offset": offset, "perspective": perspective, "yaw": per_yaw}
        bent, square = root > 0.15, abs(yaw) <= 5
        read = seen if face == "front" else leave_one_out(model, image, bodies, least_squares)
        label = f"FPPA, {legs} leg{'s' * (legs > 1)}, {face}"
        report(f"{label}, picture", read[bent], image[bent])
        frontal_angle = read + leave_one_out(camera, true - image, bodies, least_squares)
        report(f"{label}, frontal, yaw known", frontal_angle[bent], true[bent])
        near = bent & square  # a measure of what a careful photographer gets without any yaw correction
        if near.sum() > 10:
            report(f"{label}, frontal, within 5 deg", (read + perspective * root)[near], true[near])
    return terms


def yaw(runs):
    """Hips, shoulders and nose, both feet on the ground, to the camera's place."""
    out = {}
    for label, back, names in (
        ("front", False, ("hips", "shoulders", "nose")),
        ("torso", False, ("hips", "shoulders")),
        ("back", True, ("shoulders",)),
    ):
        some = [run for run in runs if run.back == back]
        x = np.array([[*(yaw_cue(run, name) for name in names), 1.0] for run in some])
        y, bodies = np.array([run.yaw for run in some]), np.array([run.body for run in some])
        report(f"yaw, {label}", leave_one_out(x, y, bodies, least_squares), y)
        weights = least_squares(x, y) * (BACK_SHRINK if back else 1.0)
        out[label] = dict(zip((*names, "constant"), weights, strict=True))
    return out


def yaw_cue(run, name):
    """One feature of the yaw fit: degrees of the line across hips or shoulders, or the nose's offset in leg lengths."""
    if name == "nose":
        return (run.level_xy[Joint.NOSE] - middle(run.level_xy, "shoulder"))[0] / run.stand.leg
    joint = name.removesuffix("s").upper()
    line = run.level_xyz[Joint[f"LEFT_{joint}"]] - run.level_xyz[Joint[f"RIGHT_{joint}"]]
    return np.degrees(np.arctan2(line[2], line[0] * run.left_x))


def least_squares(x, y):
    return np.linalg.lstsq(x, y, rcond=None)[0]


def flexion(data):
    """Knee flexion seen from the side, near leg, to the true one."""
    read, true = data["side_knee_flexion_read"].astype(float), data["side_knee_flexion"].astype(float)
    x = np.stack([read, np.ones(len(read))], 1)
    bent = true > 60
    report("knee flexion, side, as seen", read[bent], true[bent])
    report("knee flexion, side, corrected", leave_one_out(x, true, data["side_body"], least_squares)[bent], true[bent])
    return {"gain": least_squares(x, true)[0], "offset": least_squares(x, true)[1]}


def lumbar(data):
    """Change of the back's hollow and of hip flexion from own standing to the change of the lumbar angle."""
    dip, hips = (np.asarray(v, float) for v in (hollow(data["side_back"]), data["side_hip_flexion_read"]))
    x, y, bodies = [], [], []
    for run in np.unique(data["side_run"]):
        own = data["side_run"] == run
        still = own & data["side_standing"]
        change = np.stack([dip - np.nanmedian(dip[still]), hips - np.median(hips[still])], 1)
        deep = own & (data["side_depth"] > LUMBAR_DEEP)
        for rep in np.unique(data["side_rep"][deep]):
            part = deep & (data["side_rep"] == rep)
            x.append(np.nanmedian(change[part], 0))
            y.append(float(np.median(data["side_lumbar"][part])))
            bodies.append(data["side_body"][part][0])
    x, y, bodies = map(np.array, (x, y, bodies))
    error = report("lumbar change, side, outline", leave_one_out(x, y, bodies, least_squares), y)
    print(
        f"{'':38s} SD of a body's own mean error {np.std([error[bodies == b].mean() for b in np.unique(bodies)]):.1f}"
    )
    per_percent, per_bend = least_squares(x, y)
    return {"per_percent": per_percent, "per_hip_flexion_deg": per_bend}


def heel(data):
    """The near foot's landmarks from own standing to the angle by which the heel rises."""
    xy = data["heel_xy"] / 16.0
    x, y, bodies, every = [], [], [], []
    for run, facing in enumerate(data["heel_facing"].tolist()):
        own = data["heel_run"] == run
        still = np.median(xy[own & data["heel_standing"]], 0)
        stand = Stand(0, 1, still, np.full((len(Joint), 3), np.nan), np.full(4, np.nan), np.nan)
        features = foot_features(xy, stand, facing, -1 if facing == "left" else 1, FOOT)
        every.append(features[own])
        for rep in np.unique(data["heel_rep"][own & ~data["heel_standing"]]):
            part = own & ~data["heel_standing"] & (data["heel_rep"] == rep)
            x.append(np.median(features[part], 0))
            y.append(np.median(data["heel_rise"][part]))
            bodies.append(run)
    x, y, bodies = map(np.array, (x, y, bodies))
    fit = lambda a, b: ridge(a, b, FOOT_RIDGE)  # noqa: E731
    read = leave_one_out(x, y, bodies, fit)
    report("heel rise, side, 3 landmarks", read, y)
    shares = ", ".join(f"{t:g}: {np.mean(read[y == t] >= 7):.0%}" for t in np.unique(y))
    print(f"{'':38s} read as 7 or more, by true angle  {shares}")
    return shaped(FOOT, fit(x, y), np.concatenate(every))


def numbers(values):
    return "[" + ", ".join(f"{v:.4f}" for v in values) + "]"


def ridge_table(name, fit):
    """One ridge as a TOML table."""
    names = ", ".join(f'"{n}"' for n in fit["features"])
    text = f"[{name}]\nfeatures = [{names}]\n"
    text += f"weights = {numbers(fit['weights'])}\nmean = {numbers(fit['mean'])}\nwhiten = [\n"
    text += "".join(f"    {numbers(row)},\n" for row in fit["whiten"]) + "]\n"
    return text + f"limit = {fit['limit']:.2f}\n"


FITTED = "benchmarks/fit_estimators.py: 88 runs of 44 rendered people, still frames"
FITTED_FOOT = "benchmarks/fit_estimators.py: 20 squat runs of 20 rendered people from the side, still frames"
FITTED_SIDE = "benchmarks/fit_estimators.py: 30 squat runs of 10 rendered people from the side, still frames"
GUARDS = """least_hollow = 3.0 # % of the trunk, standing: a straight-hanging top shows no back
least_trunk_px = 60.0 # 1 % of the trunk is then 0.6 px of the outline
"""
PROVED = "rendered clips with other people, clothes and cameras: docs/accuracy.md"


def write(whole, hidden, trunk, one, two, per_degree, facing, knee, back, foot):
    ridges = (
        ("pelvic_drop", {"whole": whole, "foot_hidden": hidden}, FITTED),
        ("trunk_lean", {"whole": trunk}, FITTED),
        ("heel_rise", {"whole": foot}, FITTED_FOOT),
    )
    for file, fits, fitted in ridges:
        text = "# Written by benchmarks/fit_estimators.py. Degrees per leg length of change from own stand.\n"
        text += f'fitted_on = "{fitted}"\nproved_on = "{PROVED}"\n'
        text += "".join("\n" + ridge_table(table, fit) for table, fit in fits.items())
        (TARGET / f"{file}.toml").write_text(text)
    text = f"# Written by benchmarks/fit_estimators.py.\nyaw_dead_band_deg = 3.0\nhip_shift_yaw = {per_degree:.3f}\n"
    text += f'fitted_on = "{FITTED}"\nproved_on = "{PROVED}"\n'
    for table, terms in (("one_leg", one), ("two_legs", two)):
        for face, row in terms.items():
            text += f"\n[{table}.{face}]\n" + "".join(f"{k} = {v:.3f}\n" for k, v in row.items())
    (TARGET / "frontal_projection.toml").write_text(text)
    text = "# Written by benchmarks/fit_estimators.py.\nfront_within_deg = 22.0\nhead_disagrees_deg = 6.0\n"
    text += f'fitted_on = "{FITTED}"\n'
    for label in ("front", "torso", "back"):
        text += f"\n[{label}]\n" + "".join(f"{k} = {v:.3f}\n" for k, v in facing[label].items())
    (TARGET / "yaw.toml").write_text(text)
    text = "# Written by benchmarks/fit_estimators.py.\n" + "".join(f"{k} = {v:.3f}\n" for k, v in knee.items())
    (TARGET / "knee_flexion.toml").write_text(text + f'fitted_on = "{FITTED_SIDE}"\nproved_on = "{PROVED}"\n')
    text = "# Written by benchmarks/fit_estimators.py. Degrees; guards: measured conditions in which it fails.\n"
    text += "".join(f"{k} = {v:.3f}\n" for k, v in back.items()) + GUARDS
    (TARGET / "lumbar_change.toml").write_text(text + f'fitted_on = "{FITTED_SIDE}"\nproved_on = "{PROVED}"\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with np.load(HERE / "bench_poses.npz") as file:
        data = {k: file[k] for k in file.files}
    runs = [Run(data, i) for i in range(len(data["name"]))]
    hip_line(runs)
    without_foot = tuple(n for n in FEATURES if not n.startswith("right_ankle"))  # the stance leg is the left one
    results = (
        posture(runs, "pelvic drop", FEATURES, UNSHRINK),
        posture(runs, "pelvic drop", without_foot, UNSHRINK),
        posture(runs, "trunk lean", UPPER),
        projection(runs, 1),
        projection(runs, 2),
        shift(runs),
        yaw(runs),
        flexion(data),
        lumbar(data),
        heel(data),
    )
    if args.write:
        write(*results)


if __name__ == "__main__":
    main()
