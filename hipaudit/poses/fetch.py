"""Brings a pose model that does not travel with hipaudit. The only module that opens a network connection.

It runs on `hipaudit models fetch` and at no other time. urllib is enough for one file from one fixed address: it keeps
to the system's proxies and certificates, and what arrives is judged by its hash, not by who sent it.
"""

import hashlib
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO

from ..errors import BackendError, OutputError
from .models import MODELS, bundle, own_folder

CHUNK = 1 << 18  # bytes
PATIENCE = 30.0  # s without a byte

Progress = Callable[[int], None]  # told the bytes of each chunk


def fetch(name: str, progress: Progress) -> Path:
    """Loads a bundle from its published address into the user's own folder.

    Raises:
        BackendError: it cannot be loaded, or what arrives is not the bundle; nothing is kept.
        OutputError: the folder cannot be written to.
    """
    return _keep(name, _loaded(name), progress)


def take(name: str, file: Path, progress: Progress) -> Path:
    """Copies a bundle that was loaded elsewhere into the user's own folder. Raises as `fetch` does."""
    return _keep(name, _read(file), progress)


def _loaded(name: str) -> Iterator[bytes]:
    address = MODELS[name].address
    assert address, f"{name} travels with hipaudit"
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as stream:
            yield from _chunks(stream)
    except (OSError, HTTPException) as error:
        why = getattr(error, "reason", error)
        raise BackendError(
            f"Cannot load {address} ({why}): try again when online, or load it on another machine "
            f"and run `hipaudit models fetch {name} --from FILE`."
        ) from error


def _read(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as stream:
            yield from _chunks(stream)
    except OSError as error:
        raise BackendError(f"Cannot read {file}: {error.strerror}.") from error


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    return iter(partial(stream.read, CHUNK), b"")


def _keep(name: str, chunks: Iterator[bytes], progress: Progress) -> Path:
    """Writes a bundle beside its place, and moves it there when its hash is right."""
    model, target = MODELS[name], own_folder() / bundle(name)
    part = target.with_name(f".{target.name}.part")
    total, got = hashlib.sha256(), 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as file:
                for chunk in chunks:
                    got += len(chunk)
                    if got > model.size:
                        break  # something else, perhaps without end
                    file.write(chunk)
                    total.update(chunk)
                    progress(len(chunk))
            if total.hexdigest() != model.sha256:
                raise BackendError(
                    f"What came is not the '{name}' pose model (another SHA-256): nothing was kept; try again."
                )
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"Cannot write {target}: {error.strerror}. Name another folder in HIPAUDIT_MODELS."
        ) from error
    return target
