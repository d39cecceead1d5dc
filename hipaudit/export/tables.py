"""Landmarks and measures of one clip as tables, for CSV and Parquet."""

from pathlib import Path

import numpy as np
import polars as pl

from ..audit.seen import ClipRun
from ..poses import J
from ..poses.metres import metres_per_pixel
from ..poses.skeleton import Joint


def landmarks(seen: ClipRun) -> pl.DataFrame:
    """One row for each landmark at each instant, null where it is not known.

    clip, t_s, landmark; x_px and y_px pixels of the analysed picture, y DOWN; x_m, y_m and z_m the model's metres from
    the middle of the hips, x right, y UP, z towards the camera; visibility 0..1 as the model states it; m_per_px the
    clip's scale.
    """
    track = seen.track
    columns = {
        "clip": pl.Series([seen.clip.name]).extend_constant(seen.clip.name, len(track) * J - 1),
        "t_s": np.repeat(track.t, J),
        "landmark": [joint.name.lower() for joint in Joint] * len(track),
        **{name: track.xy[..., axis].ravel() for axis, name in enumerate(("x_px", "y_px"))},
        **{name: track.xyz[..., axis].ravel() for axis, name in enumerate(("x_m", "y_m", "z_m"))},
        "visibility": track.visibility.ravel(),
    }
    return _known(pl.DataFrame(columns)).with_columns(pl.lit(metres_per_pixel(track), pl.Float64).alias("m_per_px"))


def angles(seen: ClipRun) -> pl.DataFrame:
    """One row for each instant: clip, t_s and every column of measures.csv, null where it is not measurable."""
    table = pl.DataFrame({"t_s": seen.track.t, **seen.curves})
    return _known(table.select(pl.lit(seen.clip.name).alias("clip"), pl.all()))


def write_csv(table: pl.DataFrame, target: Path) -> None:
    """Comma separated, UTF-8, empty where null."""
    table.write_csv(target, float_precision=6)


def write_parquet(table: pl.DataFrame, target: Path) -> None:
    """Parquet with every digit. Raises OSError where the disk refuses."""
    try:
        table.write_parquet(target)
    except pl.exceptions.ComputeError as error:  # as which it tells of a full disk too
        raise OSError(str(error)) from error


def _known(table: pl.DataFrame) -> pl.DataFrame:
    """NaN as null: a number that is missing, not one that is none."""
    return table.fill_nan(None)
