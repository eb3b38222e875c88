"""``formcheck doctor``."""

from __future__ import annotations

from dataclasses import asdict

import click

from formcheck.printing import print_data
from formcheck.shown import one_line

_COLOUR = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@click.option("--camera", metavar="SPEC", help="Open this camera too: a number, device or URL, as for live.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lines.")
@click.pass_context
def doctor(ctx: click.Context, camera: str | None, as_json: bool) -> None:
    """Check this computer: Python and packages, pose model, speed, camera, speech, display, history.

    A line each: ok, warn (live or history lack something; recorded videos do not) or fail, and what to do. Nothing is
    fetched or changed. Exit code 0 without a fail, 5 if it is the pose model's, else 1.
    """
    from formcheck.doctor import Finding, examine, exit_code
    from formcheck.files import json_text

    checks: list[Finding] = []
    for c in examine(camera):
        checks.append(c)
        if as_json:
            continue
        click.echo(f"{click.style(f'{c.state:4s}', fg=_COLOUR[c.state], bold=True)}  {c.name:12s} {one_line(c.text)}")
        if c.advice:
            click.echo(f"{'':6s}{'':12s} -> {one_line(c.advice)}")
    code = exit_code(checks)
    if as_json:
        found = [{k: v for k, v in asdict(c).items() if k != "code"} for c in checks]
        print_data(json_text({"ok": code == 0, "checks": found}))
    ctx.exit(code)
