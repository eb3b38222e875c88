"""Pictures drawn for the tests: a ball, a body of sticks, a floor; and a pose that fits them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import Landmark
from formcheck.sight.pose.types import Pose

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]
WIDTH, HEIGHT, FLOOR = 640, 360, 210
#: Pixels a metre of the drawn body.
SCALE = 170.0
#: A body seated, side on: landmarks in metres, x to the right, y down, about the hips.
SEATED: dict[int, tuple[float, float]] = {
    Landmark.NOSE: (0.10, -0.72),
    Landmark.LEFT_EAR: (0.0, -0.74),
    Landmark.LEFT_SHOULDER: (0.0, -0.50),
    Landmark.LEFT_ELBOW: (0.05, -0.22),
    Landmark.LEFT_WRIST: (0.25, -0.10),
    Landmark.LEFT_INDEX: (0.33, -0.08),
    Landmark.LEFT_HIP: (0.0, 0.0),
    Landmark.LEFT_KNEE: (0.42, 0.02),
    Landmark.LEFT_ANKLE: (0.42, 0.42),
    Landmark.LEFT_HEEL: (0.38, 0.46),
    Landmark.LEFT_FOOT_INDEX: (0.58, 0.47),
}
RIGHT_OF = {
    Landmark.LEFT_EAR: Landmark.RIGHT_EAR,
    Landmark.LEFT_SHOULDER: Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_ELBOW: Landmark.RIGHT_ELBOW,
    Landmark.LEFT_WRIST: Landmark.RIGHT_WRIST,
    Landmark.LEFT_INDEX: Landmark.RIGHT_INDEX,
    Landmark.LEFT_HIP: Landmark.RIGHT_HIP,
    Landmark.LEFT_KNEE: Landmark.RIGHT_KNEE,
    Landmark.LEFT_ANKLE: Landmark.RIGHT_ANKLE,
    Landmark.LEFT_HEEL: Landmark.RIGHT_HEEL,
    Landmark.LEFT_FOOT_INDEX: Landmark.RIGHT_FOOT_INDEX,
}


def seated_pose(x: float = 300.0, y: float = 180.0, scale: float = SCALE) -> Pose:
    """A body seated with its hips at (x, y)."""
    return _posed(SEATED, x, y, scale)


def _posed(joints: dict[int, tuple[float, float]], x: float, y: float, scale: float) -> Pose:
    metres = np.zeros((33, 2))
    metres[:] = joints[Landmark.NOSE]
    for k, p in joints.items():
        metres[k] = p
        if k in RIGHT_OF:
            metres[RIGHT_OF[k]] = (p[0] + 0.02, p[1])
    for finger in (Landmark.LEFT_PINKY, Landmark.RIGHT_PINKY, Landmark.LEFT_THUMB, Landmark.RIGHT_THUMB):
        metres[finger] = joints[Landmark.LEFT_INDEX]
    image, world = np.zeros((33, 4)), np.zeros((33, 4))
    image[:, :2] = metres * scale + (x, y)
    world[:, :2] = metres
    image[:, 3] = world[:, 3] = 0.95
    return Pose(image, world)


def room(seed: int = 0, wall: Colour = (200, 195, 185), floor: Colour = (150, 115, 80)) -> Image:
    """A wall and a floor of boards, with grain."""
    import cv2

    rng = np.random.default_rng(seed)
    out = np.empty((HEIGHT, WIDTH, 3), np.float32)
    out[:FLOOR], out[FLOOR:] = wall, floor
    for x in range(-400, WIDTH + 400, 60):
        cv2.line(out, (WIDTH // 2 + (x - WIDTH // 2) // 2, FLOOR), (x, HEIGHT), tuple(0.8 * c for c in floor), 1)
    out += rng.normal(0, 4, (*out.shape[:2], 1)).astype(np.float32)
    return np.clip(out, 0, 255).astype(np.uint8)


def draw_ball(image: Image, x: float, y: float, r: float, colour: Colour, stripe: Colour | None = None) -> Image:
    """Lay a lit ball over a picture: lighter at the top left, a highlight, soft rim."""
    yy, xx = np.mgrid[: image.shape[0], : image.shape[1]]
    u, v = (xx - x) / r, (yy - y) / r
    d = np.hypot(u, v)
    z = np.sqrt(np.clip(1 - d * d, 0, 1))
    light = 0.55 + 0.5 * np.clip(-0.4 * u - 0.7 * v + 0.6 * z, 0, 1)
    base = np.empty(image.shape, float)
    base[:] = colour
    if stripe is not None:
        base[np.floor(4 * u + 0.6 * v) % 2 == 0] = stripe
    ball = base * light[..., None] + 120 * np.clip(-0.5 * u - 0.6 * v + 0.62 * z, 0, 1)[..., None] ** 40
    share = np.clip((1 - d) * r + 0.5, 0, 1)[..., None]
    out = image * (1 - share) + np.clip(ball, 0, 255) * share
    return out.astype(np.uint8)


def draw_body(image: Image, pose: Pose, colour: Colour = (60, 60, 110), skin: Colour = (205, 160, 130)) -> Image:
    """Lay a body of thick limbs over a picture."""
    import cv2

    out = image.copy()
    p = pose.image[:, :2]
    scale = float(np.linalg.norm(p[Landmark.LEFT_SHOULDER] - p[Landmark.LEFT_HIP])) / 0.5
    limbs = (
        (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, 0.22, colour),
        (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, 0.15, colour),
        (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE, 0.10, colour),
        (Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX, 0.07, skin),
        (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, 0.09, skin),
        (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST, 0.07, skin),
    )
    for a, b, thick, c in limbs:
        cv2.line(out, tuple(map(int, p[a])), tuple(map(int, p[b])), c, max(1, int(thick * scale)), cv2.LINE_AA)
    cv2.circle(out, tuple(map(int, p[Landmark.LEFT_EAR])), int(0.11 * scale), skin, -1, cv2.LINE_AA)
    return out


def on_a_ball(
    colour: Colour,
    *,
    stripe: Colour | None = None,
    wall: Colour = (200, 195, 185),
    floor: Colour = (150, 115, 80),
    seed: int = 0,
    dx: float = 0.0,
) -> tuple[Image, Pose, tuple[float, float, float]]:
    """A body seated on a ball: picture, pose, and the ball's x, y, r."""
    pose = seated_pose(300 + dx)
    x, y, r = 296.0 + dx, 237.0, 48.0
    image = draw_body(draw_ball(room(seed, wall, floor), x, y, r, colour, stripe), pose)
    return image, pose, (x, y, r)


#: A floor bridge, side on: shoulders on the floor, hips up, feet flat: landmarks in metres as for :data:`SEATED`.
BRIDGE: dict[int, tuple[float, float]] = {
    Landmark.NOSE: (-0.66, 0.25),
    Landmark.LEFT_EAR: (-0.62, 0.30),
    Landmark.LEFT_SHOULDER: (-0.45, 0.30),
    Landmark.LEFT_ELBOW: (-0.22, 0.37),
    Landmark.LEFT_WRIST: (0.02, 0.38),
    Landmark.LEFT_INDEX: (0.10, 0.38),
    Landmark.LEFT_HIP: (0.0, 0.0),
    Landmark.LEFT_KNEE: (0.38, -0.16),
    Landmark.LEFT_ANKLE: (0.44, 0.30),
    Landmark.LEFT_HEEL: (0.40, 0.36),
    Landmark.LEFT_FOOT_INDEX: (0.62, 0.37),
}


def bridging_pose(x: float = 300.0, y: float = 200.0, scale: float = SCALE) -> Pose:
    """A body in a floor bridge with its hips at (x, y): hips, thighs and shanks arch over a round gap."""
    return _posed(BRIDGE, x, y, scale)
