"""The command line. Heavy imports wait until a command needs them, so that ``--help`` is quick."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from . import __version__
from .errors import FormcheckError, Interrupted, UsageError

if TYPE_CHECKING:
    from .analyze import Analysis, Options

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Group(click.Group):
    """Takes Ctrl-C before click does, which would put an empty line before our one."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted("interrupted", "what was finished is kept") from None


@click.group(cls=_Group, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="formcheck")
def cli() -> None:
    """Judge exercise form from a video or a webcam: repetitions, holds, faults, and what to do about them.

    Add --debug anywhere to see tracebacks.
    """


def _analysis_options(f: Any) -> Any:
    """Options shared by the commands that look at videos."""
    for option in reversed(
        [
            click.option("--start", type=float, metavar="S", help="Begin at this second."),
            click.option("--end", type=float, metavar="S", help="Stop before this second."),
            click.option(
                "--mirror", is_flag=True, help="The video is mirrored (selfie view): exchange left and right."
            ),
            click.option("--every-frame", is_flag=True, help="Use every frame; otherwise at most 33 a second."),
            click.option(
                "--limits", "limits_file", type=click.Path(), metavar="FILE", help="TOML file that overrides limits."
            ),
            click.option(
                "--strictness",
                default="normal",
                metavar="LEVEL",
                help="lenient, normal or strict: moves limits, never measures.",
            ),
            click.option("--model", type=click.Path(), metavar="FILE", help="Pose bundle (.task) to use."),
            click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
        ]
    ):
        f = option(f)
    return f


def _options(
    start: float | None,
    end: float | None,
    mirror: bool,
    every_frame: bool,
    limits_file: str | None,
    strictness: str,
    model: str | None,
    quiet: bool,
) -> Options:
    from .analyze import Options
    from .rules.limits import STRICTNESS, read_overrides

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
        quiet=quiet,
    )


def _exercise_ids(_: Any, __: Any, incomplete: str) -> list[str]:
    from .exercises import exercises

    return [e for e in (*exercises(), "auto") if e.startswith(incomplete)]


@cli.command()
@click.argument("video", type=click.Path())
@click.option(
    "-e",
    "--exercise",
    required=True,
    metavar="ID",
    shell_complete=_exercise_ids,
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
@click.option("--force", is_flag=True, help="Replace files of an earlier run.")
@_analysis_options
def analyze(
    video: str,
    exercise: str,
    out: str | None,
    json_to: str | None,
    no_video: bool,
    no_html: bool,
    parquet: bool,
    force: bool,
    **shared: Any,
) -> None:
    """Judge a recorded VIDEO (any file FFmpeg reads, a folder of images, a stream, or a track file)."""
    from .analyze import analyze_clip, refuse_existing
    from .files import write_json

    options = _options(**shared)
    if json_to is None and out is None:
        out = "formcheck-out"
    if json_to not in (None, "-") and not force:
        refuse_existing([Path(str(json_to))])
    with _Progress(options.quiet, f"{Path(video).name} as {exercise}") as progress:
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
        import json

        click.echo(json.dumps(result.report, indent=2, ensure_ascii=False))
    elif json_to is not None:
        write_json(Path(json_to), result.report)
    if not options.quiet and json_to != "-":
        _summary(result, out)


def _summary(result: Analysis, out: str | Path | None) -> None:
    from .outputs.summary import print_summary

    print_summary(result.report, out)


@cli.command()
@click.argument("video", type=click.Path())
@click.option("-o", "--out", required=True, metavar="FILE.track.npz", type=click.Path(), help="Track file to write.")
@click.option("--force", is_flag=True, help="Replace an existing track.")
@_analysis_options
def track(video: str, out: str, force: bool, **shared: Any) -> None:
    """Save the poses of a VIDEO, so that everything after the pose model can be run again in an instant."""
    from .analyze import make_track

    options = _options(**shared)
    with _Progress(options.quiet, Path(video).name) as progress:
        made = make_track(video, out, options=options, force=force, progress=progress)
    if not options.quiet:
        click.echo(f"{out}: {len(made)} frames, a body in {made.found.mean():.0%} of them")


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("-o", "--out", metavar="FILE", type=click.Path(), help="Write the figures as JSON.")
@click.option("--markdown", is_flag=True, help="Print the tables as Markdown.")
@click.option("--cross", is_flag=True, help="Analyse each clip as the other exercises instead: nothing should count.")
@click.option("--force", is_flag=True, help="Replace an existing FILE.")
@_analysis_options
def evaluate(paths: tuple[str, ...], out: str | None, markdown: bool, cross: bool, force: bool, **shared: Any) -> None:
    """Score clips (files, folders, tracks, reports) against the truth files beside them."""
    from itertools import count

    from . import evaluate as ev
    from .analyze import analyze_clip, refuse_existing
    from .exercises import exercises
    from .files import write_json

    options = _options(**shared)
    if out is not None and not force:
        refuse_existing([Path(out)])

    def analyse(path: Path, exercise: str) -> Analysis:
        return analyze_clip(path, exercise, options=options, keep_measures=True)

    with _Progress(options.quiet, "clips") as progress:

        def step(done: int, total: int, _: object) -> None:
            if progress is not None:
                progress(done, total)

        if cross:
            pairs = ev.cross_pairs(paths, list(exercises()))
            done = count(1)
            crossed = ev.evaluate_cross(pairs, analyse, lambda score: step(next(done), len(pairs), score))
        else:
            scored = ev.evaluate_paths(paths, analyse, step)
    if cross:
        if out is not None:
            write_json(Path(out), crossed.to_json())
        click.echo(
            f"analysed as another exercise: {crossed.uncounted.hits} of {crossed.uncounted.of} counted nothing, "
            f"{crossed.quiet.hits} said why"
        )
        for s in crossed.scores:
            if not s.quiet:
                click.echo(f"  {s.clip} as {s.as_}: {s.failed or f'{s.counted} counted, {s.notes} notes'}")
        if crossed.interrupted:
            raise Interrupted("interrupted", "what was finished is shown")
        return
    if out is not None:
        ev.save(scored, out)
    from .evaluation.table import print_tables, to_markdown

    if markdown:
        click.echo(to_markdown(scored))
    elif not options.quiet:
        from rich.console import Console

        wide = Console() if sys.stdout.isatty() else Console(width=150)
        print_tables(scored, wide)
    if scored.interrupted:
        raise Interrupted("interrupted", "what was finished is shown and kept")


@cli.command(name="exercises")
@click.argument("exercise", required=False, shell_complete=_exercise_ids)
@click.option("--toml", is_flag=True, help="Print the limits as a TOML file to start from.")
def exercises_(exercise: str | None, toml: bool) -> None:
    """List the exercises, or show one: how to place the camera, what counts, which faults are seen, all limits."""
    from .outputs.describe import print_exercise, print_exercises, print_limits_toml

    if exercise is None:
        print_exercises()
    elif toml:
        print_limits_toml(exercise)
    else:
        print_exercise(exercise)


@cli.group()
def models() -> None:
    """The pose models: list, install, verify."""


@models.command(name="list")
def models_list() -> None:
    """Show the models known, and whether they are here."""
    from .pose.store import list_models

    for m in list_models():
        click.echo(f"{m.name:6s} {m.state:10s} {m.path}{'  ' + m.detail if m.detail else ''}")


@models.command(name="install")
@click.argument("name", default="full")
@click.option(
    "--source", type=click.Choice(["wheel", "url"]), help="Where from (default: the first of the manifest that works)."
)
@click.option(
    "--from", "from_file", type=click.Path(), metavar="FILE", help="A downloaded mediapipe wheel or .task bundle."
)
@click.option("--force", is_flag=True, help="Make it again though it is here.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def models_install(name: str, source: Any, from_file: str | None, force: bool, quiet: bool) -> None:
    """Build or fetch a model now instead of on first use."""
    from .pose.store import install

    path = install(name, source=source, from_file=from_file, force=force, quiet=quiet)
    if not quiet:
        click.echo(f"{name}: {path}")


@models.command(name="verify")
@click.argument("name", default="full")
def models_verify(name: str) -> None:
    """Check a model, by name or path, against its pinned hashes; exit code 5 if it is missing or damaged."""
    from .errors import ModelError
    from .pose.store import verify

    m = verify(name)
    if m.state != "ok":
        raise ModelError(f"model {m.name}: {m.state} ({m.detail})", "run 'formcheck models install'")
    click.echo(f"{m.name}: ok, {m.path}")


@cli.command()
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
    from .analyze import Options, analyze_clip
    from .resources import resource

    clip = resource("sample_videos", "plane-hip-sag.mp4")
    with _Progress(quiet, f"{clip.name} as plane") as progress:
        result = analyze_clip(clip, "plane", out, options=Options(quiet=quiet), force=True, progress=progress)
    if not quiet:
        _summary(result, out)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell: add ``eval "$(formcheck completion bash)"`` to its start-up file."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "formcheck", "_FORMCHECK_COMPLETE").source())


class _Progress:
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


def _fail(line: str, code: int) -> NoReturn:
    click.echo(f"formcheck: {line}", err=True)
    sys.exit(code)


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit.

    Exit codes: 0 done, 1 internal error, 2 usage, 3 input, 4 nobody found, 5 model, 130 interrupted.
    """
    words = list(sys.argv[1:] if args is None else args)
    debug = "--debug" in words or bool(os.environ.get("FORMCHECK_DEBUG"))
    words = [w for w in words if w != "--debug"]
    if debug:
        os.environ["FORMCHECK_DEBUG"] = "1"
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = cli.main(words, prog_name="formcheck", standalone_mode=False)
    except click.exceptions.Exit as e:
        sys.exit(e.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _fail("interrupted: what was finished is kept", 130)
    except click.ClickException as e:
        _fail(f"{e.format_message().rstrip('.')}: see 'formcheck --help'".replace("\n", " "), 2)
    except FormcheckError as e:
        if debug:
            raise
        _fail(str(e), e.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (as `head` does): no fault of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as e:
        if debug:
            raise
        first = str(e).splitlines()[0] if str(e) else "no message"
        _fail(
            f"internal error ({type(e).__name__}: {first}): run again with --debug and report it",
            1,
        )
    sys.exit(code if isinstance(code, int) else 0)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
