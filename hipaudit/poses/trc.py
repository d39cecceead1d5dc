"""TRC, the marker file of OpenSim, Pose2Sim and Sports2D: written in metres and read again.

Lines: what the file is; names and values of eight numbers; names of the markers, three columns each; X1, Y1, Z1 and so
on; an empty line; then number, time and coordinates of each instant, all parted by tabs. A coordinate that is not known
is written as `nan`: readers that part words by blanks would take an empty one for the next. Read, both are missing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import SourceError
from ..library import skeletons
from . import J, PoseTrack
from .skeleton import SIDES, Joint, joint
from .tracks import ClipPoses, describe

_NUMBERS = (
    "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units", "OrigDataRate", "OrigDataStartFrame", "OrigNumFrames",
)  # fmt: skip
_METRES = {"m": 1.0, "cm": 0.01, "mm": 0.001}
_LEG = (0.25, 1.5)  # m from hip to ankle, small children to giants: beyond, the numbers are no metres
_PIXELS = 500.0  # px for a metre of the picture that is made of the markers: finer than anybody measures
_EDGE = 50.0  # px around everything in it


def trc_text(t: NDArray[np.float64], points: NDArray[np.float64], rate: float, file: str) -> str:
    """The text of a TRC file: (T,) seconds, (T, J, 3) metres and pictures per second; `file` is its own name.

    A rate that varies stands in the times, which are written to a tenth of a millisecond.
    """
    names = [skeletons().markers[joint.name.lower()][0] for joint in Joint]
    values = (f"{rate:.3f}", f"{rate:.3f}", len(t), len(names), "m", f"{rate:.3f}", 1, len(t))
    axes = [f"{axis}{number}" for number in range(1, len(names) + 1) for axis in "XYZ"]
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{file}",
        "\t".join(_NUMBERS),
        "\t".join(map(str, values)),
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(axes),
        "",
    ]
    flat = points.reshape(len(t), -1)
    rows = (
        "\t".join([str(number), f"{at:.4f}", *("nan" if np.isnan(v) else f"{v:.5f}" for v in row)])
        for number, (at, row) in enumerate(zip(t.tolist(), flat.tolist(), strict=True), 1)
    )
    return "\n".join([*head, *rows, ""])


def read_trc(path: Path) -> ClipPoses:
    """Markers as poses: what a camera sees that looks along z from far away, x to its right and y up.

    Markers whose depth is the same left and right at every instant have none: their metres are left out. There is no
    picture, so its width and height are told as 0.

    Raises:
        SourceError: not a TRC file, one without the needed markers, or one whose numbers are no metres.
    """
    try:
        data = path.read_bytes()
        t, names, points, unit = _parsed(data.decode("utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError, ValueError, IndexError, StopIteration) as error:
        raise SourceError(f"{path.name} cannot be read as a TRC file ({error}): export it again.") from error
    if unit not in _METRES:
        raise SourceError(f"{path.name} is in {unit}: TRC in {', '.join(_METRES)} can be read.")
    metres = _joints(path, names, points) * _METRES[unit]
    legs = np.concatenate([metres[:, joint(s, "hip")] - metres[:, joint(s, "ankle")] for s in SIDES])
    if not np.isfinite(legs).all(-1).any():
        raise SourceError(f"{path.name} shows no leg from hip to ankle at any instant: nothing can be judged.")
    leg = np.nanpercentile(np.linalg.norm(legs, axis=-1), 95)
    if not _LEG[0] <= leg <= _LEG[1]:
        raise SourceError(
            f"{path.name} says that a leg is {leg:.3g} m long: its numbers are no metres; give the file in metres."
        )
    track = _seen(t, metres)
    sha256 = hashlib.sha256(data).hexdigest()
    info = replace(describe(track, path.name, sha256), width=0, height=0)
    return ClipPoses(track, info, f"markers of {path.name}", "", own=False)


def _parsed(lines: Sequence[str]) -> tuple[NDArray[np.float64], list[str], NDArray[np.float64], str]:
    """(T,) seconds, M names, (T, M, 3) coordinates, NaN where there is none, and their unit."""
    if not lines or not lines[0].startswith("PathFileType"):
        raise ValueError("it does not begin with PathFileType")
    told = dict(zip(lines[1].split(), lines[2].split(), strict=True))
    if "Units" not in told:
        raise ValueError("it does not say in which unit it is")
    names = [name.strip() for name in lines[3].split("\t")[2::3] if name.strip()]
    rows = [line.split("\t") for line in lines[5:] if line.strip()]
    if not rows or not names:
        raise ValueError("it holds no instant")
    width = 2 + 3 * len(names)
    table = np.array([[_number(cell) for cell in (row + [""] * width)[:width]] for row in rows])
    if (np.diff(table[:, 1]) <= 0).any() or not np.isfinite(table[:, 1]).all():
        raise ValueError("its times do not increase")
    return table[:, 1] - table[0, 1], names, table[:, 2:].reshape(len(rows), len(names), 3), told["Units"]


def _number(cell: str) -> float:
    return float(cell) if cell.strip() else np.nan


def _joints(path: Path, names: list[str], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T, J, 3) from (T, M, 3), NaN where a joint has no marker."""
    columns = {
        known: next((names.index(name) for name in markers if name in names), None)
        for known, markers in skeletons().markers.items()
    }
    missing = [known for known in skeletons().needed if columns[known] is None]
    if missing:
        wanted = ", ".join(skeletons().markers[known][0] for known in missing)
        raise SourceError(f"{path.name} lacks the markers {wanted}, without which nothing can be judged.")
    metres = np.full((len(points), J, 3), np.nan)
    for known, column in columns.items():
        if column is not None:
            metres[:, Joint[known.upper()]] = points[:, column]
    return metres


def _seen(t: NDArray[np.float64], metres: NDArray[np.float64]) -> PoseTrack:
    """The track of a picture that is made of the markers, just large enough for them all."""
    xy = metres[..., :2] * np.array([_PIXELS, -_PIXELS])
    low, high = np.nanmin(xy, axis=(0, 1)), np.nanmax(xy, axis=(0, 1))
    size = np.ceil(high - low + 2 * _EDGE).astype(int)
    middle = (metres[:, Joint.LEFT_HIP] + metres[:, Joint.RIGHT_HIP]) / 2
    xyz = metres - middle[:, None]
    across = (
        xyz[:, [joint("left", n) for n in ("hip", "shoulder")], 2]
        - xyz[:, [joint("right", n) for n in ("hip", "shoulder")], 2]
    )
    if not (np.abs(across) > 0).any():
        xyz = np.full_like(xyz, np.nan)
    visibility = np.isfinite(xy).all(-1).astype(np.float32)
    return PoseTrack(
        t, (xy - low + _EDGE).astype(np.float32), xyz.astype(np.float32), visibility, (int(size[0]), int(size[1]))
    )
