"""A session: observations of one person doing one exercise go in, judged moments come out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import JOINT, SIDES
from formcheck.sight.pose.smooth import OneEuro, ZeroPhase
from formcheck.sight.pose.types import Observation

from ..exercises import exercises
from ..measure import Body
from ..measure.level import Roll, lying_slant
from ..measure.view import cut_off
from ..rules.checks import explained_now
from ..rules.exercise import Exercise
from ..rules.judge import AWAY, Judge
from ..rules.limits import Limits
from ..rules.presence import MAX_STEP_S
from ..rules.records import Event, FaultSeen
from .ball_watch import BallWatch, could_be_seen
from .bodies import Bodied, Bodies, measured
from .company import Company
from .moment import Moment, count, part_of
from .positions import PositionVotes
from .view_watch import ViewWatch

Array = NDArray[np.float64]

#: Frames measured together where nobody waits for the answer.
CHUNK = 32
#: Frames of which the positions of other exercises are looked for together.
LOOK_CHUNK = 256
#: Why nothing counts as an exercise with the ball where none was to be seen.
NO_BALL = "no ball was seen"
#: Pictures a second below which exchanged names of left and right are not found out: an exchange lasts some 0.2-0.5 s.
LEAST_RATE = 7.0
#: Steps between pictures that are remembered to tell how many there are a second.
STEPS_KEPT = 1000
#: Parts of the body that are told to be outside the picture, and their landmarks.
PARTS = {
    f"{side} {part}": JOINT[joint][side] for part, joint in (("hand", "wrist"), ("foot", "ankle")) for side in SIDES
}


class Session:
    """Judge one exercise from a stream of observations.

    Parameters
    ----------
    exercise : Exercise
    limits : Limits, optional
        Default: the exercise's own.
    live : bool
        True: answer frame by frame, so that nothing waits for a chunk to fill. Either way a frame is judged 0.23 s of
        source time later, from what came before and after it (zero-phase filter), so that a film judged live and the
        same film analysed have the same verdict; live the landmarks to be drawn are those of the newest frame.
    ball_sought : bool, optional
        Whether a ball was looked for; None: it was, if it was ever seen. Where it was, could have been seen and was
        not, nothing counts as an exercise with the ball.
    notes : bool
        Watch for the positions of other exercises, so that the report can say what was seen instead.

    Examples
    --------
    ::

        session = Session(get_exercise("plane"), live=True)
        for observation in camera:
            for moment in session.update(observation):
                ...
        session.finish()
    """

    def __init__(
        self,
        exercise: Exercise,
        limits: Limits | None = None,
        *,
        live: bool = False,
        notes: bool = True,
        ball_sought: bool | None = None,
    ) -> None:
        self.exercise = exercise if limits is None else exercise.under(limits)
        self.limits = self.exercise.in_force
        self.judge = Judge(self.exercise)
        self.views: Counter[str] = Counter()
        self.near: Counter[str] = Counter()
        self.frames = 0
        self.found = 0
        #: What was seen of the ball.
        self.ball = BallWatch(sought=ball_sought)
        #: Who else was in the picture.
        self.company = Company()
        #: Advice given, by reason.
        self.advice: dict[str, str] = {}
        #: Time spans (s) for which the exercise's position was held.
        self.holds: list[tuple[float, float]] = []
        self.positions = PositionVotes(exercises())
        #: Seconds in position for which parts of the body were outside the picture ("left foot").
        self.outside: dict[str, float] = dict.fromkeys(PARTS, 0.0)
        #: Names of the exercise's own measures, known once the first frames were measured.
        self.own_measures: list[str] = []
        #: False where the picture was found to lie on its side or to stand on its head.
        self.upright = True
        self._position_since: float | None = None
        self._position_last = 0.0
        self._look = notes and not live
        self._to_look_at: list[Body] = []
        self._bodies = Bodies(ZeroPhase(), 1 if live else CHUNK, exercise.supports)
        self._newest = OneEuro() if live else None
        self._watch = ViewWatch(exercise)
        self._counts = count(())
        self._counted = 0
        #: Degrees by which a body that is to lie level lies aslant in the picture, now and then.
        self.aslant: list[float] = []
        self._last_t: float | None = None
        self._steps: list[float] = []
        self._noted_t: float | None = None

    def update(self, observation: Observation) -> list[Moment]:
        """Take an observation; return the moments that are ready, in order of time.

        Raises
        ------
        ValueError
            If time does not rise.
        """
        if self._last_t is not None and observation.t <= self._last_t:
            raise ValueError(f"expected a time after {self._last_t:.3f} s, got {observation.t:.3f} s")
        if self._last_t is not None and len(self._steps) < STEPS_KEPT:
            self._steps.append(observation.t - self._last_t)
        self._last_t = observation.t
        bodied = self._bodies.update(observation)
        self.company.update(observation.t, observation.persons, elsewhere=self._bodies.found_elsewhere)
        moments = self._measure(bodied)
        if self._newest is not None:
            now = self._body_now(self._newest, observation)
            if moments:
                moments[-1] = replace(moments[-1], image=now.as_filmed[-1] if now.plausible[-1] else None)
        return moments

    def _body_now(self, smooth: OneEuro, observation: Observation) -> Body:
        """Return the body of the newest observation, as calm as it can be without waiting: to be shown, not judged."""
        both, shift = self._bodies.mended
        t, x = smooth.update(observation.t, both)[-1]
        return Body(np.array([t]), x[None, :, :4], x[None, :, 4:], observation.size, shift=np.array([shift]))

    @property
    def too_few(self) -> float | None:
        """Pictures a second, where they were too few to tell sides that come with the names of limbs; else None."""
        if not self._steps:
            return None
        rate = 1.0 / median(self._steps)
        return rate if rate < LEAST_RATE else None

    @property
    def roll(self) -> Roll:
        """How the camera is rolled, as far as it is known."""
        return self._bodies.roll

    @property
    def hung(self) -> list[tuple[float, float]]:
        """Times (s) from which to which the picture hung, so that nothing was seen of the person."""
        return self._bodies.hung

    def interrupt(self) -> tuple[Event, ...]:
        """Pause: an attempt under way is judged as far as it was seen; go on with :meth:`update` at a later time."""
        events = tuple(self.judge.interrupt())
        self._hold_position(0.0, False)
        return events

    def finish(self) -> list[Moment]:
        """End the stream; return the moments that were held back."""
        out = self._measure(self._bodies.flush())
        self._look_for_positions(None)
        end = self.judge.finish()
        if self.exercise.uses_ball and self.ball.missing:
            self.judge.verdicts.take_back(NO_BALL)
        if self.too_few is not None and self.exercise.side_faults:
            self.judge.verdicts.leave_sides_open()
        self._hold_position(0.0, False)
        if end and out:
            last = out[-1]
            reps = self.judge.reps
            out[-1] = replace(last, events=(*last.events, *end), counts=count(reps), part=part_of(reps))
        return out

    def _hold_position(self, t: float, inside: bool) -> None:
        if inside:
            self._position_since = t if self._position_since is None else self._position_since
            self._position_last = t
        elif self._position_since is not None:
            self.holds.append((self._position_since, self._position_last))
            self._position_since = None

    def _look_for_positions(self, body: Body | None) -> None:
        """Vote on whose position the body is in, many frames at once; None: there are no more."""
        waiting = self._to_look_at
        full = sum(len(b.t) for b in waiting) >= LOOK_CHUNK
        if waiting and (body is None or full or body.size != waiting[0].size):
            self.positions.update(Body.joined(waiting))
            waiting.clear()
        if body is not None:
            waiting.append(body)

    def _measure(self, bodied: Bodied | None) -> list[Moment]:
        if bodied is None:
            return []
        body, seen = bodied
        with_ball = self.exercise.uses_ball
        if self._look:
            self._look_for_positions(body)
        table = measured(self.exercise, body)
        if with_ball and body.ball is not None:
            table |= {name: body.ball[:, k] for k, name in enumerate(("ball_x", "ball_y", "ball_r"))}
        names = list(table)
        self.own_measures = [n for n in names if n not in body.angles]
        rows = np.stack([table[n] for n in names], axis=1).tolist()
        ok = body.plausible.tolist()
        could = could_be_seen(body, self.exercise.ball).tolist() if with_ball else [False] * len(seen)
        facts = (x.tolist() for x in (body.yaw, body.torso, cut_off(body), body.quality))
        outside = ~body.inside[:, list(PARTS.values())]
        out = []
        for i, (obs, row, yaw, torso, cut, quality) in enumerate(zip(seen, rows, *facts, strict=True)):
            if ok[i]:
                self.ball.update(obs.t, obs.ball, torso, could[i])
            sample = dict(zip(names, row, strict=True)) if ok[i] else None
            problem = self._watch.update(obs.t, yaw if ok[i] else None, torso, cut, obs.luma)
            out.append(self._judge(obs, body.as_filmed[i] if ok[i] else None, sample, quality, problem))
            if ok[i] and out[-1].phase != AWAY:
                self._note_outside(obs.t, outside[i])
        if self.exercise.lies_level:
            self._note_slant(body, out)
        return out

    def _note_slant(self, body: Body, moments: list[Moment]) -> None:
        judged = np.array([m.problem is None and bool(m.sample) for m in moments])
        slant = lying_slant(body)[judged]
        known = slant[np.isfinite(slant)]
        if len(known):
            self.aslant.append(float(np.median(known)))

    def _leapt(self, t: float) -> bool:
        """Whether the body is somewhere else than it was, and nobody saw it go there."""
        leaps = self._bodies.leaps
        if not leaps or leaps[0] > t:
            return False
        leaps.pop(0)
        return True

    def _note_outside(self, t: float, outside: NDArray[np.bool_]) -> None:
        step = min(t - self._noted_t, MAX_STEP_S) if self._noted_t is not None else 0.0
        self._noted_t = t
        for part, gone in zip(PARTS, outside, strict=True):
            if gone:
                self.outside[part] += step

    def _judge(
        self,
        obs: Observation,
        image: Array | None,
        sample: dict[str, float] | None,
        quality: float,
        problem: tuple[str, str] | None,
    ) -> Moment:
        j = self.judge
        self.frames += 1
        view = self._watch.view
        if sample is not None:
            self.found += 1
            self.views[view.kind] += 1
        if problem is not None:
            self.advice[problem[0]] = problem[1]
        j.verdicts.without = NO_BALL if self.exercise.uses_ball and self.ball.missing_for_long else None
        events = j.lose() if self._leapt(obs.t) else []
        events += j.update(obs.t, sample, problem)
        self._hold_position(obs.t, j.phase != AWAY and j.placed)
        if j.phase != AWAY and view.near_side is not None:
            self.near[view.near_side] += 1
        explained = explained_now(self.exercise.explains, j.watches) if self.exercise.explains else set()
        under_way = j.phase in ("move", "hold")
        if len(j.reps) != self._counted:
            self._counted, self._counts = len(j.reps), count(j.reps)
        on = dict.fromkeys([w.check.id for w in j.watches if w.active]) if j.phase != AWAY else {}
        return Moment(
            t=obs.t,
            image=image,
            sample=sample or {},
            confidence=quality,
            view=view,
            phase=j.phase,
            rep=len(j.reps) + 1 if under_way else None,
            hold_s=j.hold.running if under_way else 0.0,
            faults=tuple(f for f in on if f not in explained),
            problem=problem,
            events=tuple(e for e in events if not (isinstance(e, FaultSeen) and e.id in explained)),
            counts=dict(self._counts),
            ball=obs.ball,
            part=part_of(j.reps),
        )
