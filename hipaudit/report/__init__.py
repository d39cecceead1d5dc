"""Writes an audit out: one file per format, one row per file in FORMATS."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..audit.run import AuditRun
from ..errors import OutputError
from . import html, json, table


@dataclass(frozen=True, slots=True)
class Format:
    """A file name, and the function that gives its content."""

    file: str
    content: Callable[[AuditRun], str]


FORMATS = {
    "json": Format("audit.json", json.content),
    "csv": Format("measures.csv", table.content),
    "html": Format("report.html", html.content),
}


def write_reports(run: AuditRun, folder: str | Path, formats: tuple[str, ...] = tuple(FORMATS)) -> list[Path]:
    """Writes the chosen formats into `folder`, made if need be, and returns the files.

    Each clip is read a second time for the report's pictures. Each file is complete or absent: it is written beside
    its place and then moved there.

    Raises:
        OutputError: the folder cannot be made or written to.
    """
    folder = Path(folder)
    make_folder(folder)
    written = []
    for name in formats:
        target = folder / FORMATS[name].file
        content = FORMATS[name].content(run)
        part = target.with_name(f".{target.name}.part")
        try:
            part.write_text(content, "utf-8", newline="")
            part.replace(target)
        except OSError as error:
            raise OutputError(f"Cannot write {target}: {error.strerror}. Choose another place with --out.") from error
        written.append(target)
    return written


def make_folder(folder: Path) -> bool:
    """Makes a folder for results and tries it; returns whether it is new.

    Raises:
        OutputError: it cannot be made or written to.
    """
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / ".hipaudit.part"
        trial.touch()
        trial.unlink()
    except FileExistsError as error:
        raise OutputError(f"{folder} is a file, not a folder: choose another place with --out.") from error
    except OSError as error:
        raise OutputError(f"Cannot write to {folder}: {error.strerror}. Choose another place with --out.") from error
    return new
