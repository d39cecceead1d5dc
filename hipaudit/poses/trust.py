"""Whether a landmark can be believed: hipaudit's own confidence, beside the model's.

The pose model reports a visibility near 0.99 for joints it cannot see, so a landmark must also lie in the picture,
keep the person's own bone lengths (in the model's metres, which do not shorten with the view), move no faster than
people do, and leave the body the right way up. What fails becomes a hole, and a hole stays a hole.
"""

import numpy as np
from numpy.typing import NDArray

from ..library import protocol
from . import PoseTrack
from .skeleton import SIDES, Joint, joint

_RIGID = tuple((joint(s, a), joint(s, b)) for s in SIDES for a, b in (("hip", "knee"), ("knee", "ankle")))


def trusted(track: PoseTrack, bones: NDArray[np.floating], posture: str = "standing") -> NDArray[np.bool_]:
    """(T, J) whether each landmark of each instant can be believed.

    `bones` are the person's own thigh and shank lengths in metres from `bone_lengths`. An instant is judged from
    itself and its two neighbours only, so a stretch of a clip gives the same answer as the whole. In the posture
    "lying" the body must lie where it must else be upright.
    """
    limits = protocol().trust
    good = plainly_seen(track)
    good &= ~_jumping(track, limits.body_lengths_per_s, 0 if posture == "lying" else 1)
    change = np.abs(bone_lengths(track.xyz) / bones - 1)
    for (upper, lower), wrong in zip(_RIGID, (change > limits.bone_change).T, strict=True):
        good[wrong, upper] = False
        good[wrong, lower] = False
    return good & (lies(track) if posture == "lying" else _upright(track))[:, None]


def plainly_seen(track: PoseTrack) -> NDArray[np.bool_]:
    """(T, J) whether the model says it sees a landmark, and places it in the picture."""
    limits = protocol().trust
    size, margin = np.array(track.size), limits.outside_picture
    inside = ((track.xy >= -margin * size) & (track.xy <= (1 + margin) * size)).all(-1)
    return inside & (track.visibility >= limits.visibility)


def bone_lengths(xyz: NDArray[np.floating]) -> NDArray[np.floating]:
    """(..., 4) lengths of thighs and shanks in metres."""
    return np.stack([np.linalg.norm(xyz[..., a, :] - xyz[..., b, :], axis=-1) for a, b in _RIGID], -1)


def masked(track: PoseTrack, bones: NDArray[np.floating], posture: str = "standing") -> NDArray[np.float64]:
    """(T, J, 2) the picture coordinates, NaN where a landmark cannot be believed."""
    return np.where(trusted(track, bones, posture)[..., None], track.xy, np.nan).astype(np.float64)


def lies(track: PoseTrack) -> NDArray[np.bool_]:
    """(T,) shoulders and ankles further apart sideways than upwards: lying, or hands and feet on the floor."""
    tall, sideways = _extent(track)
    return tall <= sideways


def _jumping(track: PoseTrack, limit: float, axis: int) -> NDArray[np.bool_]:
    """(T, J) a landmark that leaves and comes back faster than people move: a slip of the model.

    The body's length is read along `axis`: 0 = the picture's x, 1 = its y.
    """
    slip = np.zeros(track.visibility.shape, bool)
    if len(track) < 3:
        return slip
    shoulders = track.xy[:, [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER], axis].mean(1)
    feet = track.xy[:, [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE], axis]
    ankles = feet.max(1) if axis else feet.mean(1)
    body = np.abs(ankles - shoulders)
    step = np.linalg.norm(np.diff(track.xy, axis=0), axis=-1) / np.diff(track.t)[:, None]
    fast = step > limit * np.fmax(body[1:], body[:-1])[:, None]
    slip[1:-1] = fast[:-1] & fast[1:]
    return slip


def _upright(track: PoseTrack) -> NDArray[np.bool_]:
    """(T,) shoulders over ankles by more than the body is wide: standing, squatting, hinging, but not lying."""
    tall, sideways = _extent(track)
    return tall > sideways


def _extent(track: PoseTrack) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """(T,) from the shoulders to the lower ankle and (T,) how far they are apart sideways, pixels.

    Where one of a pair is missing the other speaks for both; NaN where both are.
    """
    shoulders, ankles = (
        [np.where(np.isfinite(a), a, b) for a, b in ((left, right), (right, left))]
        for left, right in (
            track.xy[:, [joint(s, name) for s in SIDES]].swapaxes(0, 1) for name in ("shoulder", "ankle")
        )
    )
    top, bottom = (shoulders[0] + shoulders[1]) / 2, np.maximum(ankles[0][:, 1], ankles[1][:, 1])
    return bottom - top[:, 1], np.abs(top[:, 0] - (ankles[0][:, 0] + ankles[1][:, 0]) / 2)
