"""Jobs over processes of this machine.

A pool in which a process may die or hang and costs only its own job: that job is tried once more, by a new process.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from multiprocessing import get_context, parent_process

import psutil
from pebble import ProcessExpired, ProcessPool

from . import Failure, Job, Outcome
from .jobs import DIED, TRIES, failed, run_job, too_long, unexpected

MEMORY = 700e6  # bytes a worker may take; see docs/performance.md


def worker_count() -> int:
    """As many workers as this machine has cores and memory for, at least one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, int(psutil.virtual_memory().available / MEMORY)))


class LocalPool:
    """A `Runner` of `workers` processes; `limit_s` is how long one job may take."""

    def __init__(self, workers: int, limit_s: float, work: Callable[[Job], Outcome] = run_job) -> None:
        self.workers = workers
        self._limit_s, self._work = limit_s, work
        self._finishing = False
        # Each process begins afresh: a forked one would inherit the threads' locks of decoder and model.
        self._pool = ProcessPool(workers, context=get_context("spawn"), initializer=_prepare)

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Outcomes in the order of completion. After `finish` no further job is begun."""
        coming = iter(jobs)
        under_way: dict[Future[Outcome], tuple[Job, int]] = {}
        more = True
        while more or under_way:
            while more and len(under_way) < 2 * self.workers and not self._finishing:
                job = next(coming, None)
                more = job is not None
                if job is not None:
                    under_way[self._begin(job)] = (job, 1)
            if self._finishing:
                more = False
                for future in [f for f in under_way if not f.running() and f.cancel()]:
                    del under_way[future]
            for future in wait(under_way, return_when=FIRST_COMPLETED, timeout=0.5).done:
                job, tries = under_way.pop(future)
                error = future.exception()
                if isinstance(error, ProcessExpired | TimeoutError) and tries < TRIES and not self._finishing:
                    under_way[self._begin(job)] = (job, tries + 1)
                else:
                    yield future.result() if error is None else failed(job, self._failure(error))

    def finish(self) -> None:
        """Begins no further job; those under way are waited for."""
        self._finishing = True

    def close(self) -> None:
        """Stops whatever is still under way and gives the workers back."""
        self._pool.stop()
        self._pool.join()

    def _begin(self, job: Job) -> "Future[Outcome]":
        begun: Future[Outcome] = self._pool.schedule(self._work, args=(job,), timeout=self._limit_s)
        return begun

    def _failure(self, error: BaseException) -> Failure:
        if isinstance(error, TimeoutError):
            return too_long(self._limit_s)
        return DIED if isinstance(error, ProcessExpired) else unexpected(error)


def _prepare() -> None:
    """Readies a worker: Ctrl-C is the parent's to handle, and a worker does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)  # the parent was killed: nobody waits for this job any more
