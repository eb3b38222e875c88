"""``formcheck batch``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formcheck.addresses import is_address
from formcheck.errors import InputError, Interrupted, OutputError

from .common import analysis_options, exercise_ids, lang_option, person_option, read_options, with_own_limits
from .numbers import Between

if TYPE_CHECKING:
    from formcheck.batch.run import Batch
    from formcheck.coaching.people import Person

Said = Callable[[int, int, dict[str, Any]], None]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("-o", "--out", required=True, metavar="DIR", type=click.Path(), help="Folder for all results.")
@click.option(
    "-e",
    "--exercise",
    metavar="ID",
    shell_complete=exercise_ids,
    help="Exercise id, auto (recognise it), from-name, or from-truth (<clip>.json beside the clip). A manifest's own "
    "exercise goes before it; default: auto.",
)
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes (default: one a core).")
@click.option("--ray", metavar="ADDRESS", help="Use a Ray cluster: auto, local, or ray://HOST:10001.")
@click.option("--resume", is_flag=True, help="Go on in DIR: skip what is done and unchanged.")
@click.option("--force", is_flag=True, help="Begin anew in a DIR that holds a batch.")
@click.option(
    "--timeout",
    type=Between(min=0),
    default=1800.0,
    show_default=True,
    metavar="S",
    help="Seconds a clip may take; 0 = no limit.",
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first clip that fails.")
@person_option
@click.option("--html", is_flag=True, help="A report page for each clip.")
@click.option("--video", is_flag=True, help="An annotated video for each clip.")
@click.option("--measures", is_flag=True, help="The table of measures for each clip.")
@click.option("--no-cache", is_flag=True, help="Do not keep the poses, which make judging again quick.")
@lang_option
@analysis_options
def batch(
    paths: tuple[str, ...],
    out: str,
    exercise: str | None,
    workers: int | None,
    ray: str | None,
    resume: bool,
    force: bool,
    timeout: float,
    fail_fast: bool,
    person: str | None,
    html: bool,
    video: bool,
    measures: bool,
    no_cache: bool,
    lang: str,
    **shared: Any,
) -> None:
    """Judge many clips: files, folders, globs, manifests (CSV or JSON lines), URLs, tracks."""
    from formcheck.batch.run import run_batch
    from formcheck.batch.settings import CLIPS, ClipSettings
    from formcheck.coaching.people import find_person
    from formcheck.errors import UsageError

    whose = find_person(person)
    options = with_own_limits(replace(read_options(**shared), adaptive=True, lang=lang), whose)
    if resume and force:
        raise UsageError("--resume and --force exclude each other", "--force begins anew, --resume goes on")
    if is_address(out):
        raise OutputError(f"cannot write to {out}: it is no folder of this machine", "give a folder with -o")
    settings = ClipSettings(Path(out).absolute(), options, html, video, measures, not no_cache)
    with _progress(options.quiet) as said:
        done = run_batch(
            paths,
            exercise,
            settings,
            workers=workers,
            ray=ray,
            timeout=timeout or None,
            resume=resume,
            force=force,
            fail_fast=fail_fast,
            said=said,
        )
    if person is not None:
        _remember(settings.out / CLIPS, whose)
    if not options.quiet:
        _say(done, out)
    if done.interrupted:
        raise Interrupted(
            "interrupted", f"{done.clips - done.left} of {done.clips} clips are kept; go on with --resume"
        )
    if done.failed:
        are = "clip" if done.clips == 1 else "clips"
        raise InputError(
            f"{done.failed} of {done.clips} {are} failed", f"the reasons are in {Path(out) / 'results.csv'}"
        )


def _remember(folder: Path, person: Person) -> None:
    """Keep the reports of a batch in a person's history, each at the date of its clip; a clip counts once."""
    from datetime import UTC, datetime

    from formcheck.showing.report.objects import load_report

    with person.open_history() as kept:
        for file in sorted(folder.glob("*.report.json")):
            report = load_report(file).to_dict()
            clip = Path(report["source"]["path"])
            made = datetime.fromtimestamp(clip.stat().st_mtime, UTC).astimezone() if clip.is_file() else None
            kept.add_report(report, started=made, file=file)


def _say(done: Batch, out: str) -> None:
    kept = f", {done.same} unchanged" if done.same else ""
    left = f", {done.left} not reached" if done.left else ""
    click.echo(f"{done.clips} clips: {done.done} judged{kept}, {done.failed} failed{left}")
    for note in done.notes:
        click.echo(note)
    click.echo(f"Look at {Path(out) / 'index.html'}")


@contextmanager
def _progress(quiet: bool) -> Iterator[Said | None]:
    """Show how far it is, the rate, the time left and how many failed; where nobody looks, nothing."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("clips"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("{task.fields[failed]}"),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    with bar:
        row = bar.add_task("", total=None, rate="", failed="")
        failed = 0

        def said(done: int, total: int, record: dict[str, Any]) -> None:
            nonlocal failed
            if record["status"] == "failed":
                failed += 1
                bar.console.print(f"{record['name']}: {record['error']}", style="red", markup=False, highlight=False)
            bar.update(row, completed=done, total=total, failed=f"{failed} failed" if failed else "")
            speed = bar.tasks[0].speed
            bar.update(row, rate=f"{speed:.1f} clips/s" if speed else "")

        yield said
