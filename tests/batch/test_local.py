"""A pool of processes in which one may die, hang or go wrong, and only its own job is lost."""

import os
import re
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from hipaudit.batch import ClipJob, Options, Outcome, local
from hipaudit.batch.local import LocalPool, worker_count
from hipaudit.errors import HipauditError


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
    if what == "dies in a second":
        time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGKILL)
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


def test_a_job_that_dies_while_the_run_is_finished_was_not_tried_twice_and_is_not_remembered_as_such(run, tmp_path):
    outcomes = run("good", "dies in a second", workers=1, each=lambda pool, outcome: pool.finish())
    assert [outcome.job.clip.name for outcome in outcomes] == ["good"]
    assert not (tmp_path / "1").exists()


def workers_of(pid):
    """The worker processes that a run has now."""
    return [p for p in psutil.Process(pid).children() if "spawn_main" in " ".join(p.cmdline())]


def soon(what, seconds=30):
    """What comes true before long."""
    give_up = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < give_up
        time.sleep(0.005)
    return found


def test_a_worker_that_dies_before_it_has_a_job_costs_none(run):
    def kill_first():
        soon(lambda: workers_of(os.getpid()))[0].kill()

    killer = threading.Thread(target=kill_first)
    killer.start()
    outcomes = run(*["good"] * 4)
    killer.join()
    assert of(outcomes, "good") == [("done", None)] * 4
    assert [run.tries(n) for n in range(4)] == [1] * 4


def test_workers_that_never_come_up_end_the_run_in_a_sentence(run, monkeypatch):
    monkeypatch.setattr(local, "_prepare", _fall)
    with pytest.raises(HipauditError, match="die before they begin"):
        run("good", "good")


def _fall():
    os._exit(9)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no masks of signals here")
def test_workers_never_get_ctrl_c_not_even_while_they_start(run):
    """In the instants before pebble has them ignore it, it would end them with a traceback."""
    masks = []

    def look():
        first = soon(lambda: workers_of(os.getpid()))[0]
        status = Path(f"/proc/{first.pid}/status").read_text()
        masks.append(int(re.search(r"SigBlk:\s*(\w+)", status)[1], 16))

    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc here")
    looker = threading.Thread(target=look)
    looker.start()
    run("good")
    looker.join()
    assert masks[0] & (1 << (signal.SIGINT - 1))
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, []), "the parent gets it as ever"


def test_workers_do_not_outlive_the_pool(run):
    before = set(psutil.Process().children(recursive=True))
    run("good", "takes a while")
    left = [p for p in psutil.Process().children(recursive=True) if p not in before]
    assert [p for p in left if "resource_tracker" not in " ".join(p.cmdline())] == []


def test_as_many_workers_as_there_is_room_for():
    assert 1 <= worker_count() <= os.cpu_count()


@pytest.mark.parametrize(("limit", "most"), [("1500000000\n", 2), ("100000\n", 1), ("max\n", 64)])
def test_a_container_has_no_more_memory_than_it_may_take(tmp_path, monkeypatch, limit, most):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: range(64), raising=False)
    (tmp_path / "memory.max").write_text(limit)
    monkeypatch.setattr(local, "LIMITS", [tmp_path / "memory.max", tmp_path / "nothing"])
    free = psutil.virtual_memory().available / local.MEMORY
    assert max(1, min(most, int(free) - 1)) <= worker_count() <= most
