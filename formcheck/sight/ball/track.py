"""Follow the ball in use through a stream of pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..pose.types import Ball, Pose
from .body import BodyFrame, share_seen
from .detect import SAME_RADIUS, Found, likely_circles, picture_about, same_ball
from .glance import rim_colours, unchanged
from .picture import WORK_SCALE, WorkPicture, cut_out
from .rings import climb, refine, rim_and_colour
from .scale import Steadiness

Image = NDArray[np.uint8]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class BallPace:
    """How often the ball is looked for, and how long it is believed in.

    Attributes
    ----------
    search_s : float
        Seconds between full searches while no ball is followed.
    idle_s : float
        The same once nothing like a ball has been seen for four searches.
    confirm_s : float
        Longest time (s) between full searches while one is: is it still the best circle? It doubles from `again_s`
        on with each search that agrees, up to this where the ball is plain to see, else up to half of it, and to
        `idle_s` where it is doubtful.
    again_s : float
        Seconds before another full search when the followed ball was lost, or was seen once only.
    follow_s : float
        A followed ball is looked at not more often than this (s) while it moves,
    still_s : float
        and than this while it lies still;
    calm_s : float
        and only this often (s) while a glance at its rim shows no change either.
    trust_s : float
        Seconds for which it is followed without a search that agrees, as where nobody is found.
    hidden_s : float
        Seconds for which a ball that is out of sight is held to be where it was, and for which one is followed that is
        neither plain to see nor proven by several searches.
    """

    search_s: float = 0.5
    idle_s: float = 1.0
    confirm_s: float = 4.0
    again_s: float = 0.2
    follow_s: float = 0.05
    still_s: float = 0.1
    calm_s: float = 0.5
    trust_s: float = 6.0
    hidden_s: float = 2.2


#: A candidate's likelihood is averaged over searches with this weight for the newest, and for the second look.
NEWEST = 0.4
#: Candidates are remembered from this likelihood on; a ball is one whose average reaches BELIEVED in SEARCHES searches,
#: or PLAIN at once; it is dropped below DOUBTED. Another takes its place when it is likelier by BETTER.
NOTED, BELIEVED, PLAIN, DOUBTED, BETTER = 0.1, 0.6, 0.9, 0.3, 0.25
SEARCHES = 2
#: By a pose that sees less of the body than this, it takes an average of PLAIN in as many searches: of a body that lies
#: with its head towards the camera half is guessed, the scale too, and by a wrong one its trunk may be a ball.
SEEN = 0.65
#: A ball is proven once this many searches agreed: a wrong one seldom outlives three.
PROVEN = 4
#: Empty searches after which the search slows down.
IDLE_AFTER = 4
#: The followed circle holds while its rim keeps this share of its usual contrast and its colour stays this near (Lab
#: steps, beyond the ball's own spread).
RIM_KEPT, COLOUR_KEPT = 0.7, 9.0
#: A followed ball is looked at in a picture in which its radius is this many pixels.
FOLLOWED_RADIUS = 24.0
#: That picture reaches this far from the ball's middle (in radii): as far as the climb and its rays; and for a ball
#: that may have come by a radius.
NARROW, WIDE = 1.65, 2.1
#: A followed circle that moves less than this between looks (in radii) lies still.
STILL = 0.05
#: A ball that moves, or whose looks are further apart than this (s), may have come a longer way.
LONG_S = 0.09
#: A ball that leaves between two looks is looked for this far off (in radii: along the floor, and falling), if it was
#: seen not longer ago than this (s), by a rim that keeps this share of its contrast.
AWAY, LEFT_S, RIM_AWAY = np.array([(-1, 0), (-0.5, 0), (0.5, 0), (1, 0), (0, 0.5)]) @ np.eye(2, 4), 0.35, 0.85
#: A followed circle keeps within this share of the radius that searches gave it: a half-hidden rim is easily read as
#: a smaller circle, and a ball that rolls towards the camera grows by less between two searches.
GROWTH = 0.1
#: What a radius of way costs a followed circle in contrast (0-1), times what its rim lacks of full contrast: about a
#: faint rim there are slightly better circles everywhere, about a plain one only the ball's own.
WAY_COST = 0.4
#: A search that finds the followed ball moves it this share of the way to where it found it: following drifts about a
#: faint rim, searching does not.
ANCHOR = 0.8
#: Time constants of the followed circle's centre and radius (s): a ball moves, it does not grow.
CENTRE_S, RADIUS_S = 0.03, 0.5


@dataclass
class _Candidate:
    circle: Array
    radius: float
    likely: float
    looks: int
    seen_at: float
    agreed_at: float


class BallFinder:
    """Finds the gym ball in use and follows it. Time is whatever the caller says it is.

    A full search round the body (some milliseconds) is made now and then; between searches a found ball is followed by
    a look at its surroundings alone. A ball that goes out of sight is held for a while with falling confidence.

    Poses must agree on the scale before a ball is looked for. One that is found while somebody has been in sight for
    less than half a second is given up if the poses then turn out not to agree.

    Parameters
    ----------
    pace : BallPace
        How often to look.

    Examples
    --------
    >>> import numpy as np
    >>> finder = BallFinder()
    >>> finder.update(0.0, np.zeros((90, 160, 3), np.uint8), None) is None
    True
    """

    def __init__(self, pace: BallPace | None = None) -> None:
        self._pace = pace or BallPace()
        self._noted: list[_Candidate] = []
        self._ball: _Candidate | None = None
        self._colour: Array | None = None
        self._rim = 0.0
        self._scale = Steadiness()
        self._sure = False
        self._speed = np.zeros(2)
        self._empty = 0
        self._every = self._pace.follow_s
        self._search_at = self._searched_at = -np.inf
        self._looked_at = -np.inf
        self._gain: float | None = None
        self._glance: NDArray[np.int16] | None = None
        self._t = -np.inf

    def update(self, t: float, image: Image, pose: Pose | None) -> Ball | None:
        """Return the ball in an upright (h, w, 3) RGB picture at time *t* (s), or None.

        Parameters
        ----------
        pose : Pose or None
            The body in the picture, if it was found. A ball is only looked for near a body; one that is followed is
            followed without.

        Raises
        ------
        ValueError
            If time does not rise.
        """
        if not t > self._t:
            raise ValueError(f"t: expected more than {self._t:.3f} s, got {t:.3f} s")
        self._t = t
        body = None if pose is None else BodyFrame.of(pose)
        self._scale.update(t, None if body is None else body.scale)
        trusted = self._scale.known or self._scale.promising
        if self._ball is not None and not (self._sure or trusted):
            self._drop()
            self._noted = []
        tells = trusted and self._scale.agrees
        due = tells and t >= self._search_at
        if self._ball is not None and t - self._looked_at >= self._every - 1e-9:
            # Before a search too: it must know the ball again.
            if not self._lies(t, image):
                self._follow(t, image, body)
            due |= tells and self._ball.seen_at < t and t - self._searched_at >= self._pace.again_s
        if due and pose is not None and body is not None:
            self._search(t, image, body, share_seen(pose) >= SEEN)
            if self._ball is not None and max(self._ball.seen_at, self._looked_at) < t:
                self._follow(t, image, body)  # rolled further than the search looks
        self._sure |= self._ball is not None and self._scale.known
        return self._answer(t)

    def _answer(self, t: float) -> Ball | None:
        ball = self._ball
        if ball is None:
            return None
        hidden = t - ball.seen_at
        trusted_s = self._pace.trust_s if ball.likely >= PLAIN or ball.looks >= PROVEN else self._pace.hidden_s
        if hidden > self._pace.hidden_s or t - ball.agreed_at > trusted_s:
            self._drop()
            return None
        x, y, r = (float(v) for v in ball.circle[:3])
        # A look now and then is as good as one every frame; what is missing beyond that counts against it.
        stale = max(0.0, hidden - 2 * self._pace.still_s) / self._pace.hidden_s
        return Ball(x, y, r, float(np.clip(ball.likely * (1 - 0.6 * stale), 0.0, 1.0)))

    def _drop(self) -> None:
        self._ball, self._colour, self._gain, self._rim, self._sure = None, None, None, 0.0, False
        self._speed = np.zeros(2)
        self._search_at = min(self._search_at, self._t + self._pace.again_s)

    # ---- searching ----------------------------------------------------------
    def _search(self, t: float, image: Image, body: BodyFrame, seen: bool) -> None:
        self._searched_at, self._glance = t, None
        picture = picture_about(image, body)
        if picture is None:
            self._search_at = t + self._pace.search_s
            return
        self._weigh(t, likely_circles(picture), picture)
        ball = self._ball
        others = [c for c in self._noted if c is not ball and c.seen_at == t and _is_ball(c, seen)]
        best = max(others, key=lambda c: c.likely, default=None)
        # A ball out of sight where another is plain to see has most likely moved there.
        lost = ball is None or ball.likely < DOUBTED or ball.seen_at < min(t, self._looked_at)
        if best is not None and (lost or ball is None or best.likely > ball.likely + BETTER):
            self._ball, self._colour, self._gain, self._speed = best, None, None, np.zeros(2)
        elif ball is not None and ball.likely < DOUBTED:
            self._drop()
        if self._ball is not None and self._ball.seen_at == t:
            self._learn(picture, self._ball.circle)
            self._looked_at = t
        self._empty = 0 if self._noted else self._empty + 1
        self._search_at = t + self._wait(t)

    def _wait(self, t: float) -> float:
        """Seconds until the next full search after one at *t*."""
        young = (c for c in self._noted if c is not self._ball and c.looks < SEARCHES)
        if any(c.seen_at == t and c.likely >= (DOUBTED if self._ball is None else BELIEVED) for c in young):
            return self._pace.again_s
        if self._ball is not None and self._ball.seen_at == t:
            p, likely = self._pace, self._ball.likely
            longest = p.confirm_s if likely >= PLAIN else p.confirm_s / 2 if likely >= BELIEVED else p.idle_s
            return float(min(p.again_s * 2.0 ** (self._ball.looks - 1), longest))
        return self._pace.search_s if self._empty < IDLE_AFTER else self._pace.idle_s

    def _weigh(self, t: float, found: Found, picture: WorkPicture) -> None:
        """Average what this search says of each noted circle with what earlier ones said."""
        # Out of sight, the followed ball fades by the clock; a search that misses it says nothing new.
        hidden = self._ball if self._ball is not None and self._ball.seen_at < self._looked_at else None
        met: list[_Candidate] = []
        for circle, likely in zip(found.circles, found.likely.tolist(), strict=True):
            match = next((c for c in self._noted if same_ball(c.circle, circle)), None)
            if match is None and likely >= NOTED:
                match = _Candidate(circle.copy(), float(circle[2]), likely, 0, t, t)
                self._noted.append(match)
            if match is None or any(c is match for c in met) or (match is hidden and likely < match.likely):
                continue
            met.append(match)
            match.likely += (NEWEST if match.looks > 1 else 0.5) * (likely - match.likely)
            if likely >= NOTED:
                match.circle = (
                    circle.copy() if match is not self._ball else _blend(match.circle, circle, ANCHOR, ANCHOR)
                )
                match.radius = float(match.circle[2])
                match.looks += 1
                match.seen_at = match.agreed_at = t
        # Nor does one that does not reach as far as the ball has rolled.
        beyond = self._ball if self._ball is not None and not picture.holds(self._ball.circle) else None
        for c in self._noted:
            if c is not hidden and c is not beyond and not any(c is m for m in met):
                c.likely *= 1 - NEWEST
        self._noted = [c for c in self._noted if c is self._ball or c.likely >= NOTED]

    # ---- following ----------------------------------------------------------
    def _lies(self, t: float, image: Image) -> bool:
        """Whether a ball that lay still does so still, as far as a glance tells."""
        ball = self._ball
        if ball is None or self._glance is None or t - self._looked_at >= self._pace.calm_s - 1e-9:
            return False
        if not unchanged(self._glance, rim_colours(image, ball.circle)):
            return False
        ball.seen_at = t
        return True

    def _follow(self, t: float, image: Image, body: BodyFrame | None) -> None:
        ball = self._ball
        assert ball is not None
        # Since it was looked for or seen, if only by a glance.
        dt, self._looked_at = t - max(self._looked_at, ball.seen_at), t
        path = (0.1,) if self._every == self._pace.still_s and dt <= LONG_S else (0.2, 0.1)
        self._every, self._glance = self._pace.follow_s, None
        # A ball that rolls on will be further on.
        ahead = np.clip(self._speed * dt / ball.circle[2], -1, 1)
        rolls = bool(np.abs(ahead).max() > path[0])
        picture = self._around(image, ball.circle, body, WIDE if rolls else NARROW)
        if picture is None:
            return
        start = picture.to_work(ball.circle)[None]
        if rolls:
            start = np.concatenate([start, start + np.append(ahead, (0.0, 0.0)) * start[:, 2:3]])
        circle, rim, colour = self._best(picture, ball, start, path, RIM_KEPT)
        if circle is None and t - ball.seen_at <= max(LEFT_S, 2 * dt):
            picture = self._around(image, ball.circle, body, WIDE)
            if picture is not None:
                start = picture.to_work(ball.circle)[None]
                starts = start + AWAY * start[:, 2:3]
                circle, rim, colour = self._best(picture, ball, starts, (0.2, 0.1, 0.05), RIM_AWAY)
        if circle is None:
            self._speed = np.zeros(2)
            return
        self._speed = (circle[:2] - ball.circle[:2]) / dt
        moved_by = float(np.abs(circle - ball.circle)[:3].max() / ball.circle[2])
        self._every = self._pace.still_s if moved_by < STILL else self._pace.follow_s
        ball.circle = _blend(ball.circle, circle, 1 - np.exp(-dt / CENTRE_S), 1 - np.exp(-dt / RADIUS_S))
        ball.seen_at = t
        if self._every == self._pace.still_s:
            self._glance = rim_colours(image, ball.circle)
        newer = 1 - np.exp(-dt / 1.0)
        self._rim += newer * (rim - self._rim)
        self._colour = colour if self._colour is None else self._colour + 0.5 * newer * (colour - self._colour)

    def _best(
        self, picture: WorkPicture, ball: _Candidate, starts: Array, path: tuple[float, ...], kept: float
    ) -> tuple[Array | None, float, Array]:
        """Return the best circle by *starts* that is still the ball (or None), its rim's contrast and its colour."""
        moved = refine(picture, climb(picture, starts, path, WAY_COST * (1 - self._rim), heights=False), (0.1,))
        rim, colour = rim_and_colour(picture, moved)
        if self._colour is None:
            self._colour, self._rim, self._gain = colour[0], float(rim[0]), picture.gain
        circles = picture.to_full(moved)
        off = np.linalg.norm(colour[:, :3] - self._colour[:3], axis=1)
        same = (rim >= kept * self._rim) & (off <= COLOUR_KEPT + self._colour[3])
        same &= np.abs(circles[:, 2] / ball.radius - 1) <= SAME_RADIUS
        circles[:, 2] = np.clip(circles[:, 2], (1 - GROWTH) * ball.radius, (1 + GROWTH) * ball.radius)
        best = int(np.argmax(np.where(same, rim, -1.0)))
        return (circles[best] if same[best] else None), float(rim[best]), colour[best]

    def _around(self, image: Image, circle: Array, body: BodyFrame | None, reach: float) -> WorkPicture | None:
        x, y, r = circle[:3]
        h, w = image.shape[:2]
        reach *= r
        box = (max(0, int(x - reach)), max(0, int(y - reach)), min(w, int(x + reach) + 1), min(h, int(y + reach) + 1))
        if box[2] - box[0] < r or box[3] - box[1] < r:
            return None
        return cut_out(image, box, FOLLOWED_RADIUS / r, WORK_SCALE * r / FOLLOWED_RADIUS, body, self._gain)

    def _learn(self, picture: WorkPicture, circle: Array) -> None:
        if self._colour is None:
            rim, colour = rim_and_colour(picture, picture.to_work(circle)[None])
            self._colour, self._rim, self._gain = colour[0], float(rim[0]), picture.gain


def _is_ball(c: _Candidate, seen: bool) -> bool:
    """Whether a candidate is a ball, by a body of which most is seen or not."""
    if c.looks < SEARCHES:
        return seen and c.likely >= PLAIN
    return c.likely >= (BELIEVED if seen else PLAIN)


def _blend(old: Array, new: Array, centre: float, radius: float) -> Array:
    return np.asarray(old + np.array([centre, centre, radius, radius]) * (new - old))
