"""Before an exercise: how to stand to the camera, until the start position is held; later, when the view is lost."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.judging.measure.view import too_dark
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.moment import Moment
from formcheck.sight.pose.landmarks import MAIN_JOINTS

from .framing import (
    UPRIGHT_DEG,
    Framing,
    ball_elsewhere,
    ball_out,
    faces_camera,
    heading,
    off_picture,
    wrong_size,
    wrong_view,
)

Array = NDArray[np.float64]

#: Seconds for which the start position must be held.
HOLD_S = 1.5
#: Seconds that the position may be lost or advice be due without the time held starting again: landmark noise.
LAPSE_S = 0.3
#: Seconds that advice is shown at the least, and for which other advice must have been due before it is given.
KEEP_S, DUE_S = 2.0, 0.7
#: Seconds for which the view must have been lost, once the exercise has begun.
LOST_S = 1.0
#: Seconds over which movement is measured, and torso lengths a second from which a body moves. Measured on rendered
#: people in the start position: up to 0.2; getting into it or doing a repetition: 0.5-3.
STILL_WINDOW_S, MOVING = 0.4, 0.35
#: Seconds within which the way a person is turned is a matter of the majority.
HEADING_S = 1.2
#: Slope of the trunk (degrees) up to which a body lies.
LYING_DEG = 30.0
#: Advice of one kind: which side to turn to the camera. It stays the same while it is due, and for these seconds after.
SIDES_TO_TURN, SAME_SIDE_S = ("turn-side", "turn-left-side", "turn-right-side"), 3.0
#: Seconds for which a ball that is seen out of its place is waited for: a plant behind the feet would be for ever.
BALL_WAIT_S = 6.0
#: Confidence below which a body found in the dark is not trusted.
SURE_POSE = 0.6


class AdviceWords(Protocol):
    """What puts advice into words (``phrases.Phrases``)."""

    def advice(self, reason: str, exercise: Exercise, /) -> str:
        """Return a short sentence for a key of advice."""
        ...


@dataclass(frozen=True)
class Setup:
    """Where the set-up stands at one moment.

    Attributes
    ----------
    advice : str or None
        Key of what to tell the person.
    text : str
        The advice in words, empty where there is none or nothing to put it into words.
    progress : float
        0-1, how long the start position has been held of how long it has to be; 0 again where the view was lost later.
    ready : bool
        True once, at the moment when it has been held long enough.
    done : bool
        Whether it has been held long enough: from then on only a lost view is told.
    heading : int
        +1 where the head (lying) or the face (upright) points to the right of the picture, -1 to the left, 0 unknown.
    """

    advice: str | None
    text: str = ""
    progress: float = 0.0
    ready: bool = False
    done: bool = False
    heading: int = 0


class Majority:
    """The value that was seen most in the last moments; a 0 has no vote."""

    def __init__(self, seconds: float = HEADING_S) -> None:
        self._seconds = seconds
        self._seen: deque[tuple[float, int]] = deque()
        self.value = 0

    def update(self, t: float, value: int) -> int:
        """Take a moment's value (-1, 0 or 1) and return the majority's."""
        if self._seen and t < self._seen[-1][0]:
            self._seen.clear()
        self._seen.append((t, value))
        while t - self._seen[0][0] > self._seconds:
            self._seen.popleft()
        votes = sum(v for _, v in self._seen)
        if votes:
            self.value = 1 if votes > 0 else -1
        return self.value


class SetupHelper:
    """Leads a person into the start position of an exercise, and notices when the camera loses the view of it.

    Pure: by the moments' own time, the same moments give the same advice.

    Parameters
    ----------
    exercise : Exercise
        Bound to the limits in force.
    words : AdviceWords, optional
        Puts advice into words.

    Examples
    --------
    ::

        helper = SetupHelper(exercise, phrases)
        for moment in session.update(observation):
            state = helper.update(moment, observation.size, observation.luma)
            if state.ready:
                ...
    """

    def __init__(self, exercise: Exercise, words: AdviceWords | None = None) -> None:
        self.exercise = exercise
        self._words = words
        self._steady = _SteadyAdvice()
        self._turned = Majority()
        self._still = _Stillness()
        self._held_since: float | None = None
        self._good_at: float | None = None
        self._lost_since: float | None = None
        self._ball_since: float | None = None
        self._side = ("turn-side", 0.0)
        self.done = False

    def update(self, moment: Moment, size: tuple[int, int], luma: float | None = None) -> Setup:
        """Take a moment.

        Parameters
        ----------
        moment : Moment
            Later than the one before.
        size : (int, int)
            Width and height in pixels of the picture in which it was measured.
        luma : float, optional
            Mean brightness of the picture, 0-255.
        """
        t = moment.t
        frame = Framing.of(moment, size)
        turned = self._turned.update(t, heading(moment, self.exercise.belly))
        moving = self._still.update(t, frame)
        if self.done:
            lost = self._watch(moment, frame, luma)
            return self._state(lost, 0.0 if lost is not None else 1.0, False, turned)
        due = self._due(moment, frame, luma, moving)
        progress = self._hold(t, due is None)
        if progress >= 1.0 and due is None and moment.phase != "away":
            self.done = True
            self._steady = _SteadyAdvice()
            return self._state(None, 1.0, True, turned)
        return self._state(self._steady.update(t, due), progress, False, turned)

    def restart(self) -> None:
        """Ask for the start position afresh (the countdown was left, the exercise begins again)."""
        self._steady = _SteadyAdvice()
        self._held_since = self._good_at = self._lost_since = self._ball_since = None
        self.done = False

    def _state(self, advice: str | None, progress: float, ready: bool, turned: int) -> Setup:
        text = self._words.advice(advice, self.exercise) if advice is not None and self._words is not None else ""
        return Setup(advice, text, min(progress, 1.0), ready, self.done, turned)

    def _hold(self, t: float, good: bool) -> float:
        if good:
            if self._held_since is None or self._good_at is None or t - self._good_at > LAPSE_S:
                self._held_since = t
            self._good_at = t
        elif self._good_at is not None and t - self._good_at > LAPSE_S:
            self._held_since = None
        return 0.0 if self._held_since is None else (t - self._held_since) / HOLD_S

    # ---- what is due now -------------------------------------------------------------
    def _due(self, moment: Moment, frame: Framing | None, luma: float | None, moving: bool) -> str | None:
        lost = self._unseen(moment, frame, luma)
        if lost is not None or frame is None:
            return lost
        here = self._in_position(moment)
        # Somebody who stands before a camera set for the floor is cut off, too large and turned the wrong way, and
        # none of it matters once he lies down; how to turn does.
        standing = self.exercise.belly != "ahead" and frame.trunk > UPRIGHT_DEG and not here
        advice = wrong_size(frame)
        if advice is None and not standing:
            advice = off_picture(frame, faces_camera(moment))
        advice = advice or self._turn(moment, frame)
        if advice is None and (here or frame.trunk < LYING_DEG):
            advice = self._place_ball(moment)
        if advice is None and not here:
            advice = "get-into-position"
        if advice is None and ball_out(self.exercise, moment, frame):
            advice = "ball-out-of-view"
        return advice or ("hold-still" if moving else None)

    def _turn(self, moment: Moment, frame: Framing) -> str | None:
        """Say how to turn; which side to turn to the camera does not change from one moment to the next."""
        lying = frame.trunk < LYING_DEG
        due = wrong_view(self.exercise, moment.view, heading(moment, self.exercise.belly) if lying else 0)
        if due not in SIDES_TO_TURN:
            return due
        key, last = self._side
        if key != "turn-side" and moment.t - last < SAME_SIDE_S:
            due = key
        self._side = due, moment.t
        return due

    def _place_ball(self, moment: Moment) -> str | None:
        """Say where the ball belongs, for some time: what is taken for it may not be a ball."""
        due = ball_elsewhere(self.exercise, moment)
        if due is None:
            self._ball_since = None if moment.ball is not None else self._ball_since
            return None
        self._ball_since = moment.t if self._ball_since is None else self._ball_since
        return due if moment.t - self._ball_since <= BALL_WAIT_S else None

    def _in_position(self, moment: Moment) -> bool:
        s = moment.sample
        if not s:
            return False
        limits = self.exercise.in_force
        here = (self.exercise.in_position(s, limits), self.exercise.in_start(s, limits))
        return all(h is True for h in here)

    @staticmethod
    def _unseen(moment: Moment, frame: Framing | None, luma: float | None) -> str | None:
        if too_dark(luma) and (frame is None or moment.confidence < SURE_POSE):
            return "more-light"
        return "nobody" if frame is None else None

    # ---- later -----------------------------------------------------------------------
    def _watch(self, moment: Moment, frame: Framing | None, luma: float | None) -> str | None:
        due = None
        if moment.problem is None:
            self._lost_since = None
        else:
            self._lost_since = moment.t if self._lost_since is None else self._lost_since
            if moment.t - self._lost_since > LOST_S:
                due = self._unseen(moment, frame, luma)
                if due is None and frame is not None:
                    due = wrong_size(frame) or off_picture(frame, faces_camera(moment))
                    due = due or self._turn(moment, frame) or self._steady.shown or "step-back"
        return self._steady.update(moment.t, due, at_once=True)


class _SteadyAdvice:
    """Advice that stays long enough to be read and heard, and does not flicker."""

    def __init__(self) -> None:
        self.shown: str | None = None
        self._since = 0.0
        #: For every advice that is due: since when, and when it was due last.
        self._wanted: dict[str | None, tuple[float, float]] = {}

    def update(self, t: float, due: str | None, *, at_once: bool = False) -> str | None:
        since, last = self._wanted.get(due, (t, t))
        self._wanted[due] = (t if t - last > LAPSE_S else since, t)
        self._wanted = {k: v for k, v in self._wanted.items() if t - v[1] <= LAPSE_S}
        if due == self.shown:
            return self.shown
        waited = t - self._wanted[due][0] >= DUE_S or (at_once and self.shown is None)
        if waited and (self.shown is None or t - self._since >= KEEP_S):
            self.shown, self._since = due, t
        return self.shown


class _Stillness:
    """Tells a body that moves from one that keeps its position."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, Array]] = deque()

    def update(self, t: float, frame: Framing | None) -> bool:
        """Take a frame's body; return whether it moves (no: not known)."""
        if frame is None or not frame.torso > 0:
            self._recent.clear()
            return False
        xy = frame.xy[MAIN_JOINTS, :] * frame.size
        self._recent.append((t, xy))
        while len(self._recent) > 2 and t - self._recent[1][0] >= STILL_WINDOW_S:
            self._recent.popleft()
        t0, before = self._recent[0]
        if t - t0 < STILL_WINDOW_S / 2:
            return False
        speed = np.hypot(*(xy - before).T) / frame.torso / (t - t0)
        known = np.sort(speed[np.isfinite(speed)])
        # A joint alone is a landmark that leaps: two move with every limb.
        return bool(len(known) > 2 and known[-2] > MOVING)
