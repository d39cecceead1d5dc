"""Jobs over a Dask cluster. The cluster carries them; who does which, and what a lost worker costs, is decided here.

Each job is sent to one worker by its address: as many as it has threads, and one that waits behind them. So it is
always known which jobs a worker was doing when it died or hung: those are tried once more, by a worker that does
nothing else meanwhile, and those that only waited are sent elsewhere. (Dask's own way blames every job sent to a
worker, and a bad one may kill four.) A worker that joins later is asked the same as the first ones before it is used.
"""

import logging
import math
import os
import queue
import signal
import tempfile
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from ..errors import ClusterError, MissingExtra
from . import Failure, Job, Outcome
from .cores import cores_for, take_core
from .jobs import DIED, TRIES, failed, run_job, too_long, unexpected
from .ready import Needs, lacks, needed, unanswered

try:
    import dask
    from distributed import Client, Future, KilledWorker, LocalCluster, get_worker
except ImportError as error:
    raise MissingExtra("--dask needs a part that is not installed: pip install 'hipaudit[dask]'.") from error

LOCAL = "local"
CORES = "HIPAUDIT_CORES"  # how workers of this machine are told under which name they share out the cores
PLAIN = {  # what makes a worker of this machine as fast as a process without Dask
    "distributed.worker.profile.enabled": False,  # looks at every thread 100 times a second
    "distributed.nanny.pre-spawn-environ": {},  # gives memory back to the system after every picture
}
CONNECT_S = 10.0  # for the scheduler to answer, and for a first worker to be there
ANSWER_S = 60.0  # for a worker to say what it has; it answers when it is not busy
LOOK_S = 1.0  # between looks at who is there
GONE_S = 60.0  # without any worker until the run is given up; a nanny has its worker back in a few seconds
RESTART_S = 30.0
FETCH_S = 5.0  # for a small outcome to come over

_log = logging.getLogger(__name__)


class _OtherProcess(Exception):  # noqa: N818 - no error, a worker's answer
    """The worker a job was sent to has died, and another process has its address."""


@dataclass(slots=True, eq=False)
class _Task:
    """A job that is with a worker.

    tries  how often it was begun, this time included
    since  when it came under way, seen from here; endless while it waits
    """

    job: Job
    tries: int
    future: "Future"
    since: float = math.inf


@dataclass(slots=True, eq=False)
class _Worker:
    """A worker process and the jobs sent to it, in the order in which it does them.

    answer  what it says it lacks, while it is waited for
    """

    address: str
    threads: int
    answer: "Future | None"
    asked: float
    id: str = ""
    tasks: list[_Task] = field(default_factory=list)

    @property
    def under_way(self) -> list[_Task]:
        return self.tasks[: self.threads]

    def takes(self, tries: int) -> bool:
        """Whether it may be sent a job; one that lost a worker before comes alone, so that no other pays for it."""
        if self.answer:
            return False
        if tries > 1:
            return not self.tasks
        return len(self.tasks) <= self.threads and all(task.tries == 1 for task in self.tasks)


class DaskRunner:
    """A `Runner` over a cluster: `where` is its address, or "local" for one of `workers` processes of this machine.

    `limit_s` is how long one job may take.

    Raises:
        ClusterError: it cannot be reached, or has no workers.
    """

    def __init__(self, where: str, workers: int, limit_s: float, work: Callable[[Job], Outcome] = run_job) -> None:
        self._limit_s, self._work = limit_s, work
        self._finishing = False
        self._sent = 0
        self._seen = time.monotonic()  # when a worker was there last
        self._left: deque[tuple[Job, int]] = deque()  # jobs to send, each with the number of this try
        self._ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._there: dict[str, _Worker] = {}
        self._refused: set[str] = set()
        with ExitStack() as begun:
            begun.enter_context(_quiet())
            address = begun.enter_context(_local_cluster(workers)) if where == LOCAL else where
            self._client = begun.enter_context(_connected(address))
            self._open = begun.pop_all()
        self.workers = sum(worker["nthreads"] for worker in self._present().values())

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Outcomes in the order of completion. After `finish` no further job is begun.

        Raises:
            ClusterError: a worker cannot do the work, or the cluster has gone.
            OutputError: the results' folder cannot be written to.
        """
        self._left.extend((job, 1) for job in jobs)
        if not self._left:
            return
        with needed([job for job, _ in self._left]) as needs:
            self._start(needs)
            looked = time.monotonic()
            while self._left or any(worker.tasks for worker in self._there.values()):
                self._send()
                yield from self._outcomes()
                yield from self._overdue()
                if time.monotonic() - looked > LOOK_S:
                    yield from self._look(needs)
                    looked = time.monotonic()

    def finish(self) -> None:
        """Begins no further job; those under way are waited for."""
        self._finishing = True

    def close(self) -> None:
        """Stops whatever is still under way and gives the workers back."""
        busy = [worker.address for worker in self._there.values() if worker.tasks]
        if busy and self._client.status == "running":
            self._restart(busy)
        self._open.close()

    def _present(self) -> dict[str, dict[str, Any]]:
        """What the scheduler knows of its workers, by their addresses."""
        gone = "The Dask cluster has gone: start it and run the same again, what is done is kept."
        if self._client.status != "running":
            raise ClusterError(gone)
        try:
            return self._client.scheduler_info()["workers"]
        except OSError as error:
            raise ClusterError(gone) from error

    def _start(self, needs: Needs) -> None:
        """Asks the workers what they have and waits for it: what one lacks is told before anything is begun."""
        first = not self._there
        self._seen = time.monotonic()
        self._meet(needs)
        while any(worker.answer for worker in self._there.values()):
            time.sleep(0.05)
            for complaint in self._answers(needs):
                if first:
                    raise ClusterError(complaint)
                _log.warning(complaint)

    def _look(self, needs: Needs) -> Iterator[Outcome]:
        """Notices workers that have gone, and asks new ones what they have."""
        present = self._present()
        self._refused &= present.keys()
        for worker in [worker for address, worker in self._there.items() if address not in present]:
            yield from self._bury(worker, worker.under_way, DIED)
        self._meet(needs)
        for complaint in self._answers(needs):
            _log.warning(complaint)
        if self._there:
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > GONE_S:
            raise ClusterError("The Dask cluster has no workers left: start some and run the same again.")

    def _meet(self, needs: Needs) -> None:
        """Asks workers not met before what they have."""
        for address, worker in self._present().items():
            if address not in self._there and address not in self._refused:
                answer = self._submit(_introduce, needs, bool(worker["nanny"]), to=address)
                self._there[address] = _Worker(address, worker["nthreads"], answer, time.monotonic())

    def _answers(self, needs: Needs) -> Iterator[str]:
        """Lets workers that lack nothing be used; a sentence for each other one, which is not."""
        for worker in list(self._there.values()):
            answer = worker.answer
            if answer is None:
                continue
            if answer.done():
                worker.answer = None
                worker.id, complaint = _answered(answer, needs)
            elif time.monotonic() - worker.asked > ANSWER_S:
                complaint = f"did not answer within {ANSWER_S:g} s: wait until it is not busy, or start it again"
            else:
                continue
            if complaint:
                answer.cancel()
                del self._there[worker.address]
                self._refused.add(worker.address)
                yield f"The worker {worker.address} {complaint}."

    def _submit(self, function: Callable[..., Any], *args: object, to: str) -> "Future":
        """Sends a task to one worker, behind what was sent to it before."""
        self._sent += 1
        key = f"hipaudit-{uuid.uuid4()}"
        return self._client.submit(
            function, *args, key=key, workers=[to], allow_other_workers=False, priority=-self._sent, pure=False
        )

    def _send(self) -> None:
        """Keeps the workers busy; when finishing, takes back what they have not begun."""
        if self._finishing:
            self._left.clear()
            for worker in self._there.values():
                for task in worker.tasks[worker.threads :]:
                    task.future.cancel()
                del worker.tasks[worker.threads :]
        while self._left:
            job, tries = self._left[0]
            free = [worker for worker in self._there.values() if worker.takes(tries)]
            if not free:
                break
            worker = min(free, key=lambda worker: len(worker.tasks) / worker.threads)
            future = self._submit(_do, self._work, job, worker.id, to=worker.address)
            worker.tasks.append(_Task(job, tries, future))
            future.add_done_callback(self._ended.put)
            self._left.popleft()

    def _outcomes(self) -> Iterator[Outcome]:
        """What came back, waited for a moment."""
        ended = []
        with suppress(queue.Empty):
            ended.append(self._ended.get(timeout=0.2))
            while True:
                ended.append(self._ended.get_nowait())
        for future in ended:
            yield from self._outcome(future)

    def _outcome(self, future: "Future") -> Iterator[Outcome]:
        found = [(w, task) for w in self._there.values() for task in w.tasks if task.future.key == future.key]
        if not found:  # taken back before
            return
        [(worker, task)] = found
        error = future.exception(timeout=FETCH_S) if future.status == "error" else None
        if future.cancelled() or isinstance(error, _OtherProcess | KilledWorker):
            yield from self._bury(worker, worker.under_way, DIED)
            return
        try:
            outcome = failed(task.job, unexpected(error)) if error else future.result(timeout=FETCH_S)
        except (TimeoutError, CancelledError):  # its worker died with it, which the next look tells, or it is slow
            self._ended.put(future)
            return
        worker.tasks.remove(task)
        yield outcome

    def _overdue(self) -> Iterator[Outcome]:
        """Ends workers with jobs that take too long."""
        now = time.monotonic()
        for worker in list(self._there.values()):
            for task in worker.under_way:
                task.since = min(task.since, now)
            late = [task for task in worker.under_way if now - task.since > self._limit_s and not task.future.done()]
            if late:
                yield from self._bury(worker, late, too_long(self._limit_s))
                self._restart([worker.address])

    def _bury(self, worker: _Worker, guilty: list[_Task], failure: Failure) -> Iterator[Outcome]:
        """Takes the jobs of a lost worker back; those that may have cost it are tried again after all others."""
        del self._there[worker.address]
        for task in worker.tasks:
            task.future.cancel()
        self._left.extendleft((task.job, task.tries) for task in reversed(worker.tasks) if task not in guilty)
        for task in guilty:
            if task.tries < TRIES:
                self._left.append((task.job, task.tries + 1))
            else:
                yield failed(task.job, failure)

    def _restart(self, addresses: list[str]) -> None:
        """Kills worker processes; their nannies start new ones."""
        with suppress(TimeoutError):  # told by the next look at who is there
            self._client.restart_workers(addresses, timeout=RESTART_S, raise_for_error=False)


def dask_setup(worker: object) -> None:
    """Readies a worker of this machine (Dask calls it by this name): Ctrl-C is the runner's to handle."""
    take_core(os.environ[CORES])
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(work: Callable[[Job], Outcome], job: Job, worker: str) -> Outcome:
    """A job, in the worker process that it was meant for."""
    if get_worker().id != worker:
        raise _OtherProcess
    return work(job)


def _introduce(needs: Needs, nanny: bool) -> tuple[str, str]:
    """The id of the worker that runs this, and what it lacks."""
    me = get_worker().id
    if not nanny:
        return me, "has no nanny, which ends it where a clip hangs: start it without --no-nanny"
    return me, lacks(needs, me)


def _answered(answer: "Future", needs: Needs) -> tuple[str, str]:
    """A worker's id and what it lacks, from what it answered."""
    try:
        error = answer.exception(timeout=FETCH_S)
        if error:
            return "", f"cannot run hipaudit {needs.version} ({type(error).__name__}: {error}): install the same there"
        me, complaint = answer.result(timeout=FETCH_S)
    except (TimeoutError, CancelledError):  # cancelled, or its worker died with the answer
        return "", "went away when it was asked what it has"
    return me, complaint or unanswered(needs, me)


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    """A client of a cluster that has workers."""
    how = "check the address, and that `dask scheduler` runs there"
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"No Dask cluster answers at {address}: {how}.") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError as error:
            raise ClusterError(
                f"The Dask cluster at {address} has no workers: start some with `dask worker`."
            ) from error
        yield client


@contextmanager
def _local_cluster(workers: int) -> Iterator[str]:
    """The address of a cluster of this machine's own, that nobody else can reach."""
    with (
        tempfile.TemporaryDirectory(prefix="hipaudit-") as scratch,
        dask.config.set(PLAIN),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # else it complains where another has its port
            memory_limit=0,  # none: a worker near it would stop for good
            silence_logs=logging.CRITICAL,
            local_directory=scratch,
            preload=[__name__],
            env={CORES: cores_for(workers)},
        ) as cluster,
    ):
        yield cluster.scheduler_address


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps Dask, and what it leaves to asyncio, from telling on stderr what is told here in sentences."""
    handlers: list[Any] = [*logging.getLogger("distributed").handlers, logging.getLogger("asyncio")]
    levels = [handler.level for handler in handlers]
    for handler in handlers:
        handler.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for handler, level in zip(handlers, levels, strict=True):
            handler.setLevel(level)
