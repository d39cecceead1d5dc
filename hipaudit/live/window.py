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
from ..overlay import Image, draw_bar, draw_body, draw_toe_lines, draw_words
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

TITLE = "hipaudit live"
ENDS = ("q", "esc", "closed")
HEIGHT = 960  # px of the picture that is shown
LINGERS = 2.5  # s for which praise or a number stays
_TRIAL = "import cv2; cv2.namedWindow('hipaudit'); cv2.destroyAllWindows()"


@dataclass(slots=True)
class Board:
    """What is to be read on the picture now."""

    count: str = ""
    words: str = "Stand where the camera sees all of you."
    found: bool = False  # whether the words are a cue
    ready: bool = False
    tracked: Tracked | None = None
    summary: tuple[str, ...] = ()
    _until: float = np.inf

    def take(self, event: Event) -> str:
        """Takes an event; returns what of it is to be said aloud, if anything."""
        if isinstance(event, Tracked):
            self.tracked = event
            if event.held_s is not None:
                self.count = f"{event.held_s:.0f}"
            if event.t > self._until:
                self._say("")
            return ""
        return self._take(event)

    def _take(self, event: Event) -> str:
        match event:
            case SetUp(say=say, ready=ready):
                self.ready, self.count, self.summary = ready, "", ()
                return self._say(say)
            case Countdown(left_s=left):
                self.count = f"{left:.0f}" if left else ""
                return self.count
            case CalibrationDone(say=say):
                self.count = "0"
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
            case SetDone(reps=reps, clean=clean, summary=summary):
                self.summary = summary
                return self._say(f"Set done: {reps} repetitions, {clean} clean.")
            case TestDone(say=say) | Problem(say=say):
                return self._say(say)
        return ""

    def _say(self, words: str, found: bool = False, until: float = np.inf) -> str:
        self.words, self.found, self._until = words, found, until
        return words


def picture(frame: Frame, board: Board) -> Image:
    """The frame as somebody sees it who looks into a mirror, with what is on the board."""
    scale = HEIGHT / frame.image.shape[0]
    size = (round(frame.image.shape[1] * scale), HEIGHT)
    canvas = np.ascontiguousarray(cv2.resize(frame.image, size, interpolation=cv2.INTER_LINEAR)[:, ::-1])
    xy = _mirrored(board.tracked, size)
    if xy is not None:
        canvas = draw_body(canvas, xy)
        draw_toe_lines(canvas, xy)
    text = HEIGHT // 14
    if board.count:
        draw_words(canvas, board.count, HEIGHT // 3, (0.02, 0.02))
    if board.tracked is not None and board.tracked.depth is not None:
        draw_bar(canvas, board.tracked.depth, full=board.tracked.depth >= 1)
    if board.ready:
        draw_words(canvas, "ready", text, (0.98, 0.02), found=True)
    for row, line in enumerate(board.summary):
        draw_words(canvas, line, text // 2, (0.5, 0.35 + 0.09 * row))
    if board.words:
        draw_words(canvas, board.words, text, (0.5, 0.97), board.found)
    return canvas


def _mirrored(tracked: Tracked | None, size: tuple[int, int]) -> NDArray[np.float64] | None:
    if tracked is None or tracked.xy is None:
        return None
    shares = np.array([(np.nan, np.nan) if point is None else point for point in tracked.xy])
    return (np.array([1.0, 0.0]) + shares * [-1.0, 1.0]) * size


class Window:
    """A window on this machine's screen.

    Raises:
        SourceError: there is no screen.
    """

    def __init__(self) -> None:
        if not _can_open():
            raise SourceError(
                "There is no screen to open a window on: use `hipaudit live` in a browser, or --headless."
            )
        cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL)

    def show(self, image: Image) -> str:
        """Shows an RGB picture and returns the key pressed meanwhile: a letter, "esc", "closed", or ""."""
        cv2.imshow(TITLE, image[..., ::-1])
        code = cv2.waitKey(1) & 0xFF
        if cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) < 1:
            return "closed"
        return "" if code == 255 else "esc" if code == 27 else chr(code).lower()

    def close(self) -> None:
        """Takes the window away."""
        cv2.destroyAllWindows()


def run(source: Iterable[Frame], loop: Loop, desk: Desk, voice: Voice) -> None:
    """Coaches in a window until the source ends, the window is closed or q is pressed.

    Raises:
        SourceError: there is no screen, or the camera is gone.
    """
    window, board = Window(), Board()
    try:
        for frame, events in sets(source, loop):
            told = [board.take(event) for event in events]
            if any(isinstance(event, SetDone | TestDone) for event in events):
                desk.done(loop, events)
            for words in filter(None, told):
                voice.say(words)
            key = window.show(picture(frame, board))
            if key in ENDS:
                return
            for event in _pressed(key, frame.t, loop, desk, voice):
                board.take(event)
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
        desk.done(loop, events)
        return events
    return []


def _saved(desk: Desk) -> str:
    try:
        return f"Saved in {desk.save()}."
    except HipauditError as error:
        return str(error)


def _can_open() -> bool:
    """Whether a window can be opened: without a screen the toolkit ends the whole process, so another one tries."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    tried = subprocess.run([sys.executable, "-c", _TRIAL], capture_output=True, check=False, timeout=60)
    return tried.returncode == 0
