"""index.html: all clips of a run on one page, those first that need somebody's attention first.

The rows travel as JSON inside the page and its script shows a hundred at a time, so ten thousand stay usable. Without
scripts a plain table of all of them stands there. Pictures, reports and videos are files beside the page.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .. import __version__
from ..findings import CONFIDENCES, ON_SCREEN, SEVERITIES
from ..library import gates, protocol
from ..poses.skeleton import SIDES
from ..report import THUMBNAIL
from ..report.html import sealed
from ..report.video import video_file
from ..report.words import FACES
from .rows import REPORT, Row, patterns

KEPT_AS_THEY_ARE = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")
GRADES = tuple(ON_SCREEN[severity] for severity in SEVERITIES)
# Whom to look at first: what comes before any training, strong and clear patterns, what says nothing yet, the rest.
REFER, STRONG, CLEAR, UNSEEN, SLIGHT, STEADY = range(6)


@dataclass(frozen=True, slots=True)
class Tile:
    """A closing number, and the filter that shows the rows it counts: the filter's name and its value."""

    count: int
    words: str
    filter: str
    value: str


def content(rows: Sequence[Row], screens: int, not_reached: int = 0) -> str:
    """The overview as HTML: all clips, how many screens there are of them, and how many clips were not begun."""
    script, policy = _script()
    clients = len({row.client for row in rows})
    titles = list(dict.fromkeys(told.title for row in rows for told in row.found))
    said = {"grades": GRADES, "confidences": CONFIDENCES, "patterns": patterns(), "titles": titles}
    return (
        _pages()
        .get_template("index.html")
        .render(
            rows=rows,
            counts=f"{_many(len(rows), 'clip')} of {_many(clients, 'client')}, {_many(screens, 'screen')}",
            not_reached=not_reached,
            tiles=[tile for tile in _tiles(rows) if tile.count],
            movements=sorted({row.title for row in rows if row.title}),
            patterns=[pattern for pattern in patterns() if any(_is_found(row, pattern) for row in rows)],
            grades=GRADES,
            phases=sorted({row.start.phase for row in rows if row.start}),
            names=gates().phases,
            data=_inside_script({**said, "rows": [_as_data(row, titles) for row in rows]}),
            notice=protocol().safety,
            version=__version__,
            script=script,
            policy=policy,
        )
    )


def href(place: Path) -> str:
    """A relative path as a link: every byte that means something in an address, or is no plain letter, is encoded."""
    return "".join(chr(b) if b in KEPT_AS_THEY_ARE else f"%{b:02X}" for b in os.fsencode(place.as_posix()))


def attention(row: Row) -> int:
    """How soon a row wants to be looked at, from `REFER` to `STEADY`."""
    strongest = row.found[0].word if row.found else ""
    if row.start and row.start.phase == 0:
        return REFER
    if strongest in GRADES[1:]:
        return STRONG if strongest == GRADES[-1] else CLEAR
    if row.failure or row.again:
        return UNSEEN
    return SLIGHT if strongest else STEADY


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'s' * (count != 1)}"


def _is_found(row: Row, pattern: str) -> bool:
    return pattern in row.told and row.told[pattern].word in GRADES


def _tiles(rows: Sequence[Row]) -> list[Tile]:
    graded = [row.found[0].word for row in rows if row.found]
    return [
        Tile(sum(attention(row) == REFER for row in rows), "to ask a professional first", "phase", "0"),
        Tile(graded.count(GRADES[2]), "with a strong pattern", "grade", GRADES[2]),
        Tile(graded.count(GRADES[1]), "with a clear pattern at most", "grade", GRADES[1]),
        Tile(sum(bool(row.again) for row in rows), "to film again", "state", "again"),
        Tile(sum(bool(row.failure) for row in rows), "failed", "state", "failed"),
    ]


def _as_data(row: Row, titles: list[str]) -> dict[str, Any]:
    """A row as the script reads it; what is missing or empty is left out.

    Of a pattern that was found: its place in `patterns`, its grade's in `grades`, its title's in `titles`, whose side.
    """
    links = {"report": row.place(REPORT), "video": row.place(video_file(1)), "picture": row.place(THUMBNAIL)}
    links["screen"] = row.screen / REPORT if row.screen else None
    told = {
        "client": row.client,
        "visit": row.visit,
        "clip": row.clip,
        "movement": row.title,
        "side": _whose(row.side),
        "view": FACES.get(row.view, ""),
        "counted": row.counted,
        "found": [
            [patterns().index(told.pattern), GRADES.index(told.word), titles.index(told.title), _whose(told.side)]
            for told in row.found
        ],
        "sure": CONFIDENCES.index(row.confidence) if row.confidence else None,
        "phase": row.start.phase if row.start else None,
        "atMost": bool(row.start and row.start.provisional and row.start.phase),
        "again": row.again,
        "also": [wish.what for wish in row.also],
        "failed": row.failure.say if row.failure else "",
        "attention": attention(row),
        **{name: href(place) for name, place in links.items() if place},
    }
    return {name: value for name, value in told.items() if value or type(value) is int}


def _whose(side: str | None) -> str:
    return side if side in SIDES else ""


def _inside_script(data: Mapping[str, Any]) -> Markup:
    """JSON that no name in it can end the script with."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


@cache
def _pages() -> Environment:
    """The overview's own templates, and those of the report for what both share."""
    env = Environment(
        loader=ChoiceLoader([PackageLoader("hipaudit.batch"), PackageLoader("hipaudit.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(href=href, report=REPORT)
    return env


@cache
def _script() -> tuple[Markup, str]:
    env = _pages()
    assert env.loader is not None
    return sealed(env.loader.get_source(env, "index.js")[0], "img-src 'self' file:")
