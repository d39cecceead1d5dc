"""The picture of each finding: the worst instant, decoded once more, with the measured lines drawn in."""

from functools import lru_cache

import numpy as np

from ..audit import Audit
from ..audit.run import AuditRun, ClipRun
from ..findings import Finding
from ..findings.rules import column_of
from ..frames.video import VideoFile
from ..library import quantities
from ..overlay import Image, crop_to_person, draw_body, draw_measured, hide, to_jpeg
from ..poses.head import head_circles
from .lines import drawable, drawing


@lru_cache(maxsize=1)  # a run's page and its thumbnail want the same ones
def key_pictures(run: AuditRun, blur_faces: bool = False) -> dict[str, bytes]:
    """JPEG of every finding's worst instant, by its rule; where nothing was found, of the deepest repetition, as "".

    A finding whose clip's video is not at hand has no picture.
    """
    wanted = [(f.rule, f.clip, f.t_worst) for f in run.audit.findings if drawable(f.measure)]
    if not wanted:
        deepest = max((r for r in run.audit.reps if r.valid), key=lambda r: r.depth or 0.0, default=None)
        wanted = [("", deepest.clip, deepest.t_turn)] if deepest else []
    findings = {f.rule: f for f in run.audit.findings}
    pictures: dict[str, bytes] = {}
    for seen in run.clips:
        instants = {rule: t for rule, clip, t in wanted if clip == seen.clip.name}
        for rule, row, image in _pictures_at(seen, instants):
            whole = hide(image, head_circles(seen.track)[row]) if blur_faces else image
            pictures[rule] = to_jpeg(_drawn(run.audit, seen, row, whole, findings.get(rule)))
    return pictures


def _pictures_at(seen: ClipRun, instants: dict[str, float]) -> list[tuple[str, int, Image]]:
    """Each rule with the row and the picture nearest to its instant in which the person was found."""
    times = seen.track.t[seen.track.found]
    if not instants or not times.size or seen.path is None:
        return []
    nearest = {rule: float(times[np.argmin(np.abs(times - t))]) for rule, t in instants.items()}
    clip = VideoFile(seen.path)
    frames = {t: clip.picture(t) for t in set(nearest.values())}
    return [
        (rule, int(np.searchsorted(seen.track.t, t)), frame.image)
        for rule, t in nearest.items()
        if (frame := frames[t]) is not None
    ]


def _drawn(audit: Audit, seen: ClipRun, row: int, image: Image, finding: Finding | None) -> Image:
    """The person with the finding's lines, the label the value of the very repetition that is shown."""
    part, points = crop_to_person(image, seen.track.xy[row].astype(np.float64))
    lines = finding and drawing(
        finding.measure,
        audit.movement.side,
        shown_value(finding, audit),
        points,
        seen.track.back[row],
        str(seen.clip.view.facing),
    )
    return draw_measured(part, points, lines) if lines else draw_body(part, points)


def shown_value(finding: Finding, audit: Audit) -> float:
    """The measure of the repetition that shows a finding most."""
    facing = next(clip.view.facing for clip in audit.clips if clip.name == finding.clip)
    column = column_of(quantities()[finding.measure], str(facing), audit.movement.side)
    rep = next(rep for rep in audit.reps if rep.clip == finding.clip and rep.t_turn == finding.t_worst)
    return rep.measures[column]
