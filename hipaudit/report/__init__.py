"""Writes an audit out: one file per format, one row per file in FORMATS."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..audit.run import AuditRun
from ..errors import OutputError
from . import html, json, table


@dataclass(frozen=True, slots=True)
class Format:
    """A file name, and the function that gives its content; `clip` is the video, None where there is none."""

    file: str
    content: Callable[[AuditRun, Path | None], str]


FORMATS = {
    "json": Format("audit.json", json.content),
    "csv": Format("measures.csv", table.content),
    "html": Format("report.html", html.content),
}


def write_reports(
    run: AuditRun, folder: Path, clip: Path | None = None, formats: tuple[str, ...] = tuple(FORMATS)
) -> list[Path]:
    """Writes the chosen formats into `folder`, made if need be, and returns the files.

    `clip` is read a second time for the report's pictures; without it the report has none. Each file is complete or
    absent: it is written beside its place and then moved there.

    Raises:
        OutputError: the folder cannot be made or written to.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in formats:
            target = folder / FORMATS[name].file
            part = target.with_name(f".{target.name}.part")
            part.write_text(FORMATS[name].content(run, clip), "utf-8", newline="")
            part.replace(target)
            written.append(target)
    except OSError as error:
        raise OutputError(
            f"Cannot write to {folder}: {error.strerror or error}. Choose another place with --out."
        ) from error
    return written
