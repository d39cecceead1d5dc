"""Many clips of many people: what is to be done (`ClipJob`, `ScreenJob`) and what came of it (`Outcome`).

    plan     a folder or a manifest to jobs
    jobs     `run_job`: one job, done or found done; the same function everywhere
    local    jobs over processes of this machine
    dask     jobs over a Dask cluster
    rows     each clip in one row, from its audit
    tables   what was found over all clients, as tables
    page     the same as a page
    ready    what a worker on another machine must have
    run      the conductor

Jobs and outcomes are small and picklable: they carry paths and counts, never pictures or poses.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

State = Literal["done", "kept", "failed"]


@dataclass(frozen=True, slots=True)
class Options:
    """How every job of a run is done.

    model         the pose model
    blur_faces    hide the person's head in every picture written
    video         write annotated videos
    force         do again what is done
    retry_failed  try again what failed before with the same clip and options
    """

    model: str = "full"
    blur_faces: bool = False
    video: bool = True
    force: bool = False
    retry_failed: bool = False


@dataclass(frozen=True, slots=True)
class ClipJob:
    """One clip to audit into `folder`; all paths absolute.

    view   from where it was filmed, as the manifest says, "" if it does not
    group  which of the client's clips belong together; "": those of the same day
    """

    client: str
    clip: Path
    folder: Path
    options: Options
    movement: str = "auto"
    side: str = "auto"
    view: str = ""
    intake: Path | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class ScreenJob:
    """The audited clips of one client and visit to one screen in `folder`; `refused` are those that gave no audit."""

    client: str
    visit: str
    clips: tuple[ClipJob, ...]
    refused: tuple[tuple[Path, str], ...]
    folder: Path
    options: Options
    intake: Path | None = None


Job = ClipJob | ScreenJob


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job gave nothing: a kind a program can tell apart, and a sentence."""

    kind: str
    say: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job. Whatever it found lies in the job's folder.

    state    done now, kept from an earlier run, or failed
    visit    the manifest's group, else the day the clip was recorded
    frames   analysed, 0 where nothing was
    seconds  stage -> s it took when it was done
    files    names in the job's folder
    """

    job: Job
    state: State
    failure: Failure | None = None
    visit: str = ""
    frames: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def failed(self) -> str:
        """Whose job failed and why, in one line; "" where it did not."""
        what = self.job.clip.name if isinstance(self.job, ClipJob) else "screen"
        return f"{self.job.client}, {what}: {self.failure.say}" if self.failure else ""


class Runner(Protocol):
    """Runs jobs somewhere. A job whose process dies or that takes too long is tried once more, then failed."""

    workers: int

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Outcomes in the order of completion. After `finish` no further job is begun."""

    def finish(self) -> None:
        """Begins no further job; those under way are waited for."""

    def close(self) -> None:
        """Stops whatever is still under way and gives the workers back."""
