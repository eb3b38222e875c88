"""``formcheck serve``."""

from __future__ import annotations

from pathlib import Path

import click

from .common import person_option


@click.command()
@click.option("--port", default=8420, show_default=True, type=click.IntRange(0, 65535), metavar="N", help="Port.")
@click.option("--lan", is_flag=True, help="Let phones and screens of your home network in, encrypted.")
@click.option(
    "--sessions", default=4, show_default=True, type=click.IntRange(1, 32), metavar="N", help="People coached at once."
)
@person_option
@click.option("--model", type=click.Path(), metavar="FILE", help="Pose bundle (.task) to use.")
def serve(port: int, lan: bool, sessions: int, person: str | None, model: str | None) -> None:
    """Serve the coach as a page: a browser is the camera and the screen, this computer judges.

    On this computer only, unless --lan is given. Sessions, films and limits are yours, or those of --person. Where a
    browser can find the body by itself, no picture leaves it.
    """
    from formcheck.coaching.people import find_person
    from formcheck.serve.place import Data
    from formcheck.serve.run import ServeOptions, Serving

    data = Data.of(find_person(person))
    options = ServeOptions(port, lan, sessions, model=Path(model) if model is not None else None, data=data)
    serving = Serving(options, click.echo)
    serving.welcome()
    serving.run()
