"""What several commands share: options of the analysis, the progress bar, the closing summary."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formcheck.errors import UsageError

from .numbers import Between

if TYPE_CHECKING:
    from formcheck.analysis.clip import Analysis
    from formcheck.analysis.options import Options
    from formcheck.coaching.people import Person


def analysis_options(f: Any) -> Any:
    """Options shared by the commands that look at videos."""
    for option in reversed(
        [
            click.option("--start", type=float, metavar="S", help="Begin at this second."),
            click.option("--end", type=float, metavar="S", help="Stop before this second."),
            click.option(
                "--mirror", is_flag=True, help="The video is mirrored (selfie view): exchange left and right."
            ),
            click.option(
                "--rotate",
                type=click.Choice(("90", "180", "270")),
                help="Turn the picture by so many degrees clockwise; for a video that lies on its side.",
            ),
            click.option(
                "--fps",
                type=Between(0, 1000, min_open=True),
                metavar="N",
                help="Pictures a second of a folder of images, or of a file without times (.h264).",
            ),
            click.option(
                "--speed",
                type=Between(0.05, 100),
                metavar="N",
                help="Slow motion: life was N times as fast as the video plays.",
            ),
            click.option(
                "--stream", type=click.IntRange(1), metavar="N", help="Which of several videos in one file, from 1 on."
            ),
            click.option(
                "--follow",
                metavar="WHO",
                help="Of several people judge the left, right or largest one, or number N from the left.",
            ),
            click.option("--every-frame", is_flag=True, help="Look at every frame; otherwise at as many as it takes."),
            click.option(
                "--limits", "limits_file", type=click.Path(), metavar="FILE", help="TOML file that overrides limits."
            ),
            click.option(
                "--strictness",
                default="normal",
                metavar="LEVEL",
                help="lenient, normal or strict: moves limits, never measures.",
            ),
            click.option(
                "--ball-cm",
                type=Between(20, 120),
                metavar="CM",
                help="Diameter of your gym ball: gives lengths in centimetres.",
            ),
            click.option("--model", type=click.Path(), metavar="FILE", help="Pose bundle (.task) to use."),
            click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
        ]
    ):
        f = option(f)
    return f


def workers_option(f: Any) -> Any:
    """Option of the commands that look at one film."""
    return click.option(
        "--workers",
        type=click.IntRange(min=1),
        metavar="N",
        help="Cores that look at a film (default: all, at most one for 20 seconds of it).",
    )(f)


def lang_option(f: Any) -> Any:
    """Option of the commands that write pages and videos."""
    return click.option(
        "--lang",
        default="en",
        show_default=True,
        metavar="LANG",
        callback=lambda _ctx, _param, lang: _known_language(lang),
        help="Language of the page, the video and the terminal: en, pl.",
    )(f)


def _known_language(lang: str) -> str:
    """Return a language that there are texts in; another one is refused before the work."""
    from formcheck.coaching.coach.phrases import read_texts

    if lang != "en":
        read_texts(lang)
    return lang


def read_options(
    start: float | None,
    end: float | None,
    mirror: bool,
    every_frame: bool,
    limits_file: str | None,
    strictness: str,
    ball_cm: float | None,
    model: str | None,
    quiet: bool,
    rotate: str | None = None,
    follow: str | None = None,
    fps: float | None = None,
    speed: float | None = None,
    stream: int | None = None,
) -> Options:
    """Turn the shared options into :class:`Options`."""
    from formcheck.analysis.options import Options
    from formcheck.judging.rules.limits import STRICTNESS, read_overrides
    from formcheck.sight.pose.choice import Follow

    if strictness not in STRICTNESS:
        raise UsageError(f"unknown strictness '{strictness}'", f"choose one of {', '.join(STRICTNESS)}")
    return Options(
        model=Path(model) if model else None,
        overrides=read_overrides(limits_file) if limits_file else {},
        strictness=strictness,
        every_frame=every_frame,
        start=start,
        end=end,
        mirror=mirror,
        follow=Follow.parse(follow),
        rotate=int(rotate or 0),
        fps=fps,
        speed=speed,
        stream=stream,
        ball_cm=ball_cm,
        quiet=quiet,
    )


def person_option(f: Any) -> Any:
    """Option that says whose history, limits and plan are meant."""
    return click.option(
        "--person", metavar="NAME", shell_complete=person_names, help="Whose it is: 'formcheck people' lists them."
    )(f)


def person_names(_: Any, __: Any, incomplete: str) -> list[str]:
    """Complete a person's name."""
    from formcheck.coaching.people import list_people

    return [p.name for p in list_people() if p.name.casefold().startswith(incomplete.casefold())]


def with_own_limits(options: Options, person: Person) -> Options:
    """Return options with a person's own limits; those given for this run go before them."""
    from formcheck.analysis.options import laid_over, own_limits

    return replace(options, overrides=laid_over(own_limits(person.limits), options.overrides))


def sure(question: str) -> bool:
    """Ask whether to delete something.

    Raises
    ------
    UsageError
        If nobody is there to answer.
    """
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        click.echo(err=True)
        raise UsageError("nobody answered, nothing was deleted", "add --yes") from None


def exercise_ids(_: Any, __: Any, incomplete: str) -> list[str]:
    """Complete an exercise id."""
    from formcheck.judging.exercises import exercises

    return [e for e in (*exercises(), "auto") if e.startswith(incomplete)]


def show_summary(result: Analysis, out: str | Path | None, lang: str = "en") -> None:
    """Print what came out, and where it was written."""
    from formcheck.showing.console.summary import print_summary

    print_summary(result.report, out, lang=lang)


class ProgressBar:
    """A progress bar on stderr by seconds (or clips) done; none where nobody looks."""

    def __init__(self, quiet: bool, title: str) -> None:
        self._quiet, self._title = quiet or not sys.stderr.isatty(), title

    def __enter__(self) -> Any:
        if self._quiet:
            return None
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task(self._title, total=None)
        self._bar.start()

        def step(done: float, total: float | None) -> None:
            self._bar.update(self._task, completed=done, total=total)

        return step

    def __exit__(self, *_: object) -> None:
        if not self._quiet:
            self._bar.stop()
