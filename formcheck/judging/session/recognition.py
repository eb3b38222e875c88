"""Which exercise was done: by whose position the body was seen in, and by whose rules something happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from formcheck.sight.pose.smooth import ZeroPhase
from formcheck.sight.pose.types import Observation

from ..exercises import exercises
from ..exercises.plugins import kept_apart
from ..measure import Body
from ..measure.view import cut_off
from ..rules.exercise import Exercise
from ..rules.judge import AWAY, Judge
from ..rules.presence import MAX_STEP_S
from .ball_watch import BallWatch, could_be_seen
from .bodies import Bodies, measured
from .session import CHUNK
from .view_watch import ViewWatch

#: An exercise whose position was held for less than this share of the time was not done.
MIN_SHARE = 0.2
#: What a position alone, without any attempt at a repetition, is worth: less than is asked for. Standing, sitting,
#: lying and being on all fours are start positions too.
NO_ATTEMPT = 0.15
#: ... and where the position is held for its own sake.
HELD = 0.35
#: What an attempt that a fault kept from counting is worth beside one that counted. Without even a fault it is none: on
#: all fours, only a leg raised.
NOT_COUNTED = 0.8
#: ... and none is what was lacking in this share of the attempts: arms left on the floor make no swan.
TRIED = 0.34
#: What such attempts are worth.
LACKING = 0.25
#: A ball at most this far (torso lengths) from where an exercise has it (its signal ``ball_off``) is in its place.
IN_PLACE = 0.5
#: By how much of itself the evidence for an exercise grows where the ball is in its place all the time, and by how much
#: it shrinks where the ball is elsewhere, or is not seen though the whole body is.
WITH_BALL, WITHOUT_BALL = 0.5, 0.25


@dataclass(frozen=True)
class Recognition:
    """What was recognised.

    Attributes
    ----------
    exercise : str or None
        Id; None where it is none of the known exercises.
    confidence : float
        0-1: how far the best exercise is ahead of the second, or of none at all.
    evidence : dict
        0-1 by exercise id.
    left_out : tuple of str
        Why exercises of other packages could not be asked.
    """

    exercise: str | None
    confidence: float
    evidence: Mapping[str, float]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Facts:
    """What every exercise asks of a body, frame by frame."""

    ok: list[bool]
    yaw: list[float | None]
    torso: list[float]
    cut: list[float]

    @classmethod
    def of(cls, body: Body) -> _Facts:
        ok = body.plausible.tolist()
        yaw = [y if good else None for y, good in zip(body.yaw.tolist(), ok, strict=True)]
        return cls(ok, yaw, body.torso.tolist(), cut_off(body).tolist())


@dataclass
class _Candidate:
    """One exercise, judging what everybody else judges too."""

    exercise: Exercise
    judge: Judge
    watch: ViewWatch
    #: Seconds in the exercise's position by what the ball did: in its place, elsewhere, not seen though it could be.
    ball_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("there", "elsewhere", "unseen"), 0.0))
    #: What is seen of the ball where this exercise has it.
    ball: BallWatch = field(default_factory=lambda: BallWatch(sought=True))
    #: Seconds in the position with the ball in its place, from wherever it was seen.
    placed_s: float = 0.0

    @classmethod
    def of(cls, exercise: Exercise) -> _Candidate:
        return cls(exercise, Judge(exercise), ViewWatch(exercise))

    def update(self, body: Body, seen: Sequence[Observation], steps: list[float], facts: _Facts) -> None:
        table = measured(self.exercise, body)
        names = list(table)
        rows = np.stack([table[n] for n in names], axis=1).tolist()
        could = could_be_seen(body, self.exercise.ball).tolist() if self.exercise.uses_ball else []
        for i, o in enumerate(seen):
            sample = dict(zip(names, rows[i], strict=True)) if facts.ok[i] else None
            problem = self.watch.update(o.t, facts.yaw[i], facts.torso[i], facts.cut[i], o.luma)
            self.judge.update(o.t, sample, problem)
            if sample is not None and self.exercise.uses_ball:
                self.ball.update(o.t, o.ball, facts.torso[i], could[i])
                self._look_for_ball(sample, o, steps[i], whole=facts.cut[i] == 0)

    def _look_for_ball(self, sample: dict[str, float], o: Observation, dt: float, *, whole: bool) -> None:
        off = sample.get("ball_off", float("nan"))
        there = off <= IN_PLACE
        if there and self.exercise.in_position(sample, self.exercise.in_force):
            self.placed_s += dt
        if self.judge.phase == AWAY or (o.ball is None and not whole) or (o.ball is not None and off != off):
            return
        self.ball_s["there" if there else "elsewhere" if o.ball is not None else "unseen"] += dt

    def evidence(self, ball_sought: bool) -> float:
        """Return how much speaks for the exercise, 0-1."""
        seconds, reps = self.judge.seconds, self.judge.reps
        share = seconds["judged"] / max(seconds["pose"], 1e-9)
        idle = HELD if self.exercise.reports_holds else NO_ATTEMPT
        lacking = [any(f.id in self.exercise.lacking for f in r.faults) for r in reps if r.faults]
        tried = bool(lacking) and sum(lacking) < TRIED * len(lacking)
        done = 1.0 if any(r.counted for r in reps) else NOT_COUNTED if tried else LACKING if lacking else idle
        by_movement = min(share, 1.0) * done
        if not ball_sought or not self.exercise.uses_ball:
            return by_movement
        if self.ball.missing:
            return 0.0
        there, *wrong = (v / max(seconds["judged"], 1e-9) for v in self.ball_s.values())
        by_movement *= 1.0 + WITH_BALL * there - WITHOUT_BALL * sum(wrong)
        return min(max(by_movement, HELD * self.placed_s / max(seconds["pose"], 1e-9)), 1.0)


class Recogniser:
    """Watches observations for every exercise at once; asked at any time which one is done.

    Attributes
    ----------
    ball_seen : bool
        Whether a ball was seen.
    """

    def __init__(self) -> None:
        self._candidates: dict[str, _Candidate] = {}
        #: Why exercises of other packages are asked no more.
        self._failed: dict[str, str] = {}
        for name, e in exercises().items():
            with kept_apart(e, self._failed):
                self._candidates[name] = _Candidate.of(e)
        self._bodies = Bodies(ZeroPhase(), CHUNK)
        self._last: float | None = None
        self.ball_seen = False

    def update(self, observation: Observation) -> bool:
        """Take an observation; return whether there is something new to ask for."""
        return self._look(self._bodies.update(observation))

    def finish(self) -> None:
        """End the stream."""
        self._look(self._bodies.flush())
        for c in self._candidates.values():
            with kept_apart(c.exercise, self._failed):
                c.judge.finish()

    def attempts(self, exercise: str) -> int:
        """Return how many repetitions of an exercise were counted."""
        candidate = self._candidates.get(exercise)
        return sum(r.counted for r in candidate.judge.reps) if candidate is not None else 0

    def result(self, ball_sought: bool | None = None) -> Recognition:
        """Return what was recognised so far; *ball_sought* as for :func:`recognise`."""
        sought = self.ball_seen if ball_sought is None else ball_sought
        evidence = {n: c.evidence(sought) for n, c in self._candidates.items() if n not in self._failed}
        ranked = sorted(evidence, key=lambda k: -evidence[k])
        best, second = evidence[ranked[0]], evidence[ranked[1]] if len(ranked) > 1 else 0.0
        left_out = tuple(self._failed.values())
        if best < MIN_SHARE:
            return Recognition(None, round(1.0 - best / MIN_SHARE * 0.5, 2), evidence, left_out)
        confidence = round(best / (best + max(second, MIN_SHARE / 2)), 2)
        return Recognition(ranked[0], confidence, evidence, left_out)

    def _look(self, made: tuple[Body, list[Observation]] | None) -> bool:
        if made is None:
            return False
        body, seen = made
        steps = np.diff(body.t, prepend=body.t[0] if self._last is None else self._last)
        self._last = body.t[-1]
        self.ball_seen = self.ball_seen or any(o.ball is not None for o in seen)
        facts = _Facts.of(body)
        for name, c in self._candidates.items():
            if name not in self._failed:
                with kept_apart(c.exercise, self._failed):
                    c.update(body, seen, np.minimum(steps, MAX_STEP_S).tolist(), facts)
        return True


def recognise(observations: Iterable[Observation], *, ball_sought: bool | None = None) -> Recognition:
    """Tell which exercise is done in a stream of observations.

    Every exercise judges the whole stream; the evidence for one is the share of the time its position was held in a
    view that it can be judged from, and that is not enough where no attempt at a repetition was seen. Positions differ
    more than any classifier of movements would need, and there is nothing to train or download. Where the ball was
    looked for, one in its place speaks for the exercise, even before a repetition and from where it cannot be judged;
    one that is elsewhere speaks softly against it, and without any that could have been seen it is none with the ball.

    Parameters
    ----------
    observations : iterable of Observation
    ball_sought : bool, optional
        Whether the ball was looked for. Default: it was, if it was ever seen.

    Returns
    -------
    Recognition
    """
    recogniser = Recogniser()
    for o in observations:
        recogniser.update(o)
    recogniser.finish()
    return recogniser.result(ball_sought)
