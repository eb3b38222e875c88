"""``formcheck track``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from .common import ProgressBar, analysis_options, read_options, workers_option


@click.command()
@click.argument("video", type=click.Path())
@click.option("-o", "--out", required=True, metavar="FILE.track.npz", type=click.Path(), help="Track file to write.")
@workers_option
@click.option("--force", is_flag=True, help="Replace an existing track.")
@analysis_options
def track(video: str, out: str, workers: int | None, force: bool, **shared: Any) -> None:
    """Save the poses of a VIDEO, so that everything after the pose model can be run again in an instant."""
    from formcheck.analysis.track import make_track
    from formcheck.clips import stem_of

    options = replace(read_options(**shared), workers=workers)
    with ProgressBar(options.quiet, stem_of(video)) as progress:
        made = make_track(video, out, options=options, force=force, progress=progress)
    if not options.quiet:
        click.echo(f"{out}: {len(made)} frames, a body in {made.found.mean():.0%} of them")
