"""What a worker on another machine must have before it is given jobs, and how it is asked."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..errors import BackendError, OutputError
from ..library import digest
from ..poses.models import model_file
from . import ClipJob, Job

FOLDERS = 100  # of clips that a worker is asked to see: each question costs a shared disk some milliseconds
TOKEN = ".hipaudit.cluster"
SHARE = "name with --out a folder that all workers share and may write to"


@dataclass(frozen=True, slots=True)
class Needs:
    """What every worker must have.

    see    a file of each folder of clips or intakes -> its size in bytes
    token  a file in the results' folder, and what stands in it
    """

    version: str
    rules: str
    model: str
    see: dict[Path, int]
    token: tuple[Path, str]


@contextmanager
def needed(jobs: list[Job]) -> Iterator[Needs]:
    """What workers must have for these jobs; its token lies in the results' folder for as long as they may be asked.

    Raises:
        OutputError: the results' folder cannot be written to.
    """
    token, said = _standing(Path(os.path.commonpath([job.folder.parent for job in jobs]))) / TOKEN, os.urandom(8).hex()
    see = dict(_one_of_each_folder(jobs))
    try:
        token.write_text(said)
    except OSError as error:
        raise OutputError(f"Cannot write {token} ({error.strerror}): choose another place with --out.") from error
    try:
        yield Needs(__version__, digest(), jobs[0].options.model, see, (token, said))
    finally:
        token.unlink(missing_ok=True)


def lacks(needs: Needs, me: str) -> str:
    """What the worker that runs this lacks, in a clause with what to do; "" if nothing.

    As proof that it can write there, it leaves a file beside the token, which `unanswered` looks for and takes away.
    """
    if needs.version != __version__:
        return f"has hipaudit {__version__}, not {needs.version}: install the same there"
    if needs.rules != digest():
        return "has other rules than this machine: install the same hipaudit there"
    try:
        model_file(needs.model)
    except BackendError as error:
        return f"lacks the pose model: {error}"
    return _unseen(needs.see) or _unwritten(needs.token, me)


def unanswered(needs: Needs, worker: str) -> str:
    """What is wrong where this machine does not see what a worker wrote; "" if nothing."""
    path, _ = needs.token
    try:
        _answer(path, worker).unlink()
    except FileNotFoundError:
        return f"writes to another folder as {path.parent}: {SHARE}"
    return ""


def _answer(token: Path, worker: str) -> Path:
    return token.with_name(f"{token.name}.{worker}")


def _unseen(see: dict[Path, int]) -> str:
    keep = "keep the clips where every worker finds them under the same path"
    for path, size in see.items():
        try:
            if path.stat().st_size != size:
                return f"sees another file as {path}: {keep}"
            path.open("rb").close()
        except OSError as error:
            return f"cannot read {path} ({error.strerror}): {keep}"
    return ""


def _unwritten(token: tuple[Path, str], me: str) -> str:
    path, said = token
    try:
        if path.read_text() != said:
            return f"sees another folder as {path.parent}: {SHARE}"
        _answer(path, me).touch()
    except OSError as error:
        return f"cannot write to {path.parent} ({error.strerror}): {SHARE}"
    return ""


def _one_of_each_folder(jobs: Iterable[Job]) -> Iterator[tuple[Path, int]]:
    """The first file of each folder that this machine itself can read, with its size."""
    done: set[Path] = set()
    for job in jobs:
        for file in (job.clip if isinstance(job, ClipJob) else None, job.intake):
            if file and file.parent not in done and len(done) < FOLDERS and os.access(file, os.R_OK):
                done.add(file.parent)
                yield file, file.stat().st_size


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.is_dir())
