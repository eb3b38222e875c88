"""``formcheck demo``."""

from __future__ import annotations

import click

from .common import ProgressBar, show_summary


@click.command()
@click.option(
    "-o",
    "--out",
    default="formcheck-demo",
    show_default=True,
    metavar="DIR",
    type=click.Path(),
    help="Folder for the results.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def demo(out: str, quiet: bool) -> None:
    """Run the main job on a bundled clip, end to end."""
    from formcheck.analysis.clip import analyze_clip
    from formcheck.analysis.options import Options
    from formcheck.batch.job import exercise_in_name
    from formcheck.judging.exercises import exercises
    from formcheck.resources import resource

    clip = resource("sample_videos", "plane-hip-sag.mp4")
    exercise = exercise_in_name(clip.stem, exercises())
    assert exercise is not None
    with ProgressBar(quiet, f"{clip.name} as {exercise}") as progress:
        result = analyze_clip(clip, exercise, out, options=Options(quiet=quiet), force=True, progress=progress)
    if not quiet:
        show_summary(result, out)
