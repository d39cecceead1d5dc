"""How often a movement was trained: kept whole or not at all."""

import json

import pytest

from hipaudit.errors import OutputError
from hipaudit.live.history import History, load, own_file


def test_sessions_are_counted_by_movement(tmp_path):
    path = tmp_path / "deep" / "history.json"
    history = load(path)
    assert history.trained("squat") == 0
    history.after("squat").save()
    load(path).after("squat").after("bridge").save()
    again = load(path)
    assert (again.trained("squat"), again.trained("bridge"), again.trained("lunge")) == (2, 1, 0)
    assert again.problem == ""
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(("done", "after"), [(0, 1), (1, 2), (2, 0), (3, 0), (4, 2), (6, 4), (11, 4)])
def test_a_relapse_goes_back_one_step_of_feedback(done, after):
    assert History(None, {"squat": done}).after("squat", relapsed=True).trained("squat") == after


HEAD = '{"format": "hipaudit.history/1", "sessions": '
DAMAGED = ["", "{", "[]", "null", '"x"', "{}", "\udcff", '{"format": "other", "sessions": {}}']
DAMAGED += [f"{HEAD}{wrong}}}" for wrong in ("[1]", '{"squat": -1}', '{"squat": "3"}', '{"squat": true}')]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_is_told_and_begun_anew(tmp_path, text):
    path = tmp_path / "history.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    history = load(path)
    assert history.trained("squat") == 0
    assert "counting begins anew" in history.problem
    history.after("squat").save()
    assert load(path).trained("squat") == 1
    assert load(path).problem == ""


def test_movements_of_another_version_are_left_out(tmp_path):
    path = tmp_path / "history.json"
    path.write_text(json.dumps({"format": "hipaudit.history/1", "sessions": {"squat": 3, "flying": 2}}), "utf-8")
    assert dict(load(path).sessions) == {"squat": 3}


def test_it_can_be_switched_off_and_put_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("HIPAUDIT_HISTORY", "off")
    assert own_file() is None
    history = load(own_file()).after("squat")
    history.save()
    assert history.trained("squat") == 1
    monkeypatch.setenv("HIPAUDIT_HISTORY", str(tmp_path / "mine.json"))
    assert own_file() == tmp_path / "mine.json"
    monkeypatch.delenv("HIPAUDIT_HISTORY")
    assert own_file().name == "history.json"


def test_a_disk_that_refuses_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OutputError, match="Cannot write"):
        History(tmp_path / "file" / "history.json").after("squat").save()
