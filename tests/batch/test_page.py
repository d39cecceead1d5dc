"""The overview of a run: who needs attention first, found, sorted and opened in Chromium, whatever the names."""

import json
import re
import shutil
from dataclasses import replace
from html import unescape
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import pytest
from visited import FORMULA, LONG, RIGHT_TO_LEFT, SCRIPT
from wording import FORBIDDEN

from hipaudit.batch import page as overview
from hipaudit.batch.page import CLEAR, REFER, SLIGHT, STEADY, STRONG, UNSEEN, attention, content, href
from hipaudit.batch.rows import Start
from hipaudit.findings import ON_SCREEN

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def marked(test):
    """A test that opens the page in Chromium."""
    for mark in in_browser:
        test = mark(test)
    return test


def carried(html):
    """What the page's script reads."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])


@pytest.fixture(scope="module")
def rows(visited):
    return [row for row, _ in visited.rows]


def test_a_run_leaves_its_overview(visited, rows):
    html = (visited.out / "index.html").read_text("utf-8")
    assert html == content(rows, len(visited.run.screens))
    assert "10 clips of 7 clients, 1 screen" in html


def test_the_page_carries_what_the_rows_say(rows):
    data = carried(content(rows, 1))
    for row, told in zip(rows, data["rows"], strict=True):
        assert told["client"] == row.client
        assert told.get("failed", "") == (row.failure.say if row.failure else "")
        found = [(data["titles"][t], data["grades"][g]) for _, g, t, _ in told.get("found", [])]
        assert found == [(f.title, f.word) for f in row.found]
        assert told.get("phase") == (row.start.phase if row.start else None)
        assert told.get("again", []) == list(row.again)
        sure = told.get("sure")
        assert (None if sure is None else data["confidences"][sure]) == row.confidence


def test_a_phase_of_none_and_a_low_confidence_are_not_lost(rows):
    """Both are the number 0."""
    row = replace(next(row for row in rows if row.start), start=Start(0, False, False))
    told = carried(content([row], 0))["rows"][0]
    assert told["phase"] == 0
    assert told["attention"] == REFER == 0


def test_who_needs_attention_comes_first(rows):
    row = next(row for row in rows if row.found)
    graded = {
        severity: replace(row, again=(), told={name: replace(told, word=word) for name, told in row.told.items()})
        for severity, word in ON_SCREEN.items()
    }
    assert attention(replace(graded["mild"], start=Start(0, False, False))) == REFER
    assert [attention(graded[s]) for s in ("marked", "moderate", "mild")] == [STRONG, CLEAR, SLIGHT]
    assert attention(replace(graded["mild"], again=("why",))) == UNSEEN
    assert attention(replace(graded["mild"], told={})) == STEADY
    assert attention(next(row for row in rows if row.failure)) == UNSEEN
    assert REFER < STRONG < CLEAR < UNSEEN < SLIGHT < STEADY


def test_a_link_leads_where_the_path_does():
    for path in ("C_D/a #1 100% ?/report.html", f"{RIGHT_TO_LEFT}/x", "a:b/&<>\"'", f"{LONG}/r.html"):
        link = href(Path(path))
        assert unquote(link) == path
        assert re.fullmatch(r"[\w.~/%-]+", link, re.ASCII)
    assert href(Path("\udcff/x")) == "%FF/x", "bytes that are no text stay the bytes they are"


def test_names_stay_text(rows):
    html = content(rows, 1)
    assert SCRIPT not in html
    assert html.count("<script") == 2
    assert "default-src 'none'" in unescape(html)
    assert not re.search(r"https?://", html)


def test_it_speaks_as_the_report_does(rows):
    assert not FORBIDDEN.search(
        re.sub(r'<script type="application/json".*?</script>', "", content(rows, 1), flags=re.S)
    )


def test_an_ended_run_says_what_was_not_reached(rows):
    assert "not reached" not in content(rows, 1)
    assert "3 clips were not reached" in content(rows, 1, 3)


def test_the_look_is_the_report_s():
    """One style sheet for both, included and not copied."""
    html = content([], 0)
    base = files("hipaudit.report").joinpath("templates", "base.css").read_text("utf-8")
    assert base.strip() in html
    assert overview._pages().get_template("index.html")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, visited):
    """The run's page; what went wrong in it ends the test."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    problems = []
    tab.on("console", lambda message: problems.append(message.text))
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.goto((visited.out / "index.html").as_uri())
    yield tab
    tab.close()
    assert problems == []


def clips(tab):
    """Names of the clips shown, in order."""
    names = tab.locator("#clips .who bdi").all_text_contents()
    return [name.removesuffix(".npz") for name in names if name.endswith(".npz")]


def named(rows):
    """Names of the clips of rows, by themselves."""
    return sorted(row.clip.removesuffix(".npz") for row in rows)


def choose(tab, name, value):
    tab.locator(f"[name={name}]").select_option(value)


@marked
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_opens_offline_without_errors_and_fits_the_width(browser, visited, width, dark):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", offline=True
    )
    tab, problems, asked = context.new_page(), [], []
    tab.on("console", lambda message: problems.append(message.text))
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto((visited.out / "index.html").as_uri())
    assert len(clips(tab)) == len(visited.rows)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert problems == []
    assert all(url.startswith("file:") for url in asked)
    assert tab.title() == "Movement audits: overview", "no name has run as a script"
    context.close()


@marked
def test_it_filters(opened, rows):
    failed = [row for row in rows if row.failure]
    choose(opened, "state", "failed")
    assert sorted(clips(opened)) == named(failed)
    assert opened.locator("output").text_content() == f"{len(failed)} of {len(rows)} clips shown"
    choose(opened, "state", "again")
    assert sorted(clips(opened)) == named(row for row in rows if row.again)
    opened.get_by_role("button", name="Show all").click()
    opened.wait_for_timeout(50)
    assert len(clips(opened)) == len(rows)
    for grade in ON_SCREEN.values():
        choose(opened, "grade", grade)
        assert sorted(clips(opened)) == named(r for r in rows if r.found and r.found[0].word == grade)
    choose(opened, "grade", "")
    choose(opened, "pattern", "pelvic_drop")
    found = [r for r in rows if r.told.get("pelvic_drop") and r.told["pelvic_drop"].word in ON_SCREEN.values()]
    assert found
    assert sorted(clips(opened)) == named(found)


@marked
def test_it_finds_words_of_a_name(opened):
    wanted = {
        FORMULA: "d06_squat_oblique45_valgus",
        "עברית": "k01_squat_clean",
        "<SCRIPT>": "s05_squat_side_heelrise16",
    }
    for text, clip in wanted.items():
        opened.locator("[name=text]").fill(text)
        assert clips(opened) == [clip]
    opened.locator("[name=text]").fill("ben repetition")
    assert clips(opened) == ["d14_stand_front"]


@marked
def test_a_closing_number_shows_what_it_counts(opened):
    for tile in opened.locator(".tiles button").all():
        tile.click()
        assert len(clips(opened)) == int(tile.locator("b").text_content())
        assert tile.get_attribute("aria-pressed") == "true"
        tile.click()
        assert tile.get_attribute("aria-pressed") == "false"


@marked
def test_it_sorts_by_every_column_both_ways(opened, rows):
    opened.locator("[name=grouped]").uncheck()
    for key in ("client", "movement", "found", "sure", "phase", "again"):
        head = opened.locator(f"[data-sort={key}]")
        head.click()
        once = head.locator("..").get_attribute("aria-sort")
        first = clips(opened)
        head.click()
        assert {once, head.locator("..").get_attribute("aria-sort")} == {"ascending", "descending"}
        assert sorted(first) == sorted(clips(opened))
        assert key == "phase" or first != clips(opened), "all phases of this run are alike"
    opened.locator("[data-sort=phase]").click()
    phases = {row.clip.removesuffix(".npz"): row.start.phase if row.start else 9 for row in rows}
    shown = [phases[clip] for clip in clips(opened)]
    assert shown == sorted(shown), "clips without a phase come last"
    choose(opened, "sort", "attention")
    ranks = {row.clip.removesuffix(".npz"): attention(row) for row in rows}
    shown = [ranks[clip] for clip in clips(opened)]
    assert shown == sorted(shown)


@marked
def test_the_keyboard_sorts_and_searches(opened):
    head = opened.locator("[data-sort=client]")
    head.focus()
    head.press("Enter")
    assert head.locator("..").get_attribute("aria-sort") == "ascending"
    opened.keyboard.press("/")
    assert opened.evaluate("document.activeElement.name") == "text"


@marked
def test_clips_of_a_visit_stand_below_its_screen(opened, visited):
    heads = opened.locator("tr.visit")
    assert heads.count() == 1
    assert opened.locator("tr.inner").count() == 3
    heads.locator("a").click()
    assert Path(unquote(opened.url.removeprefix("file://"))) == visited.out / "Anna" / "screen first" / "report.html"


@marked
def test_every_link_leads_to_a_file(opened, visited):
    for link in opened.locator("a[href]").all():
        target = link.get_attribute("href")
        assert target.startswith("#") or (visited.out / unquote(target)).is_file(), target
    opened.locator("[name=text]").fill("100%")
    opened.get_by_role("link", name="Report").click()
    assert opened.title().startswith("Movement audit")


@marked
def test_the_way_back_leads_to_the_same_rows(opened, visited):
    choose(opened, "state", "failed")
    before = clips(opened)
    opened.goto((visited.out / "Anna" / "screen first" / "report.html").as_uri())
    opened.go_back()
    assert clips(opened) == before


@marked
def test_without_scripts_a_plain_table_of_all_stands_there(browser, visited, rows):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((visited.out / "index.html").as_uri())
    assert tab.locator("noscript tbody tr").count() == len(rows)
    assert not tab.locator(".filters").is_visible()
    tab.locator("noscript a", has_text="k06_stepdown_drop").click()
    assert tab.url.endswith("report.html")
    context.close()


@marked
def test_ten_thousand_rows_open_filter_and_print_nothing_but_themselves(browser, rows, tmp_path):
    many = [replace(rows[n % len(rows)], client=f"client {n:05}", screen=None) for n in range(10_000)]
    (tmp_path / "index.html").write_text(content(many, 0), "utf-8")
    tab = browser.new_page()
    tab.goto((tmp_path / "index.html").as_uri())
    assert len(clips(tab)) == 100, "a hundred at a time"
    assert "1–100 of 10,000" in tab.locator(".pages").text_content()
    choose(tab, "sort", "client")
    assert tab.locator("#clips .who b").first.text_content() == "client 00000"
    tab.get_by_role("button", name="Next").click()
    assert tab.locator("#clips .who b").first.text_content() == "client 00100"
    tab.locator("[name=text]").fill("client 07777")
    assert tab.locator("#clips .who b").all_text_contents() == ["client 07777"]
    choose(tab, "state", "failed")
    tab.locator("[name=text]").fill("client")
    assert tab.locator("#clips .who b").count() == 100
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("#clips .who b").count() == sum(bool(row.failure) for row in many), "paper has no pages to turn"
    tab.close()
