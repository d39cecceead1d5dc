"""A backend that plays back saved poses: audits without a model, and most of the tests."""

from types import TracebackType
from typing import Self

from ..frames import Frame
from . import Pose, PoseTrack


class ReplayBackend:
    """Hands out the saved pose of each frame's own time (None if that instant had nobody)."""

    def __init__(self, track: PoseTrack, name: str = "replay", sha256: str = "") -> None:
        self.name = name
        self.sha256 = sha256
        self._poses = dict(track)

    def detect(self, frame: Frame) -> Pose | None:
        """The saved pose at exactly this frame's time, None if there is none."""
        return self._poses.get(frame.t)

    def close(self) -> None:
        """Nothing to give back."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
