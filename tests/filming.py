"""Clips as phones write them, made for a test."""

from fractions import Fraction

import av
import numpy as np

TICKS = 30000  # per second: holds 29.97, 30, 60, 120 and 240 per second exactly
DARK, STEP_PER_S = 40, 60  # a picture's grey tells its own time


def grey(t, size=(160, 120)):
    return np.full((size[1], size[0], 3), round(DARK + STEP_PER_S * t) % 256, np.uint8)


def film(
    path, times, picture=grey, codec="libx264", pixels="yuv420p", aspect=None, turned=0, container=None, **options
):
    """Writes a clip with a picture at each of `times` seconds; `turned` is the counter-clockwise turn it asks for."""
    with av.open(str(path), "w", options=container or {}) as output:
        stream = output.add_stream(codec, rate=30)
        stream.height, stream.width = picture(times[0]).shape[:2]
        stream.pix_fmt = pixels
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS)
        stream.options = {"preset": "ultrafast", **options} if codec != "mpeg4" else {}
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if turned:
            stream.set_display_rotation(turned)
        for t in times:
            frame = av.VideoFrame.from_ndarray(picture(t), format="rgb24")
            frame.pts, frame.time_base = round(t * TICKS), Fraction(1, TICKS)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path
