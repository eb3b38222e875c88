"""``formcheck export``."""

from __future__ import annotations

from typing import Any

import click

from .common import analysis_options, exercise_ids, read_options


@click.command()
@click.argument("file", type=click.Path())
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    required=True,
    metavar="FORMAT",
    help="csv, parquet (repetitions, faults, measures of a report); netcdf, trc, c3d (poses of a track); mot (angles "
    "of either); rerun (a recording that shows how a report, track or video is judged). Again for several.",
)
@click.option("-o", "--out", metavar="DIR", type=click.Path(), help="Folder to write to (default: beside FILE).")
@click.option("--rate", type=float, metavar="HZ", help="Rate of trc, mot and c3d (default: that of the source).")
@click.option("--unit", default="m", metavar="m|mm", help="Unit of the markers of trc and c3d.")
@click.option("--space", default="image", metavar="image|world", help="Space of netcdf: pixels or metres.")
@click.option("-e", "--exercise", metavar="ID", shell_complete=exercise_ids, help="Exercise to judge for rerun.")
@click.option("--force", is_flag=True, help="Replace existing files.")
@analysis_options
def export(
    file: str,
    formats: tuple[str, ...],
    out: str | None,
    rate: float | None,
    unit: str,
    space: str,
    exercise: str | None,
    force: bool,
    **shared: Any,
) -> None:
    """Write a report or track FILE as tables, a dataset, or files for biomechanics programs."""
    from formcheck.export import export as write

    options = read_options(**shared)
    written = write(
        file, formats, out, rate=rate, unit=unit, space=space, exercise=exercise, options=options, force=force
    )
    if not options.quiet:
        for path in written:
            click.echo(str(path))
