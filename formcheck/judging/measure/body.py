"""The body in a run of frames: joints by name and side, its size, where it faces, and the common angles.

A :class:`Body` is made from arrays of landmarks and is the only thing that an exercise sees of a person. A joint that
is hidden or out of the picture is NaN, so whatever is computed from it is NaN too: unknown, never guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import JOINT, N_LANDMARKS, PAIRS, SIDES

from .geometry import angle, distance, elevation

Array = NDArray[np.float64]

#: Below this visibility a landmark is the model's guess (measured: hidden joints read 0.36 on average and are 37
#: degrees off; seen ones read above 0.9).
MIN_VISIBILITY = 0.45
#: The hidden arm or leg of a side view is often guessed well when visibility is middling: such a joint may be used
#: where a wrong value cannot invent a fault (to tell which limb is raised).
GUESS_VISIBILITY = 0.05
#: ... and only where the better seen one of the two sides has at least this visibility.
EITHER_VISIBILITY = 0.3
#: Share of the picture by which a landmark may lie outside it and still count as seen.
OUTSIDE_MARGIN = 0.02
#: Longest plausible 2D segments in torso lengths (anthropometry: Drillis and Contini 1966 give thigh 0.85, shank 0.85,
#: upper arm 0.65, forearm 0.5 of the shoulder-hip distance; foreshortening of the torso and landmark error double it).
MAX_SEGMENT = {("hip", "knee"): 2.0, ("knee", "ankle"): 2.0, ("shoulder", "elbow"): 1.5, ("elbow", "wrist"): 1.4}
#: The hip landmark lies this much (torso lengths) in front of the joint's centre. Fitted to 67 side views of eight
#: bodies in seven exercises; 0.001 along the trunk. With one exercise or one body left out of the fit and scored alone,
#: the hip's angle in the picture is off by 3.4 degrees instead of 4.9, the body line's by 2.6 instead of 3.8.
HIP_FORWARD = 0.037
#: A shoulder joint lies this much (torso lengths) further out than the hip joint: half the difference of shoulder and
#: hip breadth, 0.259 and 0.191 of stature, over the trunk's 0.288 (Drillis and Contini 1966).
SHOULDER_OUT = 0.118


#: Rows of the joints of the limbs, and their landmarks by side.
_ROW = {j: k for k, j in enumerate(("shoulder", "elbow", "wrist", "hip", "knee", "ankle"))}
_LIMBS = np.array([[JOINT[j][s] for s in SIDES] for j in _ROW])
#: Landmarks of every joint that has two sides.
_PAIR = {j: np.array([at[s] for s in SIDES]) for j, at in JOINT.items() if set(SIDES) <= at.keys()}
#: The common angles: those between the landmarks themselves, and those between joint centres.
_FLAT = {"knee": ("hip", "knee", "ankle"), "elbow": ("shoulder", "elbow", "wrist")}
_CENTRED = {
    "hip": ("shoulder", "hip", "knee"),
    "shoulder": ("hip", "shoulder", "elbow"),
    "line": ("shoulder", "hip", "ankle"),
}


#: The segments of :data:`MAX_SEGMENT` on both sides.
_SEGMENT_FROM, _SEGMENT_TO = (np.array([JOINT[ab[k]][s] for ab in MAX_SEGMENT for s in SIDES]) for k in (0, 1))
_SEGMENT_MOST = np.repeat(list(MAX_SEGMENT.values()), len(SIDES))


def _rows(chains: dict[str, tuple[str, str, str]]) -> NDArray[np.intp]:
    """(3, k) rows of the joints of k chains: the outer one, the apex, the other outer one."""
    return np.array([[_ROW[j] for j in chain] for chain in chains.values()]).T


_FLAT_ROWS, _CENTRED_ROWS = _rows(_FLAT), _rows(_CENTRED)
#: Each landmark's fellow on the other side; its own number where it has none.
_FELLOW = np.arange(N_LANDMARKS)
_FELLOW[[a for a, _ in PAIRS]], _FELLOW[[b for _, b in PAIRS]] = [b for _, b in PAIRS], [a for a, _ in PAIRS]
#: What is computed of a body on demand and stays as it is when the camera's roll becomes known.
_AS_SEEN = ("as_filmed", "inside", "confidence", "_seen_at", "_guessed_at", "plausible", "quality")


@dataclass(frozen=True)
class Body:
    """A person over n frames.

    Attributes
    ----------
    t : (n,) array
        Seconds.
    image : (n, 33, 4) array
        x, y, z px and visibility; NaN where no pose.
    world : (n, 33, 4) array
        x, y, z metres and visibility.
    size : (int, int)
        Picture width and height, px.
    ball : (n, 4) array or None
        The ball in use: x, y, radius in px, confidence; NaN where none was seen, None where none was looked for.
    unit : (n,) array or None
        Length of the trunk in px, steady over time (:class:`~formcheck.judging.measure.scale.Scale`); None: as
        seen in each frame.
    roll, roll_unsure : (n,) array or None
        By how many degrees the camera has turned the picture clockwise, and how far either way it may be otherwise
        (:class:`~formcheck.judging.measure.level.Level`); None: 0. Measures are taken with the roll undone, so that
        down in them is down in the room; ``image`` and ``world`` stay as they were seen.
    shift : (n, 2) array or None
        By how many px knocks have moved the picture since the beginning; ``image`` and ``ball`` have them undone.
    """

    t: Array
    image: Array
    world: Array
    size: tuple[int, int]
    ball: Array | None = None
    unit: Array | None = None
    roll: Array | None = None
    roll_unsure: Array | None = None
    shift: Array | None = None

    @classmethod
    def joined(cls, bodies: Sequence[Body]) -> Body:
        """Return the body over the frames of several runs of them, in pictures of one size."""
        t, image, world = (np.concatenate([getattr(b, n) for b in bodies]) for n in ("t", "image", "world"))
        rest = {}
        for name in ("ball", "unit", "roll", "roll_unsure", "shift"):
            known = [m for b in bodies if (m := getattr(b, name)) is not None]
            rest[name] = np.concatenate(known) if len(known) == len(bodies) else None
        return cls(t, image, world, bodies[0].size, **rest)

    def with_unit(self, unit: Array) -> Body:
        """Return the body with its unit of length (px)."""
        return _told(replace(self, unit=unit), vars(self), vars(self).keys() - {"unit"})

    def levelled(self, roll: Array, unsure: Array) -> Body:
        """Return the body, so far without roll, with the camera's, and how unsure it is (degrees)."""
        kept = _AS_SEEN if roll.any() else vars(self).keys() - {"roll", "roll_unsure"}
        return _told(replace(self, roll=roll, roll_unsure=unsure), vars(self), kept)

    # ---- points -------------------------------------------------------------
    @cached_property
    def as_filmed(self) -> Array:
        """(n, 33, 4) the landmarks where they are in the pictures, knocks of the camera and all."""
        if self.shift is None or not self.shift.any():
            return self.image
        image = self.image.copy()
        image[..., :2] += self.shift[:, None]
        return image

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """(n, 33) whether each landmark lies in the picture, or hardly outside it."""
        w, h = self.size
        x, y = self.as_filmed[..., 0], self.as_filmed[..., 1]
        m = OUTSIDE_MARGIN
        with np.errstate(invalid="ignore"):
            return np.asarray((x > -m * w) & (x < (1 + m) * w) & (y > -m * h) & (y < (1 + m) * h))

    @cached_property
    def confidence(self) -> Array:
        """(n, 33) visibility of each landmark, 0 outside the picture or where no pose was found."""
        v = self.image[..., 3]
        return np.where(self.inside & np.isfinite(v), v, 0.0)

    @cached_property
    def _unrolled(self) -> Array | None:
        """(n, 2, 2) matrices that undo the camera's roll; None where there is none."""
        if self.roll is None or not self.roll.any():
            return None
        a = np.radians(self.roll)
        cos, sin = np.cos(a), np.sin(a)
        return np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2)

    def _upright(self, points: Array, about: Array | float = 0.0) -> Array:
        """Return points (n, ..., 2) as a camera without roll would have seen them, turned *about* a point."""
        if self._unrolled is None:
            return points
        moved = points - about
        turned = np.einsum("nij,n...j->n...i", self._unrolled, moved)
        return np.asarray(turned + about)

    @cached_property
    def _middle(self) -> Array:
        """Middle of the picture, px; the roll is undone about it."""
        return np.array(self.size) / 2

    @cached_property
    def _seen_at(self) -> Array:
        return np.where((self.confidence >= MIN_VISIBILITY)[..., None], self.image[..., :2], np.nan)

    @cached_property
    def _seen(self) -> Array:
        return self._upright(self._seen_at, self._middle)

    @cached_property
    def _guessed_at(self) -> Array:
        # Where neither of a pair is seen nothing tells where the other may be.
        either = np.maximum(self.confidence, self.confidence[:, _FELLOW])
        ok = (self.confidence >= GUESS_VISIBILITY) & (either >= EITHER_VISIBILITY)
        return np.where(ok[..., None], self.image[..., :2], np.nan)

    @cached_property
    def _guessed(self) -> Array:
        return self._upright(self._guessed_at, self._middle)

    def point(self, joint: str, side: str, *, guess: bool = False) -> Array:
        """(n, 2) picture position of a joint, NaN where it is not seen (or, with *guess*, not even guessed)."""
        return (self._guessed if guess else self._seen)[:, JOINT[joint][side]]

    def place(self, joint: str, side: str, *, guess: bool = False) -> Array:
        """(n, 2) as :meth:`point`, but as seen: it stays where it is when the camera's roll becomes known."""
        return (self._guessed_at if guess else self._seen_at)[:, JOINT[joint][side]]

    def chosen(self, joint: str, right: NDArray[np.bool_], *, guess: bool = False) -> Array:
        """(n, 2) the right joint in the frames where *right* is True, else the left one."""
        return np.where(right[:, None], self.point(joint, "right", guess=guess), self.point(joint, "left", guess=guess))

    def on(self, right: NDArray[np.bool_]) -> Chosen:
        """Return one side of the body, chosen frame by frame: the right one where *right* is True, else the left."""
        return Chosen(self, right)

    def mid(self, joint: str, *, guess: bool = True) -> Array:
        """(n, 2) middle between the left and the right joint."""
        known = self._mids.get((joint, guess))
        if known is None:
            known = (self.point(joint, "left", guess=guess) + self.point(joint, "right", guess=guess)) / 2
            self._mids[joint, guess] = known
        return known

    @cached_property
    def _mids(self) -> dict[tuple[str, bool], Array]:
        """What :meth:`mid` has computed so far."""
        return {}

    def world_point(self, joint: str, side: str) -> Array:
        """(n, 3) position in metres about the hips."""
        at = self.world[:, JOINT[joint][side], :3]
        if self._unrolled is None:
            return at
        return np.concatenate([self._upright(at[:, :2]), at[:, 2:]], axis=1)

    @cached_property
    def ball_centre(self) -> Array:
        """(n, 2) middle of the ball in the picture, NaN where none was seen."""
        if self.ball is None:
            return np.full((len(self.t), 2), np.nan)
        return self._upright(self.ball[:, :2], self._middle)

    @cached_property
    def ball_radius(self) -> Array:
        """(n,) radius of the ball, px, NaN where none was seen."""
        return np.full(len(self.t), np.nan) if self.ball is None else self.ball[:, 2]

    @property
    def level_unsure(self) -> Array:
        """(n,) degrees by which up and down may be otherwise than measured, see :attr:`roll_unsure`."""
        return np.zeros(len(self.t)) if self.roll_unsure is None else self.roll_unsure

    # ---- the body as a whole --------------------------------------------------
    @cached_property
    def torso_seen(self) -> Array:
        """(n,) distance from mid-shoulder to mid-hip in pixels, as it is seen in each frame."""
        return distance(self.mid("shoulder"), self.mid("hip"))

    @property
    def torso(self) -> Array:
        """(n,) length of the trunk in pixels, the unit of length of the measures: :attr:`unit` where it is known."""
        return self.torso_seen if self.unit is None else self.unit

    @cached_property
    def trunk(self) -> Array:
        """(n,) inclination of the trunk, 0 lying - 90 upright."""
        d = self.mid("shoulder") - self.mid("hip")
        return np.degrees(np.arctan2(np.abs(d[:, 1]), np.abs(d[:, 0])))

    @cached_property
    def headward(self) -> Array:
        """(n,) +1 where the shoulders lie to the right of the hips in the picture, -1 to the left."""
        return np.where(self.mid("shoulder")[:, 0] >= self.mid("hip")[:, 0], 1.0, -1.0)

    @cached_property
    def yaw(self) -> Array:
        """(n,) how far the shoulders and hips are turned out of the picture plane.

        Degrees: about +90 when the right side faces the camera, -90 the left side, 0 front or back. From the world
        landmarks' depth, the mean of shoulders and hips.
        """

        def turn(joint: str) -> Array:
            v = self.world_point(joint, "left") - self.world_point(joint, "right")
            n = np.linalg.norm(v, axis=-1)
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.asarray(np.degrees(np.arcsin(np.clip(v[:, 2] / n, -1, 1))))

        return (turn("shoulder") + turn("hip")) / 2

    @cached_property
    def belly_up(self) -> Array:
        """(n,) whether a lying body lies on its back or its stomach, seen from the side.

        Degrees: on the back about +75, on the stomach or on all fours about -75, near 0 on the side or from the front.
        The head's direction and the side that is nearer the camera tell (real and rendered people read beyond 30).
        """
        return -self.yaw * self.headward

    @cached_property
    def plausible(self) -> NDArray[np.bool_]:
        """(n,) False where no pose was found or its proportions cannot be a person's."""
        torso = self.torso_seen
        ok = np.isfinite(torso) & (torso > 1.0)
        d = distance(self.image[:, _SEGMENT_FROM, :2], self.image[:, _SEGMENT_TO, :2])
        return np.asarray(ok & ~(d > _SEGMENT_MOST * torso[:, None]).any(1))

    def near_right(self, belly: str) -> NDArray[np.bool_]:
        """(n,) True where the right side of the body faces the camera, told by which way it lies and faces.

        In a side view the head's direction and the belly's decide which side is near, whatever names the model gives:
        on all fours with the head to the right of the picture it is the right side; on the back, the left.

        Parameters
        ----------
        belly : str
            ``down``, ``up``, or anything else for the depth of the landmarks to decide.
        """
        right = self.headward > 0
        if belly == "up":
            return ~right
        if belly == "down":
            return right
        with np.errstate(invalid="ignore"):
            return np.asarray(self.yaw > 0)

    # ---- common measures --------------------------------------------------------
    def joint_angle(self, a: str, b: str, c: str, side: str, *, guess: bool = False) -> Array:
        """(n,) picture angle at joint b, degrees."""
        return angle(*(self.point(j, side, guess=guess) for j in (a, b, c)))

    def direction(self, a: str, b: str, side: str, forward: Array | float = 1.0, *, guess: bool = False) -> Array:
        """(n,) elevation of the segment from joint a to joint b, see :func:`geometry.elevation`."""
        return elevation(self.point(a, side, guess=guess), self.point(b, side, guess=guess), forward)

    def joint_angles(self, a: str, b: str, c: str, *, guess: bool = False) -> dict[str, Array]:
        """(n,) picture angles at joint b by side, degrees; in one go, which is quicker than side by side."""
        return self._by_side(angle(*(self._pair(j, guess) for j in (a, b, c))))

    def directions(self, a: str, b: str, forward: Array | float = 1.0, *, guess: bool = False) -> dict[str, Array]:
        """(n,) elevations of the segments from joint a to joint b by side, see :func:`geometry.elevation`."""
        ahead = forward[:, None] if isinstance(forward, np.ndarray) else forward
        return self._by_side(elevation(self._pair(a, guess), self._pair(b, guess), ahead))

    def _pair(self, joint: str, guess: bool) -> Array:
        """(n, 2, 2) picture positions of a joint, by side."""
        return np.asarray((self._guessed if guess else self._seen)[:, _PAIR[joint]])

    @staticmethod
    def _by_side(values: Array) -> dict[str, Array]:
        return {s: values[:, k] for k, s in enumerate(SIDES)}

    def centre(self, joint: str, side: str) -> Array:
        """(n, 3) centre of a joint in the body, px: x and y in the picture, z out of it from the side's hip.

        The hip landmark is moved back to the joint (:data:`HIP_FORWARD`), and arms hang further out than legs
        (:data:`SHOULDER_OUT`); both by as much as the body is turned sideways. NaN where the landmark is not seen.
        """
        return np.asarray(self._centres[:, _ROW[joint], SIDES.index(side)])

    @cached_property
    def _limbs(self) -> Array:
        """(n, 6, 2, 2) seen picture positions of the joints of :data:`_ROW`, by side."""
        return np.asarray(self._seen[:, _LIMBS])

    @cached_property
    def _centres(self) -> Array:
        """(n, 6, 2, 3) joint centres, see :meth:`centre`."""
        points = self._limbs
        # Without the trunk nothing is moved: the knee is still measured where the shoulder is out of the picture.
        up = points[:, 0] - points[:, 3]
        up[np.isnan(up)] = 0.0
        # +1 where the right side faces the camera: the belly is then a quarter turn clockwise from the head.
        sideways = np.sin(np.radians(self.yaw))
        sideways[np.isnan(sideways)] = 0.0
        out = np.zeros((*points.shape[:3], 3))
        out[..., :2] = points
        out[:, 3, :, 0] += HIP_FORWARD * sideways[:, None] * up[..., 1]
        out[:, 3, :, 1] -= HIP_FORWARD * sideways[:, None] * up[..., 0]
        out[:, :3, :, 2] = (SHOULDER_OUT * sideways[:, None] * np.hypot(up[..., 0], up[..., 1]))[:, None]
        return out

    @cached_property
    def angles(self) -> dict[str, Array]:
        """The common measures of every exercise by column name of the measures table, degrees, NaN = not measured.

        They are estimates of the joints' angles in the body, between the joints' centres (see :meth:`centre`): the
        line of someone who stands straight reads 173, as the shoulders are wider apart than the hip joints. Limits of
        exercises refer to the picture (:meth:`joint_angle`).
        """
        # Of a limb all three landmarks are off alike: its own angle is best taken from them as they are.
        flat = angle(*(self._limbs[:, rows] for rows in _FLAT_ROWS))
        centred = angle(*(self._centres[:, rows] for rows in _CENTRED_ROWS))
        out = {}
        for names, values in ((_FLAT, flat), (_CENTRED, centred)):
            for i, name in enumerate(names):
                for k, side in enumerate(SIDES):
                    out[f"{name}_{side}"] = values[:, i, k]
        out["trunk"] = self.trunk
        return out

    @cached_property
    def quality(self) -> Array:
        """(n,) mean confidence of the better seen side's joints, 0-1; 0 where there is no plausible pose."""
        per_side = self.confidence[:, _LIMBS].mean(1)
        return np.where(self.plausible, per_side.max(1), 0.0)


def _told(body: Body, known: Mapping[str, Any], kept: Collection[str]) -> Body:
    """Let a body take over what was computed of it already, of what its new scales leave as it is."""
    vars(body).update((name, value) for name, value in known.items() if name in kept)
    return body


@dataclass(frozen=True)
class Chosen:
    """One side of a body, chosen frame by frame: the near one, the lower one, the one that stands.

    Attributes
    ----------
    body : Body
    right : (n,) bool array
        True where it is the right side.
    """

    body: Body
    right: NDArray[np.bool_]

    def __call__(self, joint: str, *, guess: bool = False) -> Array:
        """(n, 2) picture position of its joint."""
        return self.body.chosen(joint, self.right, guess=guess)

    def of(self, values: Mapping[str, Array]) -> Array:
        """(n,) its value of a measure that is known by side, ``left`` and ``right``."""
        return np.where(self.right, values["right"], values["left"])
