"""Batches over a real Dask cluster: one of this machine, and one that was started by hand."""

import json
import os
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
from clinic import hipaudit_batch
from conftest import CLIPS, ROOT
from distributed import Client

from hipaudit.batch import ClipJob, Options, Outcome
from hipaudit.batch.dask import DaskRunner
from hipaudit.batch.local import LocalPool
from hipaudit.batch.ready import lacks, needed, unanswered
from hipaudit.errors import ClusterError, MissingExtra

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


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A cluster started by hand: a scheduler and one worker; and a way to start one more, elsewhere."""
    folder = tmp_path_factory.mktemp("cluster")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"

    @contextmanager
    def start(what, *arguments, path=ROOT):
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (path, ROOT / "tests" / "batch")))}
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments, "--no-dashboard"]
        with (folder / f"{what}.log").open("a") as log:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield address
        finally:
            process.terminate()
            process.wait(20)

    def worker(*arguments, path=ROOT):
        return start("worker", address, "--nthreads", "1", "--host", "127.0.0.1", *arguments, path=path)

    port = address.rpartition(":")[2]
    with start("scheduler", "--host", "127.0.0.1", "--port", port), worker():
        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=60)
        yield address, worker


def test_a_cluster_by_its_address_does_the_same(cluster, out):
    address, _ = cluster
    with running(address) as runner:
        assert runner.workers == 1
        found = states(runner.run(jobs(out)))
    assert found == [
        ("d01", "done", None),
        ("d09", "done", None),
        ("d14", "failed", "nothing to judge"),
        ("h05", "done", None),
    ]


def test_a_worker_of_another_version_is_told_before_anything_starts(cluster, out, tmp_path):
    address, worker = cluster
    shutil.copytree(ROOT / "hipaudit", tmp_path / "hipaudit")
    other = tmp_path / "hipaudit" / "__init__.py"
    other.write_text(other.read_text("utf-8").replace('__version__ = "', '__version__ = "0.0.'), "utf-8")
    with worker(path=tmp_path), running(address) as runner:
        wait_for(runner, 2)
        with pytest.raises(ClusterError, match=r"worker tcp://127\.0\.0\.1:\d+ has hipaudit 0\.0\..*install the same"):
            next(runner.run(jobs(out)))
    assert not list(out.iterdir())


def test_a_worker_without_a_nanny_is_told_before_anything_starts(cluster, out):
    address, worker = cluster
    with worker("--no-nanny"), running(address) as runner:
        wait_for(runner, 2)
        with pytest.raises(ClusterError, match="has no nanny"):
            next(runner.run(jobs(out)))
    assert not list(out.iterdir())


def wait_for(runner, workers):
    runner._client.wait_for_workers(workers, timeout=60)


def test_an_address_where_nothing_answers_is_told(monkeypatch):
    monkeypatch.setattr("hipaudit.batch.dask.CONNECT_S", 1.0)
    for address in ("tcp://127.0.0.1:9", "nonsense://x:1"):
        with pytest.raises(ClusterError, match=f"No Dask cluster answers at {address}"):
            DaskRunner(address, 1, 60.0)


def test_without_distributed_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "hipaudit.batch.dask")
    with pytest.raises(MissingExtra, match=r"hipaudit\[dask\]"):
        import hipaudit.batch.dask  # noqa: F401


def test_what_a_worker_lacks_is_said_in_a_clause(out, tmp_path):
    """Seen from a worker whose disk is another one: each is a question asked of every worker."""
    with needed(jobs(out)) as needs:
        assert lacks(needs, "w1") == ""
        assert unanswered(needs, "w1") == ""
        assert "writes to another folder" in unanswered(needs, "w2")
        assert "other rules" in lacks(replace(needs, rules="0"), "w1")
        assert "lacks the pose model" in lacks(replace(needs, model="none"), "w1")
        clip = jobs(out)[0].clip
        assert f"cannot read {clip.parent / 'gone'}" in lacks(replace(needs, see={clip.parent / "gone": 1}), "w1")
        assert f"sees another file as {clip}" in lacks(replace(needs, see={clip: 1}), "w1")
        token = needs.token[0]
        assert "sees another folder" in lacks(replace(needs, token=(token, "another")), "w1")
        assert "cannot write" in lacks(replace(needs, token=(tmp_path / "gone" / "token", "")), "w1")
    assert not list(out.iterdir())


def test_ctrl_c_finishes_what_is_under_way_and_a_second_run_does_the_rest(tmp_path):
    """The signal goes to the whole group, as a terminal sends it."""
    clients = tmp_path / "clients.csv"
    clients.write_text("client,clip\n" + "".join(f"c{i},{CLIPS / NAMES[0]}.npz\n" for i in range(12)), "utf-8")
    command = [sys.executable, "-m", "hipaudit", "batch", clients, "--out", tmp_path / "out", "--no-video"]
    command += ["--dask", "local", "--workers", "1", "--show", "jsonl"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        first = run.stdout.readline()
        os.killpg(run.pid, signal.SIGINT)
        rest, said = run.communicate(timeout=120)
    done = [first, *rest.splitlines()]
    assert run.returncode == 130, said
    assert said.splitlines() == [
        "hipaudit: Finishing the clips under way; Ctrl-C again stops at once.",
        "hipaudit: Ended early: the same command goes on from here.",
    ]
    assert all(json.loads(line)["state"] == "done" for line in done)
    assert len(done) < 12
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    again = [json.loads(line)["state"] for line in ended.stdout.splitlines()]
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (again.count("kept"), again.count("done")) == (len(done), 12 - len(done))


@pytest.mark.parametrize(
    ("told", "said"), [(["--dask", ""], "wants the address"), (["--dask", "tcp://a:1", "--workers", "2"], "leave")]
)
def test_what_cannot_be_meant_is_asked_back(clinic, tmp_path, told, said):
    ended = hipaudit_batch(clinic(1), "--out", tmp_path / "out", *told)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
