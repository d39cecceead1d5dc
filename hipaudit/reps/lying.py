"""Which movement somebody does who lies on the back, and on which leg: the feet stay and the hips go up."""

import numpy as np

from ..kinematics import Setting, depth
from ..kinematics.geometry import length, middle
from ..kinematics.lying import find_rest, lying_view
from ..poses import PoseTrack
from ..poses.skeleton import SIDES, joint
from ..poses.trust import lies
from .recognise import Recognised, most_alike
from .segment import Bout, RepSegmenter

MOSTLY = 0.5  # share of the instants with somebody lying
RISES = 0.12  # trunk lengths the hips go up at least
STAYS = 0.2  # trunk lengths a foot may move that stays on the floor
FREE = 0.35  # trunk lengths a foot is higher than the other that is off the floor


def is_lying(track: PoseTrack) -> bool:
    """Whether the person lies in most of the clip."""
    return bool(lies(track).sum() > MOSTLY * track.found.sum())


def recognise_lying(track: PoseTrack) -> Recognised:
    """The bridge that most risings of the hips look like."""
    rest = find_rest(track)
    view = lying_view(rest) if rest else None
    nothing = float(track.t[-1])
    if rest is None or view is None:
        return Recognised(None, "both", 0.0, "somebody lies, but not quietly on the back with the knees bent", nothing)
    trunk = float(length(middle(rest.xy, "shoulder") - middle(rest.xy, "hip")))
    high = depth(track.xy.astype(np.float64), Setting(view, rest, "both", 2, trunk, "bridge", "lying"))
    segmenter = RepSegmenter()
    bouts = [b for t, h in zip(track.t.tolist(), high.tolist(), strict=True) if (b := segmenter.update(t, h))]
    last = segmenter.finish(float(track.t[-1]))
    votes = [(b, v) for b in [*bouts, *([last] if last else [])] if (v := _vote(track.between(b.t0, b.t1), b, trunk))]
    if not votes:
        return Recognised(None, "both", 0.0, "somebody lies and the hips do not go up from the floor", nothing)
    return most_alike(votes, _WORDS)


_WORDS = {
    "bridge": "the hips go up from the floor, both feet on it",
    "bridge_one": "the hips go up from the floor, one foot on it",
    "unclear": "somebody lies and the feet move",
}


def _vote(window: PoseTrack, bout: Bout, trunk: float) -> tuple[str, str] | None:
    """What one rising of the hips looks like: which feet stay, and the stance side; None where the hips stay down."""
    hips = middle(window.xy, "hip")[:, 1].astype(np.float64)
    if not np.isfinite(hips).any() or np.nanmax(hips) - np.nanmin(hips) < RISES * trunk:
        return None
    part = window.between(bout.began, bout.t1)
    rising = middle(part.xy, "hip")[:, 1]
    ankles = {s: part.xy[:, joint(s, "ankle")].astype(np.float64) for s in SIDES}
    if not all(np.isfinite(seen).any() for seen in (rising, *ankles.values())):
        return None
    top = int(np.nanargmin(rising))
    moved = {s: float(length(np.ptp(np.nanpercentile(a, [5, 95], axis=0), axis=0))) / trunk for s, a in ankles.items()}
    higher = float(ankles["right"][top, 1] - ankles["left"][top, 1]) / trunk  # + = the left foot is the higher one
    if abs(higher) >= FREE:
        stance = "right" if higher > 0 else "left"
        return ("bridge_one", stance) if moved[stance] < STAYS else ("unclear", stance)
    return ("bridge", "both") if max(moved.values()) < STAYS else ("unclear", "both")
