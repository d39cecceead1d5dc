"""Who may speak to the server, and what becomes of nonsense: a real server, a real socket."""

import json
import socket
import struct
import time
from contextlib import contextmanager

import httpx
import numpy as np
import psutil
import pytest
from served import jpeg, serving
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from hipaudit.audit.run import open_model
from hipaudit.errors import OutputError
from hipaudit.live.conversation import BUSY, MOST_A_SECOND, WRONG_TOKEN
from hipaudit.live.desk import Choice, Desk
from hipaudit.live.server import listening

REFUSED, RESTARTING = 1008, 1012


def test_nothing_listens_beyond_this_machine(served):
    ours = [c for c in psutil.Process().net_connections("inet") if c.status == psutil.CONN_LISTEN]
    assert served.port in {c.laddr.port for c in ours}
    assert {c.laddr.ip for c in ours if c.laddr.port == served.port} == {"127.0.0.1"}


def test_the_page_and_its_parts_come_with_a_strict_policy(served):
    page = httpx.get(f"{served.origin}/")
    assert page.status_code == 200
    script = httpx.get(f"{served.origin}/static/live.js")
    assert script.headers["content-type"].startswith("text/javascript")
    for answer in (page, script, httpx.get(f"{served.origin}/nothing")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["permissions-policy"].startswith("camera=(self)")
        assert "server" not in answer.headers


def test_no_file_beside_the_page_is_handed_out(served):
    for path in (
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2f..%2f__init__.py",
        "/saved/x/report.html",
    ):
        assert httpx.get(served.origin + path).status_code == 404


def test_the_token_is_not_in_the_page(served):
    assert served.desk.token not in httpx.get(f"{served.origin}/").text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}"])
def test_a_name_that_was_turned_to_this_address_is_refused(served, host):
    answer = httpx.get(f"{served.origin}/", headers={"host": host.format(port=served.port)})
    assert answer.status_code == 403
    assert "this machine only" in answer.text


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://localhost:{port}", "https://127.0.0.1:{port}"]
)
def test_a_socket_of_another_origin_is_refused(served, origin):
    origin = origin and origin.format(port=served.port)
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{served.port}/ws", origin=origin)
    assert refused.value.response.status_code == 403


def test_what_is_posted_from_elsewhere_is_refused(served):
    assert httpx.post(f"{served.origin}/").status_code == 403
    assert httpx.post(f"{served.origin}/", headers={"origin": "https://evil.example"}).status_code == 403
    assert httpx.post(f"{served.origin}/", headers={"origin": served.origin}).status_code == 405


def test_localhost_is_this_machine_too(served):
    origin = f"http://localhost:{served.port}"
    with connect(f"ws://localhost:{served.port}/ws", origin=origin) as there:
        there.send(json.dumps({"type": "hello", "token": served.desk.token}))
        assert json.loads(there.recv(5))["type"] == "welcome"


@pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 150])
def test_a_wrong_token_is_told_where_the_right_one_is(served, token):
    with served.socket() as page:
        page.tell("hello", token=token)
        assert page.hear() == {"type": "problem", "t": 0.0, "say": WRONG_TOKEN}
        assert page.ended() == (REFUSED, WRONG_TOKEN)


def test_a_second_tab_is_told_so_and_the_first_goes_on(served, a_picture):
    with served.page() as first:
        with served.socket() as second:
            second.tell("hello", token=served.desk.token)
            assert second.ended() == (REFUSED, BUSY)
        first.show(1.0, a_picture)
    with served.page():
        pass  # the place is free again


RUBBISH = {
    "no json": "rubbish",
    "no object": "[1, 2]",
    "no such command": '{"type": "dance"}',
    "a key too many": '{"type": "stop", "now": true}',
    "no such movement": '{"type": "start", "movement": "moonwalk", "side": "both"}',
    "no such side": '{"type": "start", "movement": "squat", "side": "left"}',
    "sets beyond reason": '{"type": "start", "movement": "squat", "side": "both", "sets": 1000000}',
    "not a number": '{"type": "start", "movement": "squat", "side": "both", "rest_s": NaN}',
    "hello again": '{"type": "hello", "token": ""}',
    "too long": '{"type": "' + "x" * 10_000 + '"}',
    "deep": "[" * 4000,
    "no picture": b"",
    "only a time": struct.pack("<d", 1.0),
    "time that is none": struct.pack("<d", float("nan")) + b"x",
    "time without end": struct.pack("<d", float("inf")) + b"x",
    "too large": struct.pack("<d", 1.0) + bytes(2_100_000),
}


@pytest.mark.parametrize("message", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_ends_its_own_socket_with_a_sentence_and_the_server_lives(served, message):
    with served.page() as page:
        page.socket.send(message)
        code, reason = page.ended()
        assert code == REFUSED
        assert len(reason) > 15
        assert "Traceback" not in reason
    with served.page():
        pass


@pytest.mark.parametrize(
    "text", [b"\xff\xfe", b'{"type": "hello", "token": "\\ud800"}'], ids=["bytes", "half a character"]
)
def test_text_that_is_none_ends_its_own_socket(served, text):
    with served.socket() as page:
        page.socket.send(text, text=True)
        assert page.ended()[0] in (REFUSED, 1007)
    with served.page():
        pass


def test_a_huge_message_is_cut_off(served):
    def overwhelm(page):
        page.socket.send(bytes(50_000_000))
        page.hear()

    with served.page() as page, pytest.raises(ConnectionClosed):
        overwhelm(page)
    with served.page():
        pass


@pytest.mark.model
@pytest.mark.parametrize("cut", [0, 3, 1000], ids=["text", "header", "half"])
def test_a_wrong_picture_ends_its_own_socket(served, a_picture, cut):
    with served.page() as page:
        page.tell("start", movement="squat", side="both", reps=5)
        page.send(1.0, a_picture[:cut] if cut else b"this is no picture")
        assert page.ended() == (REFUSED, "This is not a whole JPEG picture.")


@pytest.mark.model
def test_times_must_increase(served, a_picture):
    with served.page() as page:
        page.tell("start", movement="squat", side="both", reps=5)
        page.show(1000.0, a_picture)
        page.send(1000.0, a_picture)
        assert page.ended() == (REFUSED, "Pictures must come in the order of their times.")


def test_silence_instead_of_hello_is_ended(served, monkeypatch):
    monkeypatch.setattr("hipaudit.live.conversation.HELLO_WITHIN", 0.2)
    with served.socket() as page:
        assert page.ended()[0] == REFUSED


@pytest.mark.model
def test_a_flood_is_held_back_and_takes_no_memory(served, a_picture):
    """Thousands of pictures as fast as they can be sent: the newest wins, the others are left out, nothing piles up."""
    large = jpeg(np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8), 95)
    me = psutil.Process()
    with served.page() as page:
        page.tell("start", movement="squat", side="both", reps=5)
        page.show(0.5, a_picture)
        before, begun = me.memory_info().rss, time.monotonic()
        for n in range(3 * MOST_A_SECOND):
            page.send(1.0 + n, large)
        took = time.monotonic() - begun
        last = page.until("tracked")[-1]
        while last["of"] < 3 * MOST_A_SECOND:
            last = page.until("tracked")[-1]
        grown = me.memory_info().rss - before
    assert took > 1  # the sender was held back
    assert 3 * MOST_A_SECOND * len(large) > 2 * 100_000_000
    assert grown < 100_000_000


@contextmanager
def arrived(served):
    """A page that tries again, as a browser's does, until the place of the one before is free."""
    for _ in range(50):
        with served.socket() as page:
            page.tell("hello", token=served.desk.token)
            if page.hear()["type"] == "welcome":
                yield page
                return
        time.sleep(0.1)
    pytest.fail("the place was never freed")


@pytest.mark.model
def test_a_page_that_vanishes_in_the_middle_of_a_set_frees_its_place(served, a_picture):
    with served.page() as page:
        page.tell("start", movement="squat", side="both", reps=5)
        page.show(1.0, a_picture)
        page.send(2.0, a_picture)
        page.socket.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        page.socket.socket.close()  # no goodbye: the connection is reset
    with arrived(served) as page:
        page.tell("start", movement="squat", side="both", reps=5)
        page.show(1.0, a_picture)


def test_a_server_started_again_tells_an_old_page_so(tmp_path):
    old, new = (Desk(Choice(tmp_path), open_model("full")) for _ in range(2))
    with serving(old) as first:
        port = first.port
        with first.page() as page:
            first.server.should_exit = True
            assert page.ended()[0] == RESTARTING
    with serving(new, port) as second:
        with second.socket() as page:
            page.tell("hello", token=old.token)
            assert page.ended() == (REFUSED, WRONG_TOKEN)
        with second.page():
            pass  # its own page is let in


def test_saving_without_a_set_says_so(served):
    with served.page() as page:
        for what, why in (("save", "no set to save"), ("intake", "no result to save")):
            page.tell(what)
            answer = page.hear()
            assert answer["type"] == "saved"
            assert why in answer["say"]
            assert answer["report"] is None


def test_a_port_that_is_taken_is_told_in_a_sentence(served):
    with pytest.raises(OutputError, match="choose another with --port"):
        listening(served.port)
