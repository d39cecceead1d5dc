"""Saves and loads a `PoseTrack` as one small .npz of named arrays."""

from pathlib import Path
from zipfile import BadZipFile
from zlib import error as ZlibError  # noqa: N812 - it is an error class

import numpy as np

from ..errors import SourceError
from . import PoseTrack, no_back
from .skeleton import Joint

FORMAT = "hipaudit.poses/1"
_NAMES = [j.name.lower() for j in Joint]


def save_track(track: PoseTrack, path: Path) -> None:
    """Writes a track. Pixels keep a 64th, metres a tenth of a millimetre: far below what a model resolves.

    The outline of the back keeps three digits, and is left out where there is none.
    """
    np.savez_compressed(
        path,
        format=FORMAT,
        joints=_NAMES,
        t=track.t,
        xy=np.round(track.xy * 64) / 64,
        xyz=np.round(track.xyz, 4),
        visibility=np.round(track.visibility, 3),
        size=track.size,
        back=track.back.astype(np.float16) if np.isfinite(track.back).any() else track.back[:0],
    )


def load_track(path: Path) -> PoseTrack:
    """Reads a track.

    Raises:
        SourceError: the file is not a hipaudit pose file, or one with other joints.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            held = {k: data[k] for k in data.files}
    except (OSError, ValueError, TypeError, AttributeError, EOFError, BadZipFile, ZlibError) as error:
        raise SourceError(f"{path.name} is not a pose file, or it is damaged: make it again from the clip.") from error
    if str(held.get("format")) != FORMAT or list(held.get("joints", ())) != _NAMES:
        raise SourceError(f"{path.name} is not a pose file of this version ({FORMAT}): make it again from the clip.")
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
