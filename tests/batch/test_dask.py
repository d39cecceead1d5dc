"""Batches over a real Dask cluster: one of this machine, and one that was started by hand."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace

import psutil
import pytest
from conftest import CLIPS, ROOT

from hipaudit.batch import ClipJob, Options, Outcome
from hipaudit.batch.dask import DaskRunner
from hipaudit.batch.local import LocalPool
from hipaudit.errors import ClusterError

NAMES = ("d01_squat_front_clean", "d09_sls_front_valgus_R", "d14_stand_front", "h05_stepdown_clean_R")


def jobs(out, names=NAMES):
    return [
        ClipJob(name[:3], CLIPS / f"{name}.npz", out / name[:3] / name, Options(video=False), movement="auto")
        for name in names
    ]


def named(out, *names):
    """Jobs whose work is done by a function of this module that looks at their names only."""
    return [ClipJob(name, CLIPS / f"{NAMES[0]}.npz", out / name / "clip", Options()) for name in names]


def crashes(job):
    """Kills its worker if the job is called so."""
    if job.client == "kills" or (job.client == "kills once" and mark(job)):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return Outcome(job, "done")


def hangs(job):
    if job.client == "hangs":
        time.sleep(600)
    return Outcome(job, "done")


def stumbles(job):
    raise ZeroDivisionError("no such luck")


def mark(job):
    """Whether this is the job's first try."""
    first = job.folder.parent.parent / "tried"
    try:
        first.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@contextmanager
def running(where="local", workers=2, limit_s=60.0, **options):
    runner = DaskRunner(where, workers, limit_s, **options)
    try:
        yield runner
    finally:
        runner.close()


def states(outcomes):
    return sorted((outcome.job.client, outcome.state, outcome.failure and outcome.failure.kind) for outcome in outcomes)


def test_a_cluster_finds_what_the_pool_finds_and_leaves_nothing_behind(out, tmp_path, capfd):
    pool = LocalPool(2, 60.0)
    by_pool = list(pool.run(jobs(tmp_path / "pool")))
    pool.close()
    before = set(psutil.Process().children(recursive=True))
    with running() as runner:
        assert runner.workers == 2
        by_cluster = list(runner.run(jobs(out)))
        ours = [psutil.Process(), *psutil.Process().children(recursive=True)]
        heard = {c.laddr.ip for p in ours for c in p.net_connections("inet") if c.status == psutil.CONN_LISTEN}
        again = list(runner.run(jobs(out)))
    assert heard == {"127.0.0.1"}
    assert states(by_cluster) == states(by_pool)
    for one, other in zip(*(sorted(found, key=lambda o: o.job.clip) for found in (by_cluster, by_pool)), strict=True):
        assert (one.failure, one.frames, one.files) == (other.failure, other.frames, other.files)
        for name in {*one.files} & {"audit.json", "measures.csv"}:
            assert (one.job.folder / name).read_bytes() == (other.job.folder / name).read_bytes()
    assert {state for _, state, _ in states(again)} == {"kept", "failed"}
    assert not list(out.glob(".hipaudit*"))
    assert not set(psutil.Process().children(recursive=True)) - before
    assert capfd.readouterr().err == ""


def test_a_job_that_kills_its_worker_costs_itself_alone(out, capfd):
    work = named(out, "kills", *(f"c{i}" for i in range(6)), "kills once")
    with running(work=crashes) as runner:
        found = states(runner.run(work))
    assert found == sorted(
        [("kills", "failed", "died"), *((f"c{i}", "done", None) for i in range(6)), ("kills once", "done", None)]
    )
    assert capfd.readouterr().err == ""


def test_a_job_that_hangs_is_ended_and_an_unforeseen_error_told(out, capfd):
    with running(work=hangs, limit_s=2.0) as runner:
        found = list(runner.run(named(out, "hangs", "a", "b", "c")))
        assert states(found) == [("a", "done", None), ("b", "done", None), ("c", "done", None)] + [
            ("hangs", "failed", "too long")
        ]
        runner._work = stumbles
        [stumbled] = runner.run(named(out, "d"))
    assert stumbled.failure.kind == "unexpected"
    assert "ZeroDivisionError: no such luck" in stumbled.failure.say
    assert capfd.readouterr().err == ""
