"""A pool of processes in which one may die, hang or go wrong, and only its own job is lost."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from hipaudit.batch import ClipJob, Options, Outcome
from hipaudit.batch.local import LocalPool, worker_count


def work(job):
    """Stands for a job: its clip's name says what happens to the process that does it."""
    tries = job.folder.with_suffix(".tries")
    with tries.open("a") as file:
        file.write(f"{os.getpid()}\n")
    first = len(tries.read_text().splitlines()) == 1
    what = job.clip.name
    if what == "dies" or (what == "dies once" and first):
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "hangs" or (what == "hangs once" and first):
        time.sleep(600)
    if what == "breaks":
        raise ZeroDivisionError("a mistake of ours")
    if what == "takes a while":
        time.sleep(1.0)
    return Outcome(job, "done", frames=1)


@pytest.fixture
def run(tmp_path):
    """Runs jobs by what is to happen to each, with a limit of seconds; gives outcomes by clip."""

    def run(*names, workers=2, limit_s=5.0, each=lambda pool, outcome: None):
        jobs = [ClipJob("A", Path("/") / name, tmp_path / f"{n}", Options()) for n, name in enumerate(names)]
        pool = LocalPool(workers, limit_s, work)
        outcomes = []
        try:
            for outcome in pool.run(jobs):
                outcomes.append(outcome)
                each(pool, outcome)
        finally:
            pool.close()
        return outcomes

    run.tries = lambda n: len((tmp_path / f"{n}.tries").read_text().splitlines())
    return run


def of(outcomes, name):
    return [(o.state, o.failure and o.failure.kind) for o in outcomes if o.job.clip.name == name]


@pytest.mark.parametrize(("name", "kind"), [("dies", "died"), ("hangs", "too long")])
def test_a_job_that_takes_its_process_along_is_tried_twice_and_costs_no_other(run, name, kind):
    outcomes = run("good", name, *["good"] * 6, limit_s=2.0)
    assert of(outcomes, name) == [("failed", kind)]
    assert of(outcomes, "good") == [("done", None)] * 7
    assert run.tries(1) == 2


@pytest.mark.parametrize("name", ["dies once", "hangs once"])
def test_a_second_try_that_works_is_a_job_well_done(run, name):
    outcomes = run("good", name, "good", limit_s=2.0)
    assert of(outcomes, name) == [("done", None)]
    assert len(outcomes) == 3
    assert run.tries(1) == 2


def test_a_mistake_of_ours_is_a_row_that_says_so(run):
    outcomes = run("good", "breaks", "good")
    assert of(outcomes, "breaks") == [("failed", "unexpected")]
    (failure,) = (o.failure for o in outcomes if o.failure)
    assert failure.say == "hipaudit itself failed (ZeroDivisionError: a mistake of ours): please report this."
    assert len(outcomes) == 3
    assert run.tries(1) == 1, "it would go wrong again"


def test_after_finish_no_further_job_is_begun_and_those_under_way_are_waited_for(run):
    outcomes = run(*["takes a while"] * 30, each=lambda pool, outcome: pool.finish())
    assert 1 <= len(outcomes) <= 5
    assert of(outcomes, "takes a while") == [("done", None)] * len(outcomes)


def test_workers_do_not_outlive_the_pool(run):
    before = set(psutil.Process().children(recursive=True))
    run("good", "takes a while")
    left = [p for p in psutil.Process().children(recursive=True) if p not in before]
    assert [p for p in left if "resource_tracker" not in " ".join(p.cmdline())] == []


def test_as_many_workers_as_there_is_room_for():
    assert 1 <= worker_count() <= os.cpu_count()
