"""The page in Chromium: a sample clip is its camera, `hipaudit live` runs beside it with the real pose model."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from contrast import contrast
from served import frames, jpeg

from hipaudit.audit.codec import from_json, to_json
from hipaudit.audit.run import audit_clip
from hipaudit.library import cues, drawings
from hipaudit.plan.intake import read_intake
from hipaudit.poses.smoothing import GAP

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    # Playwright's own event loop closes after the test; its transports are not ours to close.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
NONE = ["--use-fake-ui-for-media-stream"]
REFUSING = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"]
AFTERWARDS_S = 3.0  # the last picture stands still before the camera begins again
# What the page asks the browser to say, and whether something else was still being said.
LISTENING = """
    window.spoken = [];
    let talking = false;
    const {speak, cancel} = SpeechSynthesis.prototype;
    SpeechSynthesis.prototype.speak = function (sentence) {
        window.spoken.push([sentence.text, talking]);
        talking = true;
        speak.call(this, sentence);
    };
    SpeechSynthesis.prototype.cancel = function () { talking = false; cancel.call(this); };
"""

# The one thing that cannot be had here for real: a camera that another program holds, for as long as `busy` is true.
BUSY = """
    window.busy = false;
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        if (window.busy) throw new DOMException("Could not start video source", "NotReadableError");
        return open(wanted);
    };
"""


@pytest.fixture(scope="session")
def film(tmp_path_factory):
    """A clip as the file of a fake camera of 30 pictures a second: standing still first, until the set begins."""
    made = {}

    def make(name):
        if name not in made:
            made[name] = tmp_path_factory.mktemp("camera") / f"{name}.mjpeg"
            shown, written = None, 0
            with made[name].open("wb") as file:
                for t, image in frames(name):
                    if image is not shown:
                        shown, picture = image, jpeg(image)
                    due = round(30 * t) + 1 - written
                    file.writelines([picture] * due)
                    written += due
                file.writelines([picture] * round(30 * AFTERWARDS_S))
        return made[name]

    return make


class Server:
    """`hipaudit live` as a process of its own."""

    def __init__(self, out, port=0, *options):
        command = [sys.executable, "-m", "hipaudit", "live", "--no-open", "--no-history", "--out", str(out)]
        self.out = out
        self.process = subprocess.Popen(
            [*command, "--port", str(port), *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.address = self.process.stdout.readline().strip()
        self.origin = self.address.partition("/#")[0]
        self.port = int(self.origin.rpartition(":")[2])

    def end(self):
        """Ends it and returns what it said."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=20)[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("sets"))
    yield running
    assert "Traceback" not in running.end()


@pytest.fixture(scope="module")
def browse():
    """Opens an address in a Chromium with these arguments; all is closed at the end."""
    from playwright.sync_api import sync_playwright

    browsers = {}
    with sync_playwright() as play:

        def open_page(address, *args, **options):
            if args not in browsers:
                browsers[args] = play.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, *args])
            return Visit(browsers[args], address, **options)

        yield open_page
        for browser in browsers.values():
            browser.close()


@pytest.fixture
def visits(browse, film, server):
    """Opens the page of the running server, its camera on a sample clip; closed after the test."""
    opened = []

    def open_page(name="step_down_front_right_knee_in", address=None, **options):
        camera = f"--use-file-for-fake-video-capture={film(name)}"
        opened.append(browse(address or server.address, *CAMERA, camera, **options))
        return opened[-1]

    yield open_page
    for visit in opened:
        visit.close()


@pytest.fixture
def visit(visits):
    return visits()


class Visit:
    """A page opened at an address, with all that it complained about and asked for."""

    def __init__(self, browser, address, **options):
        self.page = browser.new_page(viewport={"width": 960, "height": 640}, **options)
        self.problems, self.asked = [], []
        self.page.on("console", lambda message: self.problems.append(message.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.add_init_script(LISTENING)
        self.page.goto(address)
        self.until(
            "document.querySelector('[name=movement]').options.length || !document.querySelector('#blocked').hidden"
        )

    def close(self):
        self.page.context.close()

    def until(self, condition, seconds=10.0):
        """Waits for a condition; the page's own policy forbids evaluating one in the page again and again."""
        for waited in count():
            if self.page.evaluate(condition):
                return
            if waited > 10 * seconds:
                pytest.fail(f"never came true: {condition}\n{self.page.inner_text('main')}\n{self.problems}")
            self.page.wait_for_timeout(100)

    def start(self, movement, side=None, sets=1, reps=5):
        self.page.select_option("[name=movement]", movement)
        if side:
            self.page.check(f"[name=side][value={side}]")
        if self.page.is_visible("#amount"):
            self.page.fill("[name=sets]", str(sets))
            self.page.fill("[name=reps]", str(reps))
        self.page.click("#go")

    def wait_for(self, screen, seconds=10.0):
        self.until(f"document.body.dataset.screen === '{screen}'", seconds)

    def wait_for_set(self, seconds=20.0):
        self.wait_for("stage")
        self.until("document.querySelector('#stage').dataset.state === 'set'", seconds)

    def finish_set(self, seconds):
        """Waits for the summary. A machine too busy to look often cannot count: then there is nothing to test."""
        self.until("['stage', 'after'].includes(document.body.dataset.screen)", 30)
        self.page.keyboard.press("d")
        for _ in range(2 * seconds):
            if self.page.evaluate("document.body.dataset.screen") == "after":
                return
            self.page.wait_for_timeout(500)
        told = self.page.locator("#diagnostics").inner_text()
        gap = int(re.search(r"longest gap (\d+) ms", told)[1])
        if gap > 1000 * GAP:
            pytest.skip(f"this machine is too busy to coach: {told}")
        pytest.fail(f"the set did not end: {told}\n{self.page.inner_text('main')}\n{self.problems}")

    def text(self, selector):
        return self.page.inner_text(selector)

    @property
    def spoken(self):
        return self.page.evaluate("window.spoken")


def cue_words(finding):
    words = cues().words[finding]
    return {*words.external, words.internal}


def test_a_set_of_step_downs_is_counted_cued_aloud_and_saved(visit, server):
    visit.page.check("[name=record]")
    visit.page.uncheck("[name=blur]")
    visit.start("lateral_step_down", "right")
    visit.wait_for_set()
    assert visit.page.is_visible("#recording")
    visit.finish_set(75)
    assert visit.text("#after-title") == "5 repetitions"
    assert "Knee drifts inward: clear, in 5 of 5 repetitions." in visit.text("#summary")

    said = [words for words, _ in visit.spoken]
    cued = [words for words in said if words in cue_words("knee_valgus")]
    assert cued, said
    assert not [words for words in said if words in cue_words("pelvic_drop") | cue_words("trunk_lean_lateral")]
    assert not [words for words, over_another in visit.spoken if over_another]

    visit.page.click("#save")
    visit.until("document.querySelector('#saved').textContent", 30)
    (document,) = server.out.glob("*/audit.json")
    audit = from_json(document.read_text("utf-8"))
    assert audit.movement.name == "lateral_step_down"
    assert sum(rep.valid for rep in audit.reps) == 5
    assert ("knee_valgus", "right") in found(audit)
    recorded = audit_clip(document.with_name("set.mp4"), movement="lateral_step_down", side="right").audit
    assert sum(rep.valid for rep in recorded.reps) == 5
    assert found(recorded) == found(audit)

    with visit.page.expect_popup() as popup:
        visit.page.click("#saved a")
    assert "The right knee drifts inward" in popup.value.inner_text("main")
    assert visit.problems == []
    sockets = server.origin.replace("http", "ws")
    assert [url for url in visit.asked if not url.startswith((server.origin, sockets, "blob:" + server.origin))] == []


def found(audit):
    return {(finding.finding, finding.side) for finding in audit.findings}


def test_a_hold_is_timed_and_its_result_goes_into_the_intake_file(visits, server):
    """Seconds run on the counter, and what is not recorded leaves no clip.

    The foot is off the floor for 8.5 s of the clip, which a fake camera plays more slowly on a busy machine.
    """
    visit = visits("single_leg_stance_left")
    visit.start("single_leg_stance hold", "left")
    visit.wait_for_set()
    visit.until("Number(document.querySelector('#count').textContent) >= 5", 20)
    assert visit.text("#of") == "of 30 s"
    assert visit.page.is_hidden("#recording")
    visit.finish_set(30)
    held = re.fullmatch(r"([\d.]+) seconds", visit.text("#after-title"))
    assert 7.5 < float(held[1]) < 30, visit.text("#summary")
    assert abs(float(held[1]) - int(visit.page.text_content("#count"))) <= 1.5
    assert visit.text("#summary").startswith(f"On the left leg held for {held[1]} s.")
    visit.page.click("#intake")
    visit.until("document.querySelector('#saved').textContent")
    told = read_intake(server.out / "intake.toml")
    assert told.tests.single_leg_stance_s.left == pytest.approx(float(held[1]), abs=0.05)
    assert str(server.out / "intake.toml") in visit.text("#saved")
    assert not [*server.out.glob("single_leg_stance*")]
    assert visit.text("#next") == "Go on: the right leg"
    visit.page.click("#next")
    visit.wait_for("stage")
    assert visit.text("#stage-title").startswith("Single-leg stance, right leg")
    assert visit.problems == []


def test_a_steady_set_is_not_cued(visits):
    visit = visits("squat_front_steady")
    visit.start("squat", reps=3)
    visit.finish_set(75)
    assert visit.text("#after-title") == "3 repetitions"
    wrong = {words for finding in ("knee_valgus", "hip_shift", "trunk_lean_lateral") for words in cue_words(finding)}
    assert not [words for words, _ in visit.spoken if words in wrong]
    assert visit.problems == []


def test_a_whole_session_can_be_trained_from_the_page(visits, audited, tmp_path):
    """What the camera cannot judge is shown with its dose; what it can is coached; each says what comes next."""
    audit = audited("step_down_front_right_knee_in").audit
    (tmp_path / "audit.json").write_text(to_json(audit), "utf-8")
    server = Server(tmp_path / "sets", 0, "--session", str(tmp_path / "audit.json"))
    try:
        visit = visits(address=server.address)
        page = visit.page
        steps = page.locator("#plan-steps li").all_inner_texts()
        weeks = audit.first_weeks
        assert [weeks.warm_up[0].name in steps[0], weeks.cool_down[-1].name in steps[-1]] == [True, True]
        done = []
        while len(done) < len(steps):
            if page.is_visible("#train"):
                page.click("#train")
                visit.until("document.body.dataset.screen !== 'start'")
            done.append(lead_through(visit))
            visit.until(f"document.querySelectorAll('#plan-steps li.done').length === {len(done)}")
        assert done == [step.partition(":")[0] for step in steps]
        assert page.locator("#plan-steps li.done").count() == len(steps)
        assert visit.text("#plan-about") == "The session is done."
        assert page.is_hidden("#skip")
        page.click("#train")  # again
        visit.wait_for("guide")
        assert page.locator("#guide-where").inner_text().lower().startswith(f"exercise 1 of {len(steps)}")
        assert visit.problems == []
    finally:
        assert "Traceback" not in server.end()


GUIDED = """() => [...document.querySelectorAll('#guide-figure svg:first-child path')]
    .map((path) => path.getAttribute('d'))"""

CLOCK_FITS = """() => {
    const text = document.createRange(), around = document.querySelector('.clock').getBoundingClientRect();
    text.selectNodeContents(document.querySelector('#guide-clock'));
    const {left, right} = text.getBoundingClientRect();
    return around.left <= left && right <= around.right;
}"""


@pytest.fixture
def guided(visits, audited, tmp_path):
    """Opens the first exercise of a session, which the camera cannot judge, with the page's options."""
    audit = audited("step_down_front_right_knee_in").audit
    (tmp_path / "audit.json").write_text(to_json(audit), "utf-8")
    server = Server(tmp_path / "sets", 0, "--session", str(tmp_path / "audit.json"))

    def open_guide(**options):
        visit = visits(address=server.address, **options)
        visit.page.click("#train")
        visit.wait_for("guide")
        return visit, drawings()[audit.first_weeks.warm_up[0].exercise]

    yield open_guide
    assert "Traceback" not in server.end()


def test_the_exercise_is_drawn_and_moves_while_a_set_runs(guided):
    visit, drawing = guided()
    page = visit.page
    figure = page.locator("#guide-figure")
    assert figure.get_attribute("role") == "img"
    assert figure.get_attribute("aria-label") == drawing.shows
    resting = page.evaluate(GUIDED)
    assert len(resting) >= 7, "floor, trunk, head and four limbs"
    page.wait_for_timeout(300)
    assert page.evaluate(GUIDED) == resting, "nobody trains yet: get ready"
    page.click("#guide-done")  # start now
    visit.until(f"JSON.stringify(({GUIDED})()) !== {json.dumps(json.dumps(resting))}", 3)
    box = page.locator("#guide-figure svg").bounding_box()
    assert box["width"] * box["height"] > 0.2 * 960 * 640, "the middle of the screen"
    assert ":" in visit.text("#guide-clock")
    for size in ({"width": 1280, "height": 800}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)
        assert page.evaluate(CLOCK_FITS), size
    assert page.locator("#guide-figure [style]").count() == 0
    assert visit.problems == []


def test_who_asks_for_less_motion_sees_the_figure_stand_still(guided):
    visit, drawing = guided(reduced_motion="reduce")
    page = visit.page
    assert page.locator("#guide-figure svg").count() == 1 + (len(drawing.poses) > 1 and not drawing.cycle)
    page.click("#guide-done")
    resting = page.evaluate(GUIDED)
    page.wait_for_timeout(700)
    assert page.evaluate(GUIDED) == resting


def lead_through(visit):
    """Does one step of a session, a shown one by its button; a coached one is begun and left. Returns its name."""
    page = visit.page
    if page.is_visible("#stage"):
        name = visit.text("#stage-title").partition(" ·")[0]
        page.keyboard.press("Escape")
        visit.wait_for("start")
        page.click("#skip")
        return name
    name, where = visit.text("#guide-title"), visit.text("#guide-where")
    assert page.locator("#guide-cues li").count()
    while page.is_visible("#guide") and visit.text("#guide-where") == where:
        page.evaluate("document.querySelector('#guide-done').click()")
    visit.until("document.body.dataset.screen !== 'start' || !document.querySelector('li.now')")  # a camera opens
    return name


def test_a_reading_of_zero_has_no_minus_sign(visit):
    read = "import('/static/page.js').then(({rounded}) => [-0.3, 0.2, -3.4].map((value) => rounded(value, 0)))"
    assert visit.page.evaluate(read) == ["0", "0", "-3"]


def test_nothing_on_the_screen_is_older_than_half_a_second(visit, server):
    """The server is made to hang in the middle of a set."""
    visit.start("lateral_step_down", "right")
    visit.wait_for_set()
    visit.page.keyboard.press("n")
    visit.until("document.querySelectorAll('#numbers dd').length")
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        visit.until("!document.querySelector('#lost').hidden", 5)
        assert set(visit.page.locator("#numbers dd").all_inner_texts()) == {"–"}
        assert not visit.page.locator("#filled").is_visible()
        assert not visit.page.locator("#pacer").is_visible()
        drawn = """() => { const c = document.querySelector('#overlay');
            return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean); }"""
        assert not visit.page.evaluate(drawn), "the skeleton of a moment ago"
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    visit.until("document.querySelector('#lost').hidden")


def test_a_dropped_socket_is_opened_again_and_the_set_begins_anew(visit):
    page, sockets = visit.page, []

    def between(socket):
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket(re.compile("/ws$"), between)
    page.reload()
    visit.start("lateral_step_down", "right")
    visit.wait_for_set()
    sockets[0].close(code=3000)
    visit.until("document.querySelector('#words').textContent.startsWith('Connected again. The set begins anew')")
    visit.wait_for("stage")
    visit.wait_for_set(30)


def test_a_server_started_again_mid_set_is_told_and_its_new_address_works(visits, tmp_path):
    first = Server(tmp_path)
    visit = visits(address=first.address)
    visit.start("lateral_step_down", "right")
    visit.wait_for_set()
    assert "Traceback" not in first.end()
    visit.until("document.querySelector('#banner p').textContent.startsWith('The connection to hipaudit is lost')")
    assert visit.text("#words") == "Connection lost"
    again = Server(tmp_path, first.port)
    try:
        visit.wait_for("blocked", 20)
        assert "earlier start of hipaudit live" in visit.text("#blocked")
        visit.page.goto(again.address)
        visit.wait_for("start")
        visit.start("lateral_step_down", "right")
        visit.wait_for("stage")
    finally:
        assert "Traceback" not in again.end()


def test_a_second_tab_is_told_and_the_first_goes_on(visits):
    first, second = visits(), visits()
    assert "open in another tab or window" in second.text("#blocked")
    first.start("lateral_step_down", "right")
    first.wait_for("stage")
    first.page.close()
    second.page.wait_for_timeout(1000)
    second.page.click("#reconnect")
    second.wait_for("start")


@pytest.mark.parametrize(
    ("args", "says"),
    [(REFUSING, "may not use the camera"), (NONE, "No camera was found")],
    ids=["refused", "none"],
)
def test_without_a_camera_one_sentence_says_what_to_do(browse, server, args, says):
    visit = browse(server.address, *args)
    visit.start("squat")
    visit.until("!document.querySelector('#banner').hidden")
    assert says in visit.text("#banner p")
    assert visit.text("#banner button") == "Try again"
    assert visit.page.locator("#start").is_visible()
    visit.close()


PULLED_OUT = """() => { const [track] = document.querySelector('#video').srcObject.getTracks();
    track.stop(); track.dispatchEvent(new Event('ended')); }"""


def test_a_busy_camera_is_said_and_opened_once_it_is_free(visit):
    """By the button, before a set and in one."""
    page = visit.page
    page.add_init_script(BUSY)
    page.reload()
    page.evaluate("window.busy = true")
    visit.start("lateral_step_down", "right")
    visit.until("!document.querySelector('#banner').hidden")
    assert "busy in another program" in visit.text("#banner p")
    assert page.is_visible("#start")
    page.click("#banner button")
    page.wait_for_timeout(200)
    assert "busy in another program" in visit.text("#banner p"), "still busy"
    page.evaluate("window.busy = false")
    page.click("#banner button")
    visit.wait_for("stage")
    assert page.is_hidden("#banner")

    page.evaluate("window.busy = true")
    page.evaluate(PULLED_OUT)
    visit.until("document.querySelector('#banner p').textContent.includes('busy in another program')")
    assert visit.text("#words") == "Camera lost"
    assert page.is_hidden("#countdown")
    page.evaluate("window.busy = false")
    page.click("#banner button")
    visit.until("document.querySelector('#banner').hidden && document.querySelector('#video').srcObject?.active")


def test_a_chosen_camera_that_is_not_there_is_said(visit):
    page = visit.page
    page.evaluate("document.querySelector('[name=camera]').append(new Option('old', 'f'.repeat(64), true, true))")
    visit.start("squat")
    visit.until("!document.querySelector('#banner').hidden")
    assert "camera that was chosen is not there" in visit.text("#banner p")
    page.select_option("[name=camera]", "")
    page.click("#banner button")
    visit.wait_for("stage")


def test_a_camera_that_is_pulled_out_is_said_and_opened_again(visit):
    visit.start("lateral_step_down", "right")
    visit.wait_for("stage")
    visit.page.evaluate(PULLED_OUT)
    assert "The camera is gone" in visit.text("#banner p")
    visit.until("document.querySelector('#banner').hidden && document.querySelector('#video').srcObject?.active")


def test_muted_nothing_is_said(visit):
    visit.page.uncheck("[name=speak]")
    visit.start("lateral_step_down", "right")
    visit.wait_for_set()
    assert visit.spoken == []


def test_choices_are_kept_for_the_next_time(visit):
    visit.page.select_option("[name=movement]", "single_leg_squat")
    visit.page.check("[name=side][value=right]")
    visit.page.fill("[name=reps]", "12")
    visit.page.check("[name=beeps]")
    visit.page.check("[name=record]")
    visit.page.reload()
    visit.until("document.querySelector('[name=movement]').options.length")
    assert visit.page.input_value("[name=movement]") == "single_leg_squat"
    assert visit.page.is_checked("[name=side][value=right]")
    assert visit.page.input_value("[name=reps]") == "12"
    assert visit.page.is_checked("[name=beeps]")
    assert not visit.page.is_checked("[name=record]"), "recording is asked for each time"


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["laptop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_screen_fits_and_the_live_one_needs_no_scrolling(visits, size, dark):
    visit = visits(color_scheme="dark" if dark else "light")
    page, (width, height) = visit.page, size
    page.set_viewport_size({"width": width, "height": height})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    visit.start("lateral_step_down", "right")
    visit.wait_for("stage")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    for part in ("#count", "#say", "#stop", "#shaft", ".picture"):
        box = page.locator(part).bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width, part
        assert 0 <= box["y"] <= box["y"] + box["height"] <= height, part
    page.keyboard.press("Escape")


def test_it_can_be_worked_by_keyboard_alone(visit):
    page = visit.page
    page.focus("[name=reps]")
    page.keyboard.press("Enter")
    visit.wait_for("stage")
    assert page.evaluate("document.activeElement.id") == "stage-title"
    page.keyboard.press("p")
    visit.until("document.querySelector('#words').textContent === 'Paused'", 2)
    page.keyboard.press("p")
    page.keyboard.press("d")
    visit.until("document.querySelector('#diagnostics').textContent.includes('p95')")
    page.keyboard.press("Escape")
    visit.wait_for("start")


def colours(scheme):
    """The page's own colours, and those of the drawings on it."""
    known = {}
    for sheet in ("live/static/live.css", "figure/static/figure.css"):
        css = (Path(__file__).parents[2] / "hipaudit" / sheet).read_text("utf-8")
        blocks = re.findall(r":root \{([^}]*)\}", css)
        assert len(blocks) == 2
        known |= dict(re.findall(r"--([\w-]+):(#\w+)", blocks[["light", "dark"].index(scheme)]))
    return known


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_hold_wcag_aa(scheme):
    """Every pair of text and ground that the style sheet makes; what is read from afar holds AAA."""
    of = colours(scheme)
    for text in ("ink", "muted", "accent", "accent-2"):
        for ground in ("paper", "card", "plate"):
            assert contrast(of[text], of[ground]) >= 4.5, (text, ground)
    assert contrast(of["on-accent"], of["accent"]) >= 4.5
    for said in ("cue", "hint"):
        assert contrast(of[f"on-{said}"], of[said]) >= 7, said
    for said in ("good", "gone"):
        assert contrast(of[f"on-{said}"], of[said]) >= 4.5, said
    assert contrast(of["ink"], of["card"]) >= 7, "the counter"
    for limb in ("fig-body", "fig-far", "accent", "accent-2"):
        assert contrast(of[limb], of["card"]) >= 3, limb
    assert contrast(of["fig-body"], of["fig-far"]) >= 1.6, "the far side is told from the near one"
    for mark in ("fill", "mark"):
        assert contrast(of[mark], of["track"]) >= 3, mark
        assert contrast(of[mark], of["card"]) >= 3, mark
