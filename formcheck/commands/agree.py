"""``formcheck agree``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from formcheck.errors import UsageError

from .numbers import Between


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "--measurements", type=click.Path(), metavar="FILE", help="Values measured otherwise: film,rep,measure,value."
)
@click.option(
    "--margin",
    type=Between(0, 1),
    default=0.1,
    show_default=True,
    metavar="K",
    help="How much lower than among raters a kappa may be and still be no worse.",
)
@click.option("-o", "--out", type=click.Path(), metavar="FILE", help="Write the figures as JSON.")
@click.option("--html", type=click.Path(), metavar="FILE", help="Write a page with tables and plots.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def agree(
    files: tuple[str, ...],
    measurements: str | None,
    margin: float,
    out: str | None,
    html: str | None,
    force: bool,
    quiet: bool,
) -> None:
    """Tell how far raters, and formcheck and raters, agree: reviews, truth files and reports of the same films.

    FILES are found by what they are: reports (.report.json) are formcheck's ratings, reviews (.review.json) and truth
    files (<clip>.json) those of people. Films are told apart by name.
    """
    from rich.console import Console

    from formcheck.agreement.figures import agreement_of
    from formcheck.agreement.measured import read_second
    from formcheck.agreement.page import write_agreement
    from formcheck.agreement.ratings import read_ratings
    from formcheck.files import refuse_existing, write_json
    from formcheck.showing.console.agreement import print_agreement

    refuse_existing([Path(f) for f in (out, html) if f is not None], force=force)
    second = read_second(Path(measurements)) if measurements is not None else []
    figures = agreement_of([r for f in files for r in read_ratings(Path(f))], second, margin)
    if not figures["counts"] and not figures["measures"]:
        raise UsageError(
            "there is nothing to compare: no film is rated twice",
            "give a report and a review of it, or reviews of the same film by two raters",
        )
    if out is not None:
        write_json(Path(out), figures)
    if html is not None:
        write_agreement(figures, Path(html))
    if not quiet:
        print_agreement(figures, Console() if sys.stdout.isatty() else Console(width=170))
        for file in (out, html):
            if file is not None:
                click.echo(f"Written: {file}")
