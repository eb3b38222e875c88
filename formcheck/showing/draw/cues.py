"""Which one sentence the picture shows, and for how long: calm, so that it can be read."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.judging.exercises.plugins import described
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import RepDone
from formcheck.judging.rules.score import WEIGHTS
from formcheck.judging.session.moment import Moment

from .style import Labels

#: Seconds that a sentence stays at the least, seconds that the verdict on a finished attempt stays, and of fading.
HOLD_S, VERDICT_S, FADE_S = 1.5, 2.5, 0.25
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
        severity = {s: i for i, s in enumerate(sorted(WEIGHTS, key=lambda s: -WEIGHTS[s]))}
        #: Fault ids, the most severe first; the first check of an id gives its cue.
        self._rank = {
            c.id: i
            for i, c in reversed(
                list(enumerate(sorted(exercise.checks, key=lambda c: severity.get(c.severity, len(severity)))))
            )
        }
        self._cues = {c.id: c.cue for c in reversed(exercise.checks)}
        self.reset()

    def reset(self) -> None:
        """Forget what was shown: time has started again."""
        self.cue: Cue | None = None
        self.opacity = 0.0
        #: The last verdict: (seconds, counted).
        self.flash: tuple[float, bool] | None = None
        self._since = 0.0
        self._wanted_at = 0.0
        self._verdict: tuple[float, Cue] | None = None

    def update(self, moment: Moment) -> None:
        """Take a moment."""
        t = moment.t
        self._hear(moment)
        if self.flash is not None and t - self.flash[0] > FLASH_S:
            self.flash = None
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
            if not isinstance(event, RepDone):
                continue
            self.flash = moment.t, event.rep.counted
            ended = {c.id for c in self._exercise.checks if not c.signal}
            ids = [f.id for f in event.rep.faults if f.id in ended]
            if ids:
                worst = min(ids, key=self._order)
                self._verdict = moment.t, Cue(self._cues[worst], "fault", worst, event.rep.side)

    def _order(self, fault: str) -> int:
        return self._rank.get(fault, len(self._rank))

    def _best(self, moment: Moment) -> Cue | None:
        if moment.problem is not None:
            return Cue(moment.problem[1], "advice")
        faults = [f for f in moment.faults if f in self._cues]
        now = min(faults, key=self._order, default=None)
        verdict = self._verdict[1] if self._verdict is not None and moment.t - self._verdict[0] <= VERDICT_S else None
        if verdict is not None and (now is None or self._order(verdict.fault or "") <= self._order(now)):
            return verdict
        if now is not None:
            return Cue(self._cues[now], "fault", now)
        if moment.phase == "away":
            return Cue(self._labels.position.format(what=described(self._exercise)), "position")
        return None
