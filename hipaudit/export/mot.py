"""MOT, the motion file of OpenSim: time and angles in degrees, one column each.

A column that is known nowhere is left out; a single value that is not known is `nan`, as OpenSim itself writes it.
Its `TimeSeriesTable` reads that; the older `Storage`, which the program's window uses, stops at the first one.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

ENDING = "_deg"


def known_angles(curves: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """The curves in degrees that are known anywhere, by their names without the unit."""
    return {
        column.removesuffix(ENDING): values
        for column, values in curves.items()
        if column.endswith(ENDING) and np.isfinite(values).any()
    }


def mot_text(t: NDArray[np.float64], curves: Mapping[str, NDArray[np.float64]], name: str) -> str:
    """The text of a MOT file: (T,) seconds and the curves in degrees; one must be known."""
    angles = known_angles(curves)
    head = [
        name,
        "version=1",
        f"nRows={len(t)}",
        f"nColumns={len(angles) + 1}",
        "inDegrees=yes",
        "endheader",
        "\t".join(["time", *angles]),
    ]
    rows = (
        "\t".join([f"{at:.4f}", *("nan" if np.isnan(v) else f"{v:.4f}" for v in row)])
        for at, row in zip(t.tolist(), np.stack([*angles.values()], 1).tolist(), strict=True)
    )
    return "\n".join([*head, *rows, ""])
