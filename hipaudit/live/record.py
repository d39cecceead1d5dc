"""The pictures of a set to a file, each at its own time, for `hipaudit audit` to judge like any other clip.

They are encoded in a thread of their own. Where heads are to be hidden, no picture with a head ever reaches the disk:
pictures wait in memory until the second after them shows where the head went, as `poses.head` wants.
"""

import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from queue import Queue
from threading import Thread

from ..errors import OutputError
from ..files import placed
from ..frames import Frame
from ..frames.write import VideoWriter
from ..overlay import hide
from ..poses import Pose, collect
from ..poses.head import STEADY, head_circles

AT_MOST = 300.0  # s of one recording
ROOM = 8  # pictures that may wait for the encoder
Seen = tuple[Frame, Pose | None]


class Recorder:
    """Writes pictures of `size` (width, height) to a temporary file until it is kept or dropped."""

    def __init__(self, size: tuple[int, int], blur: bool = False) -> None:
        self._size, self._blur = size, blur
        self._folder = Path(tempfile.mkdtemp(prefix="hipaudit-"))
        self._file = self._folder / "set.mp4"
        self._waiting: Queue[Seen | None] = Queue(ROOM)
        self._begun: float | None = None
        self._failed: Exception | None = None
        self._open = True
        self._thread = Thread(target=self._write, name="hipaudit-record", daemon=True)
        self._thread.start()

    def take(self, frame: Frame, pose: Pose | None) -> None:
        """Takes one picture; waits where the encoder is late. Pictures beyond five minutes are left out."""
        if self._begun is None:
            self._begun = frame.t
        if self._open and frame.t - self._begun <= AT_MOST:
            self._waiting.put((frame, pose))

    def finish(self) -> None:
        """Completes the file."""
        if self._open:
            self._open = False
            self._waiting.put(None)
            self._thread.join()

    def keep(self, target: Path) -> Path:
        """Completes the file and puts it in its place, complete or absent.

        Raises:
            OutputError: it could not be written.
        """
        self.finish()
        try:
            if self._failed:
                raise OutputError(f"The recording could not be written: {self._failed}.") from self._failed
            with placed(target) as part:
                shutil.copyfile(self._file, part)
        finally:
            self.drop()
        return target

    def drop(self) -> None:
        """Takes the file away."""
        self.finish()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self) -> None:
        pictures = self._taken()
        with closing(pictures):
            try:
                with VideoWriter(self._file, self._size) as video:
                    for frame in self._hidden(pictures) if self._blur else (frame for frame, _ in pictures):
                        video.write(frame)
            except (OSError, ValueError) as error:
                self._failed = error
                for _ in pictures:
                    pass  # whoever still gives pictures must not wait for ever

    def _taken(self) -> Generator[Seen]:
        while (seen := self._waiting.get()) is not None:
            yield seen

    def _hidden(self, pictures: Iterator[Seen]) -> Iterator[Frame]:
        """The pictures without the head, about a second after they came."""
        waiting: list[Seen] = []
        poses: list[tuple[float, Pose | None]] = []
        for frame, pose in pictures:
            waiting.append((frame, pose))
            poses.append((frame.t, pose))
            if frame.t - waiting[0][0].t > 2 * STEADY:
                yield from self._due(waiting, poses, frame.t - STEADY)
        yield from self._due(waiting, poses, float("inf"))

    def _due(self, waiting: list[Seen], poses: list[tuple[float, Pose | None]], until: float) -> Iterator[Frame]:
        """Waiting pictures that came before `until`; they and poses of long ago are taken off the lists."""
        if not waiting:
            return
        circles = dict(zip((t for t, _ in poses), head_circles(collect(poses, self._size)), strict=True))
        while waiting and waiting[0][0].t <= until:
            frame, _ = waiting.pop(0)
            yield replace(frame, image=hide(frame.image, circles[frame.t]))
        while poses and waiting and poses[0][0] < waiting[0][0].t - 2 * STEADY:
            poses.pop(0)
