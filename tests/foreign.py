"""Poses as other programs write them, made from saved tracks."""

import json

import numpy as np

from hipaudit.library import skeletons
from hipaudit.poses.skeleton import Joint


def openpose(track, folder, skeleton="BODY_25", extra=None):
    """A folder of OpenPose JSON, a file for each instant of a track; `extra` is one more person in each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (_, pose) in enumerate(track):
        people = [] if pose is None else [keypoints(pose.xy, pose.visibility, skeleton)]
        if extra is not None:
            people.insert(number % 2, keypoints(extra, np.ones(len(Joint)), skeleton))
        write(folder / f"anna_{number:012d}_keypoints.json", people)
    return folder


def keypoints(xy, visibility, skeleton):
    """x, y, confidence of each keypoint in a row, 0 where the skeleton has a joint that hipaudit does not."""
    table = skeletons().keypoints[skeleton]
    rows = np.zeros((table.count, 3))
    for name, row in table.rows.items():
        joint = Joint[name.upper()]
        rows[row] = *xy[joint], visibility[joint]
    return rows.round(3).ravel().tolist()


def write(file, people):
    """One file of OpenPose."""
    content = {"version": 1.3, "people": [{"person_id": [-1], "pose_keypoints_2d": person} for person in people]}
    file.write_text(json.dumps(content), "utf-8")


def trc(track, file, names=None, unit="m", depth=True, scale=1.0):
    """A TRC of a track's metres, written by hand as others do; `names` are the markers, of every joint unless given."""
    from hipaudit.poses.metres import metres

    points = metres(track) * scale
    if not depth:
        points[..., 2] = 0
    names = names or {joint.name.lower(): skeletons().markers[joint.name.lower()][0] for joint in Joint}
    columns = [Joint[name.upper()] for name in names]
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{file.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"30\t30\t{len(track)}\t{len(names)}\t{unit}\t30\t0\t{len(track)}",
        "Frame#\tTime\t" + "\t\t\t".join(names.values()) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{n}" for n in range(1, len(names) + 1) for axis in "XYZ"),
    ]
    for number, (t, row) in enumerate(zip(track.t, points[:, columns], strict=True)):
        cells = ["" if np.isnan(value) else f"{value:.6f}" for value in row.ravel()]
        lines.append("\t".join([str(number), f"{t:.5f}", *cells]))
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file
