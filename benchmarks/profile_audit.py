"""Where the CPU time of an audit goes: decoding, the pose model, and hipaudit's own Python.

    python benchmarks/profile_audit.py [CLIP]

CPU seconds of the whole process (all threads), without the report. "Own" is everything that is neither PyAV decoding
and converting a picture nor the pose model's native call.
"""

import sys
import time
from pathlib import Path

from hipaudit.audit.run import audit_poses, find_poses
from hipaudit.frames.video import VideoFile
from hipaudit.poses.mediapipe import MediaPipeBackend

SAMPLE = Path(__file__).parents[1] / "sample_videos" / "squat_front_knees_in.mp4"


class Meter:
    """Adds up CPU seconds spent inside it."""

    def __init__(self):
        self.spent = 0.0

    def __call__(self, function):
        def timed(*args):
            before = time.process_time()
            try:
                return function(*args)
            finally:
                self.spent += time.process_time() - before

        return timed


def main():
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    decode, model, own = Meter(), Meter(), Meter()

    def opened(masks):
        backend = MediaPipeBackend(masks=masks)
        backend._landmarker.detect_for_video = model(backend._landmarker.detect_for_video)
        return backend

    begin = time.process_time()
    clip = VideoFile(path)
    clip._upright = decode(clip._upright)
    track, backend = find_poses(clip, opened)
    poses = time.process_time() - begin
    own(audit_poses)(track, clip.info(), backend)
    total = time.process_time() - begin
    begin = time.process_time()
    plain = VideoFile(path)
    plain._upright = lambda frame: None
    frames = sum(1 for _ in plain)
    decode.spent += time.process_time() - begin  # decoding itself, measured alone: it runs in threads of its own
    rest = poses - decode.spent - model.spent
    print(f"{path.name}: {frames} frames, {total:.2f} s of CPU\n")
    print("| part | CPU s | share |\n| --- | --- | --- |")
    for name, spent in (
        ("decoding and turning pictures", decode.spent),
        ("pose model", model.spent),
        ("own: frames to poses", rest),
        ("own: poses to audit", own.spent),
    ):
        print(f"| {name} | {spent:.2f} | {100 * spent / total:.1f} % |")


if __name__ == "__main__":
    main()
