"""``formcheck compare``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from formcheck.errors import UsageError
from formcheck.printing import print_data

from .common import exercise_ids, lang_option, person_option

if TYPE_CHECKING:
    from formcheck.coaching.history.queries import SetRecord
    from formcheck.coaching.people import Person
    from formcheck.compare.subjects import Subject


@click.command()
@click.argument("reports", nargs=-1, required=True, type=click.Path(), metavar="REPORT|N [REPORT|N]")
@click.option("--sides", is_flag=True, help="Left against right within one REPORT.")
@click.option(
    "-e", "--exercise", metavar="EXERCISE", shell_complete=exercise_ids, help="Which one, of sessions with several."
)
@click.option("--html", type=click.Path(), metavar="FILE", help="Write the page: films in step, curves, changes.")
@click.option("--json", "json_to", type=click.Path(allow_dash=True), metavar="FILE|-", help="Write the data as JSON.")
@person_option
@lang_option
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def compare(
    reports: tuple[str, ...],
    sides: bool,
    exercise: str | None,
    html: str | None,
    json_to: str | None,
    person: str | None,
    lang: str,
    force: bool,
    quiet: bool,
) -> None:
    """Compare two REPORTs (.report.json) of an exercise, or left and right of one: what changed beyond chance.

    A number N is the session of that number in the person's history ('formcheck history' lists them).

    What chance makes is told from the person's own history (--person; without it, where the sessions are in yours).
    """
    from formcheck.coaching.people import find_person
    from formcheck.compare.compared import compare as compared
    from formcheck.compare.numbered import number_of, reports_meant
    from formcheck.compare.page import write_comparison
    from formcheck.compare.subjects import two_sessions, two_sides
    from formcheck.files import json_text, refuse_existing, write_json
    from formcheck.showing.console.compared import print_comparison

    if len(reports) != (1 if sides else 2):
        hint = "give one report with --sides" if sides else "give two reports, or one and --sides"
        raise UsageError(f"{len(reports)} reports cannot be compared" if len(reports) != 1 else "one report", hint)
    refuse_existing([Path(f) for f in (html, json_to) if f not in (None, "-")], force=force)
    whose = find_person(person)
    meant = reports_meant(reports, whose, exercise)
    both = two_sides(meant[0]) if sides else two_sessions(meant[0], meant[1])
    named = person is not None or all(number_of(r) is not None for r in reports)
    kept = _kept(both, whose, named=named)
    data = compared(*both, kept)
    if json_to == "-":
        print_data(json_text(data))
    elif json_to is not None:
        write_json(Path(json_to), data)
    if html is not None:
        write_comparison(*both, Path(html), kept, lang)
    if not quiet and json_to != "-":
        print_comparison(data)
        for file in (json_to, html):
            if file is not None:
                click.echo(f"Written: {file}")


def _kept(both: tuple[Subject, Subject], whose: Person, *, named: bool) -> list[SetRecord]:
    """Return what the history holds of the exercise: of who is named, else one's own if the sessions are in it."""
    from formcheck.coaching.history.queries import session_of, sets

    if not whose.history.exists():
        return []
    with whose.open_history() as history:
        if not named and not all(session_of(history, s.data) is not None for s in both):
            return []
        return sets(history, exercise=both[0].report.exercise)
