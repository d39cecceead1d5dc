"""The files as a person and a program see them."""

import base64
import csv
import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from conftest import SUPPORTED, TRUTH
from contrast import contrast
from wording import FORBIDDEN

from hipaudit.audit.codec import to_json
from hipaudit.audit.run import audit_poses, combine
from hipaudit.audit.screen import screen
from hipaudit.errors import OutputError
from hipaudit.findings import FunctionalTest, Reason
from hipaudit.findings.rules import reading
from hipaudit.library import film_guide, quantities
from hipaudit.plan.intake import Intake
from hipaudit.poses.replay import ReplayBackend
from hipaudit.poses.tracks import load_poses
from hipaudit.report import FORMATS, html, table, words, write_reports
from hipaudit.report.filming import film_advice
from hipaudit.report.gauges import gauge

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
        if self.lasttag not in ("style", "script"):
            self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def spoken(text):
    """Everything a page says: its text, and what is said of its pictures."""
    page = Page(text)
    return " ".join([*page.words, *(a[k] for _, a in page.tags for k in ("alt", "aria-label") if a.get(k))])


@pytest.mark.parametrize("name", NAMES)
def test_a_report_of_every_audit_stands_by_itself(audited, name):
    run = audited(name)
    text = html.content(run)
    page = Page(text)
    assert len(page.all("h1")) == 1
    assert page.all("html")[0]["lang"] == "en"
    assert all(image.get("alt") for image in page.all("img"))
    assert not page.all("link")
    assert not page.all("video"), "a clip without a video beside the page shows its curves alone"
    assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", text)
    assert "nan" not in " ".join(page.words).lower().split()
    said = " ".join(page.words)
    assert "{" not in said
    for verdict in (*run.audit.findings, *run.audit.passed, *run.audit.unassessed):
        assert verdict.say in said
    assert "does not diagnose" in said


def test_the_page_lets_its_own_script_run_and_nothing_else(audited):
    text = html.content(audited("squat_front_steady"))
    policy = next(meta["content"] for meta in Page(text).all("meta") if "http-equiv" in meta)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert "http" not in policy


@pytest.mark.parametrize("name", NAMES)
def test_headings_go_down_a_step_at_a_time_and_ids_are_single(audited, name):
    page = Page(html.content(audited(name)))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    led = [attrs["href"][1:] for attrs in page.all("a")] + [
        a["aria-labelledby"] for _, a in page.tags if "aria-labelledby" in a
    ]
    assert set(led) <= set(ids)


@pytest.mark.parametrize("name", NAMES)
def test_the_wording_holds_on_every_page(audited, name):
    """No word that must not be said; every value with its error and confidence; how common the patterns are."""
    run = audited(name)
    said = spoken(html.content(run))
    for allowed in ("does not diagnose, treat or predict",):
        said = said.replace(allowed, "")
    hit = FORBIDDEN.search(said)
    assert hit is None, said[max(0, hit.start() - 60) : hit.end() + 60]
    for judged in run.audit.judged:
        assert reading(abs(judged.value), quantities()[judged.measure]) in said.replace("-", "")
        assert f"Confidence: {judged.confidence}." in said
    assert said.lower().count("many pain-free people move") >= len(run.audit.findings)


def test_every_audit_of_a_screen_has_its_own_place(judged):
    """Left and right step-downs and a squat of two clips on one page, and nothing in it twice."""
    clips = (
        "step_down_front_left_pelvic_drop",
        "step_down_front_right_knee_in",
        "squat_front_knees_in",
        "squat_side_low_back_arch",
    )
    run = screen([judged(name) for name in clips])
    text = html.page(run.runs, run.screen, {f"{name}.mp4": f"{name}/annotated.mp4" for name in clips})
    page = Page(text)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert [i for i in ids if re.fullmatch(r"a\d", i)] == ["a1", "a2", "a3"]
    places = {a["data-clip"]: a for _, a in page.tags if "data-clip" in a}
    assert len(places) == 4
    assert {v["src"] for v in page.all("video")} == {f"{name}/annotated.mp4" for name in clips}
    shows = [a for a in page.all("a") if a.get("class") == "show"]
    assert len(shows) == sum(len(audit.findings) for audit in run.screen.audits)
    assert {a["data-film"] for a in shows} <= set(places)
    said = " ".join(page.words)
    for audit in run.screen.audits:
        assert all(v.say in said for v in (*audit.findings, *audit.passed))
    assert len(page.all("h1")) == 1


def test_tests_and_disagreements_are_told(audited):
    run = audited("squat_front_steady")
    held = FunctionalTest(
        "single_leg_stance_s", "left", 21.0, "s", False, "squat_front_steady.mp4", "medium", "T", "Stood 21 s."
    )
    told = replace(run.audit, tests=[held], disagreements=["Two clips differ in depth."])
    said = " ".join(Page(html.content(replace(run, audit=told))).words)
    assert "Stood 21 s." in said
    assert "Two clips differ in depth." in said


def test_the_film_guide_has_one_entry_for_each_thing_to_change(audited):
    advice = film_advice([audited("squat_front_steady").audit])
    assert [a.tip.camera for a in advice] == ["side"]
    assert len(advice[0].shows["Squat"]) > 1
    askew = film_advice([audited("d06_squat_oblique45_valgus").audit])
    assert {a.tip.camera for a in askew} == {"front", "side"}
    assert film_advice([]) == []


def test_every_reason_has_its_advice():
    assert set(film_guide()) == {"front", "side", *get_args(Reason)} - {"wrong_view", "off_square", "not_fitted"}


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_colours_hold_wcag_aa(scheme):
    """Every pair of text and ground that the style sheet makes, and what a drawing or a mark stands on."""
    css = files("hipaudit.report").joinpath("templates", "base.css").read_text("utf-8")
    blocks = re.findall(r":root \{([^}]*)\}", css)
    assert len(blocks) == 3
    colours = dict(re.findall(r"--([\w-]+):(#\w+)", blocks[["light", "dark", "print"].index(scheme)]))
    grounds = ("paper", "card", "plate", "band", "off")
    for text in ("ink", "muted", "accent", "accent-2"):
        for ground in grounds[: 3 if text != "ink" else None]:
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert contrast(colours["paper"], colours["accent"]) >= 4.5, "the phase that is meant"
    assert contrast(colours["paper"], colours["accent-2"]) >= 4.5, "the time at the cursor"
    for zone in ("inside", "mild", "moderate", "marked"):
        assert contrast(colours["ink"], colours[zone]) >= 4.5, zone
    assert contrast(colours["accent"], colours["band"]) >= 3, "a curve on a shaded repetition"


def test_the_same_audit_gives_the_same_page(audited):
    run = audited("k02_squat_valgus")
    assert html.content(run) == html.content(run)


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
    clip = replace(run.audit.clips[0], name=name)
    reps = [replace(rep, clip=name) for rep in run.audit.reps]
    hostile = replace(run, audit=replace(run.audit, clips=[clip], reps=reps), clips=[replace(run.clips[0], clip=clip)])
    page = Page(html.content(hostile, {name: 'x" onerror="alert(1).mp4'}))
    assert len(page.all("script")) == 1
    assert not any("onerror" in attrs for _, attrs in page.tags)
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
    run = audited("squat_front_steady")  # no video at hand, none to write
    written = write_reports(run, tmp_path / "a" / "b")
    files = sorted(row.file for name, row in FORMATS.items() if name != "video")
    assert sorted(p.name for p in (tmp_path / "a" / "b").iterdir()) == files
    assert all(p.stat().st_size for p in written)


def test_the_poses_that_are_written_give_the_same_audit(audited, load, tmp_path):
    track = load("squat_side_low_back_arch")
    rng = np.random.default_rng(2)
    xy = track.xy + rng.normal(0, 0.01, track.xy.shape).astype(np.float32)  # digits that a rounded file would lose
    run = audited("squat_side_low_back_arch", replace(track, xy=xy))
    write_reports(run, tmp_path, ("poses",))
    saved = load_poses(tmp_path / "poses.npz")
    backend = ReplayBackend(saved.track, saved.model, saved.model_sha256)
    assert to_json(audit_poses(saved.track, saved.info, backend).audit) == to_json(run.audit)


def test_every_clip_has_poses_of_its_own(judged, tmp_path):
    run = combine([judged("squat_front_knees_in"), judged("squat_side_low_back_arch")])
    write_reports(run, tmp_path)
    for file, seen in zip(("poses.npz", "poses_2.npz"), run.clips, strict=True):
        saved = load_poses(tmp_path / file)
        assert saved.info.name == seen.clip.name
        np.testing.assert_array_equal(saved.track.xy, seen.track.xy)


def test_a_place_that_cannot_be_written_is_said(audited, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="--out"):
        write_reports(audited("squat_front_steady"), tmp_path / "file" / "out")


def test_the_headline_speaks_plainly(audited):
    heads = {name: words.headline(audited(name).audit) for name in NAMES}
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
    said = " ".join(Page(html.content(run)).words)
    assert words.headline(run.audit) == "Before any training: talk to a health professional."
    assert "emergency number" in said
    for hidden in ("Still missing", "What would move the start up", "Repetition", "first weeks", "drift inward"):
        assert hidden not in said, "an urgent answer shows nothing else"


def test_what_a_professional_has_to_see_stays_with_a_referral(audited):
    told = Intake.model_validate({"safety": {"urgent": False, "see_someone_first": True}})
    said = " ".join(Page(html.content(audited("squat_front_knees_in", intake=told))).words)
    assert "you can bring this report" in said
    assert "Repetition by repetition" in said
    assert "What to practise" not in said


def test_every_label_can_be_drawn(audited):
    """The characters of labels exist in the font: none is drawn as an empty box."""
    from PIL import ImageFont

    font = ImageFont.load_default(20)
    missing = bytes(font.getmask("\uffff"))
    for character in "0123456789.%° knesofadrtilpwuvb":
        assert character == " " or bytes(font.getmask(character)) != missing, character


def test_a_hold_is_told_as_a_functional_test(audited):
    run = audited("p01_stance_L")
    page = html.content(run)
    assert run.audit.tests[0].say in page
    assert "1 hold" in page
    assert "Free foot off the floor" in page
    assert "Not validated" not in page


def test_a_movement_that_is_not_validated_says_so(audited):
    assert "Not validated" in html.content(audited("d07_step_down_front_clean_L", movement="forward_step_down"))


def test_a_bridge_is_drawn_on_a_scale_of_its_own(audited):
    run = audited("p07_bridge_arch_right")
    (arch,) = run.audit.findings
    places = [place for *_, place in gauge(arch).ticks]
    assert min(b - a for a, b in pairwise(places)) > 10
    assert "Hips over where they lie" in html.content(run)


def test_a_clip_whose_only_answer_is_a_test_leads_with_it(audited):
    run = audited("p03_chair_side")
    assert words.headline(run.audit).startswith("30 s chair stand: 14 full stands")


def test_the_table_speaks_of_what_was_done(audited):
    bridge = audited("p06_slbridge_R_hold")
    page = html.content(bridge)
    assert words.standing(bridge.audit) == "Single-leg bridge, on the right leg"
    assert "at the top, each value" in page
    assert "Up / hold / down" in page
    assert "Hips at the top of a bridge" in [column.heading for column in html._columns(bridge.audit)]
    hold = html.content(audited("p01_stance_L"))
    assert "The hold, over its last seconds" in hold
    assert "hold / up" not in hold
    assert "Lowering time" not in hold


def test_what_the_movement_cannot_show_has_no_column_and_nothing_to_cite_no_heading(audited):
    run = audited("p03_chair_side")
    assert any("lumbar_change_deg" in rep.measures for rep in run.audit.reps)
    page = html.content(run)
    assert "Hollow of the lower back, change" not in page
    assert "Where the cuts come from" not in page


def test_values_of_each_repetition_count_towards_the_side_that_is_named(audited):
    run = audited("single_leg_squat_front_left_combo")
    (lean,) = (found for found in run.audit.findings if found.finding == "trunk_lean_lateral")
    assert lean.value < 0
    assert lean.side == "left"
    told = html._per_rep(run.audit, lean)
    assert len(told) == 5
    assert not any(value.startswith("-") for value in told)
