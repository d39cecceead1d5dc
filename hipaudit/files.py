"""A file that is written is complete or absent."""

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
        part.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"Cannot write {target}: {reason}. Choose another place with --out.") from error
    finally:
        part.unlink(missing_ok=True)
