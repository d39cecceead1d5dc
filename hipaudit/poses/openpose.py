"""OpenPose JSON, which OpenPose, Sports2D, Pose2Sim and RTMLib write: a folder with a file for each picture.

Pixels and a confidence for each keypoint, no depth, no time and no size of the picture: rate and size must be told.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import SourceError
from ..library import Keypoints, skeletons
from . import Floats, Pose, collect
from .skeleton import SIDES, Joint, joint
from .tracks import ClipPoses, describe

_HIPS = [joint(side, "hip") for side in SIDES]
J = len(Joint)


def read_openpose(folder: Path, fps: float | None, size: tuple[int, int] | None) -> ClipPoses:
    """The poses of a folder of *.json, in the order of the number in each name, `fps` of them a second.

    Of several people the one who is nearest to where the person was just before counts, at first the largest. A
    keypoint of confidence 0 is missing.

    Raises:
        SourceError: rate or size are not told, files that are not OpenPose JSON, or an unknown skeleton.
    """
    files = _numbered(folder)
    if fps is None or size is None:
        raise SourceError(
            f"{folder.name} does not say how many pictures a second there were, nor how large they are: "
            "give --fps, say --fps 30, and --size, say --size 1080x1920."
        )
    first = min(files)
    people = {number: _people(file) for number, file in files.items()}
    track = collect(_followed({(n - first) / fps: rows for n, rows in sorted(people.items())}), size)
    digest = hashlib.sha256(b"".join(file.read_bytes() for _, file in sorted(files.items()))).hexdigest()
    info = replace(describe(track, folder.name, digest), median_fps=fps)
    return ClipPoses(track, info, f"keypoints of {folder.name}", "", own=False)


def _numbered(folder: Path) -> dict[int, Path]:
    """Each file by the last number of its name, which counts pictures."""
    found: dict[int, Path] = {}
    for file in sorted(folder.glob("*.json")):
        numbers = re.findall(r"\d+", file.stem)
        if not numbers or int(numbers[-1]) in found:
            raise SourceError(f"{file.name}: its name does not say which picture it is of, by a number of its own.")
        found[int(numbers[-1])] = file
    if not found:
        raise SourceError(f"{folder} holds no OpenPose JSON: give the folder with one .json for each picture.")
    return found


def _people(file: Path) -> list[Floats]:
    """(J, 3) x, y and confidence of everybody in one picture; NaN, NaN and 0 where a joint is missing."""
    try:
        people = json.loads(file.read_text("utf-8"))["people"]
        rows = [np.array(person["pose_keypoints_2d"], np.float32).reshape(-1, 3) for person in people]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{file.name} is not OpenPose JSON ({error}).") from error
    return [_joints(_skeleton(file, len(points)), points) for points in rows if len(points)]


def _skeleton(file: Path, count: int) -> Keypoints:
    known = skeletons().keypoints
    for skeleton in known.values():
        if skeleton.count == count:
            return skeleton
    names = ", ".join(f"{name} with {skeleton.count}" for name, skeleton in known.items())
    raise SourceError(f"{file.name} has {count} keypoints a person; known are {names}.")


def _joints(skeleton: Keypoints, points: Floats) -> Floats:
    joints = np.full((J, 3), np.nan, np.float32)
    for name, row in skeleton.rows.items():
        joints[Joint[name.upper()]] = points[row]
    hidden = ~(np.isfinite(joints).all(-1) & (joints[:, 2] > 0))
    joints[hidden] = np.nan, np.nan, 0
    joints[:, 2] = joints[:, 2].clip(0, 1)
    return joints


def _followed(people: dict[float, list[Floats]]) -> Iterator[tuple[float, Pose | None]]:
    """One person through all instants."""
    last: NDArray[np.float64] | None = None
    for t, everybody in people.items():
        placed = [(person, _place(person)) for person in everybody if np.isfinite(person[:, 0]).any()]
        if not placed:
            yield t, None
            continue
        here = last
        person, last = (
            max(placed, key=lambda p: float(np.ptp(p[0][np.isfinite(p[0][:, 1]), 1])))
            if here is None
            else min(placed, key=lambda p: float(np.linalg.norm(p[1] - here)))
        )
        yield t, Pose(t, person[:, :2], np.full((J, 3), np.nan, np.float32), person[:, 2])


def _place(person: Floats) -> NDArray[np.float64]:
    """(2,) where somebody is: the hips, or what else shows."""
    hips = person[_HIPS, :2]
    known = hips[np.isfinite(hips[:, 0])] if np.isfinite(hips[:, 0]).any() else person[np.isfinite(person[:, 0]), :2]
    return np.asarray(known.mean(0), np.float64)
