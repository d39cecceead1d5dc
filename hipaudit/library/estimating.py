"""The typed shape of fitted estimators: what benchmarks write and `kinematics.estimators` reads."""

from typing import Literal

from pydantic import model_validator

from .schema import _Table


class Ridge(_Table):
    """A ridge regression on landmarks relative to mid-hip and own stand, in leg lengths, mirrored to a left stance.

    `features` names a joint and an axis each. `mean` and `whiten` (the inverse Cholesky factor of the covariance)
    describe the poses it was fitted on, and `limit` is the Mahalanobis distance from them, per root feature, beyond
    which it says nothing.
    """

    features: tuple[str, ...]
    weights: tuple[float, ...]
    mean: tuple[float, ...]
    whiten: tuple[tuple[float, ...], ...]
    limit: float

    @model_validator(mode="after")
    def _same_length(self) -> "Ridge":
        lengths = {len(x) for x in (self.features, self.weights, self.mean, self.whiten, *self.whiten)}
        if len(lengths) != 1:
            raise ValueError("features, weights, mean and both sides of whiten must be equally long")
        return self


class LinearEstimator(_Table):
    """The same quantity from all landmarks, or without the free foot, which is often hidden behind the other leg."""

    whole: Ridge
    foot_hidden: Ridge | None = None
    fitted_on: str
    proved_on: str


class ViewTerms(_Table):
    """One camera face: picture angle to true picture angle, and that to the frontal-plane angle.

    `gain` and `depth_offset` undo what the pose model does; `perspective` and `yaw` undo what the camera does, both
    times the square root of the depth, because that is how far the knee comes forward.
    """

    gain: float
    depth_offset: float
    perspective: float
    yaw: float


class FrontalEstimator(_Table):
    """Corrections of the frontal plane projection angle, by legs and camera face."""

    yaw_dead_band_deg: float
    hip_shift_yaw: float  # % of the ankle distance per degree, times root depth over the ankle distance in leg lengths
    one_leg: dict[Literal["front", "back"], ViewTerms]
    two_legs: dict[Literal["front", "back"], ViewTerms]
    fitted_on: str
    proved_on: str


class FlexionEstimator(_Table):
    """Knee flexion seen from the side to the true one: the model straightens a bent knee a little."""

    gain: float
    offset: float
    fitted_on: str
    proved_on: str


class LockOutEstimator(_Table):
    """What to take off the angle of shoulder, hip and knee in a bridge, degrees: the model reads it as arched."""

    offset: float
    fitted_on: str
    proved_on: str


class LumbarEstimator(_Table):
    """Change of the lumbar angle from the back's outline, and when the outline cannot be read.

    `per_percent` is degrees per per cent of the trunk by which the hollow deepens; `per_hip_flexion_deg` gives back
    what bending the hips flattens.
    """

    per_percent: float
    per_hip_flexion_deg: float
    least_hollow: float
    least_trunk_px: float
    fitted_on: str
    proved_on: str


class YawEstimator(_Table):
    """The camera's place around the person from quiet standing: linear fits from the front and from behind.

    Features are degrees (hips, shoulders) and leg lengths (nose from the middle of the shoulders).
    """

    front_within_deg: float
    front: dict[Literal["hips", "shoulders", "nose", "constant"], float]
    torso: dict[Literal["hips", "shoulders", "constant"], float]
    back: dict[Literal["shoulders", "constant"], float]
    head_disagrees_deg: float
    fitted_on: str


class HeightTerms(_Table):
    """Weights of one face."""

    foot: float
    shank: float
    neck: float
    constant: float


class CameraEstimator(_Table):
    """The height of the camera from quiet standing: a linear fit for each face.

    In standing heights, like the features (`kinematics.estimators.height_cues`). `error` is the standard deviation on
    people it was not fitted on.
    """

    front: HeightTerms
    back: HeightTerms
    side: HeightTerms
    error: float
    fitted_on: str
    proved_on: str
