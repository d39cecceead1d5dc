"""Pictures to a video that plays in any browser, each at its own time."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np

from . import Frame

TICKS = 90_000  # per second: exact for the usual rates, and within 6 millionths of a second for any other
# No B-frames, so that pictures are stored as they are shown; a key picture at least every 30 so that jumping is quick.
ENCODER = {"preset": "veryfast", "crf": "23", "bf": "0", "g": "30", "threads": "2"}


class VideoWriter:
    """Writes frames to an MP4 file: H.264, yuv420p, its index first, no sound. Use as a context manager.

    The file is complete once the block ends; see `files.placed` for never leaving a half one. `size` is the frames'
    (width, height); H.264 wants even numbers, so the last column or row of an odd picture is left out. Timestamps are
    the frames' own, seconds from the first one; a picture lasts until the next, the last as long as the one before it.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self._width, self._height = (side - side % 2 for side in size)
        self._start: float | None = None
        self._last: Frame | None = None
        self._step = 1 / 30
        self._container = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream = self._container.add_stream("libx264", rate=30, options=ENCODER)
        self._stream.width, self._stream.height, self._stream.pix_fmt = self._width, self._height, "yuv420p"
        self._stream.time_base = self._stream.codec_context.time_base = Fraction(1, TICKS)
        self._stream.codec_context.color_range = av.video.reformatter.ColorRange.MPEG
        self._stream.codec_context.colorspace = av.video.reformatter.Colorspace.ITU709
        self._stream.codec_context.color_primaries = self._stream.codec_context.color_trc = 1  # BT.709 too

    def write(self, frame: Frame) -> None:
        """Adds a frame; times must increase."""
        if self._last is not None:
            self._step = frame.t - self._last.t
            self._encode(self._last)
        self._last = frame

    def _encode(self, frame: Frame) -> None:
        """One picture, which lasts until the next."""
        if self._start is None:
            self._start = frame.t
        image = np.ascontiguousarray(frame.image[: self._height, : self._width])
        picture = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(
            format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
        )
        picture.pts, picture.time_base = round((frame.t - self._start) * TICKS), Fraction(1, TICKS)
        picture.duration = round(self._step * TICKS)
        self._container.mux(self._stream.encode(picture))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                if self._last is not None:
                    self._encode(self._last)
                self._container.mux(self._stream.encode())
        finally:
            self._container.close()
