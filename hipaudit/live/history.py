"""How often each movement was trained: one small file of the user's own, which can be switched off.

Feedback is given the less often the more sessions of a movement have been done, so that much must be remembered:
a count for each movement, no dates, no numbers of a body.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from ..errors import OutputError
from ..files import placed
from ..library import cues, movements

OFF = "off"
FORMAT = "hipaudit.history/1"


def own_file() -> Path | None:
    """HIPAUDIT_HISTORY if it is set, None where it is "off"; else in the user's data folder."""
    told = os.environ.get("HIPAUDIT_HISTORY", "")
    if told.lower() == OFF:
        return None
    return Path(told) if told else user_data_path("hipaudit", appauthor=False) / "history.json"


@dataclass(frozen=True, slots=True)
class History:
    """Sessions of each movement that count for how often feedback is given.

    path     where it is kept, None where nothing is
    problem  what is wrong with the file, in a sentence; "" where nothing is
    """

    path: Path | None = None
    sessions: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""

    def trained(self, movement: str) -> int:
        """Sessions of a movement done before."""
        return self.sessions.get(movement, 0)

    def after(self, movement: str, relapsed: bool = False) -> "History":
        """The history with one more session; where much was beyond a cut, back by one step of feedback."""
        done = self.trained(movement)
        steps = [step.from_session - 1 for step in cues().fading if step.from_session - 1 <= done]
        now = steps[-2] if relapsed and len(steps) > 1 else done + 1
        return History(self.path, {**self.sessions, movement: now}, self.problem)

    def save(self) -> None:
        """Writes the file as a whole; nothing where nothing is kept.

        Raises:
            OutputError: the disk refuses.
        """
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"Cannot write {self.path}: {error.strerror}. Set HIPAUDIT_HISTORY to another file, or to off."
            ) from error
        with placed(self.path) as part:
            text = json.dumps({"format": FORMAT, "sessions": dict(sorted(self.sessions.items()))}, indent=1)
            part.write_text(text + "\n", "utf-8")


def load(path: Path | None) -> History:
    """Reads the history; a missing file is an empty one, and one that cannot be read too, with its `problem`."""
    if path is None or not path.exists():
        return History(path)
    try:
        held = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        held = None
    sessions = _counts(held)
    if sessions is None:
        return History(
            path,
            {},
            f"{path} cannot be read as a history of sessions: counting begins anew, and the file is replaced after "
            "the next session.",
        )
    return History(path, sessions)


def _counts(held: Any) -> dict[str, int] | None:  # noqa: ANN401 - any JSON value
    """The counts of a file's content, None where it is not a history; movements of other versions are left out."""
    if not isinstance(held, dict) or held.get("format") != FORMAT or not isinstance(held.get("sessions"), dict):
        return None
    counts = held["sessions"]
    if not all(type(count) is int and count >= 0 for count in counts.values()):
        return None
    return {name: count for name, count in counts.items() if name in movements()}
