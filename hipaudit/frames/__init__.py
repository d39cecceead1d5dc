"""Pictures with their time: from a recorded file here, from a camera later."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One upright picture.

    `t` is seconds since the source began and never decreases within a source.
    `image` is (height, width, 3) RGB, 8 bit, turned upright.
    """

    t: float
    image: NDArray[np.uint8]


class FrameSource(Protocol):
    """Anything that hands out frames in time order."""

    def __iter__(self) -> Iterator[Frame]: ...
