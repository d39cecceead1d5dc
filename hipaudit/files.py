"""A file that is written is complete or absent, also when the power goes; what its bytes and its name are."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import OutputError


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to; moved into place when the block ends well, else taken away.

    Raises:
        OutputError: the disk refuses, there or in the block.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())  # else a power cut may leave the name with nothing behind it
        part.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"Cannot write {target}: {reason}. Choose another place with --out.") from error
    finally:
        part.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def readable(name: object) -> str:
    """A file's name as text that can be written anywhere: on Linux a name may hold bytes that are no text."""
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
