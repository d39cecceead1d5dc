"""Work that is done ahead of being asked for, in a thread of its own."""

import threading
from collections.abc import Generator, Iterable
from queue import Full, Queue
from typing import TypeVar

T = TypeVar("T")
ROOM = 4  # pictures that may wait: enough to smooth a hiccup, few enough to stay small
_END = object()


def ahead(items: Iterable[T], room: int = ROOM) -> Generator[T]:
    """The same items in the same order, at most `room` of them made before they are asked for.

    Decoding, drawing and encoding run outside Python's lock, so stages chained through this use every core. What goes
    wrong while making an item is raised where it is asked for; a caller that stops early stops the thread too.
    """
    made: Queue[T | object] = Queue(room)
    stop = threading.Event()
    failed: list[BaseException] = []

    def put(item: T | object) -> None:
        while not stop.is_set():
            try:
                return made.put(item, timeout=0.1)
            except Full:
                continue

    def work() -> None:
        try:
            for item in items:
                put(item)
                if stop.is_set():
                    break
        except BaseException as error:  # noqa: BLE001 - handed to the caller, who raises it
            failed.append(error)
        finally:
            if isinstance(items, Generator):
                items.close()  # a generator belongs to the thread that runs it
            put(_END)

    worker = threading.Thread(target=work, name="hipaudit-ahead", daemon=True)
    worker.start()
    try:
        while (item := made.get()) is not _END:
            yield item  # type: ignore[misc]
        if failed:
            raise failed[0]
    finally:
        stop.set()
        worker.join()
