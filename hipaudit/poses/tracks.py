"""Saves and loads poses as one small .npz of named arrays: a `PoseTrack`, or `ClipPoses` with their description."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile
from zlib import error as ZlibError  # noqa: N812 - it is an error class

import numpy as np
from numpy.typing import NDArray

from ..errors import SourceError
from ..frames.video import ClipInfo, pace
from . import PoseTrack, no_back
from .skeleton import Joint

FORMAT = "hipaudit.poses/1"
_NAMES = [j.name.lower() for j in Joint]


@dataclass(frozen=True, slots=True, eq=False)
class ClipPoses:
    """The poses of one clip and where they come from; all that an audit needs where the clip itself is not at hand.

    info          the clip
    model         what found the poses, "" where nobody has said
    model_sha256  of its file, "" where there is none
    own           whether that was a pose model of hipaudit, to which its corrections and errors were fitted
    """

    track: PoseTrack
    info: ClipInfo
    model: str = ""
    model_sha256: str = ""
    own: bool = True


def save_track(track: PoseTrack, path: Path) -> None:
    """Writes a track. Pixels keep a 64th, metres a tenth of a millimetre: far below what a model resolves.

    The outline of the back keeps three digits, and is left out where there is none.
    """
    back = track.back.astype(np.float16)
    xy, xyz = np.round(track.xy * 64) / 64, np.round(track.xyz, 4)
    _write(path, track, xy=xy, xyz=xyz, visibility=np.round(track.visibility, 3), back=back)


def save_poses(poses: ClipPoses, path: Path) -> None:
    """Writes a clip's poses with every digit, so that an audit of them is the audit of the clip, and its description.

    The description stands in the file because poses cannot tell it: the file's own size and frame rate, its hash, its
    turn, and where it breaks off.
    """
    clip = json.dumps(asdict(poses.info))
    _write(path, poses.track, clip=clip, model=poses.model, model_sha256=poses.model_sha256, own=poses.own)


def _write(path: Path, track: PoseTrack, **held: str | bool | NDArray[np.floating]) -> None:
    """A track as `held` has it, else as it is."""
    arrays: dict[str, Any] = {name: getattr(track, name) for name in ("t", "xy", "xyz", "visibility", "back")} | held
    if not np.isfinite(track.back).any():
        arrays["back"] = track.back[:0]
    with path.open("wb") as file:  # to a name numpy would add an ending
        np.savez_compressed(file, format=FORMAT, joints=_NAMES, size=track.size, **arrays)


def load_track(path: Path) -> PoseTrack:
    """Reads a track.

    Raises:
        SourceError: the file is not a hipaudit pose file, or one with other joints.
    """
    return _track(path, _held(path))


def load_poses(path: Path) -> ClipPoses:
    """Reads a clip's poses; of a file that holds a track alone the description is derived from it.

    Raises:
        SourceError: as `load_track`; or the description is not one.
    """
    held = _held(path)
    track = _track(path, held)
    if "clip" not in held:
        return ClipPoses(track, describe(track, path.name, hashlib.sha256(path.read_bytes()).hexdigest()))
    try:
        info = ClipInfo(**json.loads(str(held["clip"])))
        return ClipPoses(track, info, str(held["model"]), str(held["model_sha256"]), bool(held.get("own", True)))
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path.name} does not say of which clip its poses are ({error}): make it again.") from error


def describe(track: PoseTrack, name: str, sha256: str) -> ClipInfo:
    """A clip's description as far as its poses tell it: of its picture, its times and nothing else."""
    step, varies = pace(track.t)
    end = round(float(track.t[-1]) + step, 3) if len(track) else 0.0
    width, height = track.size
    return ClipInfo(name, sha256, end, width, height, 0, round(1 / step, 3) if step else 0.0, varies, None)


def _held(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as data:
            held = {k: data[k] for k in data.files}
    except (OSError, ValueError, TypeError, AttributeError, EOFError, BadZipFile, ZlibError) as error:
        raise SourceError(f"{path.name} is not a pose file, or it is damaged: make it again from the clip.") from error
    if str(held.get("format")) != FORMAT or list(held.get("joints", ())) != _NAMES:
        raise SourceError(f"{path.name} is not a pose file of this version ({FORMAT}): make it again from the clip.")
    return held


def _track(path: Path, held: dict[str, NDArray[Any]]) -> PoseTrack:
    try:
        width, height = held["size"].tolist()
        back = held.get("back", ())  # none in files of clips that were not filmed from the side
        return PoseTrack(
            held["t"],
            held["xy"],
            held["xyz"],
            held["visibility"],
            (width, height),
            np.asarray(back, np.float32) if len(back) else no_back(len(held["t"])),
        )
    except (KeyError, ValueError) as error:
        raise SourceError(f"{path.name} does not hold what a pose file must: {error}.") from error
