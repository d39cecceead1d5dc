"""Pictures that come whether one is ready for them or not: a webcam, a file played as one, a browser's JPEGs.

Only the newest picture is ever kept. Who is slow sees fewer pictures, each as fresh as the others; nothing queues.
"""

import threading
import time
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator
from io import BytesIO
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from ..errors import SourceError
from . import Frame
from .video import VideoFile

MOST_BYTES = 2_000_000  # of a JPEG: five times what a sharp picture of 1920 x 1080 needs
MOST_SIDES = (1920, 1080)  # px, either way up
LEAST_SIDE = 64  # px; nobody can be found in less
LIMITS = f"at most {MOST_SIDES[0]}x{MOST_SIDES[1]}, at least {LEAST_SIDE} pixels a side"
WANTED = (640, 480)  # px asked of a webcam: the pose model looks at 256
SILENT = 3.0  # s without a picture after which a camera counts as gone
MISSED = 20  # readings in a row without a picture before a webcam counts as gone


def decoded(jpeg: bytes, t: float) -> Frame:
    """A JPEG as a frame at `t` seconds. Its size is read from the header first, so no small file unpacks to gigabytes.

    Raises:
        SourceError: it is too large, or not a whole JPEG.
    """
    if len(jpeg) > MOST_BYTES:
        raise SourceError(f"A picture of {len(jpeg) / 1e6:.1f} MB is too large: at most {MOST_BYTES / 1e6:.0f} MB.")
    try:
        with warnings.catch_warnings(), Pillow.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)  # our own limit is far smaller
            _check_sides(*picture.size)
            return Frame(t, np.asarray(picture.convert("RGB")))
    except Pillow.DecompressionBombError as error:
        raise SourceError(f"This picture cannot be used: {LIMITS}.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise SourceError("This is not a whole JPEG picture.") from error


def _check_sides(width: int, height: int) -> None:
    long, short = max(width, height), min(width, height)
    if long > MOST_SIDES[0] or short > MOST_SIDES[1] or short < LEAST_SIDE:
        raise SourceError(f"A picture of {width}x{height} cannot be used: {LIMITS}.")


class _Newest:
    """Room for one frame between the thread that makes them and the one that takes them."""

    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._frame: Frame | None = None
        self._ended = False

    def put(self, frame: Frame) -> None:
        with self._ready:
            self._frame = frame
            self._ready.notify()

    def end(self) -> None:
        with self._ready:
            self._ended = True
            self._ready.notify()

    def take(self, wait_s: float) -> Frame | None:
        """The newest frame that was not taken yet; None at the end.

        Raises:
            TimeoutError: nothing came.
        """
        with self._ready:
            if not self._ready.wait_for(lambda: self._frame or self._ended, wait_s):
                raise TimeoutError
            frame, self._frame = self._frame, None
            return frame


class _Source(ABC):
    """Iterate it for the newest frame each time; use it in a `with`. `_run` makes frames in a thread of its own."""

    def __init__(self) -> None:
        self._newest = _Newest()
        self._stop = threading.Event()
        self._failed: SourceError | None = None
        self._thread = threading.Thread(target=self._work, name="hipaudit-camera", daemon=True)

    def __iter__(self) -> Iterator[Frame]:
        if not self._thread.is_alive():
            self._thread.start()
        try:
            while (frame := self._newest.take(SILENT)) is not None:
                yield frame
        except TimeoutError:
            raise SourceError("The camera gives no pictures any more: plug it in again and start anew.") from None
        if self._failed:
            raise self._failed

    def _work(self) -> None:
        try:
            self._run()
        except SourceError as error:
            self._failed = error
        finally:
            self._newest.end()

    @abstractmethod
    def _run(self) -> None:
        """Takes pictures until it is told to stop."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(SILENT)


class Webcam(_Source):
    """Camera `number` of this machine, about 640x480; `t` is seconds of the machine's steady clock at the capture.

    Raises:
        SourceError: there is no such camera, it is in use, or it goes away while pictures are taken.
    """

    def __init__(self, number: int = 0) -> None:
        super().__init__()
        self._number = number
        before = cv2.utils.logging.getLogLevel()
        cv2.utils.logging.setLogLevel(0)  # what OpenCV says of a missing camera is for its own developers
        try:
            self._capture = cv2.VideoCapture(number)
        finally:
            cv2.utils.logging.setLogLevel(before)
        if not self._capture.isOpened():
            self._capture.release()
            raise SourceError(
                f"Camera {number} cannot be opened: plug it in, close other programs that use it, "
                "or choose another one with --camera."
            )
        for key, wanted in zip((cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT), WANTED, strict=True):
            self._capture.set(key, wanted)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def _run(self) -> None:
        begun, missed = time.monotonic(), 0
        try:
            while not self._stop.is_set() and missed < MISSED:
                there, image = self._capture.read()
                t = time.monotonic() - begun
                missed = 0 if there else missed + 1
                if there:
                    self._newest.put(Frame(t, np.ascontiguousarray(image[..., ::-1])))
                else:
                    self._stop.wait(0.05)
        finally:
            self._capture.release()
        if missed:
            raise SourceError(f"Camera {self._number} gives no pictures any more: plug it in again and start anew.")


class Played(_Source):
    """A file played at its own pace as if it were a camera: who comes late misses pictures. `t` is the clip's own.

    Raises:
        SourceError: the clip cannot be read.
    """

    def __init__(self, clip: VideoFile) -> None:
        super().__init__()
        self._clip = clip

    def _run(self) -> None:
        begun = time.monotonic()
        for frame in self._clip:
            if self._stop.wait(max(0.0, begun + frame.t - time.monotonic())):
                return
            self._newest.put(frame)
