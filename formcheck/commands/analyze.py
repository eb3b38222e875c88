"""``formcheck analyze``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formcheck.printing import print_data

from .common import (
    ProgressBar,
    analysis_options,
    exercise_ids,
    lang_option,
    person_option,
    read_options,
    show_summary,
    with_own_limits,
    workers_option,
)

if TYPE_CHECKING:
    from formcheck.coaching.people import Person


@click.command()
@click.argument("video", type=click.Path())
@click.option(
    "-e",
    "--exercise",
    required=True,
    metavar="ID",
    shell_complete=exercise_ids,
    help="Exercise id ('formcheck exercises' lists them), or auto to recognise it.",
)
@click.option(
    "-o",
    "--out",
    metavar="DIR",
    type=click.Path(),
    help="Folder for the report, table, page and video (default: formcheck-out).",
)
@click.option(
    "--json",
    "json_to",
    metavar="FILE|-",
    help="Write the report there ('-' = standard output); alone, it is all that is written.",
)
@click.option("--no-video", is_flag=True, help="No annotated video.")
@click.option("--no-html", is_flag=True, help="No report page.")
@click.option("--parquet", is_flag=True, help="Measures as Parquet too.")
@click.option("--tables", is_flag=True, help="Repetitions and faults as tables too.")
@click.option("--history", is_flag=True, help="Keep the result in the history, at the video's date.")
@person_option
@click.option("--adaptive", is_flag=True, help="Look at ten pictures a second even of a slow film.")
@workers_option
@click.option("--force", is_flag=True, help="Replace files of an earlier run.")
@lang_option
@analysis_options
def analyze(
    video: str,
    exercise: str,
    out: str | None,
    json_to: str | None,
    no_video: bool,
    no_html: bool,
    parquet: bool,
    tables: bool,
    history: bool,
    person: str | None,
    adaptive: bool,
    workers: int | None,
    force: bool,
    lang: str,
    **shared: Any,
) -> None:
    """Judge a recorded VIDEO (any file FFmpeg reads, a folder of images, a stream, or a track file)."""
    from formcheck.analysis.clip import analyze_clip
    from formcheck.clips import stem_of
    from formcheck.coaching.people import find_person
    from formcheck.files import json_text, refuse_existing, write_json

    whose = find_person(person)
    given = replace(read_options(**shared), adaptive=True if adaptive else None, workers=workers, lang=lang)
    options = with_own_limits(given, whose)
    if out is None and (json_to is None or tables or parquet):
        out = "formcheck-out"
    if json_to not in (None, "-"):
        refuse_existing([Path(str(json_to))], force=force)
    with ProgressBar(options.quiet, f"{stem_of(video)} as {exercise}") as progress:
        result = analyze_clip(
            video,
            exercise,
            out,
            options=options,
            video=not no_video,
            html=not no_html,
            parquet=parquet,
            force=force,
            progress=progress,
        )
    if json_to == "-":
        print_data(json_text(result.report))
    elif json_to is not None:
        write_json(Path(json_to), result.report)
    if tables:
        from formcheck.showing.report.saved import write_tables

        write_tables(result.report, str(out), parquet=parquet)
    if history or person is not None:
        _remember(result.report, video, whose, _written(video, out, json_to))
    if not options.quiet and json_to != "-":
        show_summary(result, out, lang)


def _written(video: str, out: str | None, json_to: str | None) -> Path | None:
    """Return where the report was written; None where it was not."""
    from formcheck.clips import REPORT_ENDING, stem_of

    if out is not None:
        return Path(out) / f"{stem_of(video)}{REPORT_ENDING}"
    return Path(json_to) if json_to not in (None, "-") else None


def _remember(report: dict[str, Any], video: str, person: Person, written: Path | None) -> None:
    """Keep a report in a person's history, at the date it was filmed, or else that of its file."""
    from datetime import UTC, datetime

    file = Path(video)
    recorded = report["source"].get("recorded")
    made = datetime.fromtimestamp(file.stat().st_mtime, UTC).astimezone() if file.is_file() else None
    if recorded is not None:
        filmed = datetime.fromisoformat(recorded)
        made = filmed if filmed.utcoffset() else filmed.astimezone()
    with person.open_history() as kept:
        kept.add_report(report, started=made, file=written)
