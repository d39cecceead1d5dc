"""Jobs over processes of this machine.

A pool in which a process may die or hang and costs only its own job: that job is tried once more, by a new process.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process, resource_tracker
from pathlib import Path

import psutil
from pebble import ProcessExpired, ProcessPool

from ..errors import HipauditError
from . import Failure, Job, Outcome
from .cores import cores_for, own_cores, take_core
from .jobs import DIED, TRIES, failed, run_job, too_long, unexpected

MEMORY = 700e6  # bytes a worker may take; see docs/performance.md
LIMITS = [Path("/sys/fs/cgroup") / name for name in ("memory.max", "memory/memory.limit_in_bytes")]  # Linux says here
LIVES = 3  # of the pool while no job gets done


def worker_count() -> int:
    """As many workers as this machine, or the container on it, has cores and memory for, at least one."""
    cores = len(own_cores()) or os.cpu_count() or 1
    return max(1, min(cores, int(_memory() / MEMORY)))


def _memory() -> int:
    """Bytes that are free, and no more than a container may have in all: beyond that its processes are killed."""
    told = [file.read_text().strip() for file in LIMITS if file.is_file()]
    return min([psutil.virtual_memory().available, *(int(limit) for limit in told if limit.isdecimal())])


class LocalPool:
    """A `Runner` of `workers` processes; `limit_s` is how long one job may take."""

    def __init__(self, workers: int, limit_s: float, work: Callable[[Job], Outcome] = run_job) -> None:
        self.workers = workers
        self._limit_s, self._work = limit_s, work
        self._finishing = False
        self._lives = LIVES
        self._cores = cores_for(workers)
        self._pool = self._new_pool()

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Outcomes in the order of completion. After `finish` no further job is begun.

        Raises:
            HipauditError: processes die again and again before they have begun a job.
        """
        coming = iter(jobs)
        next_up: list[tuple[Job, int]] = []  # with the number of this try
        under_way: dict[Future[Outcome], tuple[Job, int]] = {}
        while True:
            if self._finishing:
                coming, next_up = iter(()), []
                for future in [f for f in under_way if not f.running() and f.cancel()]:
                    del under_way[future]
            elif not self._alive():
                next_up += self._revived(under_way)
            next_up += ((job, 1) for job in islice(coming, max(0, 2 * self.workers - len(under_way) - len(next_up))))
            under_way |= {self._begin(job): (job, tries) for job, tries in next_up}
            next_up = []
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED, timeout=0.5).done:
                job, tries = under_way.pop(future)
                error = future.exception()
                if isinstance(error, BrokenProcessPool):  # no job's fault
                    next_up.append((job, tries))
                elif isinstance(error, ProcessExpired | TimeoutError) and tries < TRIES:
                    next_up.append((job, tries + 1))
                else:
                    self._lives = LIVES
                    yield future.result() if error is None else failed(job, self._failure(error))

    def finish(self) -> None:
        """Begins no further job; those under way are waited for."""
        self._finishing = True

    def close(self) -> None:
        """Stops whatever is still under way and gives the workers back."""
        self._pool.stop()
        self._pool.join()

    def _new_pool(self) -> ProcessPool:
        # Each process begins afresh: a forked one would inherit the threads' locks of decoder and model.
        return ProcessPool(self.workers, context=get_context("spawn"), initializer=_prepare, initargs=[self._cores])

    def _alive(self) -> bool:
        """Whether the pool can take jobs, which begins it: pebble gives up one that loses a process without a job."""
        with _out_of_ctrl_c():
            return self._pool.active

    def _revived(self, under_way: dict["Future[Outcome]", tuple[Job, int]]) -> list[tuple[Job, int]]:
        """Replaces a pool that was given up; returns the jobs that it takes along, which leave `under_way`."""
        if not self._lives:
            raise HipauditError(
                "The processes that should judge clips die before they begin: is there too little memory? "
                "Try again with --workers 1; what is done is kept."
            )
        self._lives -= 1
        self.close()
        self._pool = self._new_pool()
        return [under_way.pop(future) for future in list(under_way) if not future.done()]

    def _begin(self, job: Job) -> "Future[Outcome]":
        begun: Future[Outcome] = self._pool.schedule(self._work, args=(job,), timeout=self._limit_s)
        return begun

    def _failure(self, error: BaseException) -> Failure:
        if isinstance(error, TimeoutError):
            return too_long(self._limit_s)
        return DIED if isinstance(error, ProcessExpired) else unexpected(error)


@contextmanager
def _out_of_ctrl_c() -> Iterator[None]:
    """Processes and threads begun in here never get Ctrl-C, from their first instant on: it is the parent's."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: pebble's workers ignore it once they have started
        yield
        return
    resource_tracker.ensure_running()  # begun in here it would let Ctrl-C in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare(cores: str) -> None:
    """Readies a worker, which has a core of its own where there is one, and does not outlive its parent."""
    take_core(cores)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)  # the parent was killed: nobody waits for this job any more
