"""Writes what a test done in front of the camera gave into an intake file, to be read back by `read_intake`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import OutputError
from ..files import placed
from .intake import Intake, Tests, read_intake


def record_result(path: str | Path, test: str, side: str | None, value: float) -> Intake:
    """Puts the result of a test into the intake file at `path`, TOML or JSON by its ending, and gives the intake back.

    A missing file is made; in one that is there the result takes the place of an earlier one of that test and side, and
    everything else told stays. Comments of a TOML file are not kept.

    Raises:
        IntakeError: the file that is there is no intake.
        OutputError: the disk refuses.
        ValueError: no intake holds such a test, or not with such a value.
    """
    path = Path(path)
    told = read_intake(path) if path.exists() else Intake()
    tests = told.tests.model_dump(exclude_none=True)
    if side is None:
        tests[test] = value
    else:
        tests.setdefault(test, {})[side] = value
    intake = told.model_copy(update={"tests": Tests.model_validate(tests)})
    held = intake.model_dump(mode="json", exclude_none=True)
    text = json.dumps(held, indent=1, ensure_ascii=False) if path.suffix.lower() == ".json" else "\n".join(_toml(held))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror}. Choose another place.") from error
    with placed(path) as part:
        part.write_text(text + "\n", "utf-8")
    return intake


def _toml(held: dict[str, Any]) -> Iterator[str]:
    """The lines of an intake: plain keys first, then its tables; JSON writes words, numbers and lists as TOML does."""
    tables = {key: value for key, value in held.items() if isinstance(value, dict)}
    for key, value in held.items():
        if key not in tables:
            yield f"{key} = {_value(value)}"
    for key, table in tables.items():
        if table:
            yield f"\n[{key}]"
            yield from (f"{name} = {_value(value)}" for name, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
