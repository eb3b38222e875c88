"""From pictures to poses: MediaPipe's pose landmarker behind one small protocol. Vendor types stop here."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np

from formcheck.closing import Closing

from .choice import ANYBODY, Follow
from .continuity import body_px, centre
from .guard import MARGIN, PoseGuard
from .landmarker import Landmarker
from .landmarks import MAIN_JOINTS
from .people import Other, People, about, same_place, whole
from .pictures import Image, Part, around, enlarged, lit, middle, shifted, turned, turned_back, without
from .plausibility import MIN_PLAUSIBILITY, plausibility
from .stir import Stir
from .types import Pose

#: MediaPipe smooths landmarks by a One Euro filter on its timestamps, which shrinks small movements (a pelvic tilt by
#: up to 44 %). Timestamps this far apart (ms) leave it nothing to smooth, while tracking from frame to frame goes on
#: as ever: raw landmarks at the price of tracked ones. Smoothing is done afterwards, by real time (``smooth.py``).
RAW_STEP_MS = 1_000_000
#: Frames without a believable body before the search through turned and cropped pictures starts, and between searches.
SEARCH_AFTER, SEARCH_EVERY = 2, 8
#: Share of the picture's sides that is shown enlarged in such a search.
ENLARGED = 0.65
#: A followed body is looked at afresh this long after it was found (s; at once only where it was not found by a fresh
#: look), and where it is less plausible than this ...
CONFIRM_AT_S = (0.0, 0.4, 1.0)
DOUBTFUL = 0.97
#: ... or its joints leap by this much (torso lengths, mean) from one frame to the next; but not more often than (s).
#: For an odd body the wait doubles, up to the longest one, with every fresh look that shows the same.
LEAP, DOUBT_EVERY_S, DOUBT_AT_LAST_S = 0.3, 0.5, 4.0
#: Something that moves is near a body when it comes this close to its box (torso lengths).
CLOSE = 0.3
#: So much around a body's outline is painted over where others are looked for (torso lengths).
OWN = 0.3
#: So many people are looked for in one part of a picture.
MOST_IN_PART = 4
#: Nobody is given for this long (s) after a change from one person to another: nothing must mix the two.
CHANGE_S = 0.4
#: A body that has been followed for this long (s) is one, whatever else is found.
SURE_S = 1.0
#: A body that comes after the one followed has been gone for this long (s) is somebody new.
NEWCOMER_S = 3.0
#: Two looks that differ by more than this (torso lengths, mean over the joints) saw different bodies.
OTHER_BODY = 0.3


class PoseEstimator(Protocol):
    """Finds one body in each picture of a stream."""

    @property
    def persons(self) -> int | None:
        """How many people were in the last picture; None where nobody counts."""
        ...

    def estimate(self, t: float, image: Image) -> Pose | None:
        """Return the pose in an upright (h, w, 3) RGB picture at time *t* (s, strictly rising), or None."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


class MediaPipePose(Closing):
    """MediaPipe Tasks pose landmarker that follows one person, with re-acquisition.

    The detector looks for faces; a body lying with its face hidden or upside down is missed, or laid head to feet. Then
    the picture is tried turned by 90, 270 and 180 degrees and enlarged about its middle, and the most plausible body is
    followed from there. Others in the picture are looked for now and then (:mod:`formcheck.sight.pose.people`), and the
    landmarks are kept from going over to them (:mod:`formcheck.sight.pose.guard`).

    Parameters
    ----------
    model : path
        A ``.task`` bundle.
    raw : bool
        True: unsmoothed landmarks (see :data:`RAW_STEP_MS`). False: MediaPipe's own smoothing.
    reacquire : bool
        Search turned and cropped pictures when nobody plausible is found; look for other people.
    follow : Follow
        Whom to follow where there are several.

    Raises
    ------
    ModelError
        If the bundle cannot be loaded.
    """

    def __init__(
        self, model: str | Path, *, raw: bool = True, reacquire: bool = True, follow: Follow = ANYBODY
    ) -> None:
        self._model = Path(model)
        self._raw = raw
        self._reacquire = reacquire
        self._track = Landmarker(self._model, video=True)
        self._still: Landmarker | None = None
        self._n = 0
        self._last_ms = -1
        self._turn = 0
        self._misses = 0
        self._found_at: float | None = None
        self._checked_at = -np.inf
        self._doubt_s = DOUBT_EVERY_S
        self._confirmed = 0
        self._tracked = False
        self._last: tuple[float, Pose] | None = None
        self._search_at = SEARCH_AFTER
        self._guard = PoseGuard()
        self._stir = Stir()
        self._people = People(follow)
        #: A body that is not the one followed and is not to be found again.
        self._refused: Pose | None = None
        self._silent_until = -np.inf
        #: How many people were seen in the last picture, as far as is known.
        self.persons = 0

    def estimate(self, t: float, image: Image) -> Pose | None:
        """Return the pose in an (h, w, 3) RGB picture at time *t* (s), or None."""
        image = lit(image)
        pose = self._followed(t, image)
        if pose is not None and self._reacquire:
            pose = self._among_others(t, image, pose)
        elif self._reacquire and (heir := self._people.heir(t, (image.shape[1], image.shape[0]))) is not None:
            pose = self._go_over(t, image, heir)
        self.persons = self._people.count(t)
        return pose if t >= self._silent_until else None

    def _followed(self, t: float, image: Image) -> Pose | None:
        """Return the body that is followed."""
        self._look_round(t, image)
        fresh = not self._tracked
        pose = self._next(t, self._shown(t, image))
        self._tracked = pose is not None
        p = 0.0 if pose is None else plausibility(pose)
        if pose is None or p < MIN_PLAUSIBILITY:
            pose = self._missed(t, self._shown(t, image))
            if pose is None or not self._welcome(t, pose):
                return None
            self._show_large(t, image, pose)
            return pose
        self._misses = 0
        self._search_at = SEARCH_AFTER
        pose = self._guard.check(t, image, pose, lambda picture: self._next(t, picture))
        if pose is None:
            return None
        if not self._guard.known_for(t) and not self._welcome(t, pose):
            return None
        if self._reacquire and not self._guard.wary(t) and self._doubtful(t, pose, p, fresh=fresh):
            pose = self._second_look(t, image, pose)
        return pose

    def _shown(self, t: float, image: Image) -> Image:
        """Return what the tracker is to see of a picture."""
        if self._refused is not None and self._people.accepts(t, self._refused):
            self._refused = None
        if self._refused is not None:
            return without(image, self._refused, OWN * body_px(self._refused))
        return self._guard.shown(t, image)

    def _look_round(self, t: float, image: Image) -> None:
        """See what else moves in the picture."""
        last = self._guard.last
        if not self._stir.update(t, image, None if last is None else last[1]) or last is None:
            return
        if self._stir.near(last[1], CLOSE):
            self._guard.beware(t)
        if any(m.walks(body_px(last[1])) for m in self._stir.movers):
            self._people.walked(t)

    def _welcome(self, t: float, pose: Pose) -> bool:
        """Return whether a body just found is to be followed; where it is not, look away from it."""
        if self._people.accepts(t, pose):
            if self._people.followed is not None and t - self._people.followed[0] > NEWCOMER_S:
                self._people.forget_followed()
            self._refused = None
            return True
        self._guard.forget()
        self._refused = pose
        self._restart()
        return False

    def _among_others(self, t: float, image: Image, pose: Pose) -> Pose | None:
        """Look for others; return the pose of the one to follow."""
        people, size = self._people, (image.shape[1], image.shape[0])
        people.saw_followed(t, pose)
        parts = people.parts(t, image.shape, self._stir.movers)
        picture = without(image, pose, OWN * body_px(pose)) if parts else image
        for part, wanted in parts:
            rest = picture
            # The model finds one at a time: who was found is painted over, until nobody is.
            for _ in range(MOST_IN_PART):
                found = self._look(rest, 0, part)
                if found is None or (whole(found, part, image.shape) and not people.saw(t, found)):
                    break
                rest = without(rest, found, OWN * body_px(found))
            if wanted is not None and wanted.t < t:
                people.missed(wanted)
        if people.unsure and people.choosing(t):
            return None
        other = people.better(t, size)
        return pose if other is None else self._go_over(t, image, other)

    def _go_over(self, t: float, image: Image, other: Other) -> Pose | None:
        """Follow somebody else from now on."""
        known = self._people.lone(t)
        found = self._look(around(image, MARGIN * body_px(other.pose), other.pose), 0, about(other.pose, image.shape))
        if found is None or not same_place(found, other.pose):
            self._people.missed(other)
            return None
        self._people.instead(t, other)
        self._turn, self._found_at, self._refused = 0, None, None
        self._restart()
        self._guard.adopt(t, image, found)
        self._show_large(t, image, found)
        if not known:
            self._silent_until = t + CHANGE_S
        return found

    def _show_large(self, t: float, image: Image, found: Pose) -> None:
        """Show the tracker a body large, where it is: it begins with a search of its own, which misses who is small."""
        scale = float(np.clip(0.5 * min(image.shape[:2]) / (2 * body_px(found)), 1.0, 3.0))
        self._next(t, enlarged(self._guard.shown(t, image), centre(found), scale))

    def _missed(self, t: float, image: Image) -> Pose | None:
        """Search for a body where none was found, now and then."""
        self._found_at = None
        self._misses += 1
        if not self._reacquire or self._misses < self._search_at:
            return None
        self._search_at = self._misses + SEARCH_EVERY
        found = self._search(image)
        if found is None or not self._guard.fits(t, found[1]):
            return None
        turn, pose = found
        if turn != self._turn:
            # A fresh tracker: the old one would go on looking where the body was before the turn.
            self._turn = turn
            self._restart()
        return pose

    def _restart(self) -> None:
        self._track.close()
        self._track = Landmarker(self._model, video=True)

    def _next(self, t: float, image: Image) -> Pose | None:
        """Let the tracker see the next picture."""
        self._n += 1
        ms = self._n * RAW_STEP_MS if self._raw else max(int(t * 1000), self._last_ms + 1)
        self._last_ms = ms
        return turned_back(self._track.find(turned(image, self._turn), ms), self._turn, image.shape)

    def _doubtful(self, t: float, pose: Pose, p: float, *, fresh: bool) -> bool:
        """Return whether a followed body needs a fresh look: newly found, odd, or suddenly elsewhere."""
        if self._found_at is None:
            self._found_at, self._confirmed, self._doubt_s = t, int(fresh), DOUBT_EVERY_S
        due = self._confirmed < len(CONFIRM_AT_S) and t - self._found_at >= CONFIRM_AT_S[self._confirmed]
        if due:
            self._confirmed += 1
        last, self._last = self._last, (t, pose)
        leapt = last is not None and t - last[0] < DOUBT_EVERY_S and apart(pose, last[1]) > LEAP
        odd = p < DOUBTFUL and t - self._checked_at >= self._doubt_s
        if odd:
            self._doubt_s = min(2 * self._doubt_s, DOUBT_AT_LAST_S)
        return due or odd or (leapt and t - self._checked_at >= DOUBT_EVERY_S)

    def _second_look(self, t: float, image: Image, pose: Pose) -> Pose:
        """Look afresh; where that shows another body, let a third look, in a turned picture, decide."""
        self._checked_at = t
        picture = self._shown(t, image)
        for other in self._people.others:
            if other.sure:
                picture = without(picture, other.pose, OWN * body_px(other.pose))
        fresh = self._look(picture, self._turn, None)
        if fresh is None or plausibility(fresh) < MIN_PLAUSIBILITY or apart(pose, fresh) <= OTHER_BODY:
            return pose
        if not same_place(fresh, pose) and self._two(t, picture, pose, fresh):
            return pose
        third = self._look(picture, (self._turn + 1) % 4, None)
        votes = {id(c): plausibility(c) + 0.1 * seen(c) for c in (pose, fresh)}
        if third is not None and plausibility(third) >= MIN_PLAUSIBILITY:
            for c in (pose, fresh):
                votes[id(c)] += float(apart(c, third) <= OTHER_BODY)
        if votes[id(fresh)] <= votes[id(pose)]:
            return pose
        # A fresh tracker: the old one would go on following what it follows.
        self._restart()
        self._guard.adopt(t, image, fresh)
        self._doubt_s = DOUBT_EVERY_S
        return fresh

    def _two(self, t: float, picture: Image, pose: Pose, fresh: Pose) -> bool:
        """Return whether a body somewhere else is somebody else, and the one followed is there too."""
        if self._guard.known_for(t) < SURE_S:
            rest = self._look(without(picture, fresh, OWN * body_px(fresh)), self._turn, None)
            if rest is None or not same_place(rest, pose):
                return False
        self._people.saw(t, fresh)
        return True

    def _search(self, image: Image) -> tuple[int, Pose] | None:
        """Try the picture turned and enlarged; return the most plausible body and its turn."""
        best: tuple[float, int, Pose] | None = None
        for turn in (0, 1, 3, 2):
            for part in (None, middle(image.shape, ENLARGED)):
                pose = self._look(image, turn, part)
                if pose is None:
                    continue
                p = plausibility(pose) - (0.02 if part else 0.0) - (0.05 if turn == 2 else 0.0)
                if p >= MIN_PLAUSIBILITY and (best is None or p > best[0]):
                    best = (p, turn, pose)
            if best is not None and best[0] > 0.85:
                break
        return None if best is None else (best[1], best[2])

    def _look(self, image: Image, turn: int, part: Part | None) -> Pose | None:
        """Look afresh at a picture, turned, or at a part of it."""
        if self._still is None:
            self._still = Landmarker(self._model, video=False)
        if part is None:
            return turned_back(self._still.find(turned(image, turn), None), turn, image.shape)
        x, y, w, h = part
        pose = turned_back(self._still.find(turned(image[y : y + h, x : x + w], turn), None), turn, (h, w, 3))
        return None if pose is None else shifted(pose, x, y)

    def close(self) -> None:
        """Free the model. Safe to call twice."""
        self._track.close()
        if self._still is not None:
            self._still.close()


def apart(a: Pose, b: Pose) -> float:
    """Return the mean distance of the twelve main joints of two poses, in torso lengths of the longer torso.

    Names count: a body with left and right exchanged is another one.
    """
    p, q = a.image[MAIN_JOINTS, :2], b.image[MAIN_JOINTS, :2]
    return float(np.linalg.norm(p - q, axis=1).mean()) / max(a.torso_px, b.torso_px, 1.0)


def seen(pose: Pose) -> float:
    """Return the mean visibility of the twelve main joints, 0-1."""
    return float(pose.image[MAIN_JOINTS, 3].mean())
