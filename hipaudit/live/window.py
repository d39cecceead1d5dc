"""The coach in a window: the mirrored picture, the skeleton, a counter to be read from three metres away, the cue.

Keys: q or Escape ends, space ends the set under way or begins the next, s saves the set just done, m mutes.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import HipauditError, SourceError
from ..frames import Frame
from ..overlay import INK, Image, draw_bar, draw_body, draw_ghost, draw_toe_lines, draw_words
from . import pane
from .desk import Desk
from .events import (
    CalibrationDone,
    Countdown,
    Cue,
    CueCleared,
    Event,
    Number,
    Praise,
    Problem,
    RepDone,
    SetDone,
    SetUp,
    TestDone,
    Tracked,
)
from .loop import Loop, sets
from .voice import Voice
from .welcome import Joints

TITLE = "hipaudit live"
ENDS = ("q", "\x1b", pane.CLOSED)
HEIGHT = 720  # px of the picture that is shown
TEXT = HEIGHT // 11  # px of letters
ABOVE = HEIGHT // 4  # px of the picture that words may take, which hide somebody's head there but no foot
BELOW = HEIGHT // 2 - 30  # px from the top to where the room below the counter begins
COUNTER = 2 * HEIGHT // 5  # px of the counter's digit, two thirds of it for each of two: read from three metres away
LINGERS = 2.5  # s for which praise or a number stays
NO_SCREEN = "There is no screen to open a window on: use `hipaudit live` in a browser, or --headless."


@dataclass(slots=True)
class Board:
    """What is to be read on the picture now."""

    count: str = ""
    words: str = "Stand where the camera sees all of you."
    found: bool = False  # whether the words are a cue
    ready: bool = False
    began: bool = False  # whether the set is under way or over
    seconds: str = ""  # of a hold or a timed test under way
    tracked: Tracked | None = None
    summary: tuple[str, ...] = ()
    _until: float = np.inf

    @property
    def crowded(self) -> bool:
        """Whether a summary, or the seconds of a timed test, stand below the counter."""
        return bool(self.summary or (self.seconds and self.count not in ("0", self.seconds)))

    def take(self, event: Event) -> str:
        """Takes an event; returns what of it is to be said aloud, if anything."""
        if isinstance(event, Tracked):
            self.tracked = event
            if event.held_s is not None:
                self.seconds = f"{event.held_s:.0f}"
            if event.t > self._until:
                self._say("")
            return ""
        return self._take(event)

    def _take(self, event: Event) -> str:
        match event:
            case SetUp(say=say, ready=ready):
                self.ready, self.summary, self.began = ready, (), False
                self.count = self.seconds = ""
                return self._say(say)
            case Countdown(left_s=left):
                self.count = f"{left:.0f}" if left else ""
                return self.count
            case CalibrationDone(say=say):
                self.count, self.ready, self.began = "0", False, True
                return self._say(say, until=event.t + LINGERS)
            case RepDone(number=number, counts=counts, why=why):
                self.count = str(number)
                return "" if counts else self._say(why, until=event.t + LINGERS)
            case Cue(say=say, speak=speak):
                self._say(say, found=True)
                return say if speak else ""
            case CueCleared():
                return self._say("")
            case Praise(say=say) | Number(say=say):
                return self._say(say, until=event.t + LINGERS)
            case SetDone(summary=(first, *more)):
                self.summary, self.seconds = tuple(more), ""
                return self._say(f"Set done. {first}")
            case TestDone(say=say) | Problem(say=say):
                return self._say(say)
        return ""

    def _say(self, words: str, found: bool = False, until: float = np.inf) -> str:
        self.words, self.found, self._until = words, found, until
        return words


def picture(frame: Frame, board: Board, ghost: Joints | None = None) -> Image:
    """The frame as somebody sees it who looks into a mirror, and the board beside it, where it hides nobody.

    `ghost` is an earlier stand, see `welcome.ghost`; it is outlined until the set begins.
    """
    size = (round(frame.image.shape[1] * HEIGHT / frame.image.shape[0]), HEIGHT)
    mirror = np.ascontiguousarray(cv2.resize(frame.image, size, interpolation=cv2.INTER_LINEAR)[:, ::-1])
    if ghost is not None and not board.began:
        draw_ghost(mirror, _fitted(ghost, size))
    xy = _mirrored(board.tracked, size)
    if xy is not None:
        mirror = draw_body(mirror, xy)
        draw_toe_lines(mirror, xy)
    if board.tracked is not None and board.tracked.depth is not None:
        draw_bar(mirror, board.tracked.depth, full=board.tracked.depth >= 1)
    panel = _beside(board)
    if board.words:  # below the counter, where it hides nobody; above in the picture where something else stands there
        on, place = (mirror[:ABOVE], (0.5, 0.1)) if board.crowded else (panel[BELOW:], (0.5, 0.95))
        draw_words(on, board.words, TEXT, place, board.found)
    return np.hstack([panel, mirror])


def _beside(board: Board) -> Image:
    panel = np.full((HEIGHT, HEIGHT // 2, 3), INK, np.uint8)
    count = board.seconds if board.count == "0" and board.seconds else board.count
    if count:
        draw_words(panel, count, COUNTER if len(count) == 1 else 2 * COUNTER // 3, (0.5, 0.0))
        if board.seconds and count != board.seconds:
            draw_words(panel, f"{board.seconds} s", TEXT, (0.5, 0.7))
    elif board.ready:
        draw_words(panel, "ready", TEXT, (0.5, 0.1), found=True)
    if board.summary:
        draw_words(panel[BELOW:], " ".join(board.summary), TEXT // 2, (0.5, 0.95))
    return panel


def _mirrored(tracked: Tracked | None, size: tuple[int, int]) -> NDArray[np.float64] | None:
    if tracked is None or tracked.xy is None:
        return None
    return (np.array([1.0, 0.0]) + _points(tracked.xy) * [-1.0, 1.0]) * size


def _fitted(ghost: Joints, size: tuple[int, int]) -> NDArray[np.float64]:
    """An earlier stand in the mirrored picture, pixels: it is kept from the middle of the upper edge."""
    return np.array([size[0] / 2, 0.0]) + _points(ghost) * [-1.0, 1.0] * size[1]


def _points(joints: Sequence[Sequence[float] | None]) -> NDArray[np.float64]:
    """(J, 2) joints, NaN where one is not known."""
    return np.array([(np.nan, np.nan) if point is None else point for point in joints], np.float64)


class Window:
    """A window on this machine's screen, in a process of its own, see `live.pane`.

    Raises:
        SourceError: there is no screen, or none that a window can be opened on.
    """

    def __init__(self) -> None:
        if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise SourceError(NO_SCREEN)
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        command = [sys.executable, pane.__file__, TITLE]
        self._pane = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet)

    def show(self, image: Image) -> str:
        """Shows an RGB picture and returns the key pressed meanwhile, `pane.CLOSED` of a closed window, "" of none.

        Raises:
            SourceError: the window could not be opened.
        """
        assert self._pane.stdin is not None
        assert self._pane.stdout is not None
        try:
            self._pane.stdin.write(pane.HEAD.pack(*image.shape[:2]))
            self._pane.stdin.write(np.ascontiguousarray(image[..., ::-1]).data)
            self._pane.stdin.flush()
        except BrokenPipeError:
            raise SourceError(NO_SCREEN) from None
        told = self._pane.stdout.readline()
        if not told:
            raise SourceError(NO_SCREEN)
        return told.decode().rstrip("\n")

    def close(self) -> None:
        """Takes the window away."""
        self._pane.kill()
        self._pane.communicate()


def run(source: Iterable[Frame], loop: Loop, desk: Desk, voice: Voice) -> bool:
    """Coaches in a window until the source ends, the window is closed or q is pressed.

    Returns whether it was the source.

    Raises:
        SourceError: there is no screen, or the camera is gone.
    """
    window, board = Window(), Board()
    try:
        for frame, events in sets(source, loop):
            told = [board.take(event) for event in events]
            if any(isinstance(event, SetDone | TestDone) for event in events):
                told += [board.take(problem) for problem in desk.done(loop, events)]
            for words in filter(None, told):
                voice.say(words)
            key = window.show(picture(frame, board, desk.choice.ghost))
            if key in ENDS:
                return False
            for event in _pressed(key, frame.t, loop, desk, voice):
                board.take(event)
        return True
    finally:
        voice.close()
        window.close()


def _pressed(key: str, t: float, loop: Loop, desk: Desk, voice: Voice) -> Sequence[Event]:
    """Does what a key asks for."""
    assert loop.coach is not None
    if key == "m":
        voice.muted = not voice.muted
        voice.close()
    elif key == "s":
        return [Problem(t, _saved(desk))]
    elif key == " " and loop.coach.state == "done":
        desk.begins()
        return loop.coach.next_set(t)
    elif key == " ":
        events = loop.coach.stop(t)
        return [*events, *(desk.done(loop, events) if events else [])]
    return []


def _saved(desk: Desk) -> str:
    try:
        return f"Saved in {desk.save()}."
    except HipauditError as error:
        return str(error)
