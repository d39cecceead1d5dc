"""hipaudit audit as a user runs it: real clips, the real model, exit codes, one clear sentence for what is wrong."""

import json
import os
import subprocess
import sys
import webbrowser

import av
import jsonschema
import numpy as np
import pytest
from conftest import SAMPLES, TRUTH

from hipaudit.audit.codec import json_schema
from hipaudit.audit.run import audit_clip
from hipaudit.cli.results import open_page
from hipaudit.overlay import to_jpeg

pytestmark = pytest.mark.model
CLIP = SAMPLES / "step_down_front_right_knee_in.mp4"


def hipaudit(*arguments, cwd):
    """Runs the command in a process of its own, on a wide plain terminal."""
    environment = os.environ | {"COLUMNS": "300", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "hipaudit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=300)


def remux(source, target, keep=1.0, **options):
    """A copy of a clip's packets in another container; `keep` is the share of its bytes that arrive."""
    with av.open(str(source)) as read, av.open(str(target), "w", **options) as write:
        stream = write.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(read.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                write.mux(packet)
    if keep < 1:
        data = target.read_bytes()
        target.write_bytes(data[: int(len(data) * keep)])
    return target


def encode(target, pictures, rate=25):
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = pictures[0].shape[1], pictures[0].shape[0], "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return target


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    (folder / "intake.toml").write_text("age = 30\npain = 4\n", "utf-8")
    result = hipaudit("audit", CLIP, "--out", folder / "out", "--intake", folder / "intake.toml", cwd=folder)
    return result, folder / "out"


def test_a_clip_gives_five_files_and_a_summary(done):
    result, out = done
    assert result.returncode == 0, result.stderr
    assert {p.name for p in out.iterdir()} == {
        "annotated.mp4",
        "audit.json",
        "measures.csv",
        "poses.npz",
        "report.html",
    }
    assert "the right knee drifts inward" in result.stdout
    assert "Pain of 4 out of 10" in result.stdout
    assert str(out / "report.html") in result.stdout
    assert str(out / "annotated.mp4") in result.stdout
    assert result.stderr == ""


def test_the_audit_says_what_made_it(done):
    audit = json.loads((done[1] / "audit.json").read_text("utf-8"))
    jsonschema.validate(audit, json_schema())
    assert audit["provenance"]["model"].endswith("pose_landmarker_full")
    assert len(audit["provenance"]["model_sha256"]) == 64
    clip = audit["clips"][0]
    assert (clip["width"], clip["height"], clip["median_fps"]) == (480, 640, 30.0)
    assert clip["broken_off_s"] is None


def test_json_goes_to_stdout_and_nothing_else(tmp_path):
    short = remux(CLIP, tmp_path / "short one.mkv", keep=0.62)
    result = hipaudit("audit", short, "--json", "--no-video", "--model", "lite", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    audit = json.loads(result.stdout)
    assert audit["clips"][0]["broken_off_s"] == pytest.approx(13, abs=3)
    assert audit["provenance"]["model"].endswith("lite")
    assert (tmp_path / "short one_audit" / "report.html").exists()
    assert not (tmp_path / "short one_audit" / "annotated.mp4").exists()


@pytest.mark.parametrize("name", sorted(p.stem for p in SAMPLES.glob("*.mp4")))
def test_the_samples_are_judged_as_their_cards_say(name):
    true = TRUTH[name]
    audit = audit_clip(SAMPLES / f"{name}.mp4").audit
    assert sum(rep.valid for rep in audit.reps) == len(true["bottoms"])
    assert (audit.movement.name, audit.movement.side) == (true["movement"], true["side"])
    assert audit.clips[0].view.facing == true["facing"]
    found = {(f.finding, f.side) for f in audit.findings if f.severity != "mild" and f.finding != "tempo_fast"}
    assert found == {(finding, side or None) for finding, _, side in (e.partition(":") for e in true["expect"])}
    hidden = {"lumbar_arch"} if true["facing"] == "front" else {"knee_valgus", "hip_shift"}
    if audit.movement.name == "squat":
        assert hidden <= {u.finding for u in audit.unassessed}


BAD = {
    "empty.mp4": (3, "empty"),
    "noise.mp4": (3, "cannot be read as a video"),
    "text.mp4": (3, "cannot be read as a video"),
    "truncated.mp4": (3, "cannot be read as a video"),
    "audio.mp4": (3, "no picture"),
    "folder.mp4": (3, "folder"),
    "missing.mp4": (3, "does not exist"),
    "photo.jpg": (3, "not a video file"),
    "one frame.mp4": (4, "no repetition"),
    "nobody.mp4": (4, "Nobody can be seen"),
}


@pytest.fixture(scope="module")
def bad_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad")
    (folder / "empty.mp4").touch()
    (folder / "noise.mp4").write_bytes(np.random.default_rng(0).bytes(100_000))
    (folder / "text.mp4").write_text("this is no film")
    (folder / "truncated.mp4").write_bytes(CLIP.read_bytes()[:200_000])
    (folder / "folder.mp4").mkdir()
    with av.open(str(folder / "audio.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with av.open(str(CLIP)) as container:
        person = next(container.decode(video=0)).to_ndarray(format="rgb24")
    encode(folder / "one frame.mp4", [person])
    (folder / "photo.jpg").write_bytes(to_jpeg(person))
    rng = np.random.default_rng(1)
    encode(folder / "nobody.mp4", [rng.integers(0, 255, (240, 320, 3), np.uint8) for _ in range(30)])
    return folder


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_gets_its_code_and_one_clear_sentence(bad_folder, name):
    code, words = BAD[name]
    result = hipaudit("audit", bad_folder / name, "--out", bad_folder / "out", cwd=bad_folder)
    assert result.returncode == code
    assert result.stdout == ""
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (bad_folder / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--movement", "cartwheel"), "cartwheel"),
        (("--side", "up"), "up"),
        (("--model", "huge"), "huge"),
        (("--intake", "nothing.toml"), "nothing.toml"),
        (("--colour",), "--colour"),
    ],
)
def test_wrong_use_is_two(tmp_path, arguments, words):
    result = hipaudit("audit", CLIP, *arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_that_cannot_be_written_is_said_before_the_work(tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = hipaudit("audit", CLIP, "--out", tmp_path / "file", cwd=tmp_path)
    assert result.returncode == 2
    assert "is a file, not a folder" in result.stderr


@pytest.mark.parametrize("clip", [".", "/"])
def test_a_folder_instead_of_a_clip_is_said(tmp_path, clip):
    result = hipaudit("audit", clip, cwd=tmp_path)
    assert result.returncode == 3
    assert "is a folder" in result.stderr


def test_a_wrong_movement_gives_no_phase(tmp_path):
    result = hipaudit("audit", CLIP, "--movement", "squat", "--model", "lite", cwd=tmp_path)
    assert result.returncode == 4
    assert "No repetition of a squat counts" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_of_two_clips_the_one_that_cannot_be_judged_is_named(bad_folder):
    result = hipaudit("audit", bad_folder / "nobody.mp4", CLIP, "--model", "lite", cwd=bad_folder)
    assert result.returncode == 4
    assert result.stderr.startswith("hipaudit: nobody.mp4: Nobody can be seen")


def test_a_terminal_of_few_letters_shows_the_rest(tmp_path):
    plain = os.environ | {"PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "hipaudit", "list", "rules"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=plain, timeout=60)
    assert result.returncode == 0, result.stderr
    assert "knee_valgus" in result.stdout


def test_without_a_browser_the_report_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    open_page(tmp_path / "report.html")
    assert capsys.readouterr().err == f"hipaudit: No browser can be opened here: open {tmp_path}/report.html by hand.\n"


def test_the_lines_of_python_in_the_readme_run(tmp_path):
    text = (SAMPLES.parent / "README.md").read_text("utf-8")
    code = text.partition("```python\n")[2].partition("```")[0].replace("squat_audit", str(tmp_path / "out"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=SAMPLES.parent, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "knees drift inward" in done.stdout
    assert (tmp_path / "out" / "report.html").exists()


def test_no_arguments_shows_the_help(tmp_path):
    assert "audit" in hipaudit(cwd=tmp_path).stdout
    assert hipaudit("--version", cwd=tmp_path).stdout.startswith("hipaudit 0.")
