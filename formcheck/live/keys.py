"""What the keys do."""

from __future__ import annotations

from typing import Any

from formcheck.coaching.coach.workout import Workout

from .judging import JudgeLoop

#: Keys and the names of what they do, in the order in which they are shown.
LEGEND = {
    "space": "pause",
    "n": "next",
    "r": "repeat",
    "v": "voice",
    "m": "mirror",
    "f": "full-screen",
    "q": "quit",
}


class Keys:
    """Turns keys into what they do; what concerns the workout is done by the judging thread.

    Parameters
    ----------
    loop : JudgeLoop
    workout : Workout
    window : Window or None
    painter : Painter
    voice : Voice
    """

    def __init__(self, loop: JudgeLoop, workout: Workout, window: Any, painter: Any, voice: Any) -> None:
        self._loop, self._workout, self._window, self._painter, self._voice = loop, workout, window, painter, voice

    def press(self, key: str) -> None:
        """Do what a key is for; unknown keys do nothing."""
        action = LEGEND.get("q" if key == "esc" else key)
        if action == "pause":
            self._loop.command(self._workout.pause)
        elif action == "next":
            self._loop.command(self._workout.skip)
        elif action == "repeat":
            self._loop.command(self._workout.repeat)
        elif action == "voice":
            self._voice.muted = not self._voice.muted
            self._painter.tell(self._workout.phrases.screen("voice-off" if self._voice.muted else "voice-on"))
        elif action == "mirror":
            self._painter.mirror = not self._painter.mirror
        elif action == "full-screen" and self._window is not None:
            self._window.toggle_full_screen()
        elif action == "quit":
            self._loop.stop()
