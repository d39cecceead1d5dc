"""The report in Chromium, opened as a file as people do: offline, light and dark, wide and narrow, printed, played."""

import re
import shutil

import pytest
from conftest import SAMPLES

from hipaudit.audit.screen import screen
from hipaudit.report import html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    # Playwright's own event loop closes after the test; its transports are not ours to close.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
CLIPS = sorted(clip.stem for clip in SAMPLES.glob("*.mp4"))
VISIT = (
    "step_down_front_left_pelvic_drop",
    "step_down_front_right_knee_in",
    "squat_front_knees_in",
    "squat_side_low_back_arch",
)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()


def written(folder, runs, whole):
    """A page over audits, the sample videos beside it."""
    videos = {}
    for seen in (seen for run in runs for seen in run.clips):
        videos[seen.clip.name] = f"annotated {seen.clip.name}"
        shutil.copy(seen.path, folder / videos[seen.clip.name])
    (folder / "report.html").write_text(html.page(runs, whole, videos), "utf-8")
    return folder / "report.html"


@pytest.fixture(scope="module", params=CLIPS)
def one(request, filmed, tmp_path_factory):
    run = filmed(request.param)
    return written(tmp_path_factory.mktemp("one"), [run], run.audit)


@pytest.fixture(scope="module")
def screened(judged):
    return screen([judged(name, path=SAMPLES / f"{name}.mp4") for name in VISIT])


@pytest.fixture(scope="module")
def visit(screened, tmp_path_factory):
    return written(tmp_path_factory.mktemp("visit"), screened.runs, screened.screen)


def until(page, condition):
    """Waits for a condition; the page's own policy forbids evaluating one in the page again and again."""
    for _ in range(500):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    pytest.fail(f"never came true: {condition}")


@pytest.fixture
def opened(browser, visit):
    """The visit's page, its first video ready to be shown."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.goto(visit.as_uri())
    until(page, "document.querySelector('#a1-clip1 video').readyState >= 2")
    yield page
    page.close()


def looked_at(browser, file, width, dark):
    """Opens a page; gives its problems, what it asked for, and whether it fits."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", offline=True
    )
    page = context.new_page()
    problems, asked = [], []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    until(page, "[...document.querySelectorAll('video')].every(v => v.readyState >= 1)")
    fits = page.evaluate("document.documentElement.scrollWidth") <= width
    broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).length")
    context.close()
    return problems, [url for url in asked if not url.startswith(("file:", "data:"))], fits, broken


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_opens_offline_without_errors_and_fits_the_width(browser, one, width, dark):
    assert looked_at(browser, one, width, dark) == ([], [], True, 0)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_visit_opens_offline_without_errors_and_fits_the_width(browser, visit, width):
    assert looked_at(browser, visit, width, dark=False) == ([], [], True, 0)


def pages(pdf):
    """How many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def printed(browser, file, paper):
    """Pages of the audit, and of the first weeks that follow it."""
    page = browser.new_page()
    page.goto(file.as_uri())
    whole = pages(page.pdf(format=paper))
    page.evaluate("document.querySelector('#weeks').remove()")
    audit = pages(page.pdf(format=paper))
    page.close()
    return audit, whole - audit


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_one_audit_prints_on_two_pages(browser, one, paper):
    """The first page for the person, the second for the clinician; the first weeks begin a third."""
    page = browser.new_page()
    page.goto(one.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.weeks')).breakBefore") == "page"
    page.evaluate("document.querySelector('.weeks').remove()")
    pdf = page.pdf(format=paper)
    page.close()
    assert pages(pdf) == 2


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_first_weeks_print_on_one_page(browser, one, paper):
    assert printed(browser, one, paper)[1] == 1


def test_every_audit_of_a_visit_and_the_first_weeks_begin_a_printed_page(browser, visit):
    page = browser.new_page()
    page.goto(visit.as_uri())
    page.emulate_media(media="print")
    breaks = page.evaluate("[...document.querySelectorAll('.sheet')].map(s => getComputedStyle(s).breakBefore)")
    page.close()
    assert breaks == ["page"] * (3 + 1), "three audits and the first weeks"


def cursor(page, film="a1-clip1"):
    """The second at which the cursor stands, by its place on the curves."""
    return page.evaluate(
        """film => {
            const root = document.getElementById(film);
            const slider = root.querySelector('[role=slider]').getBoundingClientRect();
            const line = root.querySelector('.cursor').getBoundingClientRect();
            const share = (line.left + line.width / 2 - slider.left) / slider.width;
            return Number(root.dataset.first) + share * (root.dataset.last - root.dataset.first);
        }""",
        film,
    )


def current(page, film="a1-clip1"):
    return page.evaluate("film => document.querySelector(`#${film} video`).currentTime", film)


def test_the_cursor_follows_the_video(opened):
    opened.evaluate("document.querySelector('#a1-clip1 video').currentTime = 7.5")
    until(opened, "document.querySelector('#a1-clip1 [role=slider]').ariaValueNow === '7.50'")
    assert cursor(opened) == pytest.approx(7.5, abs=0.05)


def test_a_playing_video_moves_the_cursor(opened):
    before = cursor(opened)
    opened.evaluate("document.querySelector('#a1-clip1 video').currentTime = 0")
    opened.evaluate("document.querySelector('#a1-clip1 video').play()")
    until(opened, "document.querySelector('#a1-clip1 video').currentTime > 0.5")
    opened.evaluate("document.querySelector('#a1-clip1 video').pause()")
    until(
        opened,
        """() => { const root = document.querySelector('#a1-clip1');
        return Math.abs(root.querySelector('[role=slider]').ariaValueNow - root.querySelector('video').currentTime)
            < 0.01; }""",
    )
    assert cursor(opened) != before
    assert cursor(opened) == pytest.approx(current(opened), abs=0.05)


def test_dragging_on_the_curves_scrubs_the_video(opened):
    slider = opened.locator("#a1-clip1 [role=slider]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    last = float(opened.locator("#a1-clip1").get_attribute("data-last"))
    opened.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 40)
    opened.mouse.down()
    assert current(opened) == pytest.approx(0.25 * last, abs=0.05)
    opened.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 90)
    opened.mouse.up()
    assert current(opened) == pytest.approx(0.6 * last, abs=0.05)
    opened.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 40)
    assert current(opened) == pytest.approx(0.6 * last, abs=0.05), "only while held"


def test_the_time_axis_of_the_curves_lies_under_the_slider(opened):
    """The tick labelled 5.0 stands where the cursor stands at 5 s."""
    opened.evaluate("document.querySelector('#a1-clip1 video').currentTime = 5")
    until(opened, "document.querySelector('#a1-clip1 [role=slider]').ariaValueNow === '5.00'")
    off = opened.evaluate(
        """() => { const root = document.querySelector('#a1-clip1');
        const tick = [...root.querySelectorAll('svg text')].filter(t => t.textContent.trim() === '5.0').at(-1);
        const at = tick.getBoundingClientRect(), line = root.querySelector('.cursor').getBoundingClientRect();
        return (at.left + at.right - line.left - line.right) / 2; }"""
    )
    assert abs(off) < 3


def test_arrow_keys_step_through_the_clip(opened):
    slider = opened.locator("#a1-clip1 [role=slider]")
    slider.focus()
    slider.press("Home")
    assert current(opened) == 0
    slider.press("ArrowRight")
    one_step = current(opened)
    assert 0 < one_step < 0.1
    slider.press("PageUp")
    assert current(opened) == pytest.approx(1 + one_step, abs=0.01)
    slider.press("End")
    assert current(opened) == pytest.approx(float(slider.get_attribute("aria-valuemax")), abs=0.05)


def test_the_slider_is_reached_by_tab_and_shows_its_focus(opened):
    opened.locator("#a1-clip1 video").focus()
    for _ in range(12):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement.getAttribute('role')") == "slider":
            break
    assert opened.evaluate("document.activeElement.getAttribute('role')") == "slider"
    assert opened.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_finding_jumps_to_its_worst_instant_in_its_own_clip(opened, screened):
    worst = screened.runs[1].audit.findings[0].t_worst
    left = current(opened)
    opened.locator("a.show[data-film=a2-clip1]").first.click()
    until(opened, "document.querySelector('#a2-clip1 video').readyState >= 2")
    assert current(opened, "a2-clip1") == pytest.approx(worst, abs=0.01)
    assert cursor(opened, "a2-clip1") == pytest.approx(worst, abs=0.05)
    assert current(opened) == left, "the other clips stay where they were"
    top = opened.locator("#a2-clip1 video").bounding_box()["y"]
    assert 0 <= top < 900


def test_a_repetition_jumps_to_its_lowest_point_in_the_clip_it_comes_from(opened, screened):
    """The squat is of two clips, front and side: repetitions of each lead to its own video."""
    number, run = next((n, run) for n, run in enumerate(screened.runs, 1) if len(run.clips) == 2)
    for clip in (1, 2):
        name = run.clips[clip - 1].clip.name
        row, rep = next((i, rep) for i, rep in enumerate(run.audit.reps) if rep.clip == name and rep.valid)
        opened.locator(f"#a{number} .reps tbody tr").nth(row).click()
        assert current(opened, f"a{number}-clip{clip}") == pytest.approx(rep.t_turn, abs=0.01)


def test_a_video_that_is_not_there_is_said_and_the_curves_still_answer(browser, filmed, tmp_path):
    run = filmed(CLIPS[0])
    (tmp_path / "report.html").write_text(html.content(run, {run.audit.clips[0].name: "gone.mp4"}), "utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    page.locator(".lost").wait_for(state="visible")
    page.locator("a.show").first.click()
    assert cursor(page) == pytest.approx(run.audit.findings[0].t_worst, abs=0.05)
    page.close()


def test_without_scripts_the_links_lead_to_the_clip(browser, one):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(one.as_uri())
    assert not page.locator("[role=slider]").is_visible()
    assert page.locator(".curves svg").first.is_visible()
    page.locator(".reps a").first.click()
    assert page.url.endswith("#a1-clip1")
    context.close()


@pytest.mark.parametrize("paper", [(794, 1122), (816, 1056)], ids=["A4", "Letter"])
def test_the_first_page_tells_where_to_start_and_when_to_stop(browser, one, visit, paper):
    """Measured in the layout of paper: the start and the safety words end before the first page does."""
    margins = 2 * 8 / 25.4 * 96
    for file in (one, visit):
        page = browser.new_page(viewport={"width": round(paper[0] - 2 * 12 / 25.4 * 96), "height": 900})
        page.goto(file.as_uri())
        page.emulate_media(media="print")
        end = page.evaluate("document.querySelector('.notice').getBoundingClientRect().bottom")
        page.close()
        assert 0 < end < paper[1] - margins
