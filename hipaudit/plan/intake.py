"""What the person told: age, pain, safety answers, training, and tests done without a camera.

An intake file is TOML or JSON; every key may be left out, and what is left out counts as not known, never as fine.

    age = 28
    sex = "female"              # or "male"; only the chair stand norms ask
    pain = 0                    # worst of the last 48 h and during the filming, 0-10
    fall_last_year = false

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
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import IntakeError

Seconds = Annotated[float, Field(ge=0, le=600)]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BothSides(_Told):
    """A test of each side, seconds."""

    left: Seconds | None = None
    right: Seconds | None = None

    @property
    def worse(self) -> float | None:
        """The shorter of the sides that were tested."""
        known = [s for s in (self.left, self.right) if s is not None]
        return min(known) if known else None


class Safety(_Told):
    """Answers to the safety questions."""

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


class Intake(_Told):
    """Everything told; None is not known."""

    age: Annotated[int, Field(ge=0, le=120)] | None = None
    sex: Literal["female", "male"] | None = None
    pain: Annotated[float, Field(ge=0, le=10)] | None = None
    fall_last_year: bool | None = None
    safety: Safety | None = None
    training: Training | None = None
    tests: Tests = Tests()


def read_intake(path: Path) -> Intake:
    """Reads an intake file, TOML or JSON by its ending.

    Raises:
        IntakeError: the file is missing, is neither, or a key is unknown or out of range.
    """
    try:
        text = path.read_text("utf-8")
        told: dict[str, Any] = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
        return Intake.model_validate(told)
    except OSError as error:
        raise IntakeError(f"The intake file {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise IntakeError(f"{path.name}: {key} is not right ({first['msg'].lower()}).") from error
    except ValueError as error:
        raise IntakeError(f"{path.name} is not valid TOML or JSON: {error}.") from error
