"""hipaudit export: saved audits to the files of other tools."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..errors import HipauditError
from . import app, fail


class Kind(StrEnum):
    """What may be given for --to; a test holds it to the exports there are."""

    TRC = "trc"
    MOT = "mot"
    CSV = "csv"
    PARQUET = "parquet"


@app.command()
def export(
    audits: Annotated[
        list[Path],
        typer.Argument(help="An audit's folder or its audit.json, or a folder with many.", show_default=False),
    ],
    to: Annotated[list[Kind], typer.Option(help="The format; give it again for several.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files; if not given, beside each audit.", show_default=False)
    ] = None,
) -> None:
    """Export audits: landmarks as TRC, angles as MOT, both as CSV or Parquet. It needs no clip, only poses.npz.

    Example: hipaudit export clinic_audits/ --to trc --to mot --out opensim
    """
    from ..export import export as write
    from ..export import find_audits

    try:
        found = find_audits(audits)
    except HipauditError as error:
        raise fail(error) from None
    failures: list[typer.Exit] = []
    refusals: list[typer.Exit] = []
    written = 0
    for folder, below in found.items():
        try:
            done = write(folder, out / below if out else folder, to)
        except HipauditError as error:  # one bad audit stops no other
            failures.append(fail(error))
            continue
        for file in done.written:
            print(file)
        refusals += map(fail, done.refused)
        written += len(done.written)
    if failures or not written:
        raise (failures or refusals)[0]
