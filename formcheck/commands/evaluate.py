"""``formcheck evaluate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import Interrupted
from .common import ProgressBar, analysis_options, read_options

if TYPE_CHECKING:
    from ..analysis import Analysis


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("-o", "--out", metavar="FILE", type=click.Path(), help="Write the figures as JSON.")
@click.option("--markdown", is_flag=True, help="Print the tables as Markdown.")
@click.option("--cross", is_flag=True, help="Analyse each clip as the other exercises instead: nothing should count.")
@click.option("--force", is_flag=True, help="Replace an existing FILE.")
@analysis_options
def evaluate(paths: tuple[str, ...], out: str | None, markdown: bool, cross: bool, force: bool, **shared: Any) -> None:
    """Score clips (files, folders, tracks, reports) against the truth files beside them."""
    from itertools import count

    from .. import evaluate as ev
    from ..analysis import analyze_clip, refuse_existing
    from ..exercises import exercises
    from ..files import write_json

    options = read_options(**shared)
    if out is not None and not force:
        refuse_existing([Path(out)])

    def analyse(path: Path, exercise: str) -> Analysis:
        return analyze_clip(path, exercise, options=options, keep_measures=True)

    with ProgressBar(options.quiet, "clips") as progress:

        def step(done: int, total: int, _: object) -> None:
            if progress is not None:
                progress(done, total)

        if cross:
            pairs = ev.cross_pairs(paths, list(exercises()))
            done = count(1)
            crossed = ev.evaluate_cross(pairs, analyse, lambda score: step(next(done), len(pairs), score))
        else:
            scored = ev.evaluate_paths(paths, analyse, step)
    if cross:
        if out is not None:
            write_json(Path(out), crossed.to_json())
        click.echo(
            f"analysed as another exercise: {crossed.uncounted.hits} of {crossed.uncounted.of} counted nothing, "
            f"{crossed.quiet.hits} said why"
        )
        for s in crossed.scores:
            if not s.quiet:
                click.echo(f"  {s.clip} as {s.as_}: {s.failed or f'{s.counted} counted, {s.notes} notes'}")
        if crossed.interrupted:
            raise Interrupted("interrupted", "what was finished is shown")
        return
    if out is not None:
        ev.save(scored, out)
    from ..evaluation.table import print_tables, to_markdown

    if markdown:
        click.echo(to_markdown(scored))
    elif not options.quiet:
        from rich.console import Console

        wide = Console() if sys.stdout.isatty() else Console(width=150)
        print_tables(scored, wide)
    if scored.interrupted:
        raise Interrupted("interrupted", "what was finished is shown and kept")
