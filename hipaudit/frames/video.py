"""A recorded clip through PyAV: upright pictures with the container's own timestamps.

The container's presentation timestamp is the only clock. Phone clips have variable frame rates, and counting
frames puts such a clip wrong by a second or more; nothing here multiplies by a frame rate.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from ..errors import SourceError
from ..files import readable, sha256
from . import Frame

ANALYSIS_FPS = 30.0  # what slow movements need; faster clips are thinned to it in time
LONGEST_SIDE = 1920  # px: what phones film, since making a picture smaller takes longer than the pose model then saves
FORMATS = {
    "mov",
    "mp4",
    "matroska",
    "webm",
    "avi",
    "mpegts",
    "mpeg",
    "asf",
    "flv",
    "ogg",
    "3gp",
    "m4v",
    "h264",
    "hevc",
    "mjpeg",
}
INDEXED = {"mov", "matroska"}  # containers whose index leads to a picture by its time
BROKEN_OFF = 0.5  # s of promised clip that never came


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """What a clip is. Sizes are upright pixels of the file; times are seconds.

    `rotation_deg` is the clockwise turn the file asks for. `duration_s` is what could be read.
    """

    name: str
    sha256: str
    duration_s: float
    width: int
    height: int
    rotation_deg: int
    median_fps: float
    variable_frame_rate: bool
    broken_off_s: float | None  # where the clip ends early, None if it is whole


def pace(times: Sequence[float] | NDArray[np.float64]) -> tuple[float, bool]:
    """The usual step between increasing times in seconds, 0 of a single one, and whether it varies."""
    steps = np.diff(times)
    if not steps.size:
        return 0.0, False
    middle = statistics.median(steps.tolist())
    usual = steps[np.abs(steps - middle) <= 0.25 * middle]
    step = float(usual.mean()) if usual.size else middle  # the mean: some containers round to a thousandth
    # One late frame is a hiccup; a rate that varies does so again and again.
    return step, bool(np.mean(np.abs(steps - step) > 0.25 * step) > 0.01)


class VideoFile:
    """A clip, read from beginning to end; iterate it for frames, then ask it for `info()`.

    Memory does not grow with the clip. Frames of clips faster than 30 per second are thinned in time; pictures
    larger than 1920 px are made smaller. `size` is the (width, height) of the frames handed out; `name` is what the
    clip is called, the file's own name unless another is given.

    Raises:
        SourceError: the file is missing, is not a video, or holds no picture.
    """

    def __init__(self, path: str | Path, name: str | None = None) -> None:
        self.path = Path(path).absolute()
        self.name = readable(name or self.path.name)
        if self.path.is_dir():
            raise SourceError(
                f"{self.path.name or self.path} is a folder: give one video file, or the folder to `hipaudit screen`."
            )
        if not self.path.exists():
            raise SourceError(f"{self.path} does not exist: check the path.")
        if self.path.stat().st_size == 0:
            raise SourceError(f"{self.path.name} is empty (0 bytes): copy it from the phone again.")
        self._times: list[float] = []
        self._failed = False
        self._probe()

    def __iter__(self) -> Iterator[Frame]:
        """Frames in time order, each with its own timestamp.

        A clip that breaks off in the middle yields what it holds; `info()` then says where it ended.
        """
        self._times = []
        due = 0.0
        with self._open() as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for decoded in self._decode(container, stream):
                t = float(decoded.time) - self._start
                if self._times and t <= self._times[-1]:
                    continue  # a repeated or backward timestamp shows nothing new
                self._times.append(t)
                # A quarter of a step early is near enough: thinning 60 to 30 must not drop to 20 by jitter.
                if t < due - 0.25 / ANALYSIS_FPS:
                    continue
                due = max(due + 1 / ANALYSIS_FPS, t + 0.5 / ANALYSIS_FPS)
                yield Frame(t, self._upright(decoded))

    def picture(self, t: float) -> Frame | None:
        """The frame at exactly this of its own times, None if there is none.

        Decoded from the key picture before it where the container has an index, else, or if that misses it, from the
        beginning.
        """
        return self._picture(t, near=True) or self._picture(t, near=False)

    def _picture(self, t: float, near: bool) -> Frame | None:
        with self._open() as container:
            stream = container.streams.video[0]
            if near:
                if not INDEXED & set(container.format.name.split(",")):
                    return None
                try:
                    container.seek(int((self._start + t) / stream.time_base), stream=stream)
                except FFmpegError:  # an index that is empty, as in a clip that was cut off
                    return None
            found = (f for f in self._decode(container, stream) if float(f.time) - self._start >= t)
            decoded = next(found, None)
            if decoded is None or float(decoded.time) - self._start != t:
                return None
            return Frame(t, self._upright(decoded))

    @property
    def expected_s(self) -> float:
        """The length the container promises, in seconds; 0 where it does not say. For progress only."""
        return self._promised

    def info(self) -> ClipInfo:
        """What was read, once the clip has been iterated."""
        step, varies = pace(self._times)
        last = self._times[-1]
        early = self._failed or self._promised - last > max(BROKEN_OFF, 2 * step)
        return ClipInfo(
            name=self.name,
            sha256=sha256(self.path),
            duration_s=round(last + step, 3),
            width=self._native[0],
            height=self._native[1],
            rotation_deg=self._rotation,
            median_fps=round(1 / step, 3) if step else 0.0,
            variable_frame_rate=varies,
            broken_off_s=round(last, 3) if early else None,
        )

    def _open(self) -> "av.container.InputContainer":
        try:
            container = av.open(str(self.path), metadata_errors="replace")
        except (FFmpegError, OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise SourceError(
                f"{self.path.name} cannot be read as a video ({reason.lower()}): "
                "it is not a video file, or it was cut off while copying; copy it again."
            ) from error
        if not FORMATS & set(container.format.name.split(",")):  # FFmpeg would make a film of a text or a photograph
            container.close()
            raise SourceError(f"{self.path.name} is not a video file: give the clip as the phone recorded it.")
        if not container.streams.video:
            container.close()
            raise SourceError(f"{self.path.name} holds no picture, only sound or data: give the video file.")
        return container

    def _decode(self, container: "av.container.InputContainer", stream: "av.VideoStream") -> Iterator["av.VideoFrame"]:
        """Decoded frames that have a time; stops quietly where the data stop making sense."""
        try:
            for frame in container.decode(stream):
                if frame.pts is not None:
                    yield frame
        except FFmpegError:
            self._failed = True

    @staticmethod
    def _promise(container: "av.container.InputContainer", stream: "av.VideoStream") -> float:
        if stream.duration:
            return float(stream.duration * stream.time_base)
        # Matroska counts its duration from zero, whenever the first picture comes.
        return (container.duration - max(container.start_time or 0, 0)) / 1e6 if container.duration else 0.0

    def _probe(self) -> None:
        """Settles the picture's sizes, its turn and the promised length from the first frame.

        `size` is the (width, height) of the frames handed out.
        """
        with self._open() as container:
            stream = container.streams.video[0]
            first = next(self._decode(container, stream), None)
            if first is None:
                raise SourceError(f"{self.path.name} holds no readable picture: it is damaged; film or copy it again.")
            self._start = float(first.time)
            self._promised = self._promise(container, stream)
            width, height = round(first.width * float(stream.sample_aspect_ratio or 1)), first.height
        self._rotation = round(-first.rotation / 90) * 90 % 360  # the file counts the other way round
        scale = min(1.0, LONGEST_SIDE / max(width, height))
        self._scaled = (max(2, round(width * scale)), max(2, round(height * scale)))
        turned = self._rotation % 180 == 90
        self._native = (height, width) if turned else (width, height)
        self.size = self._scaled[::-1] if turned else self._scaled

    def _upright(self, frame: "av.VideoFrame") -> NDArray[np.uint8]:
        image = frame.to_ndarray(format="rgb24", width=self._scaled[0], height=self._scaled[1])
        if not self._rotation:
            return image
        pixels = image.view("V3")[..., 0]  # turned whole: three times as fast as colour by colour
        return np.ascontiguousarray(np.rot90(pixels, -self._rotation // 90))[..., None].view(np.uint8)


def recorded(path: Path) -> datetime | None:
    """When the camera says it recorded a clip, None where it does not or the file cannot be read."""
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            return datetime.fromisoformat(container.metadata["creation_time"])
    except (FFmpegError, OSError, KeyError, ValueError):
        return None
