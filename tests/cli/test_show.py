"""hipaudit list: every entry of the library, whole names, 80 columns, no colour."""

import json

import pytest
from typer.testing import CliRunner

from hipaudit import library
from hipaudit.cli import app
from hipaudit.cli.show import Kind

NAMES = {
    "movements": library.movements(),
    "measures": library.quantities(),
    "rules": library.rules(),
    "findings": {rule.finding for rule in library.rules().values()},
    "exercises": library.exercises(),
    "equipment": library.equipment(),
}


def hipaudit(*arguments):
    result = CliRunner().invoke(app, ["list", *arguments], env={"COLUMNS": "80"})
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_there_is_a_list_of_each():
    assert set(Kind) == set(NAMES)


@pytest.mark.parametrize("kind", sorted(NAMES))
def test_a_table_fits_80_columns_and_breaks_no_name(kind):
    text = hipaudit(kind)
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    assert set(NAMES[kind]) <= set(text.split())


@pytest.mark.parametrize("kind", sorted(NAMES))
def test_json_holds_every_entry(kind):
    entries = json.loads(hipaudit(kind, "--json"))
    names = {entry["finding"] for entry in entries} if kind == "findings" else set(entries)
    assert names == set(NAMES[kind])


def test_rules_show_their_cuts_sources_and_movements():
    text = hipaudit("rules")
    for rule in library.rules().values():
        assert {rule.measure, *rule.movements, *rule.cite} <= set(text.split())
    assert "< 0.95 slight" in text


def test_findings_say_from_where_they_are_seen():
    squat = next(e for e in json.loads(hipaudit("findings", "--json")) if e["finding"] == "depth_limited")
    assert squat["faces"] == ["left", "right"]
    assert squat["movements"] == ["squat"]
