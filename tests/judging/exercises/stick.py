"""A stick figure that does the exercises: known joint angles in, landmarks as a perfect pose model would give them out.

Axes of the scene: x to the right of the picture (headward when the figure faces right), y up, z towards the camera, in
metres. Body builders take the parameters of a posture as arrays over n moments and give ``{joint: (n, 3)}``;
:class:`Motion` moves parameters in time; :func:`film` puts the camera up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.limits import Limits
from formcheck.judging.session.session import Session
from formcheck.sight.pose.landmarks import Landmark
from formcheck.sight.pose.types import Track

SIZE = (960, 540)
PX_PER_M = 200.0
TORSO, THIGH, SHANK, ARM, NECK = 0.5, 0.42, 0.42, 0.5, 0.2
HALF_SHOULDERS, HALF_HIPS = 0.18, 0.10
#: All landmarks by name: ``left_hip`` ...
NAMES = {m.name.lower(): int(m) for m in Landmark}

Params = Mapping[str, np.ndarray]
Joints = dict[str, np.ndarray]
Builder = Callable[[Params], Joints]


def ray(degrees):
    """Unit vectors (..., 3) in the picture plane, *degrees* above the x axis."""
    a = np.radians(np.asarray(degrees, dtype=float))
    return np.stack([np.cos(a), np.sin(a), np.zeros_like(a)], axis=-1)


def _offset(turn_deg):
    """Unit vectors from the far to the near side, the near one lifted by *turn_deg*."""
    a = np.radians(np.asarray(turn_deg, dtype=float))
    return np.stack([np.zeros_like(a), np.sin(a), np.cos(a)], axis=-1)


def _hand(joints: Joints, side: str, along) -> None:
    for name in ("pinky", "index", "thumb"):
        joints[f"{side}_{name}"] = joints[f"{side}_wrist"] + 0.08 * along


def _foot(joints: Joints, side: str, along) -> None:
    joints[f"{side}_heel"] = joints[f"{side}_ankle"] - 0.05 * along
    joints[f"{side}_foot_index"] = joints[f"{side}_ankle"] + 0.15 * along


def _head(joints: Joints, neck, up, ahead, across) -> None:
    """Head at a distance NECK along *up* from the neck, the face looking *ahead*; *across* points to the left ear."""
    middle = neck + NECK * up
    joints["nose"] = middle + 0.1 * ahead
    for side, sign in (("left", 1), ("right", -1)):
        joints[f"{side}_ear"] = middle + sign * 0.07 * across
        joints[f"mouth_{side}"] = middle + 0.08 * ahead - 0.05 * up + sign * 0.02 * across
        for name in ("eye_inner", "eye", "eye_outer"):
            joints[f"{side}_{name}"] = middle + 0.08 * ahead + 0.03 * up + sign * 0.03 * across


# ---- plane -------------------------------------------------------------------------------------------------
ALL_FOURS = {
    "trunk": 9.2,
    "head": 0.0,
    "roll": 0.0,
    "arm_left": -90.0,
    "arm_right": -90.0,
    "leg_left": -90.0,
    "leg_right": -90.0,
    "knee_left": 90.0,
    "knee_right": 90.0,
    "over_left": 0.0,
    "over_right": 0.0,
}


def all_fours(p: Params) -> Joints:
    """On hands and knees, head to the right.

    ``trunk`` pitch; ``arm_*`` elevation forwards (-90 = on the floor, 0 = level); ``leg_*`` elevation of the thigh
    backwards; ``knee_*`` inner angle; ``over_*`` degrees by which an elbow is bent the wrong way; ``head`` above the
    trunk's line; ``roll`` degrees by which the right hip is lifted.
    """
    n = len(p["trunk"])
    hip = np.array([0.0, THIGH, 0.0]) + np.zeros((n, 3))
    trunk = ray(p["trunk"])
    neck = hip + TORSO * trunk
    j: Joints = {}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        j[f"{side}_hip"] = hip + sign * HALF_HIPS * _offset(p["roll"])
        j[f"{side}_shoulder"] = neck + sign * HALF_SHOULDERS * _offset(0.0 * p["roll"])
        a = p[f"arm_{side}"]
        j[f"{side}_wrist"] = j[f"{side}_shoulder"] + ARM * ray(a)
        bend = np.tan(np.radians(p[f"over_{side}"] / 2))[:, None]
        j[f"{side}_elbow"] = j[f"{side}_shoulder"] + ARM / 2 * (ray(a) + bend * ray(a + 90.0))
        _hand(j, side, ray(a))
        thigh = 180.0 - p[f"leg_{side}"]
        j[f"{side}_knee"] = j[f"{side}_hip"] + THIGH * ray(thigh)
        shank = ray(thigh - (180.0 - p[f"knee_{side}"]))
        j[f"{side}_ankle"] = j[f"{side}_knee"] + SHANK * shank
        _foot(j, side, shank)
    pitch = p["trunk"] + p["head"]
    _head(j, neck, ray(pitch), ray(pitch - 90.0), np.array([0.0, 0.0, -1.0]))
    return j


# ---- shoulder-bridge ---------------------------------------------------------------------------------------
BRIDGE = {
    "sag": 0.0,
    "hands": 0.2,
    "shoulder_lift": 0.0,
    "thigh_left": 0.0,
    "thigh_right": 0.0,
    "knee_left": 94.0,
    "knee_right": 94.0,
}


def bridge(p: Params) -> Joints:
    """On the back, shoulders up, knees bent, head to the right.

    ``sag`` metres by which the hips hang; ``thigh_*`` elevation footwards; ``knee_*`` inner angle; ``hands`` distance
    from wrist to ear in torso lengths; ``shoulder_lift`` metres.
    """
    n = len(p["sag"])
    level = np.array([0.0, 0.45, 0.0]) + np.zeros((n, 3))
    hip = level - p["sag"][:, None] * np.array([0.0, 1.0, 0.0])
    slide = np.sqrt(TORSO**2 - p["sag"] ** 2)
    neck = level + slide[:, None] * np.array([1.0, 0.0, 0.0]) + p["shoulder_lift"][:, None] * np.array([0.0, 1.0, 0.0])
    out = np.array([0.0, 0.0, 1.0])
    j: Joints = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        j[f"{side}_hip"] = hip + sign * HALF_HIPS * out
        j[f"{side}_shoulder"] = neck + sign * HALF_SHOULDERS * out
        thigh = 180.0 - p[f"thigh_{side}"]
        j[f"{side}_knee"] = level + sign * HALF_HIPS * out + THIGH * ray(thigh)
        shank = thigh + 180.0 - p[f"knee_{side}"]
        j[f"{side}_ankle"] = j[f"{side}_knee"] + SHANK * ray(shank)
        _foot(j, side, ray(shank - 90.0))
        ear = neck + np.array([NECK, 0.0, sign * 0.07])
        j[f"{side}_wrist"] = ear + (p["hands"] * TORSO)[:, None] * np.array([0.0, 1.0, 0.0])
        j[f"{side}_elbow"] = (j[f"{side}_shoulder"] + j[f"{side}_wrist"]) / 2 + sign * 0.15 * out
        _hand(j, side, ray(np.full(n, 0.0)))
    _head(j, neck, ray(np.zeros(n)), ray(np.full(n, 90.0)), out)
    return j


# ---- side-plank --------------------------------------------------------------------------------------------
SIDE_SUPPORT = {
    "slope": 26.0,
    "drop": 0.0,
    "roll": 0.0,
    "arm": 0.0,
    "feet": 0.2,
    "support": 0.0,
    "head": 0.0,
    "tilt": 0.0,
}
LINE = TORSO + THIGH + SHANK


def side_support(p: Params) -> Joints:
    """In side support on the left hand, belly to the camera, head to the right.

    ``slope`` of the body; ``drop`` of the hips below their line as a fraction of it; ``roll`` degrees by which
    shoulders and hips turn about the body; ``arm`` degrees of the upper arm off the vertical; ``feet``, ``support``
    torso lengths between the feet, and from under the shoulder to the hand; ``head`` degrees off the trunk's line.
    """
    n = len(p["slope"])
    along, across = ray(p["slope"]), ray(p["slope"] + 90.0)
    foot = np.array([-LINE / 2, 0.08, 0.0]) + np.zeros((n, 3))
    neck = foot + LINE * along
    hip = foot + (THIGH + SHANK) * along - LINE * p["drop"][:, None] * across
    r = np.radians(p["roll"])[:, None]
    lateral = np.cos(r) * across + np.sin(r) * np.array([0.0, 0.0, 1.0])
    j: Joints = {}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        j[f"{side}_shoulder"] = neck + sign * HALF_SHOULDERS * lateral
        j[f"{side}_hip"] = hip + sign * HALF_HIPS * lateral
        j[f"{side}_ankle"] = foot + sign * (p["feet"] * TORSO / 2)[:, None] * across
        j[f"{side}_knee"] = (j[f"{side}_hip"] + j[f"{side}_ankle"]) / 2
        _foot(j, side, np.array([0.0, 0.0, 1.0]))
    hand = j["left_shoulder"] + (p["support"] * TORSO)[:, None] * np.array([1.0, 0.0, 0.0])
    hand[:, 1] = 0.0
    j["left_wrist"] = hand
    j["right_wrist"] = j["right_shoulder"] + ARM * ray(90.0 - p["arm"])
    for side in ("left", "right"):
        j[f"{side}_elbow"] = (j[f"{side}_shoulder"] + j[f"{side}_wrist"]) / 2
    _hand(j, "left", ray(np.zeros(n)))
    _hand(j, "right", ray(90.0 - p["arm"]))
    _head(j, neck, ray(p["slope"] + p["head"]), np.array([0.0, 0.0, 1.0]), -across)
    return j


# ---- standing, in none of the three ------------------------------------------------------------------------
STANDING = {"lean": 0.0}


def standing(p: Params) -> Joints:
    """Upright, facing to the right, arms hanging."""
    n = len(p["lean"])
    hip = np.array([0.0, THIGH + SHANK, 0.0]) + np.zeros((n, 3))
    up = ray(90.0 - p["lean"])
    neck = hip + TORSO * up
    out = np.array([0.0, 0.0, 1.0])
    j: Joints = {}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        j[f"{side}_hip"] = hip + sign * HALF_HIPS * out
        j[f"{side}_knee"] = j[f"{side}_hip"] - np.array([0.0, THIGH, 0.0])
        j[f"{side}_ankle"] = j[f"{side}_knee"] - np.array([0.0, SHANK, 0.0])
        j[f"{side}_shoulder"] = neck + sign * HALF_SHOULDERS * out
        j[f"{side}_wrist"] = j[f"{side}_shoulder"] - np.array([0.0, ARM, 0.0])
        j[f"{side}_elbow"] = (j[f"{side}_shoulder"] + j[f"{side}_wrist"]) / 2
        _hand(j, side, ray(np.full(n, -90.0)))
        _foot(j, side, ray(np.zeros(n)))
    _head(j, neck, up, ray(-p["lean"]), -out)
    return j


# ---- time and camera ---------------------------------------------------------------------------------------
class Motion:
    """Parameters of a posture moving in time, each way as smoothly as a limb moves (minimum jerk).

    >>> m = Motion({"x": 0.0}).wait(1).to(2, x=10.0)
    >>> m.sample([0.0, 2.0, 3.0])["x"].tolist()
    [0.0, 5.0, 10.0]
    """

    def __init__(self, start: Mapping[str, float], **changed: float) -> None:
        self.rest = {**start, **changed}
        self._keys: list[tuple[float, dict[str, float]]] = [(0.0, dict(self.rest))]

    @property
    def end(self) -> float:
        return self._keys[-1][0]

    def to(self, seconds: float, **values: float) -> Motion:
        unknown = set(values) - set(self.rest)
        if unknown:
            raise KeyError(f"no such parameters: {sorted(unknown)}")
        self._keys.append((self.end + seconds, {**self._keys[-1][1], **values}))
        return self

    def wait(self, seconds: float) -> Motion:
        return self.to(seconds)

    def back(self, seconds: float) -> Motion:
        """Return to the posture of the start."""
        return self.to(seconds, **self.rest)

    def sample(self, t) -> dict[str, np.ndarray]:
        t = np.asarray(t, dtype=float)
        times = np.array([k for k, _ in self._keys])
        i = np.clip(np.searchsorted(times, t, side="right") - 1, 0, max(len(times) - 2, 0))
        if len(times) == 1:
            return {n: np.full(len(t), v) for n, v in self.rest.items()}
        u = np.clip((t - times[i]) / np.maximum(times[i + 1] - times[i], 1e-9), 0.0, 1.0)
        s = u**3 * (10 - 15 * u + 6 * u**2)
        out = {}
        for name in self.rest:
            v = np.array([k[name] for _, k in self._keys])
            out[name] = v[i] + s * (v[i + 1] - v[i])
        return out


def ticks(seconds: float, fps: float = 15.0, *, jitter: float = 0.0, seed: int = 0) -> np.ndarray:
    """Frame times from 0 to *seconds*, at random moments within *jitter* (0-1) of a frame."""
    n = int(seconds * fps) + 1
    t = np.arange(n) / fps
    if jitter:
        t = t + np.random.default_rng(seed).uniform(0.0, 0.9 * jitter, n) / fps
    return t


def film(
    build: Builder,
    params: Params,
    t: np.ndarray,
    *,
    facing: str = "right",
    azimuth: float = 0.0,
    pitch: float = 4.0,
    zoom: float = 1.0,
    noise_px: float = 0.0,
    far_visibility: float = 0.7,
    seed: int = 0,
) -> Track:
    """Return the track of a figure as a camera sees it.

    Parameters
    ----------
    facing : str
        ``right`` or ``left``: where the head points. The body is turned round, not mirrored.
    azimuth : float
        Degrees by which the camera stands off to the side; 0 looks along the scene's z axis.
    pitch : float
        Degrees by which the camera looks down: keeps near and far limbs apart in a side view.
    noise_px : float
        Standard deviation of landmark noise.
    far_visibility : float
        Visibility of the joints of the body's far side (the near side reads 0.97).
    """
    joints = build(params)
    n = len(t)
    xyz = np.zeros((n, 33, 3))
    for name, k in NAMES.items():
        xyz[:, k] = joints[name]
    turn = np.radians(azimuth + (180.0 if facing == "left" else 0.0))
    x = xyz[..., 0] * np.cos(turn) + xyz[..., 2] * np.sin(turn)
    z = -xyz[..., 0] * np.sin(turn) + xyz[..., 2] * np.cos(turn)
    down = np.radians(pitch)
    y, z = xyz[..., 1] * np.cos(down) - z * np.sin(down), xyz[..., 1] * np.sin(down) + z * np.cos(down)
    hips = [NAMES["left_hip"], NAMES["right_hip"]]
    middle = np.stack([a[:, hips].mean(1) for a in (x, y, z)], axis=-1)
    rng = np.random.default_rng(seed)
    scale = PX_PER_M * zoom
    image, world = np.empty((n, 33, 4)), np.empty((n, 33, 4))
    image[..., 0] = SIZE[0] / 2 + scale * x
    image[..., 1] = 0.85 * SIZE[1] - scale * y
    image[..., 2] = -scale * (z - middle[:, None, 2])
    image[..., :2] += rng.normal(0.0, noise_px, (n, 33, 2)) if noise_px else 0.0
    world[..., 0] = x - middle[:, None, 0]
    world[..., 1] = -(y - middle[:, None, 1])
    world[..., 2] = -(z - middle[:, None, 2])
    world[..., :3] += rng.normal(0.0, noise_px / scale, (n, 33, 3)) if noise_px else 0.0
    depth = z - middle[:, None, 2]
    seen = np.where(depth < -0.05, far_visibility, 0.97)
    image[..., 3] = world[..., 3] = seen
    # No body is the same to the last digit in two pictures: that would be one that stood still.
    image[..., 3] -= np.random.default_rng(0).uniform(0.0, 1e-4, (n, 33))
    return Track(t, image, world, np.full((n, 4), np.nan), SIZE, {})


def shoot(
    build: Builder, motion: Motion, *, fps: float = 15.0, jitter: float = 0.0, shift: float = 0.0, **camera
) -> Track:
    """Film a whole motion."""
    t = ticks(motion.end, fps, jitter=jitter, seed=camera.get("seed", 0))
    made = film(build, motion.sample(t), t, **camera)
    return Track(t + shift, made.image, made.world, made.ball, made.size, {})


def joined(*tracks: Track) -> Track:
    """Put tracks one after another."""
    out, t = [], 0.0
    for k in tracks:
        step = float(k.t[1] - k.t[0])
        out.append(k.t - k.t[0] + t)
        t = out[-1][-1] + step
    parts = [np.concatenate([getattr(k, name) for k in tracks]) for name in ("image", "world", "ball")]
    return Track(np.concatenate(out), *parts, tracks[0].size, {})


def with_ball(track: Track, joint: str, along: float, below: float, radius: float = 0.5) -> Track:
    """Put a ball *along* towards the feet and *below* the middle of a joint, all in torso lengths, in every frame."""

    def middle(name: str) -> np.ndarray:
        return track.image[:, [NAMES[f"left_{name}"], NAMES[f"right_{name}"]], :2].mean(axis=1)

    trunk = middle("hip") - middle("shoulder")
    torso = np.linalg.norm(trunk, axis=1)
    at = middle(joint) + np.stack([np.sign(trunk[:, 0]) * along * torso, below * torso], axis=1)
    ball = np.column_stack([at, radius * torso, np.ones(len(torso))])
    return Track(track.t, track.image, track.world, ball, track.size, {})


def without(track: Track, lo: float, hi: float) -> Track:
    """Lose the body between two times (s)."""
    gone = (track.t >= lo) & (track.t < hi)
    image, world = track.image.copy(), track.world.copy()
    image[gone], world[gone] = np.nan, np.nan
    return track.with_poses(image, world)


def judge(name: str, track: Track, limits: Limits | None = None, *, live: bool = False) -> Session:
    """Run a whole session on a track."""
    session = Session(get_exercise(name), limits, live=live)
    for observation in track:
        session.update(observation)
    session.finish()
    return session


# ---- whole sets --------------------------------------------------------------------------------------------
def plane_set(
    *arms: str, hold: float = 10.6, rest: float = 2.0, rise: float = 1.0, same_side: bool = False, **wrong: float
) -> Motion:
    """A plane repetition for each named arm; *wrong* are parameters of the end position, with ``arm``, ``leg`` and
    ``knee`` for the raised limbs, ``over`` for the standing elbow, and those of :data:`ALL_FOURS`."""
    m = Motion(ALL_FOURS).wait(rest)
    for arm in arms:
        other = "left" if arm == "right" else "right"
        leg = arm if same_side else other
        up = {f"arm_{arm}": 0.0, f"leg_{leg}": -ALL_FOURS["trunk"], f"knee_{leg}": 178.0}
        alias = {
            "arm": f"arm_{arm}",
            "leg": f"leg_{leg}",
            "knee": f"knee_{leg}",
            "over": f"over_{other}",
            "thigh": f"leg_{_flip(leg)}",
        }
        up |= {alias.get(k, k): v for k, v in wrong.items()}
        if "roll" in up and leg == "left":
            up["roll"] = -up["roll"]
        m.to(rise, **up).wait(hold).back(rise).wait(rest)
    return m


def bridge_set(
    *legs: str,
    hold: float = 1.6,
    rest: float = 1.5,
    rise: float = 1.0,
    start: Mapping[str, float] | None = None,
    **wrong: float,
) -> Motion:
    """A shoulder bridge repetition for each named leg; *wrong* are parameters of the end position, with ``thigh`` and
    ``knee`` for the raised leg, ``support`` for the standing knee."""
    m = Motion(BRIDGE, **(start or {})).wait(rest)
    for leg in legs:
        alias = {"thigh": f"thigh_{leg}", "knee": f"knee_{leg}", "support": f"knee_{_flip(leg)}"}
        up = {f"knee_{leg}": 178.0} | {alias.get(k, k): v for k, v in wrong.items()}
        m.to(rise, **up).wait(hold).back(rise).wait(rest)
    return m


def rolled(track: Track, degrees: float) -> Track:
    """Return the track as a camera rolled by so much sees it: what it shows is turned clockwise about its middle."""
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    image, world, ball = track.image.copy(), track.world.copy(), track.ball.copy()
    middle = np.array(track.size) / 2
    image[..., :2] = (image[..., :2] - middle) @ turn.T + middle
    world[..., :2] = world[..., :2] @ turn.T
    ball[:, :2] = (ball[:, :2] - middle) @ turn.T + middle
    return replace(track, image=image, world=world, ball=ball)


def dips(
    n: int,
    *,
    depth: float = 0.06,
    rest: float = 1.2,
    down: float = 1.0,
    bottom: float = 0.3,
    start: Mapping[str, float] | None = None,
) -> Motion:
    """Side plank with *n* dips of *depth* (fraction of the body line)."""
    m = Motion(SIDE_SUPPORT, **(start or {})).wait(rest)
    for _ in range(n):
        m.to(down, drop=m.rest["drop"] + depth).wait(bottom).back(down).wait(rest)
    return m


def _flip(side: str) -> str:
    return "left" if side == "right" else "right"
