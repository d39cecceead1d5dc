"""The files as a person and a program see them."""

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from conftest import SUPPORTED, TRUTH

from hipaudit.errors import OutputError
from hipaudit.plan.intake import Intake
from hipaudit.report import FORMATS, html, table, write_reports

NAMES = sorted(name for name, true in TRUTH.items() if true["movement"] in SUPPORTED)
COLUMNS = [
    "clip",
    "t_s",
    "fppa_left_deg",
    "fppa_right_deg",
    "fppa_left_image_deg",
    "fppa_right_image_deg",
    "pelvic_obliquity_deg",
    "trunk_lean_deg",
    "trunk_inclination_deg",
    "hip_shift_pct",
    "kasr",
    "knee_flexion_left_deg",
    "knee_flexion_right_deg",
    "hip_flexion_left_deg",
    "hip_flexion_right_deg",
    "lumbar_change_deg",
]


class Page(HTMLParser):
    """What a reader meets: tags with their attributes, and the text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.lasttag != "style":
            self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("name", NAMES)
def test_a_report_of_every_audit_stands_by_itself(audited, name):
    run = audited(name)
    text = html.content(run)
    page = Page(text)
    assert len(page.all("h1")) == 1
    assert page.all("html")[0]["lang"] == "en"
    assert all(image.get("alt") for image in page.all("img"))
    assert not page.all("script")
    assert not page.all("link")
    assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", text)
    assert "nan" not in " ".join(page.words).lower().split()
    words = " ".join(page.words)
    assert "{" not in words
    for verdict in (*run.audit.findings, *run.audit.passed, *run.audit.unassessed):
        assert verdict.say in words
    assert "does not diagnose" in words


def test_pictures_are_of_the_worst_instants(filmed):
    run = filmed("step_down_front_right_knee_in")
    page = Page(html.content(run))
    images = page.all("img")
    assert len(images) == 1
    assert images[0]["src"].startswith("data:image/jpeg;base64,")
    worst = next(f for f in run.audit.findings if f.finding == "knee_valgus").t_worst
    assert f"{worst:.1f} s" in images[0]["alt"]


def test_a_hostile_file_name_stays_text(audited):
    run = audited("squat_front_steady")
    name = "<script>alert(1)</script>\"'&.mp4"
    hostile = replace(run, audit=replace(run.audit, clips=[replace(run.audit.clips[0], name=name)]))
    page = Page(html.content(hostile))
    assert not page.all("script")
    assert name in " ".join(page.words)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_has_its_columns_and_one_row_a_frame(audited, name):
    run = audited(name)
    rows = list(csv.reader(io.StringIO(table.content(run))))
    assert rows[0][: len(COLUMNS)] == COLUMNS
    assert len(rows) == len(run.clips[0].track) + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    values = [cell for row in rows[1:] for cell in row[1:] if cell]
    assert np.isfinite(np.array(values, float)).all()
    backs = {row[COLUMNS.index("lumbar_change_deg")] != "" for row in rows[1:]}
    seen = run.audit.movement.side == "both" and np.isfinite(run.clips[0].track.back).any()
    assert (True in backs) == seen, "the back is there where it was seen, else empty"


def test_everything_is_written_and_nothing_half(audited, tmp_path):
    run = audited("squat_front_steady")
    written = write_reports(run, tmp_path / "a" / "b")
    texts = sorted(row.file for name, row in FORMATS.items() if name != "video")  # saved poses alone have no video
    assert sorted(p.name for p in (tmp_path / "a" / "b").iterdir()) == texts
    assert all(p.stat().st_size for p in written)


def test_a_place_that_cannot_be_written_is_said(audited, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="--out"):
        write_reports(audited("squat_front_steady"), tmp_path / "file" / "out")


def test_the_headline_speaks_plainly(audited):
    heads = {name: html.headline(audited(name).audit) for name in NAMES}
    assert heads["step_down_front_right_knee_in"] == "One pattern to practise: the right knee drifts inward."
    assert heads["squat_front_knees_in"] == "One pattern to practise: the knees drift inward."
    assert heads["squat_front_steady"] == "Nothing stood out that this view can show, in 3 repetitions."
    assert heads["d06_squat_oblique45_valgus"].startswith("Lowering is fast; nothing else could be judged")


def test_two_findings_at_one_instant_have_a_picture_each(filmed):
    run = filmed("single_leg_squat_front_left_combo")
    at = next(f for f in run.audit.findings if f.finding == "knee_valgus").t_worst
    same = [replace(f, t_worst=at) for f in run.audit.findings]
    run = replace(run, audit=replace(run.audit, findings=same))
    sources = [image["src"] for image in Page(html.content(run)).all("img")]
    assert len(sources) == 2
    assert len(set(sources)) == 2


def test_without_a_finding_the_deepest_repetition_is_shown(filmed):
    for name in ("squat_front_steady", "squat_side_low_back_arch"):
        page = Page(html.content(filmed(name)))
        assert len(page.all("img")) == 1


def test_a_safety_answer_comes_before_anything_seen(audited):
    told = Intake.model_validate({"safety": {"urgent": True, "see_someone_first": False}})
    run = audited("squat_front_knees_in", intake=told)
    words = " ".join(Page(html.content(run)).words)
    assert html.headline(run.audit) == "Before any training: talk to a health professional."
    assert "emergency number" in words
    assert "Still missing" not in words
    assert "What would move the start up" not in words


def test_every_label_can_be_drawn(audited):
    """The characters of labels exist in the font: none is drawn as an empty box."""
    from PIL import ImageFont

    font = ImageFont.load_default(20)
    missing = bytes(font.getmask("\uffff"))
    for character in "0123456789.%° knesofadrtilpwuvb":
        assert character == " " or bytes(font.getmask(character)) != missing, character
