"""A real server on this machine's loopback, and a page that speaks to it as the browser would."""

import json
import struct
import threading
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from hipaudit.frames.video import VideoFile
from hipaudit.live.server import listening, server

HERE = Path(__file__).parent
CLIPS = (HERE.parent / "sample_videos", HERE / "data")
STANDING = (
    8.0  # s for which a clip's first picture is shown before it: set-up, countdown and quiet stand take their time
)


class Page:
    """One page's socket."""

    def __init__(self, socket):
        self.socket = socket

    def tell(self, kind, **fields):
        self.socket.send(json.dumps({"type": kind, **fields}))

    def hear(self, timeout=20):
        return json.loads(self.socket.recv(timeout))

    def until(self, kind, timeout=20):
        """The events up to the first of a kind, that one included."""
        events = [self.hear(timeout)]
        while events[-1]["type"] != kind:
            events.append(self.hear(timeout))
        return events

    def show(self, at_ms, jpeg):
        """Sends one picture and returns the events up to its answer."""
        self.send(at_ms, jpeg)
        return self.until("tracked")

    def send(self, at_ms, jpeg):
        self.socket.send(struct.pack("<d", at_ms) + jpeg)

    def ended(self):
        """The close code and reason, all that was said before it left out."""
        try:
            while True:
                self.socket.recv(20)
        except ConnectionClosed as closed:
            return closed.rcvd.code, closed.rcvd.reason


class Served:
    """A running server and its desk."""

    def __init__(self, desk, at, server):
        self.desk, self.server, self.port = desk, server, at.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"

    @contextmanager
    def socket(self, **options):
        options = {"origin": self.origin, "max_size": None, "compression": None, **options}
        with connect(f"ws://127.0.0.1:{self.port}/ws", **options) as socket:
            yield Page(socket)

    @contextmanager
    def page(self, **hello):
        """A page that was welcomed."""
        with self.socket() as page:
            page.tell("hello", token=self.desk.token, **hello)
            page.welcome = page.hear()
            assert page.welcome["type"] == "welcome", page.welcome
            yield page


@contextmanager
def serving(desk, port=0):
    with listening(port) as at:
        runs = server(desk, at)
        thread = threading.Thread(target=runs.run, kwargs={"sockets": [at]})
        thread.start()
        try:
            yield Served(desk, at, runs)
        finally:
            runs.should_exit = True
            thread.join(20)
    assert not thread.is_alive()


def jpeg(image, quality=90):
    data = BytesIO()
    Image.fromarray(image).save(data, "JPEG", quality=quality)
    return data.getvalue()


def frames(name, standing=STANDING):
    """(seconds, picture) of a clip, its first picture standing still for a while before it."""
    first = None
    (clip,) = (file for folder in CLIPS if (file := folder / f"{name}.mp4").exists())
    for frame in VideoFile(clip):
        if first is None:
            first = frame.image
            for t in np.arange(0, standing, 1 / 30):
                yield float(t), first
        yield standing + frame.t, frame.image
