"""What a pose backend is: the one seam between pictures and everything after them."""

from types import TracebackType
from typing import Protocol, Self

from ..frames import Frame
from . import Pose


class PoseBackend(Protocol):
    """Finds one person in a picture. Frames come in time order; use it in a `with`.

    `name` and `sha256` identify the model in an audit's provenance.
    """

    name: str
    sha256: str

    def detect(self, frame: Frame) -> Pose | None:
        """The person in this frame, or None if nobody is seen."""

    def close(self) -> None:
        """Gives the model's memory back."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
