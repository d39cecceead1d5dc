"""Workers share out the cores of this machine among themselves."""

import time
from multiprocessing import get_context

import pytest

from hipaudit.batch import ClipJob, Options, Outcome
from hipaudit.batch.cores import cores_for, own_cores, take_core
from hipaudit.batch.dask import DaskRunner
from hipaudit.batch.local import LocalPool

pytestmark = pytest.mark.skipif(len(own_cores()) < 2, reason="nothing to share out")


def where(job):
    """A job that says which cores it may use."""
    time.sleep(0.2)
    return Outcome(job, "done", visit=repr(sorted(own_cores())))


def stay(shared, pipe):
    take_core(shared)
    pipe.send(own_cores())
    pipe.recv()


class Process:
    """A process that takes a core and keeps it until it is told to end, or killed."""

    def __init__(self, shared):
        context = get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=stay, args=(shared, other), daemon=True)
        self.process.start()
        self.cores = self.pipe.recv()

    def kill(self):
        self.process.kill()
        self.process.join()


def test_each_process_has_a_core_of_its_own_and_one_that_is_killed_leaves_it_to_the_next():
    shared = cores_for(len(own_cores()))
    processes = [Process(shared) for _ in own_cores()]
    assert [p.cores for p in processes] == [{core} for core in sorted(own_cores())]
    late = Process(shared)
    assert late.cores == own_cores(), "none is left: it goes where there is room"
    processes[0].kill()
    processes.append(Process(shared))
    assert processes[-1].cores == processes[0].cores
    for process in (*processes, late):
        process.kill()


def test_fewer_workers_than_cores_go_where_there_is_room():
    shared = cores_for(len(own_cores()) - 1)
    before = own_cores()
    take_core(shared)
    assert own_cores() == before


@pytest.mark.parametrize("pool", [LocalPool, lambda *told: DaskRunner("local", *told)], ids=["pool", "dask"])
def test_the_jobs_of_a_pool_run_there(pool, poses, tmp_path):
    runner = pool(len(own_cores()), 60.0, where)
    jobs = [ClipJob("A", poses[0], tmp_path / "A" / str(n), Options()) for n in range(4 * len(own_cores()))]
    try:
        used = {outcome.visit for outcome in runner.run(jobs)}
    finally:
        runner.close()
    assert used == {repr([core]) for core in own_cores()}
