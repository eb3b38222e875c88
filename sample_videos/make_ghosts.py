"""Make ``*.ghost.json`` beside the exercises: every one's start position, from the sample videos' truth."""

import json
from pathlib import Path

import numpy as np

from formcheck.sight.pose.landmarks import Landmark

HERE = Path(__file__).parent
OUT = HERE.parent / "formcheck" / "judging" / "exercises"
#: Clip, and by how many degrees the camera goes round it; the warm-up is best seen half from the front.
CLIPS = {
    "ball-warmup": ("ball-warmup-sideways", 40.0),
    "shoulder-bridge": ("shoulder-bridge-correct", 0.0),
    "heel-bridge": ("heel-bridge-correct", 0.0),
    "side-lift": ("side-lift-correct-right", 0.0),
    "ball-kneel": ("ball-kneel-correct", 0.0),
    "toe-squat": ("toe-squat-correct", 0.0),
    "swan": ("swan-correct", 0.0),
    "plane": ("plane-correct", 0.0),
    "side-plank": ("side-plank-correct-right", 0.0),
}
#: Degrees by which the camera looks down, and seconds before the first repetition that are averaged.
DOWN_DEG, BEFORE_S = 5.0, (0.6, 0.2)
#: Positions on the way from the start to the end position, or all the way round.
ON_THE_WAY, ROUND = 8, 14
#: Exercises whose repetition is more than a way there and the same way back.
GO_ROUND = {"ball-warmup", "heel-bridge"}
#: Share of the greatest speed below which a body holds still.
STILL = 0.12
HIPS, SHOULDERS, TOES = [23, 24], [11, 12], [31, 32]


def seen(xyz: np.ndarray, round_deg: float) -> np.ndarray:
    """Turn points (..., 3) in metres (x right, y up, z to the camera) into a picture's x right, y down."""
    a, b = np.radians([round_deg, DOWN_DEG])
    x = xyz[..., 0] * np.cos(a) + xyz[..., 2] * np.sin(a)
    z = xyz[..., 2] * np.cos(a) - xyz[..., 0] * np.sin(a)
    return np.stack([x, -(xyz[..., 1] * np.cos(b) - z * np.sin(b))], axis=-1)


def on_the_way(t: np.ndarray, xyz: np.ndarray, rep: dict, round_trip: bool) -> np.ndarray:
    """Return the frames of a repetition between which a body goes equally far, from the start position on."""
    inside = np.flatnonzero((t >= rep["start_s"] - BEFORE_S[1]) & (t <= rep["end_s"]))
    moved = np.nanmean(np.linalg.norm(np.diff(xyz[inside], axis=0), axis=-1), axis=1)
    moved[moved < STILL * moved.max()] = 0.0
    far = np.concatenate([[0.0], np.cumsum(moved)])
    if not round_trip:
        away = np.nanmean(np.linalg.norm(xyz[inside] - xyz[inside[0]], axis=-1), axis=1)
        # What is held longest is the end position; the first moment that is about as far away will do.
        far = far[: int(np.argmax(away >= 0.97 * away.max())) + 1]
    steps = np.linspace(0.0, far[-1], ROUND if round_trip else ON_THE_WAY)
    return inside[np.searchsorted(far, steps - 1e-9).clip(0, len(far) - 1)]


def ghost(exercise: str, clip: str, round_deg: float) -> dict:
    """Return one exercise's start position, hips at 0 and the trunk of length 1, and the way to its end position."""
    truth = json.loads((HERE / f"{clip}.json").read_text())
    with np.load(HERE / f"{clip}.npz") as data:
        start = truth["reps"][0]["start_s"]
        some = (data["t"] >= start - BEFORE_S[0]) & (data["t"] <= start - BEFORE_S[1])
        body, ball = data["xyz"][some].mean(axis=0), data["ball_xyz"][some].mean(axis=0)
        frames = on_the_way(data["t"], data["xyz"], truth["reps"][0], exercise in GO_ROUND)
        moves, balls = data["xyz"][frames], data["ball_xyz"][frames]
    points = seen(body, round_deg)
    middle = points[HIPS].mean(axis=0)
    torso = float(np.hypot(*(points[SHOULDERS].mean(axis=0) - middle)))
    floor = seen(np.array([0.0, 0.0, np.nanmean(body[:, 2])]), round_deg)
    head = points[SHOULDERS].mean(axis=0) - middle
    lying = abs(head[0]) > abs(head[1])
    # Upright, it is the way the feet point that tells which way somebody faces.
    ahead = head if lying else (points[TOES] - points[[29, 30]]).mean(axis=0)
    placed = np.round((points - middle) / torso, 3)
    known = np.isfinite(placed).all(axis=1)
    out = {
        "clip": clip,
        "heading": 1 if ahead[0] > 0 else -1,
        "floor": round(float(floor[1] - middle[1]) / torso, 3),
        "points": {Landmark(i).name.lower(): at.tolist() for i, at in enumerate(placed) if known[i]},
        "ball": None,
        "moves": np.round((seen(moves, round_deg) - middle)[:, known] / torso, 2).reshape(len(frames), -1).tolist(),
        "balls": None,
        "back": exercise not in GO_ROUND,
    }
    if truth["ball"]:
        radius = truth["ball"]["radius_m"] / torso
        out["ball"] = np.round([*((seen(ball, round_deg) - middle) / torso), radius], 3).tolist()
        out["balls"] = np.round((seen(balls, round_deg) - middle) / torso, 2).tolist()
    return out


def main() -> None:
    """Write the files."""
    for exercise, clip in CLIPS.items():
        text = json.dumps(ghost(exercise, *clip), separators=(",", ":"))
        (OUT / f"{exercise}.ghost.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
