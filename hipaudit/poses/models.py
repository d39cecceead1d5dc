"""The pose model bundles that travel with hipaudit."""

import hashlib
from pathlib import Path

from ..errors import BackendError

MODELS = {
    "full": "6c112e0f4e08b6abb0d97842e6c0b3bb8e24565b3c57b20b2c74b00f84374157",
    "lite": "59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a",
}
_PACKAGE = Path(__file__).parents[1]
# In a wheel the bundles lie inside the package, in a checkout beside it.
FOLDERS = (_PACKAGE / "models", _PACKAGE.parent / "models")


def model_file(name: str) -> Path:
    """The bundle called `name`, its bytes checked against the known SHA-256.

    Raises:
        BackendError: no such model, the file is missing, or its bytes are not those of its card.
    """
    if name not in MODELS:
        raise BackendError(f"There is no pose model {name!r}: choose one of {', '.join(MODELS)}.")
    paths = [folder / f"pose_landmarker_{name}.task" for folder in FOLDERS]
    path = next((p for p in paths if p.is_file()), None)
    if path is None:
        raise BackendError(f"The pose model {name!r} is missing (looked for {paths[0]}): install hipaudit again.")
    if hashlib.sha256(path.read_bytes()).hexdigest() != MODELS[name]:
        raise BackendError(f"{path} is not the {name!r} pose model it should be: install hipaudit again.")
    return path
