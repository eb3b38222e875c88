"""``formcheck evaluate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formcheck.errors import Interrupted

from .common import ProgressBar, analysis_options, read_options

if TYPE_CHECKING:
    from formcheck.evaluation.cross import CrossEvaluation
    from formcheck.evaluation.summary import Evaluation


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("-o", "--out", metavar="FILE", type=click.Path(), help="Write the figures as JSON.")
@click.option("--markdown", is_flag=True, help="Print the tables as Markdown.")
@click.option("--cross", is_flag=True, help="Analyse each clip as the other exercises instead: nothing should count.")
@click.option("--auto", is_flag=True, help="Recognise the exercise of each clip too, and say where that is wrong.")
@click.option(
    "--ways",
    default="",
    metavar="WAYS",
    help="Compare the list in other ways of watching: live, adaptive, 1/2 (of the frames), 10 (a second) ...; or all.",
)
@click.option("--workers", default=1, type=click.IntRange(1), metavar="N", help="Processes.", show_default=True)
@click.option(
    "--cache",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the poses of videos here: the next run takes seconds. Empty it when poses or balls are found otherwise.",
)
@click.option("--brief", is_flag=True, help="Only the figures by kind and what is wrong, no table of clips.")
@click.option("--force", is_flag=True, help="Replace an existing FILE.")
@analysis_options
def evaluate(
    paths: tuple[str, ...],
    out: str | None,
    markdown: bool,
    cross: bool,
    auto: bool,
    ways: str,
    workers: int,
    cache: Path | None,
    brief: bool,
    force: bool,
    **shared: Any,
) -> None:
    """Score clips (files, folders, tracks, reports) against the truth files beside them."""
    from formcheck.batch.scoring import Clips, score_all
    from formcheck.evaluation import run as ev
    from formcheck.evaluation.discovery import discover
    from formcheck.evaluation.ways import parse_ways
    from formcheck.files import refuse_existing

    options = read_options(**shared)
    plan = ev.Extras(auto, parse_ways(ways))
    if out is not None and not force:
        refuse_existing([Path(out)])
    clips = Clips(options, cache)
    with ProgressBar(options.quiet, "clips") as progress:

        def step(done: int, total: int, _: object) -> None:
            if progress is not None:
                progress(done, total)

        if cross:
            crossed = _cross(paths, clips, step)
        else:
            scored = ev.evaluate_items(discover(paths), lambda items: score_all(items, clips, plan, workers), step)
    if cross:
        _show_cross(crossed, out)
        return
    if out is not None:
        ev.save(scored, out)
    _show(scored, markdown=markdown, quiet=options.quiet, brief=brief)
    if scored.interrupted:
        raise Interrupted("interrupted", "what was finished is shown and kept")


def _show(scored: Evaluation, *, markdown: bool, quiet: bool, brief: bool) -> None:
    from formcheck.evaluation.table import print_tables, to_markdown

    if markdown:
        click.echo(to_markdown(scored, brief=brief))
    elif not quiet:
        from rich.console import Console

        wide = Console() if sys.stdout.isatty() else Console(width=150)
        print_tables(scored, wide, brief=brief)


def _cross(paths: tuple[str, ...], clips: Any, step: Any) -> CrossEvaluation:
    from itertools import count

    from formcheck.evaluation import run as ev
    from formcheck.judging.exercises import exercises

    pairs = ev.cross_pairs(paths, list(exercises()))
    done = count(1)
    return ev.evaluate_cross(pairs, clips.analyse, lambda score: step(next(done), len(pairs), score))


def _show_cross(crossed: CrossEvaluation, out: str | None) -> None:
    from formcheck.files import write_json

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
