"""What a page is told when it comes in: what can be coached, and what was asked for on the command line."""

from typing import Any

from .. import __version__
from ..library import Movement, movements, protocol, quantities


def welcome(**asked: object) -> dict[str, Any]:
    """The welcome as plain JSON values; `asked` is what the command line told."""
    return {
        "type": "welcome",
        "version": __version__,
        "movements": [offered(movement) for movement in movements().values()],
        "measures": {name: {"title": q.title, "unit": q.unit} for name, q in quantities().items()},
        "notice": " ".join(protocol().safety),
        "can_record": True,
        **asked,
    }


def offered(movement: Movement) -> dict[str, Any]:
    """A movement as the page's start screen lists it; `seconds` is how long a test of it runs at most.

    `counts`: whether repetitions of it are done too, beside the test
    """
    held = movement.hold.at_most_s if movement.hold else movement.duration_s[1] if movement.lock_out else None
    timed = movement.chair.seconds if movement.chair else held
    return {
        "id": movement.id,
        "name": movement.name,
        "legs": movement.legs,
        "kind": "reps" if timed is None else "test",
        "film": movement.film,
        "from": "side" if movement.film.startswith("Film from the side") else "front",
        "seconds": timed,
        "unit": "s" if held else "",
        "counts": movement.hold is None,
    }
