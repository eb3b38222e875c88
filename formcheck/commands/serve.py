"""``formcheck serve``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--port", default=8420, show_default=True, type=click.IntRange(0, 65535), metavar="N", help="Port.")
@click.option("--lan", is_flag=True, help="Let phones and screens of your home network in, encrypted.")
@click.option(
    "--sessions", default=4, show_default=True, type=click.IntRange(1, 32), metavar="N", help="People coached at once."
)
@click.option("--model", type=click.Path(), metavar="FILE", help="Pose bundle (.task) to use.")
def serve(port: int, lan: bool, sessions: int, model: str | None) -> None:
    """Serve the coach as a page: a browser is the camera and the screen, this computer judges.

    On this computer only, unless --lan is given. Where a browser can find the body by itself, no picture leaves it.
    """
    from formcheck.serve.run import ServeOptions, Serving

    options = ServeOptions(port, lan, sessions, model=Path(model) if model is not None else None)
    serving = Serving(options, click.echo)
    serving.welcome()
    serving.run()
