"""A core for each worker: processes that wander between cores lose time."""

import os
import socket
import uuid

_held: list[socket.socket] = []  # what this process holds until it ends, however it ends


def own_cores() -> set[int]:
    """The cores this process may use; none where the system does not let a process be kept to one (macOS, Windows)."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def cores_for(workers: int) -> str:
    """The name under which so many workers share out the cores; "" where the system places them better.

    That is so where there are more cores than workers.
    """
    return f"hipaudit {uuid.uuid4()}" if workers >= len(own_cores()) > 1 else ""


def take_core(shared: str) -> None:
    """Keeps this process, and what it begins from now on, to a core that no other one has.

    Where all are taken, or the system does not allow it, it stays where it is. A core is free again as soon as its
    process has ended, so a process that replaces another one takes its place.
    """
    for core in sorted(own_cores()) if shared else ():
        place = socket.socket(socket.AF_UNIX)  # Linux takes a name of its own without a file, from one process only
        try:
            place.bind(f"\0{shared} {core}")
            os.sched_setaffinity(0, {core})
        except OSError:
            place.close()
            continue
        _held.append(place)
        return
