"""Poses from a file or folder, hipaudit's own or another program's, told by what it is called."""

from pathlib import Path

from ..errors import SourceError
from .openpose import read_openpose
from .tracks import ClipPoses, load_poses
from .trc import read_trc


def read_poses(path: Path, fps: float | None = None, size: tuple[int, int] | None = None) -> ClipPoses:
    """The poses of hipaudit's own .npz, of a TRC file, or of a folder of OpenPose JSON, which needs `fps` and `size`.

    Raises:
        SourceError: there is no such file, it is of another kind, or it does not hold what it must.
    """
    if not path.exists():
        raise SourceError(f"{path} does not exist: check the path.")
    if path.is_dir():
        return read_openpose(path, fps, size)
    kinds = {".npz": load_poses, ".trc": read_trc}
    read = kinds.get(path.suffix.lower())
    if read is None:
        raise SourceError(
            f"{path.name} holds no poses that can be read: give hipaudit's own .npz, a .trc, or a folder of OpenPose "
            ".json files."
        )
    return read(path)
