"""``formcheck people``."""

from __future__ import annotations

from pathlib import Path

import click

from formcheck.errors import UsageError
from formcheck.shown import as_typed

from .groups import Group


@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def people(ctx: click.Context) -> None:
    """The people whose exercises you keep, each with a history, limits and a plan of their own; all of it stays here.

    'me' is whoever trains without a name. Without a command: the list.
    """
    if ctx.invoked_subcommand is None:
        _list()


@people.command(name="list")
def list_() -> None:
    """List everybody, with their sessions."""
    _list()


def _list() -> None:
    from formcheck.coaching.history.queries import sessions
    from formcheck.coaching.people import list_people
    from formcheck.showing.console.people import print_people
    from formcheck.showing.console.progress import console

    rows = []
    for p in list_people():
        done = []
        if p.history.exists():
            with p.open_history() as h:
                done = sessions(h)
        rows.append((p.name, len(done), done[0].day if done else None, p.limits.is_file(), p.plan.is_file()))
    print_people(rows, console())


@people.command()
@click.argument("name")
def add(name: str) -> None:
    """Add a person called NAME."""
    from formcheck.coaching.people import add_person

    person = add_person(name)
    click.echo(f"Added {person.name}. As in: formcheck analyze VIDEO -e EXERCISE --person {as_typed(person.name)}")


@people.command()
@click.argument("name")
@click.argument("file", required=False, type=click.Path())
@click.option("--clear", is_flag=True, help="Back to the usual limits.")
def limits(name: str, file: str | None, clear: bool) -> None:
    """Show NAME's own limits, or take them from FILE (TOML, as for --limits)."""
    from formcheck.analysis.options import Options, check_overrides
    from formcheck.coaching.people import find_person
    from formcheck.judging.rules.limits import read_overrides

    target = find_person(name).limits
    if file is not None:
        check_overrides(Options(overrides=read_overrides(file)))
    _keep(target, file, clear, "The usual limits.")


@people.command()
@click.argument("name")
@click.argument("file", required=False, type=click.Path())
@click.option("--clear", is_flag=True, help="No plan of one's own.")
def plan(name: str, file: str | None, clear: bool) -> None:
    """Show NAME's plan for live sessions, or take it from FILE (TOML, as for live --plan)."""
    from formcheck.coaching.coach.plan import read_plan
    from formcheck.coaching.people import find_person

    target = find_person(name).plan
    if file is not None:
        read_plan(file)
    _keep(target, file, clear, "No plan of their own.")


def _keep(target: Path, file: str | None, clear: bool, nothing: str) -> None:
    """Take over a file, or show or clear the one there is."""
    from formcheck.files import expanded, write_bytes

    if file is not None and clear:
        raise UsageError("a file and --clear exclude each other", "give one of them")
    if file is not None:
        write_bytes(target, expanded(file).read_bytes())
        click.echo(f"Kept: {file}")
    elif clear:
        target.unlink(missing_ok=True)
        click.echo(nothing)
    else:
        click.echo(target.read_text(encoding="utf-8-sig").rstrip() if target.is_file() else nothing)


@people.command()
@click.argument("name")
@click.option("-o", "--out", required=True, type=click.Path(), metavar="FILE", help="The ZIP file to write.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def export(name: str, out: str, force: bool) -> None:
    """Write everything about NAME into one ZIP file: history, reviews, limits, plan, reports of live sessions."""
    from formcheck.coaching.people import find_person
    from formcheck.coaching.people.whole import export_person
    from formcheck.files import refuse_existing

    person = find_person(name)
    refuse_existing([Path(out)], force=force)
    n = export_person(person, Path(out))
    click.echo(f"{n} {'file' if n == 1 else 'files'} of {person.name}: {out}")


@people.command()
@click.argument("name")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def delete(name: str, yes: bool) -> None:
    """Delete everything about NAME for good, overwriting it on the disk.

    Reports and films in folders of your own are not formcheck's to find: delete them yourself.
    """
    from formcheck.coaching.people import find_person
    from formcheck.coaching.people.whole import delete_person

    from .common import sure

    person = find_person(name)
    if not yes and not sure(f"Delete everything about {person.name} for good?"):
        click.echo("Nothing was deleted.")
        return
    n = delete_person(person)
    click.echo(f"Deleted {person.name}: {n} {'file' if n == 1 else 'files'}.")
