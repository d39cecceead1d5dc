"""hipaudit list: what the library holds, as tables or as JSON."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from . import app

if TYPE_CHECKING:
    from ..library import Rule

_FACES = {"front": "front", "back": "behind", "left": "side", "right": "side", "oblique": "oblique"}
_SENTENCES = (
    "how to film it",
    "sign",
    "says",
    "name and dose",
    "what it is",
)  # columns that may wrap; names stay whole
_SIGNS = {"above": ">=", "below": "<", "either": "±"}


class Kind(StrEnum):
    """What can be listed."""

    MOVEMENTS = "movements"
    MEASURES = "measures"
    RULES = "rules"
    FINDINGS = "findings"
    EXERCISES = "exercises"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True)
class Listing:
    """One table: its headings, its rows in words, and the library's own entries for --json."""

    headings: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[str, ...]]]
    entries: Callable[[], object]


@app.command("list")
def list_(
    kind: Annotated[Kind, typer.Argument(help="What to list.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the entries in full, as JSON.")] = False,
) -> None:
    """List the movements, measures, rules, findings, exercises or equipment this version knows.

    Example: hipaudit list findings
    """
    listing = _LISTINGS[kind]
    if as_json:
        print(json.dumps(listing.entries(), indent=1, ensure_ascii=False))
    else:
        _print(listing)


def _print(listing: Listing) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*listing.headings, box=None, pad_edge=False, padding=(0, 2, 1, 0), header_style="bold")
    for column in table.columns:
        column.no_wrap = column.header not in _SENTENCES
    for row in listing.rows():
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    Console(highlight=False).print(table)


def _movements() -> Iterator[tuple[str, ...]]:
    from ..library import movements

    for name, movement in movements().items():
        title = movement.name if movement.validated else f"{movement.name} (not validated)"
        yield name, title, str(movement.legs), movement.film


def _measures() -> Iterator[tuple[str, ...]]:
    from ..library import quantities

    for name, quantity in quantities().items():
        yield name, quantity.unit or "ratio", quantity.positive, _seen_from(quantity.faces), f"{quantity.error:g}"


def _rules() -> Iterator[tuple[str, ...]]:
    from ..library import rules

    for name, rule in rules().items():
        about = f"{name}\nfor {rule.finding}\ngrade {rule.grade}"
        yield about, _cuts(rule), "\n".join(rule.movements), "\n".join(rule.cite)


def _findings() -> Iterator[tuple[str, ...]]:
    from ..library import quantities, rules

    for rule in rules().values():
        quantity = quantities()[rule.measure]
        kind = "remark" if rule.information else "finding"
        yield rule.finding, kind, "\n".join(rule.movements), _seen_from(quantity.faces), rule.say.title


def _exercises() -> Iterator[tuple[str, ...]]:
    from ..library import exercises
    from ..plan.dose import amount

    for name, exercise in exercises().items():
        phases = f"{exercise.phases[0]}-{exercise.phases[-1]}" if len(exercise.phases) > 1 else str(exercise.phases[0])
        needs = "\n".join(" or ".join(group) for group in exercise.equipment.needs)
        yield name, phases, f"{exercise.name}\n{amount(exercise.dose)}", needs or "nothing"


def _equipment() -> Iterator[tuple[str, ...]]:
    from ..library import equipment

    for name, piece in equipment().items():
        yield name, piece.name, "yes" if piece.everywhere else ""


def _seen_from(faces: tuple[str, ...]) -> str:
    """The camera's places in words, "any" for all of them."""
    return "any" if len(faces) == len(_FACES) else ", ".join(dict.fromkeys(_FACES[face] for face in faces))


def _cuts(rule: "Rule") -> str:
    from ..findings import ON_SCREEN

    sign = _SIGNS[rule.direction]
    return "\n".join([rule.measure, *(f"{sign} {band.cut:g} {ON_SCREEN[band.level]}" for band in rule.severity)])


def _entries(kind: str) -> object:
    from .. import library

    return {name: entry.model_dump(mode="json") for name, entry in getattr(library, kind)().items()}


def _found() -> object:
    from ..library import quantities, rules

    return [
        {
            "finding": rule.finding,
            "rule": name,
            "remark": rule.information,
            "movements": rule.movements,
            "measure": rule.measure,
            "faces": quantities()[rule.measure].faces,
            "max_yaw_deg": quantities()[rule.measure].max_yaw_deg,
        }
        for name, rule in rules().items()
    ]


_LISTINGS = {
    Kind.MOVEMENTS: Listing(("movement", "name", "legs", "how to film it"), _movements, partial(_entries, "movements")),
    Kind.MEASURES: Listing(
        ("measure", "unit", "sign", "seen from", "error"), _measures, partial(_entries, "quantities")
    ),
    Kind.RULES: Listing(("rule", "cuts", "movements", "sources"), _rules, partial(_entries, "rules")),
    Kind.FINDINGS: Listing(("finding", "told as", "movements", "seen from", "says"), _findings, _found),
    Kind.EXERCISES: Listing(
        ("exercise", "phases", "name and dose", "needs"), _exercises, partial(_entries, "exercises")
    ),
    Kind.EQUIPMENT: Listing(("equipment", "what it is", "in every home"), _equipment, partial(_entries, "equipment")),
}
