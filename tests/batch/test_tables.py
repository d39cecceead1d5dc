"""The tables over all clients say what the audits say, and what they do not know they leave empty."""

import gc
import re
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from visited import FORMULA, LONG, RIGHT_TO_LEFT, SCRIPT

from hipaudit.batch import Failure, Outcome, tables
from hipaudit.batch.rows import WORDS, patterns, read_rows
from hipaudit.batch.tables import FAILURES, REPETITIONS, Repetitions, failures, summary, summary_columns, write_tables
from hipaudit.errors import OutputError
from hipaudit.files import readable
from hipaudit.findings import ON_SCREEN, Finding
from hipaudit.library import protocol, quantities

DOCS = (Path(__file__).parents[2] / "docs" / "batch.md").read_text("utf-8")
AUDITED = 8


@pytest.fixture(scope="module")
def summed(visited):
    return pl.read_parquet(visited.out / "summary.parquet")


@pytest.fixture(scope="module")
def repeated(visited):
    return pl.read_parquet(visited.out / "repetitions.parquet")


def line(frame, clip):
    return frame.filter(pl.col("clip") == f"{clip}.npz").to_dicts()[0]


def test_every_clip_has_a_row_and_the_columns_are_the_library_s(visited, summed):
    assert summed.height == len(visited.run.clips)
    assert summed.schema == pl.Schema(summary_columns())
    assert summed["audited"].sum() == AUDITED
    assert set(patterns()) <= set(summed.columns)


def test_a_row_says_what_its_audit_says(visited, summed):
    for row, audit in visited.rows:
        cells = summed.filter(pl.col("report") == str(row.place("report.html"))).to_dicts()[0] if audit else {}
        if not audit:
            continue
        assert cells["movement"] == audit.movement.name
        assert cells["reps_counted"] == sum(rep.valid for rep in audit.reps)
        assert cells["view"] == audit.clips[0].view.facing
        for verdict in audit.findings:
            assert cells[verdict.finding] == ON_SCREEN[verdict.severity]
            assert cells[f"{verdict.finding}_value"] == verdict.value
            assert cells[f"{verdict.finding}_measure"] == verdict.measure
            assert cells[f"{verdict.finding}_confidence"] == verdict.confidence
            assert cells[f"{verdict.finding}_side"] == verdict.side
        told = {v.finding for v in (*audit.judged, *audit.remarks, *audit.unassessed)} | {"asymmetry"}
        for pattern in patterns():
            assert cells[pattern] in (None, *WORDS)
            assert pattern in told or cells[pattern] is None, "what was not looked for is empty"


def test_the_phase_is_the_screen_s_where_there_is_one(visited, summed):
    anna = summed.filter(pl.col("client") == "Anna")
    assert set(anna["phase_from"]) == {"screen"}
    assert anna["starting_phase"].n_unique() == 1
    assert (visited.out / anna["screen_report"][0]).is_file()
    alone = line(summed, "k01_squat_clean")
    assert alone["phase_from"] == "audit"
    assert alone["starting_phase"] == visited.audit("k01_squat_clean").starting_phase.phase
    assert alone["phase_provisional"] is True
    assert alone["screen_report"] is None


def test_sides_are_compared_in_the_rows_of_both_and_in_no_other(summed):
    anna = summed.filter(pl.col("client") == "Anna")
    assert {"left", "right"} == set(anna["stance"])
    assert anna["asymmetry"].null_count() == 0
    assert summed.filter(pl.col("client") != "Anna")["asymmetry"].null_count() == summed.height - anna.height


def test_a_failed_clip_has_a_row_and_nothing_in_it(summed):
    row = line(summed, "bad")
    kept = {"client", "visit", "clip", "audited"}
    assert {name for name, value in row.items() if value is not None} == kept
    assert row["audited"] is False


def test_what_should_be_filmed_again_and_why(visited, summed):
    again = {
        row["clip"].removesuffix(".npz"): row["film_again_because"] for row in summed.to_dicts() if row["film_again"]
    }
    assert set(again) == {"k06_stepdown_drop", "d06_squat_oblique45_valgus", "d14_stand_front"}
    assert again["k06_stepdown_drop"] == "Filmed from the front, the manifest says from the side."
    assert protocol().checks["yaw"].say in again["d06_squat_oblique45_valgus"]
    assert again["d14_stand_front"].startswith("There is no repetition in this clip")
    assert visited.row("d14_stand_front").failure.kind == "nothing to judge"


def test_a_view_that_cannot_show_all_is_no_fault_of_the_clip(summed):
    row = line(summed, "k01_squat_clean")
    assert row["lumbar_arch"] == "not judged"
    assert row["film_again"] is False
    assert row["film_also"].startswith("Film it from the side, to see: lower-back hollow deepens")


def test_another_clip_of_the_visit_makes_up_for_a_view(load, tmp_path):
    """A squat from the front and from the side, each alone and both in one visit."""
    from visited import Here

    from hipaudit.batch import Options
    from hipaudit.batch.plan import plan_manifest
    from hipaudit.batch.run import run_batch
    from hipaudit.poses.tracks import ClipPoses, describe, save_poses

    for name in ("k01_squat_clean", "s05_squat_side_heelrise16"):
        save_poses(
            ClipPoses(load(name), describe(load(name), f"{name}.mp4", "0" * 64), "saved"), tmp_path / f"{name}.npz"
        )
    clips = "k01_squat_clean.npz", "s05_squat_side_heelrise16.npz"
    (tmp_path / "m.csv").write_text("client,clip,group\n" + "".join(f"Anna,{clip},1\n" for clip in clips), "utf-8")
    plan = plan_manifest(tmp_path / "m.csv", tmp_path / "out", Options())
    run_batch(plan, tmp_path / "out", Here(), Options())
    summed = pl.read_parquet(tmp_path / "out" / "summary.parquet")
    assert summed["film_also"].null_count() == len(clips)
    assert summed["not_judged"].null_count() == 0, "what each clip does not show is still told"


def test_repetitions_hold_every_measure_of_every_repetition(visited, repeated):
    assert repeated.schema == pl.Schema(REPETITIONS)
    told = sum(max(len(rep.measures), 1) for _, audit in visited.rows if audit for rep in audit.reps)
    assert repeated.height == told
    for clip in ("k06_stepdown_drop", "s05_squat_side_heelrise16", "p05_bridge_left"):
        rows = repeated.filter(pl.col("clip") == f"{clip}.npz")
        for rep in visited.audit(clip).reps:
            here = rows.filter(pl.col("rep") == rep.index)
            assert set(here["counts"]) == {rep.valid}
            assert (here["t_start"][0], here["t_turn"][0], here["t_end"][0]) == (rep.t_start, rep.t_turn, rep.t_end)
            read = {
                quantities()[m].column.format(side=side) + ("@matched" if at == "matched" else ""): value
                for m, side, at, value in here.select("measure", "side", "at", "value").iter_rows()
            }
            assert read == dict(rep.measures)


def test_a_repetition_without_measures_is_told_all_the_same(visited):
    row, audit = next((row, audit) for row, audit in visited.rows if audit)
    bare = replace(audit.reps[0], valid=False, reason="too shallow", measures={})
    gathered = Repetitions()
    gathered.add(row, replace(audit, reps=[bare]))
    cells = gathered.frame().to_dicts()
    assert len(cells) == 1
    assert (cells[0]["counts"], cells[0]["reason"]) == (False, "too shallow")
    assert cells[0]["measure"] is None
    assert cells[0]["value"] is None


def test_failures_say_what_and_why(visited):
    read = pl.read_csv(visited.out / "failures.csv")
    assert dict(zip(read["clip"], read["kind"], strict=True)) == {
        "bad.npz": "unreadable",
        "d14_stand_front.npz": "nothing to judge",
    }
    assert Path(read["path"][0]).is_file()
    assert all(read["why"].str.len_chars() > 20)


def test_a_screen_that_failed_is_told_without_a_clip(visited):
    screen = visited.run.screens[0]
    failed = Outcome(screen.job, "failed", Failure("died", "It died."), screen.visit)
    assert failures([], [failed]).to_dicts() == [
        {**dict.fromkeys(FAILURES), "client": "Anna", "visit": "first", "kind": "died", "why": "It died."}
    ]


def test_csv_reads_back_as_parquet_does_but_for_formulas(visited, summed, repeated):
    for name, frame in (("summary", summed), ("repetitions", repeated)):
        strings = {c: pl.String if kind == pl.Categorical else kind for c, kind in frame.schema.items()}
        read = pl.read_csv(visited.out / f"{name}.csv", schema=strings)
        for column in frame.cast(strings):
            told = [f"'{cell}" if str(cell).startswith("=") else cell for cell in column]
            assert read[column.name].to_list() == told, column.name


def sheet(book, name):
    head, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_workbook_reads_back_with_every_value(visited, summed, repeated):
    book = openpyxl.load_workbook(visited.out / "summary.xlsx")
    assert book.sheetnames == ["summary", "repetitions", "failures"]
    assert sheet(book, "summary") == summed.to_dicts()
    assert sheet(book, "repetitions") == repeated.to_dicts()
    assert len(sheet(book, "failures")) == 2


def test_a_client_called_like_a_formula_is_none_anywhere(visited, summed):
    assert FORMULA in summed["client"].to_list()
    book = openpyxl.load_workbook(visited.out / "summary.xlsx")
    cells = [cell for one in book for row in one.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert {cell.value for cell in cells} == {FORMULA, f"{FORMULA}/d06_squat_oblique45_valgus/report.html"}
    with zipfile.ZipFile(visited.out / "summary.xlsx") as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert sheets
    assert not any(b"<f>" in part or b"<hyperlink" in part for part in sheets)
    for name in ("summary.csv", "repetitions.csv", "failures.csv"):
        text = (visited.out / name).read_text("utf-8")
        assert not re.search(r'(^|[,"\n])=', text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=cmd|"/c calc"!A1'])
def test_whatever_begins_a_formula_is_made_harmless_in_csv(text, tmp_path):
    frame = pl.DataFrame({"client": [text, "plain", None], "value": [-1.5, 2.0, None]})
    tables._write_csv(frame, tmp_path / "t.csv")
    read = pl.read_csv(tmp_path / "t.csv")
    assert read["client"].to_list() == [f"'{text}", "plain", None]
    assert read["value"].to_list() == [-1.5, 2.0, None], "a number is no formula"


def test_names_that_hurt_come_through(summed):
    assert {SCRIPT, LONG, RIGHT_TO_LEFT, FORMULA, "C/D"} <= set(summed["client"])


def test_bytes_that_are_no_text_become_a_mark(visited):
    assert readable(b"a\xffb".decode("utf-8", "surrogateescape")) == "a\ufffdb"
    outcome = visited.run.clips[0]
    odd = replace(outcome, job=replace(outcome.job, client="\udcff"))
    rows = [row for row, _ in read_rows([odd], [], visited.out)]
    assert summary(rows)["client"].to_list() == ["\ufffd"]


def test_an_audit_that_is_gone_is_a_failure_with_its_reason(visited, tmp_path):
    outcome = visited.run.clips[0]
    lost = replace(outcome, job=replace(outcome.job, folder=tmp_path / "gone"))
    ((row, audit),) = read_rows([lost], [], tmp_path)
    assert audit is None
    assert row.failure.kind == "unreadable audit"
    assert "gone" in row.failure.say


def test_more_rows_than_a_sheet_is_good_for_are_said(monkeypatch, visited, summed, repeated, tmp_path):
    monkeypatch.setattr(tables, "SHEET_ROWS", repeated.height - 1)
    write_tables(summed, repeated, failures([], []), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "summary.xlsx")
    cells = [cell for row in book["repetitions"].iter_rows(values_only=True) for cell in row]
    assert len(cells) == 1
    assert "repetitions.parquet" in cells[0]
    assert pl.read_parquet(tmp_path / "repetitions.parquet").height == repeated.height


def test_a_text_longer_than_a_cell_ends_with_a_mark(tmp_path):
    tables._write_book({"s": pl.DataFrame({"why": ["x" * 40_000]})}, tmp_path / "t.xlsx")
    text = openpyxl.load_workbook(tmp_path / "t.xlsx")["s"]["A2"].value
    assert len(text) == tables.CELL_LETTERS
    assert text.endswith("…")


def test_a_run_without_audits_has_empty_tables(tmp_path):
    write_tables(summary([]), Repetitions().frame(), failures([], []), tmp_path)
    assert pl.read_parquet(tmp_path / "summary.parquet").schema == pl.Schema(summary_columns())
    assert (tmp_path / "repetitions.csv").read_text("utf-8") == ",".join(REPETITIONS) + "\n"
    assert openpyxl.load_workbook(tmp_path / "summary.xlsx")["summary"].max_row == 1


def test_a_disk_that_refuses_is_one_sentence_and_no_file(tmp_path):
    with pytest.raises(OutputError, match="Cannot write"):
        write_tables(summary([]), Repetitions().frame(), failures([], []), tmp_path / "not there")


def test_nothing_half_written_is_left(visited):
    assert not list(visited.out.rglob("*.part"))


@pytest.mark.parametrize("table", ["summary", "repetitions", "failures"])
def test_every_column_is_described(table):
    columns = {"summary": summary_columns(), "repetitions": REPETITIONS, "failures": FAILURES}[table]
    text = DOCS.partition(f"\n### {table}\n")[2].partition("\n### ")[0]
    for column in columns:
        pattern = next((p for p in patterns() if column == p or column.startswith(f"{p}_")), None)
        assert f"`{column.replace(pattern, 'PATTERN', 1) if pattern else column}`" in text, column
    if table == "summary":
        assert all(f"`{pattern}`" in text for pattern in patterns())


def test_a_finding_keeps_its_weightiest_verdict(visited):
    """Of two findings of one pattern the stronger stands in the row."""
    audit = visited.audit("k06_stepdown_drop")
    found = next(f for f in audit.findings if isinstance(f, Finding))
    from hipaudit.batch.rows import _told

    told = _told(
        [replace(found, severity="mild"), replace(found, severity="marked"), replace(found, severity="moderate")]
    )
    assert told[found.finding].word == "strong"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device on this system")
def test_a_full_disk_is_one_error_and_nothing_said_behind_it(tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    (tmp_path / ".t.xlsx.part").symlink_to("/dev/full")
    with pytest.raises(OutputError, match="No space left"):
        tables._write_book({"s": pl.DataFrame({"n": [str(n**9) for n in range(20_000)]})}, tmp_path / "t.xlsx")
    gc.collect()
    assert said == []
