"""Whether the landmarks are the same without the mask of the person, over whole clips.

python benchmarks/without_masks.py [CLIP ...] [--model lite]
"""

import argparse
from pathlib import Path

import numpy as np

from hipaudit.frames.ahead import ahead
from hipaudit.frames.video import VideoFile
from hipaudit.poses import collect
from hipaudit.poses.mediapipe import MediaPipeBackend

SAMPLES = sorted((Path(__file__).parents[1] / "sample_videos").glob("*.mp4"))
PARTS = ("xy", "xyz", "visibility")


def poses(path, model, masks):
    clip = VideoFile(path)
    with MediaPipeBackend(model, masks) as backend:
        return collect(((frame.t, backend.detect(frame)) for frame in ahead(clip)), clip.size)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("clips", type=Path, nargs="*", default=SAMPLES)
    parser.add_argument("--model", default="full")
    told = parser.parse_args()
    print("| clip | frames | landmarks | largest difference, px |\n| --- | --- | --- | --- |")
    for path in told.clips:
        whole, cut = (poses(path, told.model, masks) for masks in (True, False))
        same = all(np.array_equal(getattr(whole, part), getattr(cut, part), equal_nan=True) for part in PARTS)
        apart = np.nanmax(np.abs(whole.xy - cut.xy))
        print(f"| {path.stem} | {len(whole)} | {'same' if same else 'differ'} | {apart:g} |")


if __name__ == "__main__":
    main()
