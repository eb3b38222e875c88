"""``formcheck label``."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from .common import exercise_ids
from .review import desk_options, who


@click.command()
@click.argument("video", type=click.Path())
@click.option("-e", "--exercise", metavar="ID", shell_complete=exercise_ids, help="Exercise; else chosen on the page.")
@click.option("--force", is_flag=True, help="Change a truth file that was made otherwise.")
@desk_options
def label(
    video: str, exercise: str | None, force: bool, by: str | None, out: str | None, port: int, browser: bool
) -> None:
    """Write down what really happens in a VIDEO, picture by picture, for 'formcheck evaluate' and 'formcheck agree'.

    The truth file <video>.json is kept beside the film, or where -o says.
    """
    from formcheck.desk.label import FilmPictures, LabelDesk
    from formcheck.desk.serving import serve_desk
    from formcheck.files import expanded

    film = expanded(video)
    with TemporaryDirectory(prefix="formcheck-label-") as folder:
        pictures = FilmPictures(film, Path(folder))
        try:
            file = Path(out) if out is not None else film.with_suffix(".json")
            desk = LabelDesk(film, file, pictures, exercise, who(by), force=force)
            serve_desk(desk.routes(), port, click.echo, browser=browser)
        finally:
            pictures.close()
