"""Which frames are worth a look: the pose model takes nearly all the time of an analysis.

A :class:`Sampler` says of each frame, by its time, whether to infer a pose; :func:`sampled` goes through a source with
it. When a look shows that somebody came or went since the last one, the frame between is looked at after all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

import numpy as np

from .landmarks import MAIN_JOINTS
from .types import Pose


class Timed(Protocol):
    """Something with a time (s)."""

    @property
    def t(self) -> float:
        """Seconds since the beginning."""
        ...


At = TypeVar("At", bound=Timed)

#: Seconds between two looks at a body, unless its movement wants more.
BODY_S = 0.1
#: Frame times are rounded and jitter: a frame this much (s) early is on time.
SLACK_S = 0.004


class Sampler(Protocol):
    """Chooses frames of a source in the order of their times."""

    def wants(self, t: float) -> bool:
        """Return whether the frame at time *t* (s, rising) is to be looked at."""
        ...

    def saw(self, t: float, pose: Pose | None) -> float | None:
        """Take what the look at time *t* showed.

        Returns
        -------
        float or None
            The time (s) between the last look and this one near which a frame passed over is to be looked at after
            all; None: no need.
        """
        ...


class SteadySampler:
    """Every frame that comes at least *step_s* after the last one used.

    Examples
    --------
    >>> s = SteadySampler(0.5)
    >>> [t for t in (0.0, 0.2, 0.5, 0.9, 1.1) if s.wants(t)]
    [0.0, 0.5, 1.1]
    """

    def __init__(self, step_s: float) -> None:
        self.step_s = step_s
        self._last = -np.inf

    def wants(self, t: float) -> bool:
        """Return whether the frame at *t* is far enough from the last one."""
        if t - self._last < self.step_s:
            return False
        self._last = t
        return True

    def saw(self, t: float, pose: Pose | None) -> None:
        """Return None: no frame is looked at later."""


class AdaptiveSampler:
    """Ten looks a second at a body, up to twice as many while it moves quickly, five where nobody is.

    Looks a tenth of a second apart give the same repetitions and faults as every frame, but for movements of less than
    a second. At 0.125 s these begin to differ more often, and so does a small movement at 0.2 s: a dip of 0.02 torso
    lengths is no faster than the landmarks tremble, so a body cannot be told to be still and looked at less often.

    Parameters
    ----------
    body_s, quick_s, nobody_s : float
        Time between looks while a body is seen, while it moves quickly, and while none is seen.
    quick : float
        The body moves quickly when two of its main joints have moved by this many torso lengths a second (a foot that
        is raised by one within a second; the routine takes two or three).

    Examples
    --------
    >>> s = AdaptiveSampler()
    >>> [round(float(t), 2) for t in np.arange(0, 1.2, 1 / 30) if s.wants(t) and s.saw(t, None) is None]
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """

    def __init__(
        self, body_s: float = BODY_S, nobody_s: float = 0.2, quick_s: float = 0.05, quick: float = 1.0
    ) -> None:
        self.body_s, self.nobody_s, self.quick_s, self.quick = body_s, nobody_s, quick_s, quick
        self._due = -np.inf
        self._last: tuple[float, Pose | None] | None = None

    def wants(self, t: float) -> bool:
        """Return whether it is time for a look."""
        return t >= self._due - SLACK_S

    def saw(self, t: float, pose: Pose | None) -> float | None:
        """Take a look's pose; return where to look again if somebody came or went in a long step."""
        before, self._last = self._last, (t, pose)
        step = self._step(t, pose, before)
        # On a grid, so that the mean rate holds whatever the frame rate; after a gap the grid begins anew. Quick
        # movements are followed evenly instead.
        grid = np.isfinite(self._due) and step != self.quick_s
        self._due = (max(self._due, t - step / 2) if grid else t) + step
        if before is not None and (before[1] is None) != (pose is None) and t - before[0] > 1.5 * self.body_s:
            return (before[0] + t) / 2
        return None

    def _step(self, t: float, pose: Pose | None, before: tuple[float, Pose | None] | None) -> float:
        if pose is None:
            return self.nobody_s
        if before is None or before[1] is None:
            return self.body_s
        moved = np.linalg.norm(pose.image[MAIN_JOINTS, :2] - before[1].image[MAIN_JOINTS, :2], axis=1)
        far = self.quick * (t - before[0]) * pose.torso_px
        return self.quick_s if np.count_nonzero(moved > far) >= 2 else self.body_s


def sampled(
    frames: Iterable[At], look: Callable[[At], Pose | None], sampler: Sampler
) -> Iterator[tuple[At, bool, Pose | None]]:
    """Go through a source looking at the frames a sampler wants.

    Parameters
    ----------
    frames : iterable
        Frames in order of their times ``t`` (s). Those passed over since the last look are held back until the next.
    look : callable
        Infers the pose of a frame. The frame between two looks comes after the second of them.
    sampler : Sampler

    Yields
    ------
    (frame, used, pose)
        In order of time; pose is None where the frame was not used or nobody was found.
    """
    passed: list[At] = []
    for frame in frames:
        if not sampler.wants(frame.t):
            passed.append(frame)
            continue
        pose = look(frame)
        again = sampler.saw(frame.t, pose)
        best = None if again is None else min(passed, key=lambda f: abs(f.t - again), default=None)
        for f in passed:
            yield (f, True, look(f)) if f is best else (f, False, None)
        passed.clear()
        yield frame, True, pose
    for f in passed:
        yield f, False, None
