"""The pose model bundles: what each is, where it lies, and whether its bytes are the right ones."""

import hashlib
import os
from collections import ChainMap
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from ..errors import BackendError


@dataclass(frozen=True, slots=True)
class Model:
    """What a bundle is.

    size     bytes
    address  where it is published, for one that does not travel with hipaudit; None for one that does
    """

    sha256: str
    size: int
    licence: str
    good_for: str
    address: str | None = None


MODELS = {
    "lite": Model(
        "59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a",
        5_777_746,
        "Apache-2.0",
        "For slow machines. Reads knees about 5° less inward than they are.",
    ),
    "full": Model(
        "6c112e0f4e08b6abb0d97842e6c0b3bb8e24565b3c57b20b2c74b00f84374157",
        9_398_188,
        "Apache-2.0",
        "The default; hipaudit's corrections were fitted on it.",
    ),
    "heavy": Model(
        "64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b",
        30_664_242,
        "Apache-2.0",
        "For comparison. Costs about four times full and is not better for the knee angle.",
        "https://storage.googleapis.com/mediapipe-models/pose_landmarker/pose_landmarker_heavy/float16/1/pose_landmarker_heavy.task",
    ),
}
# Made from the bundles above by benchmarks/cut_masks.py: the landmark network without the branch that gives the
# person's mask. Landmarks are the same to the last bit, so this is no choice of the user's but how a model is run.
NOMASK = "_nomask"
_CUT = {
    f"lite{NOMASK}": Model(
        "7d1b3c18f5ce5a3f4268a2c45b456c8eb2cb48e1199c5d545fe9ab1625a0689d",
        5_758_864,
        "Apache-2.0",
        "The lite model where no mask of the person is needed.",
    ),
    f"full{NOMASK}": Model(
        "dd881da73f32025d5a6eaa6f2a20d01f8bbbf2ca6164a1b1d4671024282d675d",
        9_378_696,
        "Apache-2.0",
        "The full model where no mask of the person is needed.",
    ),
}
FILES = ChainMap(_CUT, MODELS)  # every bundle there is
_PACKAGE = Path(__file__).parents[1]
# In a wheel the bundles lie inside the package, in a checkout beside it.
SHIPPED = (_PACKAGE / "models", _PACKAGE.parent / "models")


def own_folder() -> Path:
    """Where fetched bundles are kept: HIPAUDIT_MODELS if it is set, else the user's data folder."""
    told = os.environ.get("HIPAUDIT_MODELS")
    return Path(told) if told else user_data_path("hipaudit", appauthor=False) / "models"


def bundle(name: str) -> str:
    """The file name of a bundle."""
    return f"pose_landmarker_{name}.task"


def copies(name: str) -> list[Path]:
    """Every file that should be the bundle called `name`; the first that is right is the one used."""
    return [path for folder in (*SHIPPED, own_folder()) if (path := folder / bundle(name)).is_file()]


def is_right(path: Path, name: str) -> bool:
    """Whether the bytes of a file are those of the bundle called `name`.

    Raises:
        BackendError: the file cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == FILES[name].sha256
    except OSError as error:
        raise BackendError(f"Cannot read {path}: {error.strerror}.") from error


def remedy(name: str) -> str:
    """What to do about a bundle that is missing or damaged."""
    return f"run `hipaudit models fetch {name}`" if FILES[name].address else "install hipaudit again"


def model_file(name: str, masks: bool = True) -> Path:
    """The bundle called `name`, its bytes checked against the known SHA-256; without `masks` its cut twin, if any.

    Raises:
        BackendError: no such model, the file is missing, or its bytes are not those of its card.
    """
    if name not in MODELS:
        raise BackendError(f"There is no pose model '{name}': choose one of {', '.join(MODELS)}.")
    if not masks and name + NOMASK in FILES:
        name += NOMASK
    found = copies(name)
    if not found:
        raise BackendError(f"The pose model '{name}' is not on this machine: {remedy(name)}.")
    right = next((path for path in found if is_right(path, name)), None)
    if right is None:
        raise BackendError(f"{found[0]} is not the '{name}' pose model it should be: {remedy(name)}.")
    return right
