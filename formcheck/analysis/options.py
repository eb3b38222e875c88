"""How a clip is to be analysed, and the limits that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from formcheck.errors import UsageError
from formcheck.judging.exercises import get_exercise
from formcheck.judging.exercises.plugins import fit_together
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.limits import Limits, read_overrides
from formcheck.sight.pose.choice import ANYBODY, Follow
from formcheck.sight.pose.sampling import BODY_S

#: Values of limits by exercise and name.
Overrides = Mapping[str, Mapping[str, float]]


#: A source of more pictures a second than this is looked at less often than it has pictures, unless all are asked for.
FAST_FPS = 20.0


@dataclass(frozen=True)
class Options:
    """How to analyse.

    Attributes
    ----------
    model : path or None
        Pose bundle; None: the model store's.
    overrides : mapping
        Limits by exercise and name.
    strictness : str
    every_frame : bool
        Use all frames, however fast the camera.
    adaptive : bool or None
        Look at a body ten to twenty times a second (:mod:`formcheck.sight.pose.sampling`); not with *every_frame*.
        None: where a source has more than :data:`FAST_FPS` pictures a second.
    look_s : float
        Seconds between two looks at a body then.
    start, end : float or None
        Part of the source, seconds.
    mirror : bool
        The source is mirrored (a selfie preview): exchange left and right.
    rotate : int
        Degrees clockwise to turn the picture beyond what its metadata says: 0, 90, 180 or 270.
    fps, speed, stream : optional
        How the pictures follow each other, and which video of a file: :func:`formcheck.sight.video.source.open_source`.
    follow : Follow
        Whom to follow where several people are in the picture; a track holds one.
    ball : bool
        Look for the gym ball where the exercise uses one (and where the exercise is not known).
    ball_cm : float or None
        Diameter of the ball, for lengths in centimetres.
    pictures : bool
        A feed is to give the pictures of frames too at which no pose was looked for (to be drawn on).
    key_pictures : bool
        A feed is to give the pictures of frames that were looked at (to be chosen from).
    workers : int or None
        How many look at a film side by side, each with an estimator of its own and each but the first in a process of
        its own; None: as many as are of use on this machine.
    lang : str
        Language of the report page and the annotated video: ``en`` or ``pl``. Reports are in English.
    quiet : bool
    """

    model: Path | None = None
    overrides: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    strictness: str = "normal"
    every_frame: bool = False
    adaptive: bool | None = False
    look_s: float = BODY_S
    start: float | None = None
    end: float | None = None
    mirror: bool = False
    rotate: int = 0
    fps: float | None = None
    speed: float | None = None
    stream: int | None = None
    follow: Follow = ANYBODY
    ball: bool = True
    ball_cm: float | None = None
    pictures: bool = False
    key_pictures: bool = True
    workers: int | None = 1
    lang: str = "en"
    quiet: bool = True

    @property
    def chosen(self) -> Follow:
        """Whom to follow in the pictures as they are analysed: a mirrored one is turned round before."""
        return replace(self.follow, mirrored=self.mirror)


Progress = Callable[[float, float | None], None]


def limits_for(exercise: Exercise, options: Options) -> Limits:
    """Return the limits in force for an exercise.

    Raises
    ------
    UsageError
        If an override names an exercise or limit that does not exist, or limits do not fit together.
    """
    for name in options.overrides:
        get_exercise(name)
    limits = Limits(exercise.id, exercise.limits, options.overrides.get(exercise.id), options.strictness)
    try:
        fit_together(exercise, limits)
    except ValueError as e:
        raise UsageError(f"the limits of {exercise.id} do not fit together ({e})", "change the limits file") from e
    return limits


def own_limits(file: Path) -> Overrides:
    """Return the limits of a person's own file; none where there is no such file. Raises as :func:`read_overrides`."""
    return read_overrides(file) if file.is_file() else {}


def laid_over(under: Overrides, over: Overrides) -> dict[str, dict[str, float]]:
    """Return limits with others laid over them.

    >>> laid_over({"plane": {"hold_s": 5.0, "arch_deg": 30.0}}, {"plane": {"hold_s": 8.0}})
    {'plane': {'hold_s': 8.0, 'arch_deg': 30.0}}
    """
    return {e: {**under.get(e, {}), **over.get(e, {})} for e in {**under, **over}}


def check_overrides(options: Options) -> None:
    """Raise what :func:`limits_for` would raise for any exercise that limits were given for: before the work."""
    for name in options.overrides:
        limits_for(get_exercise(name), options)
