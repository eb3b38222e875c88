"""What a live window shows beside the picture: one scene at a time, decided by the workout, drawn by the overlay."""

from __future__ import annotations

from dataclasses import dataclass

#: Kinds of scene.
INTRO, SETUP, COUNTDOWN, WORK, PAUSED, REST, SUMMARY, NO_CAMERA = (
    "intro",
    "setup",
    "countdown",
    "work",
    "paused",
    "rest",
    "summary",
    "no-camera",
)


@dataclass(frozen=True)
class Scene:
    """One state of the screen; every text is in the chosen language and ready to be drawn.

    Attributes
    ----------
    kind : str
        ``intro``, ``setup``, ``countdown``, ``work``, ``paused``, ``rest``, ``summary`` or ``no-camera``.
    exercise : str or None
        Id of the exercise it is about (the coming one in a rest).
    title : str
        Small line on top: the exercise, and where in the routine it stands.
    headline : str
        The few biggest words: the advice, a number of the countdown, "Rest".
    detail : str
        A sentence below them.
    lines : tuple of str
        A short list (the introduction's steps, the rows of the summary).
    seconds : float or None
        What is left of a countdown or a rest.
    progress : float or None
        0-1, a bar: how long the start position has been held, how much of the rest is over.
    ghost : bool
        Show the outline of the start position.
    ok : bool or None
        Whether the picture is as it should be (colours the headline); None = neither.
    note : str
        Small print at the lower edge: in the first introduction what all of this is for.
    """

    kind: str
    exercise: str | None = None
    title: str = ""
    headline: str = ""
    detail: str = ""
    lines: tuple[str, ...] = ()
    seconds: float | None = None
    progress: float | None = None
    ghost: bool = False
    ok: bool | None = None
    note: str = ""
