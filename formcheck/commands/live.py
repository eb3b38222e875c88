"""``formcheck live``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formcheck.errors import UsageError

from .common import exercise_ids, person_option
from .numbers import Between

if TYPE_CHECKING:
    from formcheck.coaching.people import Person


@click.command()
@click.option("-e", "--exercise", metavar="ID", shell_complete=exercise_ids, help="Exercise to do.")
@click.option("--routine", is_flag=True, help="The whole routine, one exercise after the other, hands-free.")
@click.option("--plan", "plan_file", type=click.Path(), metavar="FILE", help="TOML file with a workout of your own.")
@click.option(
    "--camera",
    default="0",
    show_default=True,
    metavar="INDEX|URL",
    help="Camera number, device path, RTSP or HTTP address, or a video file played in real time.",
)
@person_option
@click.option("--reps", type=click.IntRange(0, 1000), metavar="N", help="Repetitions (a side); 0 = until you stop.")
@click.option(
    "--lang", default="en", show_default=True, metavar="LANG", help="Language of voice, screen and terminal: en, pl."
)
@click.option("--voice/--no-voice", default=True, help="Speak (default), or be silent.")
@click.option(
    "--mirror/--no-mirror", default=None, help="Show the picture as a mirror (default with a camera), or as it is."
)
@click.option("--window/--no-window", default=True, help="Show a window (default), or none.")
@click.option("--full-screen/--windowed", default=True, help="Fill the screen (default), or begin as a window.")
@click.option("--intro/--no-intro", default=True, help="Introduce each exercise (default), or not.")
@click.option(
    "--correct-every",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    metavar="N",
    help="Say a correction in one of N repetitions while its fault stays; 1 = in each.",
)
@click.option(
    "--hands/--no-hands", default=True, help="A raised arm held for two seconds pauses and goes on (default), or not."
)
@click.option("--record", type=click.Path(), metavar="FILE", help="Record a video (.mp4); otherwise none is kept.")
@click.option("--plain", is_flag=True, help="Record the bare picture, nothing drawn on it.")
@click.option("-o", "--out", type=click.Path(), metavar="DIR", help="Folder for the reports (default: with your data).")
@click.option("--history/--no-history", default=True, help="Keep the session in your history (default), or not.")
@click.option("--limits", "limits_file", type=click.Path(), metavar="FILE", help="TOML file that overrides limits.")
@click.option("--strictness", default="normal", metavar="LEVEL", help="lenient, normal or strict.")
@click.option("--ball-cm", type=Between(20, 120), metavar="CM", help="Diameter of your gym ball, for centimetres.")
@click.option("--model", type=click.Path(), metavar="FILE", help="Pose bundle (.task) to use.")
@click.option("--voice-log", type=click.Path(), metavar="FILE", help="Write what was said and when (JSON lines).")
@click.option("--force", is_flag=True, help="Replace an existing recording.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on the terminal but errors.")
def live(
    exercise: str | None,
    routine: bool,
    plan_file: str | None,
    person: str | None,
    reps: int | None,
    record: str | None,
    plain: bool,
    out: str | None,
    limits_file: str | None,
    strictness: str,
    ball_cm: float | None,
    model: str | None,
    voice_log: str | None,
    quiet: bool,
    **rest: Any,
) -> None:
    """Coach one exercise, or the routine, at the webcam.

    Keys: space pauses, n next, r repeat, v voice, m mirror, f full screen, q quits.
    """
    from formcheck.coaching.coach.plan import read_plan, routine_plan, single_plan
    from formcheck.coaching.people import find_person
    from formcheck.live.app import Live, LiveOptions
    from formcheck.live.keeping import check_folder
    from formcheck.showing.console.summary import print_rep, print_workout

    from .common import read_options, with_own_limits

    whose = find_person(person)
    if exercise is None and not routine and plan_file is None and person is not None and whose.plan.is_file():
        plan_file = str(whose.plan)
    if (exercise is not None) + routine + (plan_file is not None) != 1:
        raise UsageError("live needs one of -e, --routine and --plan", "as in: formcheck live -e plane")
    if plan_file is not None and reps is not None:
        raise UsageError("--reps does not go with --plan", "write reps = N into the steps of the plan")
    if exercise is not None:
        plan = single_plan(exercise, reps)
    elif plan_file is not None:
        plan = read_plan(plan_file)
    else:
        plan = routine_plan(reps)
    if out is not None:
        check_folder(Path(out))
    if plain and record is None:
        raise UsageError("--plain says how to record", "add --record FILE")
    rest["introduce"] = rest.pop("intro")
    options = LiveOptions(
        plan,
        analysis=with_own_limits(
            read_options(None, None, False, False, limits_file, strictness, ball_cm, model, quiet), whose
        ),
        history_file=whose.history,
        record=Path(record) if record is not None else None,
        record_plain=plain,
        out=Path(out) if out is not None else _folder(whose),
        voice_log=Path(voice_log) if voice_log is not None else None,
        **rest,
    )
    if not quiet:
        from formcheck.coaching.coach.phrases import Phrases

        click.echo(click.wrap_text(Phrases(options.lang).purpose, 100))
    app = Live(
        options,
        lambda line: click.echo(f"formcheck: {line}", err=True),
        None if quiet else partial(print_rep, lang=options.lang),
    )
    try:
        app.run()
    finally:
        result = app.result
        if not quiet and result.results:
            print_workout(result.reports, result.files, options.lang)


def _folder(person: Person) -> Path:
    """Return a new folder for this session beside the person's history."""
    from datetime import datetime

    return person.sessions / datetime.now().astimezone().strftime("%Y-%m-%d %H-%M-%S")
