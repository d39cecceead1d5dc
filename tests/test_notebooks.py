"""The tour runs, and says today what it said when it was saved, to a digit or two."""

import re
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "tour.ipynb"


def printed(notebook):
    """What each cell printed, its digits left out: another processor may round a value otherwise."""
    return [
        re.sub(
            r"\d",
            "#",
            "".join(out.text for out in cell.outputs if out.output_type == "stream" and out.name == "stdout"),
        )
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_tour_runs_and_says_the_same():
    import nbformat
    from nbclient import NotebookClient

    saved = nbformat.read(NOTEBOOK, as_version=4)
    fresh = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(fresh, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    assert printed(fresh) == printed(saved)
