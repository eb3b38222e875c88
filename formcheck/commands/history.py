"""``formcheck history``."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formcheck.errors import UsageError
from formcheck.printing import print_data

from .common import exercise_ids, lang_option, person_option, sure
from .groups import Group

if TYPE_CHECKING:
    from formcheck.coaching.history import History
    from formcheck.coaching.people import Person
    from formcheck.showing.page.progress.words import HistoryWords

#: Under this name a command finds whose history is meant.
_PERSON = "formcheck.person"
#: And under this one the language of pages and tables.
_LANG = "formcheck.lang"
#: No history has more sessions.
MOST = 1_000_000_000
PLANS = ("twice", "every-other-day")


def now() -> datetime:
    """Return this moment by the local clock."""
    return datetime.now(UTC).astimezone()


def _whose() -> Person:
    """Return whose history is meant."""
    from formcheck.coaching.people import find_person

    return find_person(click.get_current_context().meta.get(_PERSON))


def _said() -> HistoryWords:
    """Return the words of the language asked for."""
    from formcheck.showing.page.progress.words import HistoryWords

    return HistoryWords(click.get_current_context().meta.get(_LANG) or "en")


def _nothing() -> None:
    """Say that nothing has been done yet."""
    click.echo(_said().terminal("no-sessions"))


def _open() -> History | None:
    """Open the history; None where there is none, and none is made."""
    person = _whose()
    return person.open_history() if person.history.exists() else None


def _may_write(path: str, force: bool) -> None:
    if not force and os.path.lexists(path) and not (Path(path).exists() and not Path(path).is_file()):
        raise UsageError(f"{path} exists", "add --force to replace it, or choose another name")


@click.group(cls=Group, invoke_without_command=True)
@click.option(
    "--plan",
    type=click.Choice(PLANS),
    help="Remember how often to train: twice a week (beside training of the deep abdominal muscles), or every other"
    " day (the default).",
)
@click.option(
    "-n", "--last", default=8, show_default=True, metavar="N", type=click.IntRange(1, MOST), help="Sessions shown."
)
@click.option("--html", type=click.Path(), metavar="FILE", help="Write the progress page.")
@person_option
@lang_option
@click.option("--force", is_flag=True, help="Replace the page if it exists.")
@click.pass_context
def history(
    ctx: click.Context, plan: str | None, last: int, html: str | None, force: bool, person: str | None, lang: str
) -> None:
    """Sessions, the calendar and progress; all of it stays on this machine (in your data folder, or FORMCHECK_DATA).

    Without a command: the last weeks, the day that is due, and the last sessions.
    """
    ctx.meta[_PERSON] = person
    ctx.meta[_LANG] = lang
    if plan is not None:
        with _whose().open_history() as h:
            h.remember("plan", plan)
    if ctx.invoked_subcommand is not None:
        if html is not None:
            raise click.UsageError("--html goes without a command")
        return
    h_or_none = _open()
    if h_or_none is None:
        _nothing()
        return
    with h_or_none as h:
        _overview(h, last, html, force, plan)


def _overview(h: History, last: int, html: str | None, force: bool, plan: str | None) -> None:
    from formcheck.coaching.history.queries import sessions
    from formcheck.coaching.history.reviews import corrections
    from formcheck.coaching.history.summary import overview_of, progress_of
    from formcheck.showing.console.progress import console, print_overview
    from formcheck.showing.page.progress import write_progress

    recent = sessions(h, last=last)
    if plan is not None and not recent:
        click.echo(_said().plan({"plan": plan}))
    if not recent:
        _nothing()
        return
    if html is None:
        print_overview(overview_of(h, now().date()), recent, console(), _said(), corrections(h))
        return
    _may_write(html, force)
    write_progress(progress_of(h, now().date()), Path(html), now(), _said().lang)
    click.echo(f"Progress page: {html}")


@history.command()
@click.argument("session", type=click.IntRange(1, MOST), required=False)
@click.option("--reps", is_flag=True, help="A row a repetition.")
def show(session: int | None, reps: bool) -> None:
    """Show a SESSION by its number; the last one without it."""
    from formcheck.coaching.history.queries import sessions, sets
    from formcheck.coaching.history.reviews import reviews
    from formcheck.showing.console.people import print_review
    from formcheck.showing.console.progress import console, print_session

    h_or_none = _open()
    if h_or_none is None:
        _nothing()
        return
    with h_or_none as h:
        found = sessions(h, number=session) if session is not None else sessions(h, last=1)
        if not found and session is None:
            _nothing()
            return
        if not found:
            raise _no_session(session)
        print_session(found[0], sets(h, session=found[0].number), reps, console(), _said())
        said = reviews(h).get(found[0].number)
        if said is not None:
            print_review(said, console())


def _no_session(number: int | None) -> UsageError:
    return UsageError(f"there is no session {number}", "`formcheck history` lists those there are")


@history.command()
@click.argument("exercise", required=False, shell_complete=exercise_ids)
def progress(exercise: str | None) -> None:
    """Show how repetitions, holds, sway, range and faults change; all exercises, or one EXERCISE closely."""
    from formcheck.coaching.history.summary import progress_of
    from formcheck.judging.exercises import get_exercise
    from formcheck.showing.console.progress import console, print_exercise, print_progress

    h_or_none = _open()
    data: dict[str, Any] = {"exercises": []}
    if h_or_none is not None:
        with h_or_none as h:
            data = progress_of(h, now().date(), only=exercise)
    if exercise is not None and not data["exercises"]:
        click.echo(f"Nothing recorded of {get_exercise(exercise).id} yet.")
    elif not data["exercises"]:
        _nothing()
    elif exercise is not None:
        print_exercise(data["exercises"][0], console(), _said())
    else:
        print_progress(data, console(), _said())


@history.command()
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("-e", "--exercise", metavar="EXERCISE", shell_complete=exercise_ids, help="Only this exercise.")
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), help="Default: by the file's ending, else CSV.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def export(file: str, exercise: str | None, kind: str | None, force: bool) -> None:
    """Write all repetitions to FILE (.csv or .json), a row a repetition; '-' prints them."""
    from formcheck.coaching.history.export import to_csv, to_json
    from formcheck.coaching.history.queries import sets
    from formcheck.files import write_text
    from formcheck.judging.exercises import get_exercise

    if file != "-":
        ending = Path(file).suffix.lower().removeprefix(".")
        if kind is None and ending not in {"csv", "json"}:
            raise UsageError(f"{file} ends neither in .csv nor in .json", "rename it or give --format")
        kind = kind or ending
        _may_write(file, force)
    h_or_none = _open()
    rows = []
    if h_or_none is not None:
        with h_or_none as h:
            rows = sets(h, exercise=exercise)
    if exercise is not None and not rows:
        get_exercise(exercise)  # an exercise that was never done may be unknown, too
    text = to_json(rows) if kind == "json" else to_csv(rows)
    if file == "-":
        print_data(text)
        return
    write_text(file, text)
    n = sum(len(s.reps) for s in rows)
    click.echo(f"{n} repetition{'s' if n != 1 else ''}: {file}")


@history.command()
@click.argument("sessions", metavar="[SESSION]...", type=click.IntRange(1, MOST), nargs=-1)
@click.option("--before", metavar="DATE", help="All sessions on days before this one (YYYY-MM-DD).")
@click.option("--all", "everything", is_flag=True, help="All sessions.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def delete(sessions: tuple[int, ...], before: str | None, everything: bool, yes: bool) -> None:
    """Delete sessions for good, by their numbers, before a date, or all."""
    if sum((bool(sessions), before is not None, everything)) != 1:
        raise UsageError("what to delete is not clear", "give session numbers, or --before DATE, or --all")
    limit = _date(before) if before is not None else None
    h_or_none = _open()
    if h_or_none is None:
        _nothing()
        return
    with h_or_none as h:
        known = h.numbers(before=limit)
        missing = [n for n in sessions if n not in known]
        if missing:
            raise _no_session(missing[0])
        chosen = list(dict.fromkeys(sessions)) if sessions else known
        if not chosen:
            click.echo("Nothing to delete.")
            return
        what = f"session {chosen[0]}" if len(chosen) == 1 else f"{len(chosen)} sessions"
        if not yes and not sure(f"Delete {what} for good?"):
            click.echo("Nothing was deleted.")
            return
        h.delete(chosen)
    click.echo(f"Deleted {what}.")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"'{text}' is no date", "write it as 2026-03-29") from None
