"""What the person told: age, pain, safety answers, training, and tests done without a camera.

An intake file is TOML or JSON; what is left out counts as not known, never as fine. Every key may be left out, except
that in [safety] the first two and in [training] both answers go together; a test counts as passed once both sides are
done, and as failed by the side that was.

    age = 28
    sex = "female"              # or "male"; only the chair stand norms ask
    pain = 0                    # worst of the last 48 h and during the filming, 0-10
    fall_last_year = false
    equipment = ["mini_band", "step"]  # beside floor, wall and chair; left out, anything may be suggested

    [safety]                    # answers to the safety questions
    urgent = false              # any sign that needs help now
    see_someone_first = false   # any reason to be cleared by a professional before training
    restricted = false          # a condition that rules out impact for now

    [training]                  # leg strength training of the last three months
    sessions_per_week = 2
    weeks = 12

    [tests]
    chair_stand_30s = 34
    single_leg_stance_s = { left = 30, right = 30 }
    single_leg_bridge_s = { left = 45, right = 45 }
    side_lying_abduction_s = { left = 40, right = 40 }
"""

import json
import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from ..errors import IntakeError
from ..findings import FunctionalTest
from ..library import equipment

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Seconds = Annotated[float, Field(ge=0, le=600)]


def _known(piece: str) -> str:
    """A piece of equipment of the library, or what it might have been."""
    if piece in equipment():
        return piece
    close = get_close_matches(piece, equipment(), n=2)
    hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(equipment())}."
    raise PydanticCustomError("unknown_piece", "{hint}", {"hint": hint})


Piece = Annotated[str, AfterValidator(_known)]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BothSides(_Told):
    """A test of each side, seconds."""

    left: Seconds | None = None
    right: Seconds | None = None

    @property
    def worse(self) -> float | None:
        """The shorter side; None until both were tested, for the untested one may be the worse."""
        return None if self.left is None or self.right is None else min(self.left, self.right)

    @property
    def at_most(self) -> float | None:
        """What the worse side is at most: the shorter of those tested, None where neither was."""
        return min((side for side in (self.left, self.right) if side is not None), default=None)


class Safety(_Told):
    """Answers to the safety questions; the first two go together."""

    urgent: bool
    see_someone_first: bool
    restricted: bool = False


class Training(_Told):
    """Leg strength training of the last three months."""

    sessions_per_week: Annotated[float, Field(ge=0, le=21)]
    weeks: Annotated[float, Field(ge=0)]


class Tests(_Told):
    """Tests done without a camera."""

    chair_stand_30s: Annotated[int, Field(ge=0, le=80)] | None = None
    single_leg_stance_s: BothSides | None = None
    single_leg_bridge_s: BothSides | None = None
    side_lying_abduction_s: BothSides | None = None

    def result(self, test: str) -> float | None:
        """The worse side of a test, None where it was not done."""
        value = getattr(self, test)
        return value.worse if isinstance(value, BothSides) else value

    def at_most(self, test: str) -> float | None:
        """What the worse side of a test is at most, None where neither was done: enough to fail it, not to pass."""
        value = getattr(self, test)
        return value.at_most if isinstance(value, BothSides) else value

    def of_side(self, test: str, side: str | None) -> float | None:
        """A test's result on one side, or as a whole where it has none; None where it was not done."""
        value = getattr(self, test)
        return getattr(value, str(side)) if isinstance(value, BothSides) else value


class Intake(_Told):
    """Everything told; None is not known."""

    age: Annotated[int, Field(ge=0, le=120)] | None = None
    sex: Literal["female", "male"] | None = None
    pain: Annotated[float, Field(ge=0, le=10)] | None = None
    fall_last_year: bool | None = None
    equipment: tuple[Piece, ...] | None = None
    safety: Safety | None = None
    training: Training | None = None
    tests: Tests = Tests()


def with_seen(told: Intake, seen: Sequence[FunctionalTest]) -> Intake:
    """The intake with the tests that clips show filled in, the best of each; what was told stands.

    A hold that the clip cuts off says too little to count, and only what is of medium or high confidence may change a
    phase.
    """
    tests = told.tests.model_dump(exclude_none=True)
    sure = (t for t in seen if not t.at_least and t.confidence != "low")
    for test in sorted(sure, key=lambda t: t.value):
        if told.tests.of_side(test.test, test.side) is not None:
            continue
        if test.side is None:
            tests[test.test] = test.value
        else:
            tests.setdefault(test.test, {})[test.side] = test.value
    return told.model_copy(update={"tests": Tests.model_validate(tests)})


_KEYS = sorted({k for model in (Intake, Safety, Training, Tests, BothSides) for k in model.model_fields})


_PLAIN = {  # what pydantic would say in its own terms
    "model_type": "keys and values, such as age = 28",
    "tuple_type": 'a list, such as ["step", "mini_band"]',
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
}


def _complaint(key: str, error: "ErrorDetails") -> str:
    """One sentence for the person who wrote the file."""
    name = key.rpartition(".")[2]
    if error["type"] == "extra_forbidden":
        close = get_close_matches(name, _KEYS, n=1)
        return f"{key} is not a key of an intake" + (f"; did you mean {close[0]}?" if close else ".")
    if error["type"] == "missing":
        return f"{key} is missing: where [{key.rpartition('.')[0]}] is given, it must be answered."
    if error["type"] == "unknown_piece":
        return f"{key.partition('.')[0]}: {error['input']!r} is no equipment hipaudit knows; {error['msg']}"
    what = _PLAIN.get(error["type"]) or error["msg"].lower().removeprefix("input should be ").split(",")[0]
    return f"{key} must be {what}, not {error['input']!r}."


def read_intake(path: str | Path) -> Intake:
    """Reads an intake file, TOML or JSON by its ending.

    Raises:
        IntakeError: the file is missing, is neither, or a key is unknown or out of range.
    """
    path = Path(path)
    try:
        text = path.read_text("utf-8-sig")  # Windows' editor puts a mark in front
        told: dict[str, Any] = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
        return Intake.model_validate(told)
    except OSError as error:
        raise IntakeError(f"The intake file {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise IntakeError(f"{path.name}: {_complaint(key, first)}") from error
    except UnicodeDecodeError as error:
        raise IntakeError(f"{path.name} is not UTF-8 text: save it again as plain text, encoding UTF-8.") from error
    except json.JSONDecodeError as error:
        raise IntakeError(f"{path.name} is not valid JSON: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise IntakeError(
            f"{path.name} is not valid TOML: {error}. A line reads key = value; words stand in quotation "
            "marks, and yes or no is true or false."
        ) from error
