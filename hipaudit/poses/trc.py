"""TRC, the marker file of OpenSim, Pose2Sim and Sports2D: written in metres and read again.

Lines: what the file is; names and values of eight numbers; names of the markers, three columns each; X1, Y1, Z1 and so
on; an empty line; then number, time and coordinates of each instant, all parted by tabs. A coordinate that is not known
is written as `nan`: readers that part words by blanks would take an empty one for the next. Read, both are missing.
"""

import numpy as np
from numpy.typing import NDArray

from ..library import skeletons
from .skeleton import Joint

_NUMBERS = (
    "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units", "OrigDataRate", "OrigDataStartFrame", "OrigNumFrames",
)  # fmt: skip


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
