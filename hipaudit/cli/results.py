"""Where results go: a folder made for them, taken away again if nothing came of it, and the page opened."""

import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def results_folder(folder: Path) -> Iterator[None]:
    """The folder for results for as long as they are made; broken off or failed, a new one does not stay behind empty.

    Raises:
        OutputError: it cannot be made or written to.
    """
    from ..report import make_folder

    new = make_folder(folder)
    try:
        yield
    finally:
        if new and not any(folder.iterdir()):
            folder.rmdir()


def open_page(page: Path) -> None:
    """Opens the page in the browser, or says that there is none."""
    if not webbrowser.open(page.resolve().as_uri()):
        print(f"hipaudit: No browser can be opened here: open {page} by hand.", file=sys.stderr)
