"""Writes an audit out: one row per format in FORMATS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..audit.codec import to_json
from ..audit.run import AuditRun
from ..audit.screen import ScreenRun
from ..errors import OutputError
from ..files import placed
from ..overlay import smaller
from ..poses.tracks import ClipPoses, save_poses
from . import html, json, table
from .pictures import key_pictures
from .video import Progress, video_file, video_files, write_video

THUMBNAIL = "thumbnail.jpg"
THUMBNAIL_HEIGHT = 240  # px


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How an audit is written out.

    blur_faces  hides the head of the person in every picture and every video; others in the picture keep theirs
    video       whether clips are written again with what was measured drawn in
    """

    blur_faces: bool = False
    video: bool = True


@dataclass(frozen=True, slots=True)
class Format:
    """A file name (of a format with a file for each clip: the first one's), and what writes its file or files."""

    file: str
    write: Callable[[AuditRun, Path, ReportOptions, Progress | None], list[Path]]


def _text(file: str, content: Callable[[AuditRun, ReportOptions], str]) -> Format:
    """A format of one text file, from the function that gives its content."""

    def write(run: AuditRun, folder: Path, options: ReportOptions, progress: Progress | None) -> list[Path]:
        return [_placed(folder / file, content(run, options))]

    return Format(file, write)


def _placed(target: Path, text: str) -> Path:
    with placed(target) as part:
        part.write_text(text, "utf-8", newline="")
    return target


def _page(run: AuditRun, options: ReportOptions) -> str:
    return html.content(run, video_files(run.clips) if options.video else {}, options.blur_faces)


def _videos(run: AuditRun, folder: Path, options: ReportOptions, progress: Progress | None) -> list[Path]:
    names = video_files(run.clips) if options.video else {}
    for seen in run.clips:
        if seen.clip.name in names:
            write_video(run.audit, seen, folder / names[seen.clip.name], options.blur_faces, progress)
    return [folder / name for name in names.values()]


def poses_file(number: int) -> str:
    """Name of the poses of a run's clip, counted from 1."""
    return "poses.npz" if number == 1 else f"poses_{number}.npz"


def _poses(run: AuditRun, folder: Path, options: ReportOptions, progress: Progress | None) -> list[Path]:
    made_by = run.audit.provenance
    files = {folder / poses_file(number): seen for number, seen in enumerate(run.clips, 1)}
    for file, seen in files.items():
        with placed(file) as part:
            save_poses(ClipPoses(seen.track, seen.info, made_by.model, made_by.model_sha256, seen.own), part)
    return list(files)


FORMATS = {
    "json": _text("audit.json", lambda run, options: json.content(run)),
    "csv": _text("measures.csv", lambda run, options: table.content(run)),
    "poses": Format(poses_file(1), _poses),
    "video": Format(video_file(1), _videos),
    "html": _text("report.html", _page),
}


def write_reports(
    run: AuditRun,
    folder: str | Path,
    formats: tuple[str, ...] = tuple(FORMATS),
    options: ReportOptions | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Writes the chosen formats into `folder`, made if need be, and returns the files.

    Each clip is read again for the report's pictures and its annotated video; `progress` is called with the clip's
    name, the seconds drawn and the seconds there are. Each file is complete or absent.

    Raises:
        SourceError: a clip cannot be read any more.
        OutputError: the folder cannot be made or written to.
    """
    folder = Path(folder)
    make_folder(folder)
    options = options or ReportOptions()
    options = replace(options, video=options.video and "video" in formats)  # the page plays only what is written
    return [file for name in formats for file in FORMATS[name].write(run, folder, options, progress)]


def write_screen(
    run: ScreenRun, folder: str | Path, options: ReportOptions | None = None, progress: Progress | None = None
) -> list[Path]:
    """Writes a screen into `folder`: a folder for each of its audits, screen.json, and one report.html over all.

    Raises as `write_reports` does.
    """
    folder, options = Path(folder), options or ReportOptions()
    written: list[Path] = []
    videos: dict[str, str] = {}
    for part in run.runs:
        seen = part.audit.movement
        name = seen.name if seen.side == "both" else f"{seen.name}_{seen.side}"
        written += write_reports(part, folder / name, ("json", "csv", "poses", "video"), options, progress)
        if options.video:
            videos |= {clip: f"{name}/{file}" for clip, file in video_files(part.clips).items()}
    return [*written, *write_screen_pages(run, folder, videos, options.blur_faces)]


def write_screen_pages(run: ScreenRun, folder: Path, videos: Mapping[str, str], blur_faces: bool = False) -> list[Path]:
    """Writes what is about the whole screen, screen.json and report.html; `videos` are clip to place from `folder`."""
    texts = {
        "screen.json": to_json(run.screen) + "\n",
        "report.html": html.page(run.runs, run.screen, videos, blur_faces),
    }
    return [_placed(folder / file, text) for file, text in texts.items()]


def write_thumbnail(run: AuditRun, folder: Path, blur_faces: bool = False) -> list[Path]:
    """Writes a small picture of what the audit found first, none where no clip is at hand."""
    pictures = key_pictures(run, blur_faces)
    first = next((pictures[f.rule] for f in run.audit.findings if f.rule in pictures), pictures.get(""))
    if first is None:
        return []
    with placed(folder / THUMBNAIL) as part:
        part.write_bytes(smaller(first, THUMBNAIL_HEIGHT))
    return [folder / THUMBNAIL]


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
