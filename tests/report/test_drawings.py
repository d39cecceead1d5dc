"""A drawing for every measure, and the dictionary that shows them."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from wording import FORBIDDEN

from hipaudit.library import citations, quantities, rules
from hipaudit.report.dictionary import dictionary
from hipaudit.report.drawings import DRAWINGS, camera_svg, drawing_svg

DOCS = Path(__file__).parents[2] / "docs"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", sorted(quantities()))
def test_every_measure_has_a_drawing_that_says_what_it_shows(name):
    title = quantities()[name].title
    root = ElementTree.fromstring(drawing_svg(name, title, "svg { fill:none; }"))
    assert root.findtext(f"{SVG}title") == title
    assert len(root.findtext(f"{SVG}desc")) > 40
    kinds = [node.get("class") for node in root.iter() if node.get("class")]
    for kind in ("body", "zero", "mark", "plus", "tip"):
        assert kind in kinds, f"{name} shows no {kind}"
    assert list(root.iter(f"{SVG}text")), "where zero is, or which way is plus, in words"


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_everything_lies_on_the_sheet(name):
    root = ElementTree.fromstring(drawing_svg(name, name))
    width, height = (float(v) for v in root.get("viewBox").split()[2:])
    points = [p for node in root.iter() for p in re.findall(r"(-?[\d.]+),(-?[\d.]+)", node.get("points", ""))]
    points += [(node.get("x"), node.get("y")) for node in root.iter("text")]
    points += [(node.get("cx"), node.get("cy")) for node in root.iter("circle")]
    assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in points)


def test_the_camera_from_above_says_where_it_stands():
    for place, words in (("front", "in front"), ("side", "to the side")):
        assert words in ElementTree.fromstring(camera_svg(place)).findtext("title")


@pytest.mark.parametrize("path", sorted(dictionary()))
def test_the_committed_dictionary_is_what_the_library_gives(path):
    assert (DOCS / path).read_text("utf-8") == dictionary()[path], "python -m hipaudit.report.dictionary docs"


def test_no_drawing_is_left_of_a_measure_that_is_gone():
    files = {f"images/measures/{file.name}" for file in (DOCS / "images" / "measures").iterdir()}
    assert files == {path for path in dictionary() if path.startswith("images")}


def test_the_dictionary_names_every_rule_and_speaks_as_the_report_does():
    page = dictionary()["measures.md"]
    assert FORBIDDEN.search(page) is None
    for name, rule in rules().items():
        assert f"`{name}`" in page, name
        assert all(citations()[key].text in page for key in quantities()[rule.measure].cite)
