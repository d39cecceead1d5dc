"""Pictures with their time: from a recorded file here, from a camera later."""

from dataclasses import dataclass

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
