"""Which one sentence the picture shows, and for how long: calm, so that it can be read."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.coaching.coach.shown_now import FADE_S, HOLD_S, ShownNow, Wrong
from formcheck.judging.exercises.plugins import described
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import RepDone
from formcheck.judging.session.moment import Moment

from .style import Labels

#: Opacity at which a sentence appears: it can be read from its first picture on.
FIRST_OPACITY = 0.6
#: Seconds for which the counter shows that an attempt counted or did not.
FLASH_S = 1.0


@dataclass(frozen=True)
class Cue:
    """A sentence for the banner.

    Attributes
    ----------
    text : str
    kind : str
        ``fault``, ``advice`` (the view, the light) or ``position`` (before the start).
    fault : str or None
        Id of the fault it is about.
    side : str or None
        Side of the attempt it is about, where the attempt is over.
    """

    text: str
    kind: str
    fault: str | None = None
    side: str | None = None


class CueBoard:
    """Chooses what the banner says, moment by moment.

    The most important of what is the case now is shown; it stays for at least ``HOLD_S`` and then gives way to
    something else or fades out.
    """

    def __init__(self, exercise: Exercise, labels: Labels) -> None:
        self._exercise, self._labels = exercise, labels
        self._now = ShownNow(exercise)
        self.reset()

    def reset(self) -> None:
        """Forget what was shown: time has started again."""
        self.cue: Cue | None = None
        self.opacity = 0.0
        #: The last verdict: (seconds, counted).
        self.flash: tuple[float, bool] | None = None
        self._since = 0.0
        self._wanted_at = 0.0
        self._now.reset()

    @property
    def faults(self) -> tuple[Wrong, ...]:
        """What is wrong now, the gravest first: all that is coloured, ringed or named on the picture."""
        return self._now.faults

    @property
    def wrong(self) -> Wrong | None:
        """The fault that the banner speaks of."""
        return next((w for w in self.faults if self.cue is not None and w.id == self.cue.fault), None)

    def update(self, moment: Moment) -> None:
        """Take a moment."""
        t = moment.t
        self._hear(moment)
        if self.flash is not None and t - self.flash[0] > FLASH_S:
            self.flash = None
        self._now.update(moment)
        if self.cue is not None and self._over(self.cue, moment):
            self.cue = None
        best = self._best(moment)
        if best is not None and best == self.cue:
            self._wanted_at = t
        elif best is not None and (self.cue is None or t - self._since >= HOLD_S):
            self.cue, self._since, self._wanted_at = best, t, t
        if self.cue is None:
            self.opacity = 0.0
            return
        gone = t - max(self._wanted_at, self._since + HOLD_S)
        self.opacity = min(FIRST_OPACITY + (1 - FIRST_OPACITY) * (t - self._since) / FADE_S, 1.0)
        if gone > 0:
            self.opacity = 1.0 - gone / FADE_S
            if self.opacity <= 0:
                self.cue, self.opacity = None, 0.0

    def _hear(self, moment: Moment) -> None:
        for event in moment.events:
            if isinstance(event, RepDone):
                self.flash = moment.t, event.rep.counted

    def _over(self, cue: Cue, moment: Moment) -> bool:
        """Whether a sentence would be untrue: its fault is no longer shown, the position has been taken."""
        if cue.kind == "fault":
            return all(w.id != cue.fault for w in self.faults)
        return cue.kind == "position" and (moment.phase != "away" or moment.problem is not None)

    def _best(self, moment: Moment) -> Cue | None:
        if moment.problem is not None:
            return Cue(moment.problem[1], "advice")
        worst = next((w for w in self.faults if self._now.is_on(w.id, moment.t)), None)
        if worst is not None:
            return Cue(worst.cue, "fault", worst.id, worst.side)
        if moment.phase == "away":
            return Cue(self._labels.position.format(what=described(self._exercise)), "position")
        return None
