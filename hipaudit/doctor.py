"""What this machine has of what hipaudit needs: small checks, each a line with what to do about it."""

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module, metadata
from pathlib import Path
from typing import Literal

import numpy as np

from . import __version__
from .errors import BackendError
from .frames import Frame
from .poses.models import FILES, copies, is_right, remedy

LIBRARIES = ("numpy", "scipy", "av", "cv2", "mediapipe", "PIL", "matplotlib")
SYSTEM = "apt-get install -y libegl1 libgles2 libgl1 libglib2.0-0"  # a bare Debian or Ubuntu has none of them
# What phones film in, and what else turns up; AV1's plain decoder needs a graphics card, dav1d does not.
READ = {"h264": "h264", "hevc": "hevc", "vp9": "vp9", "av1": "libdav1d"}
NEEDED = ("h264", "hevc")
WRITE = "libx264"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    state  "missing" = audits cannot run, "warning" = something else cannot, or may go wrong
    say    what was found and, unless it is ok, what to do
    """

    name: str
    state: Literal["ok", "warning", "missing"]
    say: str


def examine() -> Iterator[Check]:
    """Every check in turn; the last one takes a few seconds."""
    return (check() for check in CHECKS)


def _python() -> Check:
    return Check("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def _hipaudit() -> Check:
    return Check("hipaudit", "ok", f"{__version__} in {Path(__file__).parent}")


def _library(name: str) -> Check:
    try:
        return Check(name, "ok", import_module(name).__version__)
    except (ImportError, OSError) as error:
        return Check(name, "missing", f"Cannot be loaded ({error}). {_cure(error)}")


def _cure(error: Exception) -> str:
    return f"Try: {SYSTEM}" if ".so" in str(error) else "Install hipaudit again."


def _one_cv2() -> Check:
    names = (dist.metadata["Name"] for dist in metadata.distributions())
    found = sorted({name for name in names if name and name.lower().startswith("opencv-")})
    if len(found) > 1:
        spare = " ".join(name for name in found if name != "opencv-contrib-python")
        return Check(
            "cv2 package",
            "warning",
            f"{', '.join(found)} overwrite each other: pip uninstall {spare}, then install hipaudit again.",
        )
    return Check("cv2 package", "ok", ", ".join(found) or "none by name; cv2 comes from elsewhere")


def _codecs() -> Check:
    try:
        known = import_module("av").codecs_available
    except (ImportError, OSError):
        return Check("codecs", "missing", "Not known while av cannot be loaded.")
    lost = [name for name, decoder in READ.items() if decoder not in known]
    cannot = [f"read {', '.join(lost)}"] * bool(lost) + ["write h264"] * (WRITE not in known)
    if cannot:
        state: Literal["warning", "missing"] = "missing" if set(lost) & set(NEEDED) else "warning"
        return Check("codecs", state, f"This PyAV cannot {' or '.join(cannot)}: pip install --force-reinstall av")
    return Check("codecs", "ok", f"reads {', '.join(READ)}; writes h264")


def _model(name: str) -> Check:
    label, found = f"model {name}", copies(name)
    try:
        if any(is_right(path, name) for path in found):
            return Check(label, "ok", "here, its bytes are right")
    except BackendError as error:
        return Check(label, "missing", str(error))
    if not found and FILES[name].address:
        return Check(label, "ok", f"not here, and not needed; to have it, {remedy(name)}")
    state: Literal["warning", "missing"] = "warning" if FILES[name].address else "missing"
    return Check(label, state, f"{'Damaged' if found else 'Not here'}: {remedy(name)}.")


def _camera() -> Check:
    if sys.platform != "linux":
        return Check("camera", "ok", "not looked for on this system")
    found = sorted(str(path) for path in Path("/dev").glob("video*"))
    if not found:
        return Check("camera", "ok", "none found, and none needed: audits take recorded clips")
    return Check("camera", "ok", ", ".join(found))


def _screen() -> Check:
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Check("screen", "warning", "No screen: --open needs one, audits do not.")
    return Check("screen", "ok", "there is one")


def _folder() -> Check:
    try:
        here = Path.cwd()
        tempfile.TemporaryFile(dir=here).close()
    except OSError as error:
        return Check("folder", "warning", f"Cannot write here ({error.strerror}): name another place with --out.")
    return Check("folder", "ok", f"{here} can be written to")


def _trial() -> Check:
    """The lite model on one blank picture: its native library starts, and finds nobody."""
    try:
        from .poses.mediapipe import MediaPipeBackend

        with MediaPipeBackend("lite") as backend:
            backend.detect(Frame(0.0, np.zeros((256, 256, 3), np.uint8)))
    except (ImportError, OSError, RuntimeError, BackendError) as error:
        return Check("trial", "missing", f"The pose model does not run ({error}). {_cure(error)}")
    return Check("trial", "ok", "the pose model runs")


CHECKS: list[Callable[[], Check]] = [
    _python,
    _hipaudit,
    *(partial(_library, name) for name in LIBRARIES),
    _one_cv2,
    _codecs,
    *(partial(_model, name) for name in FILES),
    _camera,
    _screen,
    _folder,
    _trial,
]
