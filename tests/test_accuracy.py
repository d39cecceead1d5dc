"""The figures in docs/accuracy.md are those the benchmark prints today."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


def same(one, two, within):
    """Whether two texts agree, each number within a little: another processor may round the last digit otherwise."""
    assert NUMBER.sub("#", one) == NUMBER.sub("#", two)
    numbers = [[float(n) for n in NUMBER.findall(text)] for text in (one, two)]
    assert numbers[0] == pytest.approx(numbers[1], abs=within)


def test_the_tables_are_what_is_measured(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    sys.modules.pop("accuracy", None)
    import accuracy

    text = accuracy.DOCUMENT.read_text("utf-8")
    written = text.partition(accuracy.BEGIN)[2].partition(accuracy.END)[0].strip()
    same(written, accuracy.tables(), within=0.021)


def test_the_estimators_are_what_the_bench_gives(monkeypatch, tmp_path, capsys):
    """Refitting writes the very files the library ships."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import fit_camera
    import fit_estimators
    import fit_holds

    shipped = {file.name: file.read_text("utf-8") for file in fit_estimators.TARGET.glob("*.toml")}
    monkeypatch.setattr(fit_estimators, "TARGET", tmp_path)
    monkeypatch.setattr(sys, "argv", ["fit_estimators", "--write"])
    fit_estimators.main()
    for other in (fit_holds, fit_camera):
        monkeypatch.setattr(other, "TARGET", tmp_path)
        other.main()
    for name, text in shipped.items():
        same((tmp_path / name).read_text("utf-8"), text, within=0.01)
    assert "pelvic drop" in capsys.readouterr().out
