"""``formcheck share``."""

from __future__ import annotations

from pathlib import Path

import click

from .common import ProgressBar


@click.command()
@click.argument("report", type=click.Path())
@click.option("-o", "--out", required=True, type=click.Path(), metavar="FILE.html", help="The file to write.")
@click.option(
    "--video",
    "kind",
    type=click.Choice(["plain", "blur", "figure", "none"]),
    default="plain",
    show_default=True,
    help="The film as it is; with the face made unknown; as a stick figure alone; or none.",
)
@click.option("--film", type=click.Path(), metavar="FILE", help="Film or track, where it is no longer where it was.")
@click.option("--review", type=click.Path(), metavar="FILE", help="Review to put in (default: the one beside).")
@click.option("--name", metavar="TEXT", help="Stands on the page in place of the film's name.")
@click.option("--model", type=click.Path(), metavar="FILE", help="Pose bundle (.task) to use.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def share(
    report: str,
    out: str,
    kind: str,
    film: str | None,
    review: str | None,
    name: str | None,
    model: str | None,
    force: bool,
    quiet: bool,
) -> None:
    """Write a REPORT (.report.json) as one file to send: the page, what was said of it, and a small film inside.

    At most 10 MB; it opens in any browser, offline, and loads nothing from anywhere.
    """
    from formcheck.analysis.options import Options
    from formcheck.files import refuse_existing
    from formcheck.share.page import share as write

    refuse_existing([Path(out)], force=force)
    options = Options(model=Path(model) if model is not None else None, ball=True, quiet=quiet)
    with ProgressBar(quiet, "poses") as progress:
        size = write(
            Path(report),
            Path(out),
            kind,  # type: ignore[arg-type]
            film=Path(film) if film is not None else None,
            review=Path(review) if review is not None else None,
            name=name,
            options=options,
            progress=progress,
        )
    if not quiet:
        click.echo(f"{out}: {size / 1e6:.1f} MB")
