"""``formcheck review``."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Any

import click

from .common import person_option


def desk_options(f: Any) -> Any:
    """Options of the commands that serve a page to work on."""
    for option in reversed(
        [
            click.option("--by", metavar="NAME", help="Who you are (default: your name on this computer)."),
            click.option("-o", "--out", type=click.Path(), metavar="FILE", help="Where to keep it (default: beside)."),
            click.option("--port", default=0, type=click.IntRange(0, 65535), metavar="N", help="Port (default: any)."),
            click.option("--browser/--no-browser", default=True, help="Open the browser (default), or not."),
        ]
    ):
        f = option(f)
    return f


def who(by: str | None) -> str:
    """Return who works here: as given, else the user's name."""
    if by is not None:
        return by
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "me"


@click.command()
@click.argument("report", type=click.Path())
@desk_options
@person_option
def review(report: str, by: str | None, out: str | None, port: int, browser: bool, person: str | None) -> None:
    """Correct and annotate a REPORT (.report.json) on a page, by keyboard.

    What you say is kept in <name>.review.json beside what was measured, never over it, and with the session in the
    history where the report was added to it.
    """
    from formcheck.coaching.history.reviews import keep_review
    from formcheck.coaching.people import find_person
    from formcheck.desk.review import ReviewDesk
    from formcheck.desk.serving import serve_desk
    from formcheck.showing.review.file import review_path

    whose = find_person(person)

    def kept(data: dict[str, Any], said: dict[str, Any]) -> None:
        if whose.history.exists():
            with whose.open_history() as history:
                keep_review(history, data, said)

    file = Path(report)
    path = Path(out) if out is not None else review_path(file)
    desk = ReviewDesk(file, path, who(by), kept, None if whose.is_me else whose.name)
    serve_desk(desk.routes(), port, click.echo, browser=browser)
