"""The film guide: one entry for each thing to change, however many patterns wait for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..audit import Audit
from ..findings import Unassessed
from ..library import FilmTip, film_guide, quantities, rules


@dataclass(frozen=True, slots=True)
class Advice:
    """A thing to change: how to film, and by movement the patterns that could then be judged."""

    tip: FilmTip
    shows: dict[str, list[str]]


def film_advice(audits: Sequence[Audit]) -> list[Advice]:
    """What to film differently, one entry for each missing view or other reason, in the order of the rules.

    What no filming would show, because the movement is not made for it, has no entry.
    """
    grouped: dict[str, dict[str, list[str]]] = {}
    for audit in audits:
        for unknown in audit.unassessed:
            titles = grouped.setdefault(_change(unknown, audit), {}).setdefault(audit.movement.title, [])
            if unknown.title not in titles:
                titles.append(unknown.title)
    return [Advice(film_guide()[change], shows) for change, shows in grouped.items() if change in film_guide()]


def _change(unknown: Unassessed, audit: Audit) -> str:
    """What has to change: the camera's place where that is what hindered, else the reason itself."""
    if unknown.reason not in ("wrong_view", "off_square"):
        return unknown.reason
    rule = next(r for r in rules().values() if r.finding == unknown.finding and audit.movement.name in r.movements)
    return "front" if "front" in quantities()[rule.measure].faces else "side"
