"""What a page may say to the server: every message is one of these, or the sentence that tells why it is not."""

import math
import struct
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ..errors import HipauditError
from ..frames.camera import MOST_BYTES
from ..library import movements

MOST_TEXT = 4096  # characters of a command
_TIME = struct.Struct("<d")
MOST_MESSAGE = MOST_BYTES + _TIME.size


class Refused(HipauditError):  # noqa: N818 - reads as what it is
    """A message that cannot be taken, or comes from somebody who may not send it; the message says why."""


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(_Command):
    """The first message: the token shows that the page was opened from the address hipaudit printed."""

    type: Literal["hello"]
    token: Annotated[str, Field(max_length=200)]


class Start(_Command):
    """Begin with the set-up of the first set. One of `reps` and `hold_s`, or `timed`: as many as the time allows."""

    type: Literal["start"]
    movement: str
    side: Literal["left", "right", "both"]
    sets: Annotated[int, Field(ge=1, le=20)] = 1
    reps: Annotated[int, Field(ge=1, le=100)] | None = None
    hold_s: Annotated[float, Field(gt=0, le=300)] | None = None
    timed: bool = False
    rest_s: Annotated[float, Field(ge=0, le=600)] = 60.0


class Stop(_Command):
    """End the set under way now."""

    type: Literal["stop"]


class NextSet(_Command):
    """Begin the next set with its set-up."""

    type: Literal["next_set"]


class ShowNumber(_Command):
    """Say the last value."""

    type: Literal["show_number"]


class Record(_Command):
    """From the next set-up on: keep the pictures of a set in a file, the head hidden where `blur` is asked for."""

    type: Literal["record"]
    on: bool
    blur: bool = False


class Save(_Command):
    """Write the set just done as an audit, with its recording if there is one; answered with `saved`."""

    type: Literal["save"]


class SaveTests(_Command):
    """Add the results of the tests done so far to the intake file; answered with `saved`."""

    type: Literal["intake"]


Command = Hello | Start | Stop | NextSet | ShowNumber | Record | Save | SaveTests
_COMMAND: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])


def command(text: str) -> Command:
    """A text message as a command.

    Raises:
        Refused: it is none.
    """
    if len(text) > MOST_TEXT:
        raise Refused(f"A command of {len(text)} characters is too long.")
    try:
        told = _COMMAND.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(f"This is no command ({where + ': ' if where else ''}{first['msg']}).") from None
    if isinstance(told, Start):
        _check(told)
    return told


def _check(told: Start) -> None:
    movement = movements().get(told.movement)
    if movement is None:
        raise Refused(f"There is no movement '{told.movement[:40]}'.")
    if (told.side == "both") != (movement.legs == 2):
        raise Refused(f"{movement.name}: the side is {'both' if movement.legs == 2 else 'left or right'}.")
    if sum((told.reps is not None, told.hold_s is not None, told.timed)) > 1:
        raise Refused("Either reps, or hold_s, or timed.")


def picture(message: bytes, after_ms: float) -> tuple[float, bytes]:
    """A binary message as the capture time in ms, later than `after_ms`, and the JPEG.

    Raises:
        Refused: it is too large or too short, or its time does not increase.
    """
    if len(message) > MOST_MESSAGE:
        raise Refused(f"A picture of {len(message) / 1e6:.1f} MB is too large: at most {MOST_BYTES / 1e6:.0f} MB.")
    if len(message) <= _TIME.size:
        raise Refused("A picture is 8 bytes of its time and a JPEG; this message is shorter.")
    (at,) = _TIME.unpack_from(message)
    if not math.isfinite(at):
        raise Refused("The time of a picture is not a number.")
    if at <= after_ms:
        raise Refused("Pictures must come in the order of their times.")
    return at, message[_TIME.size :]
