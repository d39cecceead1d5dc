"""Opinions as data: movements, rules, estimators, the filming protocol, the phase gates, and where each comes from.

`load(kind)` reads every file of a kind, checked against its schema; `digest()` names the whole set in an audit. A
wrong file fails here, with its name, the key and why, never half-way through a clip.
"""

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..errors import LibraryError
from .cueing import CueBand, Cues, Words
from .drawing import Body, Drawing, Posture
from .estimating import (
    CameraEstimator,
    FlexionEstimator,
    FrontalEstimator,
    LinearEstimator,
    LockOutEstimator,
    LumbarEstimator,
    Ridge,
    ViewTerms,
    YawEstimator,
)
from .schema import (
    ChairStand,
    Citation,
    FilmTip,
    FindingGate,
    Gates,
    Grade,
    Hold,
    Keypoints,
    Limit,
    LockOut,
    Movement,
    Protocol,
    Quantity,
    Rule,
    Skeletons,
)
from .training import Dose, Equipment, Exercise, Sessions, Weeks

__all__ = [
    "Body",
    "CameraEstimator",
    "ChairStand",
    "Citation",
    "CueBand",
    "Cues",
    "Dose",
    "Drawing",
    "Equipment",
    "Exercise",
    "FilmTip",
    "FindingGate",
    "FlexionEstimator",
    "FrontalEstimator",
    "Gates",
    "Grade",
    "Hold",
    "Keypoints",
    "Limit",
    "LinearEstimator",
    "LockOut",
    "LockOutEstimator",
    "LumbarEstimator",
    "Movement",
    "Posture",
    "Protocol",
    "Quantity",
    "Ridge",
    "Rule",
    "Sessions",
    "Skeletons",
    "ViewTerms",
    "Weeks",
    "Words",
    "YawEstimator",
    "body",
    "camera_estimator",
    "citations",
    "cues",
    "digest",
    "drawings",
    "equipment",
    "exercises",
    "film_guide",
    "flexion_estimator",
    "frontal_estimator",
    "gates",
    "heel_estimator",
    "lock_out_estimator",
    "lumbar_estimator",
    "movements",
    "pelvic_estimator",
    "postures",
    "protocol",
    "quantities",
    "rules",
    "sessions",
    "skeletons",
    "stance_estimator",
    "trunk_estimator",
    "yaw_estimator",
]

_ROOT = files(__name__)
T = TypeVar("T", bound=BaseModel)


def _parse(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LibraryError(f"{file.name} is not valid TOML: {error}") from error


def _shaped(file: Traversable, content: dict[str, Any], shape: type[T], within: str = "") -> T:
    try:
        return shape(**content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in (within, *first["loc"]) if part != "")
        raise LibraryError(f"{file.name}, key {key}: {first['msg']}") from error


def _file(shape: type[T], *path: str) -> T:
    file = _ROOT.joinpath(*path)
    return _shaped(file, _parse(file), shape)


def _rows(shape: type[T], *path: str) -> dict[str, T]:
    file = _ROOT.joinpath(*path)
    return {key: _shaped(file, row, shape, key) for key, row in _parse(file).items()}


def _folder(kind: str, shape: type[T]) -> dict[str, T]:
    found = sorted((f for f in (_ROOT / kind).iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {f.name.removesuffix(".toml"): _shaped(f, _parse(f), shape) for f in found}


@cache
def movements() -> dict[str, Movement]:
    """Every movement by its name."""
    return _folder("movements", Movement)


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its file's name, in the order of their priority."""
    return dict(sorted(_folder("rules", Rule).items(), key=lambda item: item[1].priority))


@cache
def quantities() -> dict[str, Quantity]:
    """What each measure is, by its name."""
    return _rows(Quantity, "measures.toml")


@cache
def protocol() -> Protocol:
    """How a clip must be filmed, and what a trustworthy landmark looks like."""
    return _file(Protocol, "protocol.toml")


@cache
def skeletons() -> Skeletons:
    """The joints in the files of other programs."""
    return _file(Skeletons, "skeletons.toml")


@cache
def film_guide() -> dict[str, FilmTip]:
    """How to film what could not be judged: by the view that was missing ("front", "side") or by the reason."""
    return _rows(FilmTip, "film_guide.toml")


@cache
def gates() -> Gates:
    """What decides the starting phase."""
    return _file(Gates, "phases", "gates.toml")


@cache
def cues() -> Cues:
    """What the live coach says, and when."""
    return _file(Cues, "cues.toml")


@cache
def exercises() -> dict[str, Exercise]:
    """Every exercise by its name."""
    return _folder("exercises", Exercise)


@cache
def drawings() -> dict[str, Drawing]:
    """How each exercise is drawn, by its name."""
    return _rows(Drawing, "drawings", "exercises.toml")


@cache
def postures() -> dict[str, Posture]:
    """The postures that drawings begin in, by their name."""
    return _rows(Posture, "drawings", "postures.toml")


@cache
def body() -> Body:
    """The body of the drawings."""
    return _file(Body, "drawings", "body.toml")


@cache
def equipment() -> dict[str, Equipment]:
    """What exercises are done with, by its name."""
    return _rows(Equipment, "equipment.toml")


@cache
def sessions() -> Sessions:
    """What a session is made of in each phase."""
    return _file(Sessions, "phases", "sessions.toml")


@cache
def pelvic_estimator() -> LinearEstimator:
    """Landmarks to pelvic drop on the true scale."""
    return _file(LinearEstimator, "estimators", "pelvic_drop.toml")


@cache
def stance_estimator() -> LinearEstimator:
    """Landmarks to pelvic drop while a foot is held up, from standing on both feet."""
    return _file(LinearEstimator, "estimators", "pelvic_drop_stance.toml")


@cache
def trunk_estimator() -> LinearEstimator:
    """Landmarks to lateral lean of the trunk in one-leg tasks."""
    return _file(LinearEstimator, "estimators", "trunk_lean.toml")


@cache
def heel_estimator() -> LinearEstimator:
    """Landmarks of the near foot to heel rise, from the side."""
    return _file(LinearEstimator, "estimators", "heel_rise.toml")


@cache
def frontal_estimator() -> FrontalEstimator:
    """The picture's frontal plane projection angle to the true one."""
    return _file(FrontalEstimator, "estimators", "frontal_projection.toml")


@cache
def flexion_estimator() -> FlexionEstimator:
    """Knee flexion seen from the side to the true one."""
    return _file(FlexionEstimator, "estimators", "knee_flexion.toml")


@cache
def lock_out_estimator() -> LockOutEstimator:
    """Shoulder, hip and knee in a bridge as seen to the true angle."""
    return _file(LockOutEstimator, "estimators", "lock_out.toml")


@cache
def lumbar_estimator() -> LumbarEstimator:
    """The back's outline to the change of the lumbar angle."""
    return _file(LumbarEstimator, "estimators", "lumbar_change.toml")


@cache
def yaw_estimator() -> YawEstimator:
    """Landmarks to the direction the person faces."""
    return _file(YawEstimator, "estimators", "yaw.toml")


@cache
def camera_estimator() -> CameraEstimator:
    """Quiet standing to the height of the camera."""
    return _file(CameraEstimator, "estimators", "camera_height.toml")


@cache
def citations() -> dict[str, Citation]:
    """Every source by its key."""
    return _rows(Citation, "citations.toml")


@cache
def digest() -> str:
    """SHA-256 over every data file of the library, names and bytes."""
    total = hashlib.sha256()

    def add(folder: Traversable, prefix: str) -> None:
        for entry in sorted(folder.iterdir(), key=lambda e: e.name):
            if entry.is_dir() and entry.name != "__pycache__":
                add(entry, f"{prefix}{entry.name}/")
            elif entry.name.endswith(".toml"):
                total.update(f"{prefix}{entry.name}\0".encode() + entry.read_bytes())

    add(_ROOT, "")
    return total.hexdigest()
