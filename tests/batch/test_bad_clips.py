"""A clinic's folder as it comes: good clips among all kinds of bad ones, under names of all kinds."""

import csv
import json
import os
import shutil
import zipfile

import av
import numpy as np
import pytest
from clinic import hipaudit_batch
from conftest import SAMPLES
from filming import film, grey

pytestmark = pytest.mark.model
GOOD = SAMPLES / "step_down_front_right_knee_in.mp4"
HOSTILE = [
    "Anna Maria",
    "emoji 🏋️‍♀️",
    'O\'Hara "Bo"',
    "n" * 255,
    "percent%20#?&",
    "-rf",
    "$(touch hacked)",
    "<script>alert(1)</script>".replace("/", "∕"),
]
EVERY = np.arange(0, 2, 1 / 25)


def cut(path, start, end):
    """The part of a good clip's bytes between two shares of it."""
    data = GOOD.read_bytes()
    path.write_bytes(data[int(start * len(data)) : int(end * len(data))])


def flipped(path):
    """A good clip with rotten bytes in its middle."""
    data = bytearray(GOOD.read_bytes())
    rotten = np.random.default_rng(1).integers(0, 256, len(data) // 3, np.uint8).tobytes()
    data[len(data) // 3 : len(data) // 3 + len(rotten)] = rotten
    path.write_bytes(data)


def sound(path):
    with av.open(str(path), "w") as output:
        stream = output.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44100
        for packet in (*stream.encode(frame), *stream.encode(None)):
            output.mux(packet)


def noise(t, size=(160, 120)):
    return np.random.default_rng(int(t * 1000)).integers(0, 256, (size[1], size[0], 3), np.uint8)


def still(path):
    """Somebody who only stands: one picture of a good clip, again and again."""
    with av.open(str(GOOD)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    film(path, EVERY, lambda t: picture)


def sized(path, data, size):
    path.write_bytes(data)
    os.truncate(path, size)


BAD = {
    "empty.mp4": lambda p: p.touch(),
    "one byte.mp4": lambda p: p.write_bytes(b"\0"),
    "text.mp4": lambda p: p.write_text("not a film\n" * 100),
    "html.mov": lambda p: p.write_text("<html><body>404 Not found</body></html>"),
    "random.mkv": lambda p: p.write_bytes(np.random.default_rng(0).bytes(100_000)),
    "zeros.avi": lambda p: sized(p, b"", 1_000_000),
    "archive.mp4": lambda p: zipfile.ZipFile(p, "w").writestr("a.txt", "x"),
    "photo.mp4": lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000)),
    "subtitles.mp4": lambda p: p.write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n"),
    "playlist.mp4": lambda p: p.write_text("#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"),
    "list.mp4": lambda p: p.write_text("ffconcat version 1.0\nfile /etc/passwd\n"),
    "head only.mp4": lambda p: cut(p, 0, 0.001),
    "no head.mp4": lambda p: cut(p, 0.5, 1),
    "tail only.mp4": lambda p: cut(p, 0.9, 1),
    "half.mp4": lambda p: cut(p, 0, 0.2),
    "truncated.mkv": lambda p: (film(p, EVERY), os.truncate(p, 600)),
    "sound.mp4": sound,
    "one picture.mp4": lambda p: film(p, [0.0]),
    "two pictures.mp4": lambda p: film(p, [0.0, 0.04]),
    "black.mp4": lambda p: film(p, EVERY, lambda t: np.zeros((120, 160, 3), np.uint8)),
    "white.mp4": lambda p: film(p, EVERY, lambda t: np.full((120, 160, 3), 255, np.uint8)),
    "grey.mp4": lambda p: film(p, EVERY, grey),
    "noise.mp4": lambda p: film(p, EVERY, noise),
    "tiny.mp4": lambda p: film(p, EVERY, lambda t: grey(t, (16, 16))),
    "narrow.mp4": lambda p: film(p, EVERY, lambda t: grey(t, (2, 480)), codec="mpeg4"),
    "one a second.mp4": lambda p: film(p, np.arange(0, 10.0)),
    "hours apart.mp4": lambda p: film(p, [0.0, 3600.0, 7200.0]),
    "still.mp4": still,
    "a folder.mp4": lambda p: p.mkdir(),
    "pipe.mp4": lambda p: os.mkfifo(p),  # by its name: there is none on Windows
    "dangling.mp4": lambda p: p.symlink_to("nowhere.mp4"),
    "loop.mp4": lambda p: p.symlink_to(p.name),
    "device.mp4": lambda p: p.symlink_to("/dev/zero"),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One run over the bad ones and two good ones, named in a manifest so that none is left out for its kind."""
    place = tmp_path_factory.mktemp("clinic")
    (place / "in").mkdir()
    rows = []
    for name, make in BAD.items():
        make(place / "in" / name)
        rows.append((f"client of {name}", place / "in" / name))
    rows.insert(3, ("../../good", GOOD))
    rows.append(("last", GOOD))
    rows.append(("flipped", place / "in" / "flipped.mp4"))
    flipped(place / "in" / "flipped.mp4")
    with (place / "clients.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("client", "clip"), *rows])
    result = hipaudit_batch(place / "clients.csv", "--out", place / "out", "--no-video", "--show", "jsonl")
    return place, result, {line["client"]: line for line in map(json.loads, result.stdout.splitlines())}


def test_the_good_ones_are_audited_and_the_exit_code_says_that_some_failed(run):
    place, result, lines = run
    assert result.returncode == 5, result.stderr
    assert "Traceback" not in result.stderr
    assert [lines[client]["state"] for client in ("../../good", "last")] == ["done", "done"]
    assert all((place / "out").resolve() in (place / line["folder"]).resolve().parents for line in lines.values())


@pytest.mark.parametrize("name", BAD)
def test_a_bad_clip_is_a_row_with_its_reason(run, name):
    place, _, lines = run
    line = lines[f"client of {name}"]
    assert line["state"] == "failed"
    assert line["why"]["kind"] in ("unreadable", "nothing to judge"), line["why"]
    assert len(line["why"]["say"]) > 30
    assert not (place / "out" / line["folder"] / "audit.json").exists()


def test_a_clip_with_rotten_bytes_is_judged_as_far_as_it_goes_or_refused(run):
    _, _, lines = run
    line = lines["flipped"]
    assert line["state"] == "done" or line["why"]["kind"] in ("unreadable", "nothing to judge")


def test_failures_are_listed(run):
    place, _, lines = run
    with (place / "out" / "failures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["client"] for row in rows} == {name for name, line in lines.items() if line["state"] == "failed"}


def test_names_of_all_kinds(poses, tmp_path):
    """The clients' folders and clips carry names that shells, pages and other systems stumble over."""
    clients = tmp_path / "clients"
    for name in HOSTILE:
        (clients / name).mkdir(parents=True)
        shutil.copy(SAMPLES / GOOD.name, clients / name / f"{name[:251]}.mp4")
        os.truncate(clients / name / f"{name[:251]}.mp4", 1000)  # judged as broken, quickly
    odd = os.fsdecode(b"no text \xff\xfe")  # a name of bytes that are no text, as old disks have them
    (clients / odd).mkdir()
    shutil.copy(GOOD, clients / odd / f"{odd}.mp4")
    shutil.copy(GOOD, clients / HOSTILE[1] / f"{HOSTILE[1]}.mp4")
    result = hipaudit_batch(clients, "--out", tmp_path / "out", "--no-video", "--show", "jsonl")
    lines = {line["client"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert set(lines) == {*HOSTILE, "no text \ufffd\ufffd"}
    assert {name for name, line in lines.items() if line["state"] == "done"} == {HOSTILE[1], "no text \ufffd\ufffd"}
    assert not list(tmp_path.rglob("hacked"))
    assert json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["clips"]["failed"] == len(HOSTILE) - 1
