"""The command line. A command's module is loaded when it is called, so that ``--help`` is quick."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from . import memory
from .children import run_if_child
from .commands.groups import Group, complaint
from .errors import FormcheckError, Interrupted
from .printing import print_anything
from .shown import one_line
from .sight.pose.native import part_from_native
from .version import __version__

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

#: Commands in the order of ``--help``, and what it says of each. A command ``x`` is ``formcheck.commands.x.x``.
COMMANDS = {
    "analyze": "Judge a recorded VIDEO (any file FFmpeg reads, a folder of images, a stream, or a track file).",
    "live": "Coach one exercise, or the whole routine, at the webcam.",
    "serve": "The coach as a page: a phone or this computer's browser is the camera, nothing to install there.",
    "batch": "Judge many clips: files, folders, globs, manifests, URLs, tracks.",
    "track": "Save the poses of a VIDEO, so that everything after the pose model can be run again in an instant.",
    "evaluate": "Score clips (files, folders, tracks, reports) against the truth files beside them.",
    "review": "Correct and annotate a REPORT on a page, by keyboard.",
    "label": "Write down what really happens in a VIDEO, picture by picture.",
    "share": "Write a REPORT as one file to send: the page with a small film inside.",
    "compare": "Two sessions, or left and right, beside each other: what changed beyond chance.",
    "agree": "How far raters, and formcheck and raters, agree: kappa, counts, measures.",
    "exercises": "List the exercises, or show one.",
    "models": "The pose models: list, install, verify.",
    "demo": "Run the main job on a bundled clip, end to end.",
    "people": "The people whose exercises you keep: list, add, limits, plan, export, delete.",
    "history": "What you have done: sessions, progress, calendar; export and delete.",
    "export": "Write a report or track in other formats: tables, TRC, MOT, C3D, Rerun.",
    "doctor": "Check this computer: model, camera, speech, display, speed.",
    "completion": "Print the completion script of a shell.",
}


#: Commands that load what judges: a process that is not allowed to is told so before.
_JUDGING = frozenset({"analyze", "live", "serve", "batch", "track", "evaluate", "demo", "export", "share"})


class _Group(Group):
    """Loads commands late, and takes Ctrl-C before click does, which would put an empty line before our one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f".commands.{cmd_name}", __package__), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted("interrupted", "what was finished is kept") from None


@click.group(cls=_Group, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="formcheck")
def cli() -> None:
    """Judge exercise form from a video or a webcam: repetitions, holds, faults, and what to do about them.

    New here? `formcheck serve` opens the coach in your browser, `formcheck demo` shows what it does on a bundled clip.

    Add --debug anywhere to see tracebacks.
    """


def _fail(line: str, code: int) -> NoReturn:
    click.echo(f"formcheck: {one_line(line)}", err=True)
    sys.exit(code)


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit.

    Exit codes: 0 done, 1 internal error, 2 usage, 3 input, 4 nobody found, 5 model, 130 interrupted.
    """
    words = list(sys.argv[1:] if args is None else args)
    if run_if_child(words):
        sys.exit(0)
    debug = "--debug" in words or bool(os.environ.get("FORMCHECK_DEBUG"))
    words = [w for w in words if w != "--debug"]
    if debug:
        os.environ["FORMCHECK_DEBUG"] = "1"
    signal.signal(signal.SIGTERM, _interrupt)
    memory.be_thrifty()
    part_from_native()
    print_anything()
    try:
        if words and words[0] in _JUDGING and not {"-h", "--help"} & set(words):
            memory.check(memory.JUDGING_MB)
        code = cli.main(words, prog_name="formcheck", standalone_mode=False)
    except click.exceptions.Exit as e:
        _say_left_out()
        sys.exit(e.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _fail("interrupted: what was finished is kept", 130)
    except click.ClickException as e:
        ctx = e.ctx if isinstance(e, click.UsageError) else None
        where = ctx.command_path if ctx is not None else "formcheck"
        _fail(f"{complaint(e).rstrip('.')}: see '{where} --help'", 2)
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
        if memory.ran_out(e):
            _fail(f"not enough memory: {memory.HINT}", 1)
        first = str(e).splitlines()[0] if str(e) else "no message"
        _fail(f"internal error ({type(e).__name__}: {first}): run again with --debug and report it", 1)
    _say_left_out()
    sys.exit(code if isinstance(code, int) else 0)


def _say_left_out() -> None:
    """Say of exercises of other packages that they were left out; where nothing else went wrong, as that says more."""
    plugins = sys.modules.get("formcheck.judging.exercises.plugins")
    for line in plugins.left_out() if plugins is not None else ():
        click.echo(f"formcheck: {one_line(line)}", err=True)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
