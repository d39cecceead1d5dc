"""annotated.mp4: the clip again with what was measured drawn in, each picture at its own time.

A second decode of the clip, its drawing and its encoding run side by side, each picture passed on as it is ready, so
memory does not grow with the clip. Everything drawn comes from the audit and from `ClipRun.curves`; where a curve has
no value nothing is drawn for it. Sound is left out: a recording of people talking is nobody's measurement.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..audit import Audit
from ..audit.seen import ClipRun
from ..files import placed
from ..findings import ON_SCREEN, SEVERITIES
from ..findings.rules import column_of, rep_level
from ..frames import Frame
from ..frames.ahead import ahead
from ..frames.video import VideoFile
from ..frames.write import VideoWriter
from ..library import quantities
from ..overlay import Drawing, draw_moving, find_layout, hide
from ..poses.head import head_circles
from ..poses.smoothing import zero_phase
from ..poses.trust import plainly_seen
from ..reps import Rep
from .lines import drawable, drawing, legible

MOST_MEASURES = 2  # a picture with more numbers than that is not read
MOST_FINDINGS = 2
LINGER = 0.8  # s for which a repetition's finding stays after its end, to be read
SAME = 0.0005  # s; times of one decode and the next are equal, but for rounding

Progress = Callable[[str, float, float], None]  # clip, seconds drawn, seconds there are


def video_file(number: int) -> str:
    """Name of the annotated video of a run's clip, counted from 1."""
    return "annotated.mp4" if number == 1 else f"annotated_{number}.mp4"


def video_files(clips: Iterable[ClipRun]) -> dict[str, str]:
    """Name of each clip whose video is at hand, and of the annotated video that is written for it."""
    return {seen.clip.name: video_file(n) for n, seen in enumerate(clips, 1) if seen.path is not None}


def write_video(
    audit: Audit, seen: ClipRun, target: Path, blur_faces: bool = False, progress: Progress | None = None
) -> None:
    """Writes the annotated video of one clip of an audit; `target` is complete or absent.

    Raises:
        SourceError: the clip cannot be read any more.
        OutputError: the file cannot be written.
    """
    assert seen.path is not None, "poses without a video have nothing to draw on"
    scene = Scene(audit, seen, blur_faces)
    drawn = ahead(scene.drawn(frame) for frame in ahead(VideoFile(seen.path)))
    with placed(target) as part, closing(drawn) as pictures, VideoWriter(part, seen.track.size) as video:
        for frame in pictures:
            video.write(frame)
            if progress:
                progress(seen.clip.name, frame.t, float(seen.track.t[-1]))


class Scene:
    """What is drawn on each picture of one clip; everything that can be known beforehand is."""

    def __init__(self, audit: Audit, seen: ClipRun, blur_faces: bool = False) -> None:
        track = seen.track
        self._audit, self._seen = audit, seen
        self._facing = str(seen.clip.view.facing)
        self._reps = [rep for rep in audit.reps if rep.clip == seen.clip.name]
        self._curves = shown_curves(audit, seen)
        # Joints of one picture tremble; drawn they should not. Those the model does not see are not drawn at all.
        self._xy = zero_phase(track.t, np.where(plainly_seen(track)[..., None], track.xy, np.nan))
        self._layout = find_layout(track.size, self._xy)
        self._heads = head_circles(track) if blur_faces else None

    def drawn(self, frame: Frame) -> Frame:
        """The frame with everything drawn in; an instant without a pose keeps its notes, and shows no number."""
        row = int(np.argmin(np.abs(self._seen.track.t - frame.t)))
        known = abs(self._seen.track.t[row] - frame.t) <= SAME
        image = frame.image
        if self._heads is not None:
            image = hide(image, self._heads[row] if known else np.array([0, 0, np.inf]))
        drawings = self._drawings(row) if known else []
        xy = self._xy[row] if known else np.full_like(self._xy[0], np.nan)
        draw_moving(image, xy, drawings, self.notes(frame.t), self._layout)
        return replace(frame, image=image)

    def _drawings(self, row: int) -> list[Drawing | None]:
        back, side = self._seen.track.back[row], self._audit.movement.side
        return [
            drawing(measure, side, float(curve[row]), self._xy[row], back, self._facing)
            for measure, curve in self._curves.items()
        ]

    def notes(self, t: float) -> list[tuple[str, bool]]:
        """Texts for one instant, and whether each is a finding: the counter, then what this repetition shows."""
        valid = [rep for rep in self._reps if rep.valid]
        begun = [rep for rep in self._reps if rep.t_start <= t]
        now = begun[-1] if begun else None
        done = sum(rep.t_end < t for rep in valid)
        if now is None or t > now.t_end:
            counter = f"{done} of {len(valid)} done"
        elif now.valid:
            counter = f"rep {valid.index(now) + 1} of {len(valid)}"
        else:
            counter = "not counted"
        shown = self._found(now) if now and now.valid and now.t_turn <= t <= now.t_end + LINGER else []
        return [(counter, False), *((text, True) for text in shown)]

    def _found(self, rep: Rep) -> Sequence[str]:
        """The audit's findings that this repetition shows, the strongest first, in words."""
        levels = [(f, rep_level(f, rep, self._facing)) for f in self._audit.findings]
        beyond = sorted(((f, s) for f, s in levels if s), key=lambda pair: -SEVERITIES.index(pair[1]))
        return [f"{ON_SCREEN[s]}: {f.headline}" for f, s in beyond[:MOST_FINDINGS]]


def shown_curves(audit: Audit, seen: ClipRun) -> dict[str, np.ndarray]:
    """The measures drawn over a clip with their (T,) curves: those with findings first, then by the rules' order."""

    def readable() -> Iterator[tuple[str, np.ndarray]]:
        facing = str(seen.clip.view.facing)
        for measure in dict.fromkeys(v.measure for v in audit.judged if drawable(v.measure)):
            if facing not in quantities()[measure].faces:
                continue  # another clip of this audit shows it
            column = column_of(quantities()[measure], facing, audit.movement.side)
            curve = legible(seen, measure, column)
            if np.isfinite(curve).any():
                yield measure, curve

    return dict(list(readable())[:MOST_MEASURES])
