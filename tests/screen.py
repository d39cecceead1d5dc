"""A screen in memory, and what is to be seen on it."""

import os
import shutil
import struct
import subprocess
from contextlib import contextmanager

import numpy as np
import pytest

needs_a_screen = pytest.mark.skipif(
    not shutil.which("Xvfb"), reason="Xvfb is not installed: no screen to open a window on"
)


class Screen:
    """An X server of its own; `environment` is what a program needs to show itself there."""

    def __init__(self, number, folder):
        self._file = folder / "Xvfb_screen0"
        self.environment = os.environ | {"DISPLAY": f":{number}", "QT_LOGGING_RULES": "*=false"}

    def picture(self):
        """(H, W, 3) RGB of the whole screen now, from the X window dump it is kept in."""
        data = self._file.read_bytes()
        head = struct.unpack(">25I", data[:100])
        size, width, height, row, colours = head[0], head[4], head[5], head[12], head[19]
        pixels = np.frombuffer(data, np.uint8, row * height, size + 12 * colours)
        return pixels.reshape(height, row // 4, 4)[:, :width, 2::-1]


@contextmanager
def screen(folder, size="1400x1050"):
    """A screen for as long as the block lasts."""
    read, write = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(write),
        "-screen",
        "0",
        f"{size}x24",
        "-fbdir",
        str(folder),
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield Screen(int(told.readline()), folder)
    finally:
        server.terminate()
        server.wait(20)
