"""MediaPipe's PoseLandmarker behind `PoseBackend`. The only module that imports MediaPipe."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

from ..frames import Frame
from . import Pose
from .models import MODELS, model_file
from .outline import back_outline
from .skeleton import Joint

# Joint name to its number among MediaPipe's 33 landmarks (BlazePose topology).
_LANDMARK = {
    "NOSE": 0, "LEFT_EAR": 7, "LEFT_SHOULDER": 11, "LEFT_ELBOW": 13, "LEFT_WRIST": 15, "LEFT_HIP": 23,
    "LEFT_KNEE": 25, "LEFT_ANKLE": 27, "LEFT_HEEL": 29, "LEFT_TOE": 31,
}  # fmt: skip
_LANDMARK |= {n.replace("LEFT", "RIGHT"): i + 1 for n, i in _LANDMARK.items() if n.startswith("LEFT")}
_ROWS = [_LANDMARK[j.name] for j in Joint]
_UPWARDS = np.array([1, -1, -1], np.float32)  # MediaPipe's world has y down and z away from the camera


class MediaPipeBackend:
    """PoseLandmarker in video mode, one person, CPU.

    Without `masks` the landmarks are the same to the last bit and come sooner, and no outline of the back is read:
    `Pose.back` is NaN. Name and SHA-256 are those of the published model either way, since the numbers are.

    Raises:
        BackendError: the model bundle is missing or damaged.
    """

    def __init__(self, model: str = "full", masks: bool = True) -> None:
        path = model_file(model, masks)
        self.name = f"mediapipe-{mp.__version__}-pose_landmarker_{model}"
        self.sha256 = MODELS[model].sha256
        self._masks = masks
        self._last_ms = -1
        self._warm = False
        options = PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=path.read_bytes()),
            running_mode=RunningMode.VIDEO,
            output_segmentation_masks=masks,
        )
        with _quiet():
            self._landmarker = PoseLandmarker.create_from_options(options)

    def detect(self, frame: Frame) -> Pose | None:
        """The person in this frame, or None if nobody is seen."""
        # Video mode wants whole milliseconds that always increase; the pose keeps the exact time.
        self._last_ms = max(round(frame.t * 1000), self._last_ms + 1)
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(frame.image))
        if self._warm:
            result = self._landmarker.detect_for_video(image, self._last_ms)
        else:
            with _quiet():
                result = self._landmarker.detect_for_video(image, self._last_ms)
            self._warm = bool(result.pose_landmarks)  # it chatters once more when it first finds somebody
        if not result.pose_landmarks:
            return None
        height, width = frame.image.shape[:2]
        seen, world = result.pose_landmarks[0], result.pose_world_landmarks[0]
        xy = np.array([(seen[i].x * width, seen[i].y * height) for i in _ROWS], np.float32)
        xyz = np.array([(world[i].x, world[i].y, world[i].z) for i in _ROWS], np.float32) * _UPWARDS
        visibility = np.array([seen[i].visibility for i in _ROWS], np.float32)
        if not self._masks:
            return Pose(frame.t, xy, xyz, visibility)
        back = back_outline(result.segmentation_masks[0].numpy_view().squeeze(-1), xy, xyz)
        return Pose(frame.t, xy, xyz, visibility, back)

    def close(self) -> None:
        """Gives the model's memory back."""
        self._landmarker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the native library's start-up chatter off stderr, which belongs to our progress and errors."""
    keep, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(keep, 2)
        os.close(keep)
        os.close(null)
