"""``formcheck exercises``."""

from __future__ import annotations

import click

from .common import exercise_ids


@click.command(name="exercises")
@click.argument("exercise", required=False, shell_complete=exercise_ids)
@click.option("--toml", is_flag=True, help="Print the limits as a TOML file to start from.")
def exercises(exercise: str | None, toml: bool) -> None:
    """List the exercises, or show one: how to place the camera, what counts, which faults are seen, all limits."""
    from formcheck.showing.console.describe import print_exercise, print_exercises, print_limits_toml

    if exercise is None:
        print_exercises()
    elif toml:
        print_limits_toml(exercise)
    else:
        print_exercise(exercise)
