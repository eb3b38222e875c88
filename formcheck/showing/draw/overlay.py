"""The annotated picture: what was judged, drawn on the picture it was judged from."""

from __future__ import annotations

import math

import numpy as np

from formcheck.coaching.coach.holding import BEGUN_S, LEAD_S
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Target
from formcheck.coaching.coach.shown_now import Wrong
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.moment import Moment

from .banner import SHARES, Banner
from .cues import Cue, CueBoard
from .joints import DrawnBody
from .layout import Placer, Rect, candidates, shared
from .marks import BodyMarks, Decided
from .panel import Count, CounterPanel
from .sprites import Picture
from .states import States, judge_parts
from .style import Labels, Sizes


class Overlay:
    """Draws judged moments of one exercise on pictures of one size.

    It keeps no more than a calm display needs: which sentence is shown, since when, and where the panels are, all by
    the moments' own time. The same moments give the same pictures.

    Parameters
    ----------
    exercise : Exercise
    size : (int, int)
        Width and height of the pictures to draw on, in pixels.
    target : Target, optional
        Repetitions asked for, by side or block; default: what the routine asks for.
    scale : float or (float, float)
        Pixels of these pictures for one pixel of the picture in which the landmarks were measured, if need be across
        and down.
    mirror : bool
        The pictures come flipped left to right (a mirror for the person before the camera). Marks are flipped to fit;
        text is not.
    labels : Labels, optional
        Words that are not the exercise's own; English unless given.
    font : str, optional
        Path of a font file, for languages whose letters the font that Pillow carries does not have.
    degrees : bool
        Write angles beside their sectors, not only the one that decided on a fault.

    Raises
    ------
    ValueError
        If the size or the scale is not positive.

    Examples
    --------
    ::

        overlay = Overlay(exercise, (1920, 1080), scale=3.0)
        for moment in session.update(observation):
            picture = overlay.draw(frame.image, moment)
    """

    def __init__(
        self,
        exercise: Exercise,
        size: tuple[int, int],
        *,
        target: Target | None = None,
        scale: float | tuple[float, float] = 1.0,
        mirror: bool = False,
        labels: Labels | None = None,
        font: str | None = None,
        degrees: bool = True,
    ) -> None:
        w, h = int(size[0]), int(size[1])
        if w < 1 or h < 1:
            raise ValueError(f"size: expected at least 1 x 1 pixel, got {w} x {h}")
        sx, sy = (float(s) for s in (scale if isinstance(scale, tuple) else (scale, scale)))
        if not (sx > 0 and sy > 0):
            raise ValueError(f"scale: expected a positive number, got {scale}")
        self.exercise, self.size, self.scale, self.mirror, self.degrees = exercise, (w, h), (sx, sy), mirror, degrees
        self.target = target if target is not None else Target.of(exercise)
        labels = labels if labels is not None else Labels(**Phrases("en").labels(exercise))
        sizes = Sizes(w, h)
        self._labels = labels
        self._hold_s, self._tries = exercise.prescription.hold_s, exercise.as_long_as_possible
        self._board = CueBoard(exercise, labels)
        names = tuple(labels.parts.get(p, p) for p in self.target.parts)
        self._counter = CounterPanel(
            exercise.title, names, self.target.reps, self._hold_s, self._tries, sizes, labels, font
        )
        self._banner = Banner(sizes, font)
        self._marks = BodyMarks(sizes, font)
        self._placer = Placer(
            candidates(
                (w, h),
                (self._counter.w, self._counter.h),
                self._banner.rooms,
                sizes.px(0.025, 2),
            )
        )
        self._t: float | None = None
        #: The cue for which the size of the banner was chosen.
        self._placed: Cue | None = None
        #: Where the boxes of the last picture are: the counter's, and the banner's where there is one.
        self.boxes: list[Rect] = []
        #: What the last picture shows as wrong, the gravest first.
        self.faults: tuple[Wrong, ...] = ()

    def draw(self, rgb: Picture, moment: Moment, *, panels: bool = True, copy: bool = True) -> Picture:
        """Return a picture with a moment drawn on it.

        Parameters
        ----------
        rgb : (h, w, 3) uint8 array
            Red first; left as it is unless *copy* is False.
        moment : Moment
            Later than the one before; after a step back in time the display starts afresh.
        panels : bool
            False: body and ball alone, without a verdict, as while somebody gets into position.
        copy : bool
            False: draw on the picture itself, which has to be contiguous, and return it.

        Raises
        ------
        ValueError
            If the shape is not that of ``size`` or the type not uint8.
        """
        w, h = self.size
        if rgb.shape != (h, w, 3) or rgb.dtype != np.uint8:
            raise ValueError(f"rgb: expected a ({h}, {w}, 3) uint8 array, got {rgb.shape} {rgb.dtype}")
        if self._t is not None and moment.t < self._t:
            self._board.reset()
            self._placer.reset()
        self._t = moment.t
        self._board.update(moment)
        out = np.array(rgb, order="C") if copy else rgb
        figure = DrawnBody.of(moment, self.size, self.scale, self.mirror)
        self.faults = self._board.faults if panels else ()
        states = States()
        if panels and figure is not None:
            states = judge_parts(self.exercise, moment, figure, self.faults)
        self.boxes = self._place(moment, figure, states) if panels else []
        self._draw_ball(out, moment)
        if figure is not None:
            self._draw_body(out, moment, figure, states)
        if panels:
            self._counter.draw(out, self._placer.places.panel, self._count(moment), moment.hold_s)
            if self._board.cue is not None:
                self._banner.draw(out, self._placer.places, self._board.cue, self._board.opacity)
        return out

    def _count(self, moment: Moment) -> Count:
        """Return what the counter shows: in a hold or a try its seconds too, as the voice counts them."""
        flash = self._board.flash
        part, done = self.target.under_way(moment.counts, moment.part)
        if flash is not None and moment.part in self.target.parts:
            part, done = moment.part, moment.counts.get(moment.part or "", 0)
        name = self.exercise.title if part is None else self._labels.parts.get(part, part)
        seconds = None
        if moment.phase == "hold" and moment.hold_s >= BEGUN_S:
            if self._hold_s > 0:
                left = self._hold_s - moment.hold_s
                seconds = max(math.ceil(left - LEAD_S), 1) if left > 0 else 0
            elif self._tries:
                seconds = int(moment.hold_s)
        return Count(done, self.target.reps, name, None if flash is None else flash[1], seconds)

    def _draw_body(self, out: Picture, moment: Moment, figure: DrawnBody, states: States) -> None:
        marks, spoken = self._marks, self._board.wrong
        marks.draw_bones(out, figure, states)
        marks.draw_line(out, figure, states)
        decided = self._decided(spoken, states)
        silent = spoken is not None or not self.degrees
        marks.draw_angles(out, figure, states, decided, None if silent else self._angle)
        for w in reversed(self.faults):
            for joint in states.marks.get(w.id, ()):
                marks.draw_mark(out, figure, joint, moment.t)
        for k, joint in enumerate(states.marks.get(spoken.id, ()) if spoken is not None else ()):
            words = decided.words if decided is not None and k == 0 else None
            marks.draw_sign(out, figure, joint, words, states, self.boxes)

    def _angle(self, signal: str, value: float) -> str:
        """Return the words for an angle that is in order."""
        names = self.exercise.drawing.names_of(signal, self.exercise.checks)
        return self._labels.angle(names, f"{value:.0f}\N{DEGREE SIGN}")

    def _decided(self, spoken: Wrong | None, states: States) -> Decided | None:
        """Return the angle that decided on what the banner speaks of, to be written at its joint."""
        if spoken is None or spoken.value is None or spoken.limit is None or spoken.unit != "deg":
            return None
        joints = states.marks.get(spoken.id, ())
        if not joints:
            return None
        return Decided(joints[0], self._labels.measured(spoken.signal or spoken.id, spoken.value, spoken.limit))

    def _place(self, moment: Moment, figure: DrawnBody | None, states: States) -> list[Rect]:
        """Find the places of the boxes and return what they take: no joint at fault, and none moves in a hold."""
        cue, banner = self._board.cue, self._banner
        at = [figure.at(j) for joints in states.marks.values() for j in joints] if figure is not None else []
        keep = [self._marks.around(p) for p in at if p is not None]
        if cue is None or cue != self._placed:
            self._placed, banner.share = cue, SHARES[0]
        while True:
            places = self._placer.update(
                moment.t,
                figure,
                keep=keep,
                still=moment.phase == "hold",
                sentence=(cue, banner.share) if cue is not None else None,
                takes=None if cue is None else lambda p: banner.takes(p, cue),
            )
            if cue is None:
                return [places.panel]
            rect = banner.takes(places, cue)
            smaller = [s for s in SHARES if s < banner.share]
            if not smaller or not any(shared(rect, k) > 0 for k in keep):
                return [places.panel, rect]
            banner.share = smaller[0]

    def _draw_ball(self, out: Picture, moment: Moment) -> None:
        ball = moment.ball
        if ball is None or not np.isfinite([ball.x, ball.y, ball.r]).all() or not 0 < ball.r < 10 * max(self.size):
            return
        x, y = ball.x * self.scale[0], ball.y * self.scale[1]
        if abs(x) > 10 * self.size[0] or abs(y) > 10 * self.size[1]:
            return
        self._marks.draw_ball(out, np.array([self.size[0] - x if self.mirror else x, y]), ball.r * self.scale[1])
