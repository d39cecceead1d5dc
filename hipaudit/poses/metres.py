"""A track in metres as the field's marker files have it: the picture's plane to scale, the model's depth beside it.

The picture's plane keeps what hipaudit measures, moves with the person, and is multiplied by one number for the whole
clip; the depth is the model's own. So it is no calibrated trajectory: what is nearer to the camera is drawn larger, the
person never walks towards it, and the scale is the model's guess of the person's size.
"""

import numpy as np
from numpy.typing import NDArray

from . import PoseTrack
from .skeleton import SIDES, joint
from .trust import plainly_seen

# Long parts of the body, whose lengths in metres and in pixels give the scale.
_PARTS = [
    (joint(s, a), joint(s, b)) for s in SIDES for a, b in (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))
]


def metres(track: PoseTrack) -> NDArray[np.float64] | None:
    """(T, J, 3) metres, None where the poses have none.

    x to the picture's right from its left edge, y UP from its lower edge, z towards the camera from the middle of the
    hips. NaN where the model says that it does not see a landmark, or places it outside the picture.
    """
    scale = metres_per_pixel(track)
    if scale is None:
        return None
    across, height = track.xy.astype(np.float64), track.size[1]
    points = np.stack([across[..., 0] * scale, (height - across[..., 1]) * scale, track.xyz[..., 2]], -1)
    return np.where(plainly_seen(track)[..., None], points, np.nan)


def metres_per_pixel(track: PoseTrack) -> float | None:
    """The clip's scale: lengths of trunk and legs across the picture in the model's metres over those in pixels.

    The median over all instants; None where the poses have no metres.
    """
    flat, drawn = (
        np.stack([np.linalg.norm(points[:, a] - points[:, b], axis=-1) for a, b in _PARTS]).sum(0, np.float64)
        for points in (track.xyz[..., :2], track.xy)
    )
    known = np.isfinite(flat) & (drawn > 0)
    return float(np.median(flat[known] / drawn[known])) if known.any() else None
