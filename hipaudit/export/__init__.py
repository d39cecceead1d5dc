"""Saved audits to the files of other tools: one row per format in EXPORTS.

An export is made from an audit and the poses beside it. Curves are computed again from the poses, in the movement and
on the side that the audit names; no model and no clip are needed.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from ..audit.codec import from_json
from ..audit.run import measured
from ..audit.seen import ClipRun
from ..errors import NothingToJudge, SourceError
from ..files import placed
from ..frames.video import pace
from ..poses.metres import metres
from ..poses.tracks import load_poses
from ..poses.trc import trc_text
from ..report import make_folder, poses_file
from .mot import known_angles, mot_text
from .tables import angles, landmarks, write_csv, write_parquet

AUDIT = "audit.json"
Table = TypeVar("Table")
Writer = Callable[[ClipRun, Path], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, and of those that could not be, why: a view without angles gives no MOT."""

    written: list[Path] = field(default_factory=list)
    refused: list[NothingToJudge] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Export:
    """A file's name and ending (of the first clip), and what writes it."""

    stem: str
    ending: str
    write: Writer

    def file(self, number: int) -> str:
        """Name of the file of an audit's clip, counted from 1."""
        return f"{self.stem}{'' if number == 1 else f'_{number}'}.{self.ending}"


def _trc(seen: ClipRun, target: Path) -> None:
    points = metres(seen.track)
    if points is None:
        raise NothingToJudge(f"{seen.clip.name}: its poses have no metres, so there is no TRC of it.")
    step, _ = pace(seen.track.t)  # a clip of many pictures a second is analysed at fewer
    _text(target, trc_text(seen.track.t, points, 1 / step if step else 0.0, target.name))


def _mot(seen: ClipRun, target: Path) -> None:
    if not known_angles(seen.curves):
        raise NothingToJudge(f"{seen.clip.name}: no angle can be read in this view, so there is no MOT of it.")
    _text(target, mot_text(seen.track.t, seen.curves, seen.clip.name))


def _text(target: Path, text: str) -> None:
    with placed(target) as part:
        part.write_text(text, "utf-8", newline="")


def _table(table: Callable[[ClipRun], Table], write: Callable[[Table, Path], None]) -> Writer:
    def written(seen: ClipRun, target: Path) -> None:
        with placed(target) as part:
            write(table(seen), part)

    return written


EXPORTS = {
    "trc": (Export("landmarks", "trc", _trc),),
    "mot": (Export("angles", "mot", _mot),),
    "csv": (
        Export("landmarks", "csv", _table(landmarks, write_csv)),
        Export("angles", "csv", _table(angles, write_csv)),
    ),
    "parquet": (
        Export("landmarks", "parquet", _table(landmarks, write_parquet)),
        Export("angles", "parquet", _table(angles, write_parquet)),
    ),
}


def find_audits(places: Sequence[Path]) -> dict[Path, Path]:
    """Folder of every audit in `places`, and its path below them all: below the one place, or below what they share.

    A place is an audit.json, its folder, or a folder that holds such folders at any depth.

    Raises:
        SourceError: a place that does not exist or holds no audit.
    """
    tops = [place.parent.absolute() if place.name == AUDIT else place.absolute() for place in places]
    found = []
    for top in tops:
        files = sorted(top.rglob(AUDIT))
        if not files:
            what = "holds no audit.json" if top.is_dir() else "is no audit's folder"
            raise SourceError(f"{top} {what}: give an audit's folder, or one that holds such folders.")
        found += [file.parent for file in files]
    shared = os.path.commonpath(tops)
    return {folder: folder.relative_to(shared) for folder in found}


def clips_of(folder: Path) -> Iterator[ClipRun]:
    """The clips of the audit in `folder` with their poses, and their curves computed again.

    Raises:
        SourceError: not an audit; its poses are missing, damaged or those of another clip.
        NothingToJudge: this version cannot judge its poses.
    """
    audit = from_json(_read(folder / AUDIT))
    for number, clip in enumerate(audit.clips, 1):
        file = folder / poses_file(number)
        if not file.exists():
            raise SourceError(f"{folder} holds no {file.name}: audit {clip.name} again, then export.")
        poses = load_poses(file)
        if poses.info.sha256 != clip.sha256:
            raise SourceError(f"{file} holds the poses of another clip than {clip.name}: audit it again, then export.")
        view = clip.view.facing if clip.view.told else "auto"
        curves = measured(poses.track, audit.movement.name, audit.movement.side, view)
        yield ClipRun(clip, None, poses.track, curves, poses.own)


def export(folder: Path, out: Path, to: Iterable[str]) -> Exported:
    """Writes the audit in `folder` into `out`, made if need be, in the formats `to`.

    Raises as `clips_of` does, and:
        OutputError: the folder cannot be made or written to.
    """
    done = Exported()
    kinds = [row for name in dict.fromkeys(to) for row in EXPORTS[name]]
    for number, seen in enumerate(clips_of(folder), 1):
        make_folder(out)
        for kind in kinds:
            target = out / kind.file(number)
            try:
                kind.write(seen, target)
                done.written.append(target)
            except NothingToJudge as error:
                done.refused.append(error)
    return done


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{file} cannot be read as an audit: {error}.") from error
