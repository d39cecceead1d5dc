"""A folder of client videos, or a manifest of them, to jobs.

Which clip is whose: in a folder, the first folder below it is the client, and a clip that lies in none is a client of
its own; or a pattern says where in the path the client's name stands. In a manifest it is a column.
"""

import csv
import hashlib
import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

from ..audit.screen import VIDEOS
from ..errors import ManifestError, SourceError
from ..files import readable
from ..library import movements
from ..poses.skeleton import SIDES
from . import ClipJob, Job, Options, Outcome, ScreenJob

BY_FOLDER = "folder"
INTAKES = ("intake.toml", "intake.json")
COLUMNS = ("client", "clip", "movement", "side", "view", "intake", "group")
VIEWS = ("front", "back", "side")
TEMPORARY = (".part", ".tmp", ".crdownload")
ANNOTATED = "annotated"  # how the name of a video that hipaudit wrote begins
LONGEST = 120  # bytes of a folder's name made from a client's or a clip's: room for what is put behind it
AnyJob = TypeVar("AnyJob", ClipJob, ScreenJob)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do.

    clients  in words, how a clip's client is known
    skipped  path -> why it is left out, for files that look like clips
    whole    whether these are all the jobs there are, not only the first ones for a trial
    """

    jobs: list[ClipJob]
    clients: str
    skipped: dict[Path, str]
    whole: bool = True


def plan_folder(folder: Path, out: Path, options: Options, client: str = BY_FOLDER) -> Plan:
    """A job for each clip of a folder tree.

    `client` is "folder", or a pattern of the path from `folder` (or, without a slash, of the clip's name) in which
    {client} stands for the client and * for anything, "{client}_*". An intake.toml or intake.json beside a clip, or in
    a folder above it, is the client's.

    Raises:
        SourceError: there is no clip in the folder, or it cannot be read.
        ManifestError: the pattern names no client.
    """
    pattern = None if client == BY_FOLDER else _pattern(client)
    jobs, skipped = [], {}
    seen: set[Path] = set()
    for clip in _clips(folder, out):
        real = clip.resolve()
        inside = clip.relative_to(folder)
        whose = readable(_client(inside, pattern))
        if not real.is_relative_to(folder.resolve()):
            skipped[clip] = "a link that leads out of the folder"
        elif real in seen:
            skipped[clip] = "the same file as another clip"
        elif not whose:
            skipped[clip] = f"its name does not fit the pattern {client}"
        else:
            seen.add(real)
            jobs.append(_placed(ClipJob(whose, clip, out, options, intake=_intake(clip, folder)), inside))
    if not jobs:
        why = f" that can be taken ({'; '.join(sorted(set(skipped.values())))})" if skipped else ""
        raise SourceError(f"{folder} holds no video{why}: name the folder whose sub-folders hold the clients' clips.")
    known = "the sub-folder a clip lies in" if pattern is None else f"the pattern {client}"
    return Plan(_apart(jobs), known, skipped)


def plan_manifest(manifest: Path, out: Path, options: Options) -> Plan:
    """A job for each line of a CSV file with the columns client and clip, and if wanted the others of `COLUMNS`.

    Paths are from the manifest's folder. The clips of one client and group, or without a group of one day, make one
    screen.

    Raises:
        ManifestError: a column or a value is wrong; the message names the line.
    """
    jobs = [_placed(_job(line, row, manifest, out, options), Path(row["clip"]).name) for line, row in _rows(manifest)]
    if not jobs:
        raise ManifestError(f"{manifest.name} lists no clip: a line names a client and a clip.")
    once: dict[tuple[str, str], ClipJob] = {}
    repeated = {}
    for job in jobs:
        if once.setdefault((job.client, os.path.realpath(job.clip)), job) is not job:
            repeated[job.clip] = "listed twice"
    return Plan(_apart(list(once.values())), "the manifest", repeated)


def plan_screens(outcomes: Iterable[Outcome], out: Path, options: Options) -> list[ScreenJob]:
    """A screen for each client's visit with two audited clips or more."""
    visits: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        visits.setdefault((outcome.job.client, outcome.visit), []).append(outcome)
    screens: list[ScreenJob] = []
    for (client, visit), came in sorted(visits.items()):
        jobs = sorted((o.job for o in came if not o.failure and isinstance(o.job, ClipJob)), key=lambda job: job.clip)
        if len(jobs) < 2:
            continue
        refused = sorted((o.job.clip, o.failure.say) for o in came if o.failure and isinstance(o.job, ClipJob))
        folder = out / safe(client) / f"screen {safe(visit)}"
        intake = next((job.intake for job in jobs if job.intake), None)
        screens.append(ScreenJob(client, visit, tuple(jobs), tuple(refused), folder, options, intake))
    return _apart(screens, [outcome.job.folder for visit in visits.values() for outcome in visit])


def safe(name: str) -> str:
    """A folder name that holds what can be held of a name, on every system; the same for the same name."""
    plain = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", readable(name)).strip(" .") or "_"
    if len(plain.encode()) > LONGEST:
        plain = f"{plain.encode()[: LONGEST - 9].decode(errors='ignore')} {_short(name)}"
    return plain


def _short(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:8]


def _clips(folder: Path, out: Path) -> Iterator[Path]:
    """Video files of a tree in order; hidden and temporary ones, links to folders and written videos are left out."""

    def stop(error: OSError) -> None:
        raise SourceError(f"{error.filename} cannot be read: {error.strerror}.") from error

    for at, inner, names in os.walk(folder, onerror=stop):
        here = Path(at)
        inner[:] = sorted(name for name in inner if not name.startswith(".") and here / name != out)
        made = {name for name in names if name.startswith(ANNOTATED)} if "audit.json" in names else set()
        for name in sorted(set(names) - made):
            file = here / name
            if not name.startswith((".", "~")) and file.suffix.lower() in VIDEOS and file.is_file():
                yield file


def _client(inside: Path, pattern: re.Pattern[str] | None) -> str:
    """Whose a clip is, "" if that cannot be told."""
    if pattern is None:
        return inside.parts[0] if len(inside.parts) > 1 else inside.stem
    fits = pattern.fullmatch(inside.with_suffix("").as_posix())
    return fits["client"] if fits else ""


def _pattern(written: str) -> re.Pattern[str]:
    if written.count("{client}") != 1:
        raise ManifestError(f"--client {written}: write folder, or a pattern with {{client}} in it, '{{client}}_*'.")
    parts = {"{client}": "(?P<client>[^/]+?)", "*": "[^/]*"}
    anywhere = "" if "/" in written else "(?:.*/)?"
    return re.compile(anywhere + "".join(parts.get(p, re.escape(p)) for p in re.split(r"(\{client\}|\*)", written)))


def _intake(clip: Path, root: Path) -> Path | None:
    """The nearest intake file beside a clip or above it, below the root: in the root itself it would be everybody's."""
    for folder in clip.parents:
        if folder == root:
            break
        for name in INTAKES:
            if (folder / name).is_file():
                return folder / name
    return None


def _placed(job: ClipJob, inside: str | Path) -> ClipJob:
    """The job with the folder its results go to: the client's, and below it what tells the clip from the others."""
    parts = Path(inside).parts
    own = parts[1:] if len(parts) > 1 and readable(parts[0]) == job.client else parts
    below = [safe(part) for part in (*own[:-1], Path(own[-1]).stem)]
    return replace(job, folder=job.folder.joinpath(safe(job.client), *below))


def _apart(jobs: Sequence[AnyJob], others: Iterable[Path] = ()) -> list[AnyJob]:
    """The same jobs, no two with one folder, nor with one of `others`: where they would, their whole name is added."""
    taken = Counter(str(folder).casefold() for folder in (*(job.folder for job in jobs), *others))
    return [
        job
        if taken[str(job.folder).casefold()] == 1
        else replace(job, folder=job.folder.with_name(f"{job.folder.name} {_short(_name(job))}"))
        for job in jobs
    ]


def _name(job: Job) -> str:
    return f"{job.client}/{job.clip if isinstance(job, ClipJob) else job.visit}"


def _rows(manifest: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of every line that is not empty; what a spreadsheet writes is read, ; and tabs too."""
    try:
        text = manifest.read_text("utf-8-sig")
    except OSError as error:
        raise ManifestError(f"The manifest {manifest} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ManifestError(
            f"{manifest.name} is not UTF-8 text: save the manifest as CSV, encoding UTF-8; "
            "for a single clip there is `hipaudit audit`."
        ) from error
    head = text.partition("\n")[0]
    between = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    try:
        columns = _columns(manifest, next(reader, []))
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells[len(columns) :]):
                raise ManifestError(f"{manifest.name}, line {reader.line_num}: more cells than columns; quote commas.")
            if any(cells):
                yield reader.line_num, dict(zip_longest(columns, cells[: len(columns)], fillvalue=""))
    except csv.Error as error:
        raise ManifestError(f"{manifest.name}, line {reader.line_num}: {error}; is a quote not closed?") from error


def _columns(manifest: Path, head: list[str]) -> list[str]:
    """The names in a manifest's first line; empty ones behind them, which a spreadsheet leaves, do not count."""
    columns = [name.strip().lower() for name in head]
    while columns and not columns[-1]:
        columns.pop()
    unknown = [name for name in columns if name not in COLUMNS]
    twice = [name for name in columns if columns.count(name) > 1]
    missing = [name for name in ("client", "clip") if name not in columns]
    wrong = (
        (f"has no column {missing[0]}" if missing else "")
        or (f"has a column '{unknown[0]}' that means nothing here" if unknown else "")
        or (f"has two columns {twice[0]}" if twice else "")
    )
    if wrong:
        raise ManifestError(f"{manifest.name} {wrong}: its first line names columns of {', '.join(COLUMNS)}.")
    return columns


def _job(line: int, row: dict[str, str], manifest: Path, out: Path, options: Options) -> ClipJob:
    where = f"{manifest.name}, line {line}"
    allowed = {"movement": tuple(movements()), "side": SIDES, "view": VIEWS}
    for column, values in allowed.items():
        told = row.get(column, "")
        if told not in ("", "auto", *values):
            raise ManifestError(f"{where}: {column} '{told}' is not known: choose one of {', '.join(values)}.")
    if not row["client"] or not row["clip"]:
        raise ManifestError(f"{where}: a {'client' if row['clip'] else 'clip'} is missing.")
    if "\0" in "".join(row.values()):
        raise ManifestError(f"{where}: a character that no name can hold.")
    if not Path(row["clip"]).name:
        raise ManifestError(f"{where}: clip '{row['clip']}' names no file.")
    clip = Path(os.path.abspath(manifest.parent / row["clip"]))
    intake = manifest.parent / row["intake"] if row.get("intake") else None
    chosen = {name: row[name] for name in ("movement", "side") if row.get(name)}
    view = "" if row.get("view") == "auto" else row.get("view", "")
    return ClipJob(row["client"], clip, out, options, **chosen, view=view, intake=intake, group=row.get("group", ""))
