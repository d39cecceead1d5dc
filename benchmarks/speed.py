"""How long an audit with report and annotated video takes, against the bare pose loop on the same clip.

    python benchmarks/speed.py [CLIP] [--runs 5]

Both are timed as whole processes, start to end, in turn (bare, audit, bare, audit, ...), so that a machine whose speed
drifts slows both alike. The bare loop only decodes the clip and gives each picture to the pose model, no masks.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_videos" / "squat_front_knees_in.mp4"
BARE = """
import sys
import av
import mediapipe as mp
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

model, clip = sys.argv[1:]
options = PoseLandmarkerOptions(BaseOptions(model_asset_path=model), running_mode=RunningMode.VIDEO)
with PoseLandmarker.create_from_options(options) as landmarker, av.open(clip) as container:
    for frame in container.decode(video=0):
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.to_ndarray(format="rgb24"))
        landmarker.detect_for_video(image, round(frame.time * 1000))
"""


def seconds(*command):
    begin = time.perf_counter()
    subprocess.run([sys.executable, *map(str, command)], check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("clip", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--runs", type=int, default=5)
    told = parser.parse_args()
    model = ROOT / "models" / "pose_landmarker_full.task"
    bare, audit = [], []
    with tempfile.TemporaryDirectory() as out:
        for _ in range(told.runs):
            bare.append(seconds("-c", BARE, model, told.clip))
            audit.append(seconds("-m", "hipaudit", "audit", told.clip, "--out", out))
    print(f"{told.clip.name}, {told.runs} runs each, seconds\n\n| | least | median |\n| --- | --- | --- |")
    for name, times in (("bare pose loop", bare), ("audit with report and video", audit)):
        print(f"| {name} | {min(times):.1f} | {statistics.median(times):.1f} |")
    pairs = [b / a for a, b in zip(bare, audit, strict=True)]
    print(f"\nratio pair by pair: {min(pairs):.2f} least, {statistics.median(pairs):.2f} median")


if __name__ == "__main__":
    main()
