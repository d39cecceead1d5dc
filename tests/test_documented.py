"""What exists is written down: commands, options, measures, movements, findings, files, models."""

import hashlib
import inspect
import re
from pathlib import Path

import pytest
import typer

from hipaudit import library
from hipaudit.cli import EXIT, app
from hipaudit.cli.audit import Model, MovementName
from hipaudit.cli.models import Fetched
from hipaudit.kinematics import FUNCTIONS
from hipaudit.poses.models import FILES, MODELS, NOMASK, bundle, copies
from hipaudit.report import FORMATS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def commands(group, before=""):
    """Every command by its full name, those of sub-groups too."""
    for name, command in group.commands.items():
        yield f"{before}{name}", command
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_has_help_and_stands_in_the_readme(name):
    command = COMMANDS[name]
    assert command.help
    assert f"hipaudit {name}" in README
    for option in command.params:
        if option.name != "help" and option.param_type_name == "option":
            assert option.help, option.name
            assert option.opts[0] in README, option.opts[0]


def test_choices_of_the_command_line_are_those_of_the_library():
    assert set(MovementName) == {"auto", *library.movements()}
    assert set(Model) == set(MODELS)


def test_movements_findings_and_files_stand_in_the_readme():
    for word in (*library.movements(), *(r.finding for r in library.rules().values()), "lumbar_arch"):
        assert word in README, word
    for row in FORMATS.values():
        assert row.file in README
    for code in set(EXIT.values()):
        assert f"| {code} |" in README


def test_every_measure_function_is_documented_and_described():
    for name in FUNCTIONS:
        assert name in library.quantities()
    for module in ("frontal", "sagittal", "estimators", "geometry"):
        for name, function in inspect.getmembers(__import__(f"hipaudit.kinematics.{module}", fromlist=[module])):
            if inspect.isfunction(function) and not name.startswith("_") and function.__module__.endswith(module):
                assert function.__doc__, f"{module}.{name}"


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_model_has_a_card_with_its_hash(name):
    card = (ROOT / "models" / bundle(name)).with_suffix(".md").read_text("utf-8")
    assert FILES[name].sha256 in card
    assert f"{FILES[name].size:,}" in card
    assert FILES[name].licence in card
    assert FILES[name].address is None or FILES[name].address in card


@pytest.mark.parametrize("name", [name for name, model in FILES.items() if not model.address])
def test_a_model_that_travels_is_what_its_card_says(name):
    data = copies(name)[0].read_bytes()
    assert hashlib.sha256(data).hexdigest() == FILES[name].sha256
    assert len(data) == FILES[name].size


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(NOMASK)])
def test_the_card_of_a_bundle_without_masks_names_what_it_was_made_from(name):
    card = (ROOT / "models" / bundle(name)).with_suffix(".md").read_text("utf-8")
    assert MODELS[name.removesuffix(NOMASK)].sha256 in card
    assert "benchmarks/cut_masks.py" in card


def test_what_may_be_fetched_is_what_has_an_address():
    assert set(Fetched) == {name for name, model in MODELS.items() if model.address}


def test_every_sample_video_has_its_truth_and_stands_on_the_card():
    card = (ROOT / "sample_videos" / "README.md").read_text("utf-8")
    clips = sorted((ROOT / "sample_videos").glob("*.mp4"))
    assert len(clips) == 6
    for clip in clips:
        assert clip.with_suffix(".json").exists()
        assert clip.with_suffix(".npz").exists()
        assert clip.stem in card


def test_no_word_of_where_it_was_made():
    """The repository speaks of hipaudit alone."""
    private = re.compile(r"/work/|\.\./shared|/root/|\bsynthlab\b", re.IGNORECASE)
    text = {".py", ".md", ".toml", ".html", ".css", ".json", ".ipynb", ".cfg", ""}
    for file in ROOT.rglob("*"):
        inside = file.relative_to(ROOT).parts
        if (
            any(part.startswith(".") and part != ".ci" for part in inside)
            or file.suffix not in text
            or not file.is_file()
        ):
            continue
        if file == Path(__file__) or "build" in inside or inside[0].endswith("egg-info"):
            continue
        hit = private.search(file.read_text("utf-8", errors="ignore"))
        assert hit is None, f"{file}: {hit}"
