"""What was found over all clients, as tables: csv for any program, parquet with types, xlsx for people.

    summary      a row for each clip, audited or not
    repetitions  a row for each measure of each repetition
    failures     a row for each clip or screen that gave nothing

What is missing is an empty cell. docs/batch.md describes every column.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from polars.datatypes import DataType, DataTypeClass
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from ..audit import Audit
from ..files import placed, readable
from ..library import quantities
from ..poses.skeleton import SIDES
from ..report.video import video_file
from ..reps import MATCHED, Rep
from . import Outcome
from .rows import REPORT, Row, patterns

Columns = Mapping[str, DataType | DataTypeClass]
SHEET_ROWS = 100_000  # of a sheet: Excel could hold 1,048,576, but they take minutes to write and long to open
CELL_LETTERS = 32_767  # of a cell in Excel
TOO_MANY = "These are {rows:,} rows, too many for a sheet: read {name}.parquet or {name}.csv."
AT_ONCE = 20_000  # rows of repetitions that are held as Python's own objects
BEGINS_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"  # what a spreadsheet takes for the beginning of a formula
PATTERN: Columns = {
    "": pl.String,
    "_side": pl.String,
    "_measure": pl.String,
    "_value": pl.Float64,
    "_confidence": pl.String,
}


def summary_columns() -> Columns:
    """The columns of the summary: the same of every run of a version, whatever was found."""
    return {
        "client": pl.String,
        "visit": pl.String,
        "clip": pl.String,
        "audited": pl.Boolean,
        "movement": pl.String,
        "stance": pl.String,
        "view": pl.String,
        "view_told": pl.String,
        "reps_counted": pl.Int64,
        "reps_not_counted": pl.Int64,
        "starting_phase": pl.Int64,
        "phase_provisional": pl.Boolean,
        "phase_from": pl.String,
        "patterns_found": pl.Int64,
        "strongest": pl.String,
        "lowest_confidence": pl.String,
        "film_again": pl.Boolean,
        "film_again_because": pl.String,
        "film_also": pl.String,
        "not_judged": pl.String,
        **{f"{pattern}{part}": kind for pattern in patterns() for part, kind in PATTERN.items()},
        "report": pl.String,
        "screen_report": pl.String,
        "video": pl.String,
        "hipaudit_version": pl.String,
    }


_NAME = pl.Categorical()  # the same few texts in very many rows
REPETITIONS: Columns = {
    "client": _NAME,
    "visit": _NAME,
    "clip": _NAME,
    "report": _NAME,
    "movement": _NAME,
    "stance": _NAME,
    "rep": pl.Int64,
    "counts": pl.Boolean,
    "reason": _NAME,
    "t_start": pl.Float64,
    "t_turn": pl.Float64,
    "t_end": pl.Float64,
    "measure": _NAME,
    "side": _NAME,
    "at": _NAME,
    "unit": _NAME,
    "value": pl.Float64,
}
FAILURES: Columns = {
    "client": pl.String,
    "visit": pl.String,
    "clip": pl.String,
    "path": pl.String,
    "kind": pl.String,
    "why": pl.String,
    "film_again": pl.Boolean,
}


class Repetitions:
    """Gathers the measures of all repetitions, compactly: a million rows are some dozens of megabytes."""

    def __init__(self) -> None:
        self._frames = [pl.DataFrame(schema=REPETITIONS)]
        self._rows: list[tuple[Any, ...]] = []

    def add(self, row: Row, audit: Audit) -> None:
        """Takes in all repetitions of an audit."""
        clip = (row.client, row.visit, row.clip, _path(row.place(REPORT)), row.movement)
        for rep in audit.reps:
            once = (*clip, rep.side, rep.index, rep.valid, rep.reason, rep.t_start, rep.t_turn, rep.t_end)
            self._rows += [(*once, *read) for read in _measured(rep)]
        if len(self._rows) > AT_ONCE:
            self._pack()

    def frame(self) -> pl.DataFrame:
        """All rows so far."""
        self._pack()
        self._frames = [pl.concat(self._frames)]
        return self._frames[0]

    def _pack(self) -> None:
        self._frames.append(pl.DataFrame(self._rows, schema=REPETITIONS, orient="row"))
        self._rows = []


def _measured(rep: Rep) -> list[tuple[Any, ...]]:
    """Measure, side, where it was read, unit and value; one empty reading of a repetition without any."""
    known = _known()
    read: list[tuple[Any, ...]] = []
    for column, value in rep.measures.items():
        name, _, at = column.partition("@")
        measure, side, usual, unit = known.get(
            name, (name, None, None, None)
        )  # an older version's measure keeps its name
        read.append((measure, side, MATCHED if at else usual, unit, value))
    return read or [(None, None, None, None, None)]


@cache
def _known() -> dict[str, tuple[str, str | None, str | None, str | None]]:
    """Column of a repetition -> measure, side, where it is read, unit."""
    return {
        quantity.column.format(side=side): (name, side if quantity.per_leg else None, quantity.at, quantity.unit)
        for name, quantity in quantities().items()
        for side in SIDES
    }


def summary(rows: Iterable[Row]) -> pl.DataFrame:
    """A row for each clip, audited or not."""
    return pl.DataFrame([_summed(row) for row in rows], schema=dict(summary_columns()))


def _summed(row: Row) -> dict[str, Any]:
    found, start, audited = row.found, row.start, row.failure is None
    cells: dict[str, Any] = {
        "client": row.client,
        "visit": row.visit,
        "clip": row.clip,
        "audited": audited,
        "movement": row.movement,
        "stance": row.side,
        "view": row.view,
        "view_told": row.view_told,
        "reps_counted": row.counted,
        "reps_not_counted": row.not_counted,
        "starting_phase": start.phase if start else None,
        "phase_provisional": start.provisional if start else None,
        "phase_from": ("screen" if start.of_screen else "audit") if start else None,
        "patterns_found": len(found) if audited else None,
        "strongest": found[0].word if found else None,
        "lowest_confidence": row.confidence,
        "film_again": bool(row.again) if audited or row.again else None,
        "film_again_because": " ".join(row.again),
        "film_also": " ".join(wish.say for wish in row.also),
        "not_judged": "; ".join(row.unsure),
        "report": _path(row.place(REPORT)),
        "screen_report": _path(row.screen / REPORT if row.screen else None),
        "video": _path(row.place(video_file(1))),
        "hipaudit_version": row.version,
    }
    for pattern, told in row.told.items():
        values = (told.word, told.side, told.measure, told.value, told.confidence)
        cells |= {f"{pattern}{part}": value for part, value in zip(PATTERN, values, strict=True)}
    return {name: None if value == "" else value for name, value in cells.items()}


def failures(rows: Iterable[Row], screens: Iterable[Outcome]) -> pl.DataFrame:
    """A row for each clip and each screen that gave nothing; a screen has no clip."""
    failed: list[tuple[Any, ...]] = [
        (row.client, row.visit, row.clip, row.path, row.failure.kind, row.failure.say, bool(row.again) or None)
        for row in rows
        if row.failure
    ]
    failed += [
        (readable(o.job.client), readable(o.visit), None, None, o.failure.kind, readable(o.failure.say), None)
        for o in screens
        if o.failure
    ]
    return pl.DataFrame(failed, schema=dict(FAILURES), orient="row")


def write_tables(summed: pl.DataFrame, repetitions: pl.DataFrame, failed: pl.DataFrame, out: Path) -> list[Path]:
    """Writes every table into `out`; each file is complete or absent.

    Raises:
        OutputError: the disk refuses.
    """
    files = [out / f"{name}.{kind}" for name in ("summary", "repetitions") for kind in ("csv", "parquet")]
    for frame, (as_csv, as_parquet) in zip((summed, repetitions), (files[:2], files[2:]), strict=True):
        _write_csv(frame, as_csv)
        with placed(as_parquet) as part:
            _write_parquet(frame, part)
    _write_csv(failed, out / "failures.csv")
    _write_book({"summary": summed, "repetitions": repetitions, "failures": failed}, out / "summary.xlsx")
    return [*files, out / "failures.csv", out / "summary.xlsx"]


def _write_parquet(frame: pl.DataFrame, part: Path) -> None:
    try:
        frame.write_parquet(part)
    except pl.exceptions.ComputeError as error:  # as which it tells of a full disk too
        raise OSError(str(error)) from error


def _write_csv(frame: pl.DataFrame, target: Path) -> None:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it; the other files keep it as is."""
    texts = [name for name, kind in frame.schema.items() if kind in (pl.String, _NAME)]
    with placed(target) as part:
        frame.lazy().with_columns([_harmless(pl.col(name).cast(pl.String)).alias(name) for name in texts]).sink_csv(
            part
        )


def _harmless(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(BEGINS_FORMULA)).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


def _write_book(sheets: Mapping[str, pl.DataFrame], target: Path) -> None:
    as_written = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    whole = BytesIO()  # an archive on a disk that is full would go on complaining after its error
    with placed(target) as part:
        try:
            with Workbook(whole, as_written) as book:
                for name, frame in sheets.items():
                    _write_sheet(book, name, frame)
        except FileCreateError as error:
            raise OSError(str(error)) from error
        part.write_bytes(whole.getbuffer())


def _write_sheet(book: Workbook, name: str, frame: pl.DataFrame) -> None:
    """One sheet: its heading stays in view and filters; more rows than a sheet has room for are said, not cut off."""
    sheet = book.add_worksheet(name)
    if frame.height > SHEET_ROWS:
        sheet.write_string(0, 0, TOO_MANY.format(name=name, rows=frame.height))
        return
    bold = book.add_format({"bold": True})
    for at, column in enumerate(frame.columns):
        sheet.set_column(at, at, _width(frame[column].head(200), column))
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(frame.height, 1), frame.width - 1)
    _write_row(sheet, 0, frame.columns, bold)
    for number, row in enumerate(frame.iter_rows(), 1):
        _write_row(sheet, number, row)


def _write_row(sheet: Any, number: int, cells: Sequence[Any], form: Any = None) -> None:  # noqa: ANN401 - untyped library
    for at, value in enumerate(cells):
        if isinstance(value, str):
            text = value if len(value) <= CELL_LETTERS else value[: CELL_LETTERS - 1] + "…"
            sheet.write_string(number, at, text, form)
        elif isinstance(value, bool):
            sheet.write_boolean(number, at, value)
        elif value is not None:
            sheet.write_number(number, at, value)


def _width(cells: pl.Series, heading: str) -> int:
    longest = cells.cast(pl.String).str.len_chars().max()
    return min(max(longest if isinstance(longest, int) else 0, len(heading)) + 3, 50)


def _path(place: Path | None) -> str | None:
    return None if place is None else readable(place.as_posix())
