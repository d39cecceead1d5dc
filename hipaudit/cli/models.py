"""hipaudit models: which pose models are here, whether they are whole, and the one that can be fetched."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..errors import HipauditError
from . import app, fail

models = typer.Typer(no_args_is_help=True, help="The pose models: list them, check their bytes, fetch the heavy one.")
app.add_typer(models, name="models")


class Fetched(StrEnum):
    """What may be fetched; a test holds it to the table of models."""

    HEAVY = "heavy"


@models.command("list")
def list_() -> None:
    """Which models there are, where they lie, and what each is good for."""
    from ..poses.models import MODELS, copies, remedy

    for name, model in MODELS.items():
        found = copies(name)
        print(f"{name:<6} {'here' if found else 'not here'}, {_megabytes(model.size)}, {model.licence}")
        print(f"       {model.good_for}")
        print(f"       {found[0] if found else f'To have it, {remedy(name)}.'}")


@models.command()
def verify() -> None:
    """Check the bytes of every model that is here against its SHA-256; exit code 1 when one is wrong."""
    from ..poses.models import FILES, bundle, copies, is_right, remedy

    damaged = False
    try:
        for name, model in FILES.items():
            found = copies(name)
            for path in found:
                right = is_right(path, name)
                damaged |= not right
                print(f"right    {path}" if right else f"wrong    {path}: {remedy(name)}")
            if not found and not model.address:
                damaged = True
                print(f"missing  {bundle(name)}: {remedy(name)}")
    except HipauditError as error:
        raise fail(error) from None
    raise typer.Exit(damaged)


@models.command()
def fetch(
    name: Annotated[Fetched, typer.Argument(help="The model; the others travel with hipaudit.", show_default=False)],
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="A file loaded elsewhere, instead of the network.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Fetch a model from where MediaPipe publishes it: the one time hipaudit uses the network.

    Kept in your data folder, or in the folder named in HIPAUDIT_MODELS, once its SHA-256 is right.
    """
    from ..poses.fetch import fetch as load
    from ..poses.fetch import take
    from ..poses.models import MODELS, copies, is_right

    try:
        here = next((path for path in copies(name) if is_right(path, name)), None)
        if here is None:
            with _progress(f"Fetching {name}", MODELS[name].size) as advance:
                here = take(name, from_, advance) if from_ else load(name, advance)
    except HipauditError as error:
        raise fail(error) from None
    print(f"{name} is here: {here}")


@contextmanager
def _progress(label: str, size: int) -> Iterator[Callable[[int], None]]:
    """A bar of bytes on stderr; nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=size)
        yield lambda got: progress.advance(task, got)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
