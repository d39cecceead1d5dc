"""A core for each worker: processes that wander between cores lose a tenth of their speed (docs/performance.md)."""

import os
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

_held: list[FileLock] = []  # what this process holds until it ends, however it ends


def own_cores() -> set[int]:
    """The cores this process may use; none where the system does not let a process be kept to one (macOS, Windows)."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


class Cores:
    """The cores of this machine, for `workers` processes to share out among themselves.

    places  the folder they do it in; "" where there are more cores than workers: the system chooses better then
    """

    def __init__(self, workers: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="hipaudit-") if workers >= len(own_cores()) > 1 else None
        self.places = self._folder.name if self._folder else ""

    def close(self) -> None:
        """To be called when the workers have ended."""
        if self._folder:
            self._folder.cleanup()


def take_core(places: str) -> None:
    """Keeps this process, and what it begins from now on, to a core that no other one has; to none where all are taken.

    A core is free again as soon as its process has ended, so a process that replaces another one takes its place.
    """
    for core in sorted(own_cores()) if places else ():
        lock = FileLock(Path(places) / str(core))
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue
        _held.append(lock)
        os.sched_setaffinity(0, {core})
        return
