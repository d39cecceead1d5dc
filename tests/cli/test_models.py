"""hipaudit models: list, verify, and fetch from a real server of our own."""

import hashlib
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from conftest import SAMPLES
from typer.testing import CliRunner

from hipaudit.cli import app
from hipaudit.poses import models
from hipaudit.poses.models import Model

RIGHT = b"a small model" * 50_000
FILE = "pose_landmarker_heavy.task"
ANSWERS = {
    "/right": RIGHT,
    "/wrong": b"x" * len(RIGHT),
    "/endless": RIGHT * 20,
    "/broken": RIGHT[:1000],  # the connection ends before what was promised
}


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        data = ANSWERS.get(self.path)
        self.send_response(404 if data is None else 200)
        self.send_header("Content-Length", str(len(RIGHT if self.path == "/broken" else data or b"")))
        self.end_headers()
        with suppress(ConnectionError):  # the other side may have seen enough
            self.wfile.write(data or b"")

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def server():
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HIPAUDIT_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "models"


@pytest.fixture
def heavy_at(monkeypatch):
    """Says where the heavy model, here a small one, is published."""

    def at(address):
        row = Model(hashlib.sha256(RIGHT).hexdigest(), len(RIGHT), "Apache-2.0", "", address)
        monkeypatch.setitem(models.MODELS, "heavy", row)

    return at


def hipaudit(*arguments):
    return CliRunner().invoke(app, ["models", *map(str, arguments)])


def one_sentence(result, code, *words):
    assert result.exit_code == code
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in result.stderr


def test_list_says_where_each_lies_and_what_it_is_for(folder):
    result = hipaudit("list")
    assert result.exit_code == 0
    blocks = result.stdout.split("\nfull")[1].split("\nheavy")
    assert str(SAMPLES.parent / "models" / "pose_landmarker_full.task") in blocks[0]
    assert "9.4 MB" in blocks[0]
    assert "not here, 30.7 MB, Apache-2.0" in blocks[1]
    assert "hipaudit models fetch heavy" in blocks[1]
    assert all(len(line) <= 100 for line in result.stdout.splitlines())


def test_verify_tells_the_right_from_the_wrong(folder):
    result = hipaudit("verify")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["right"] * 4
    folder.mkdir()
    (folder / FILE).write_bytes(b"damaged")
    result = hipaudit("verify")
    assert result.exit_code == 1
    assert f"wrong    {folder / FILE}: run `hipaudit models fetch heavy`" in result.stdout


def test_verify_misses_what_should_have_come_along(folder, monkeypatch):
    monkeypatch.setattr(models, "SHIPPED", ())
    result = hipaudit("verify")
    assert result.exit_code == 1
    assert "missing  pose_landmarker_full.task: install hipaudit again" in result.stdout


def test_fetch_keeps_the_right_file_and_the_audit_finds_it(folder, server, heavy_at):
    heavy_at(f"{server}/right")
    result = hipaudit("fetch", "heavy")
    assert result.exit_code == 0, result.stderr
    assert (folder / FILE).read_bytes() == RIGHT
    assert [p.name for p in folder.iterdir()] == [FILE]
    assert models.model_file("heavy") == folder / FILE
    heavy_at("http://127.0.0.1:1/nobody-is-asked-again")
    assert hipaudit("fetch", "heavy").exit_code == 0


@pytest.mark.parametrize("path", ["wrong", "endless", "broken"])
def test_a_wrong_file_is_not_kept(folder, server, heavy_at, path):
    heavy_at(f"{server}/{path}")
    one_sentence(hipaudit("fetch", "heavy"), 1, "nothing was kept")
    assert list(folder.iterdir()) == []


def test_a_wrong_file_leaves_what_was_there(folder, server, heavy_at):
    heavy_at(f"{server}/wrong")
    folder.mkdir()
    (folder / FILE).write_bytes(b"damaged before")
    one_sentence(hipaudit("fetch", "heavy"), 1, "nothing was kept")
    assert (folder / FILE).read_bytes() == b"damaged before"


def test_offline_says_so_and_what_to_do(folder, server, heavy_at):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        heavy_at(f"http://127.0.0.1:{free.getsockname()[1]}/")
        one_sentence(hipaudit("fetch", "heavy"), 1, "Connection refused", "--from FILE")
    heavy_at(f"{server}/gone")
    one_sentence(hipaudit("fetch", "heavy"), 1, "Not Found", "--from FILE")
    assert list(folder.iterdir()) == []


def test_a_file_loaded_elsewhere_is_taken_if_it_is_right(folder, heavy_at, tmp_path):
    heavy_at("http://127.0.0.1:1/")
    source = tmp_path / "loaded.task"
    source.write_bytes(b"something else")
    one_sentence(hipaudit("fetch", "heavy", "--from", source), 1, "nothing was kept")
    source.write_bytes(RIGHT)
    assert hipaudit("fetch", "heavy", "--from", source).exit_code == 0
    assert (folder / FILE).read_bytes() == RIGHT


def test_wrong_use_is_two(folder, heavy_at, tmp_path):
    assert hipaudit("fetch", "full").exit_code == 2
    assert hipaudit("fetch", "heavy", "--from", tmp_path / "nothing").exit_code == 2
    heavy_at("http://127.0.0.1:1/")
    source = tmp_path / "loaded.task"
    source.write_bytes(RIGHT)
    folder.write_text("a file in the way")
    one_sentence(hipaudit("fetch", "heavy", "--from", source), 2, "HIPAUDIT_MODELS")
