"""The knee lift judged on a stick figure: what counts, what is too low, what leans, and what is no lift at all."""

import numpy as np
import pytest
from knee_lift import KneeLift
from numpy.typing import NDArray

from formcheck.plugin import JOINT, Limits, Session, Track

Array = NDArray[np.float64]

FPS = 25
SIZE = (640, 480)
#: Lengths of the figure in pixels.
TORSO, THIGH, SHANK = 110.0, 90.0, 90.0


def clock(seconds: float) -> Array:
    """Return the times of a film (s)."""
    return np.arange(0.0, seconds, 1 / FPS)


def swing(t: Array, start: float, degrees: float, seconds: float = 2.0) -> Array:
    """Return an angle that goes from 0 to *degrees* and back from *start* on."""
    phase = np.clip((t - start) / seconds, 0.0, 1.0)
    return degrees * np.sin(np.pi * phase) ** 2


def film(
    t: Array,
    left: Array | float = 0.0,
    right: Array | float = 0.0,
    lean: Array | float = 0.0,
    x: Array | float = 320.0,
    facing: str = "right",
) -> Track:
    """Return the track of a person standing side-on.

    Parameters
    ----------
    t : (n,) array
        Seconds.
    left, right : (n,) array or float
        Degrees by which each thigh is raised forward; the shank hangs down from it.
    lean : (n,) array or float
        Degrees by which the trunk leans forward.
    x : (n,) array or float
        Where the hips are, px.
    facing : str
        ``right`` or ``left`` in the picture; the side of the same name is then near the camera.
    """
    forward = 1.0 if facing == "right" else -1.0
    hip = np.stack(np.broadcast_arrays(np.asarray(x, float), np.full(len(t), 230.0)), axis=1)

    def towards(degrees: Array | float, length: float) -> Array:
        # 0 straight down, 90 level and forward, 180 straight up.
        a = np.radians(np.broadcast_to(degrees, t.shape))
        return length * np.stack([forward * np.sin(a), np.cos(a)], axis=1)

    spine = towards(180.0 - np.asarray(lean), TORSO)
    image, world = np.zeros((2, len(t), 33, 4))
    image[..., :2] = (hip + 1.4 * spine)[:, None]  # whatever is not set below belongs to the head
    image[..., 3] = world[..., 3] = 0.95
    for side, lift in (("left", left), ("right", right)):
        knee = hip + towards(lift, THIGH)
        points = {"shoulder": hip + spine, "elbow": hip + 0.5 * spine, "wrist": hip, "hip": hip, "knee": knee}
        points |= {name: knee + towards(0.0, SHANK) for name in ("ankle", "heel", "foot_index")}
        for joint, p in points.items():
            image[:, JOINT[joint][side], :2] = p
            # Metres from the camera against the middle of the body: this is how formcheck knows a side view.
            world[:, JOINT[joint][side], 2] = -0.15 if side == facing else 0.15
    # No body is as still as a figure: one that stays the same to the last digit is a picture that hangs.
    image[..., :2] += np.random.default_rng(0).normal(0.0, 0.05, image[..., :2].shape)
    return Track(t, image, world, np.full((len(t), 4), np.nan), SIZE)


def judged(track: Track, **limits: float) -> Session:
    """Return the finished session of a track, with some limits changed."""
    exercise = KneeLift()
    session = Session(exercise, Limits(exercise.id, exercise.limits, limits))
    for observation in track:
        session.update(observation)
    session.finish()
    return session


def fault_ids(session: Session) -> set[str]:
    """Return the ids of all faults of a session."""
    return {f.id for f in session.judge.all_faults()}


@pytest.mark.parametrize("facing", ["left", "right"])
def test_correct_lifts_count_on_the_side_that_was_lifted(facing: str) -> None:
    t = clock(14.0)
    left = swing(t, 2.0, 90.0) + swing(t, 8.0, 84.0)
    session = judged(film(t, left, swing(t, 5.0, 88.0), facing=facing))
    reps = session.judge.reps
    assert [(r.side, r.verdict) for r in reps] == [("left", "good"), ("right", "good"), ("left", "good")]
    assert [r.peak_s for r in reps] == pytest.approx([3.0, 6.0, 9.0], abs=0.1)
    assert [r.measures["lift"] for r in reps] == pytest.approx([90.0, 88.0, 84.0], abs=6.0)
    assert not fault_ids(session)


def test_a_low_lift_does_not_count_and_says_how_low() -> None:
    t = clock(9.0)
    session = judged(film(t, swing(t, 2.0, 88.0), swing(t, 5.0, 60.0)))
    good, low = session.judge.reps
    assert (good.verdict, low.verdict, low.side) == ("good", "not-counted", "right")
    assert [f.id for f in low.faults] == ["too-low"]
    assert low.faults[0].worst == pytest.approx(60.0, abs=5.0)
    assert low.why is not None
    assert "75 are asked for" in low.why


def test_the_limit_decides_what_is_low() -> None:
    t = clock(6.0)
    session = judged(film(t, swing(t, 2.0, 60.0)), lift_deg=50.0)
    assert [r.verdict for r in session.judge.reps] == ["good"]


@pytest.mark.parametrize("lean", [25.0, -25.0])
def test_a_leaning_trunk_is_a_fault_of_a_lift_that_counts(lean: float) -> None:
    t = clock(9.0)
    session = judged(film(t, swing(t, 2.0, 88.0), swing(t, 5.0, 88.0), lean=swing(t, 5.0, lean)))
    straight, leaning = session.judge.reps
    assert straight.verdict == "good"
    assert leaning.verdict == "fault"
    assert [f.id for f in leaning.faults] == ["trunk-lean"]
    assert leaning.faults[0].worst == pytest.approx(25.0, abs=3.0)


def test_a_short_nod_is_no_lean() -> None:
    t = clock(5.0)
    assert not fault_ids(judged(film(t, lean=swing(t, 2.0, 25.0, seconds=0.6))))


def test_walking_into_position_is_no_lift() -> None:
    t = clock(11.0)
    walking = t < 4.0
    stride = 2 * np.pi * t / 1.2
    # Thighs of a walking person swing between some 25 degrees before and 18 behind the vertical.
    left, right = (np.where(walking, 3.5 + 21.5 * np.sin(stride + shift), 0.0) for shift in (0.0, np.pi))
    x = np.where(walking, -80.0 + 100.0 * t, 320.0)
    assert judged(film(t, left, right, x=x)).judge.reps == []
    lifted = judged(film(t, left + swing(t, 6.0, 88.0), right, x=x))
    assert [(r.side, r.verdict) for r in lifted.judge.reps] == [("left", "good")]


@pytest.mark.parametrize("step_s", [1.0, 1.3, 2.0])
def test_walking_off_is_no_lift(step_s: float) -> None:
    t = clock(9.0)
    walking = t > 5.0
    stride = 2 * np.pi * t / step_s
    left, right = (np.where(walking, 3.5 + 21.5 * np.sin(stride + shift), 0.0) for shift in (0.0, np.pi))
    session = judged(film(t, swing(t, 2.0, 88.0) + left, right, x=np.where(walking, 320.0 + 100.0 * (t - 5.0), 320.0)))
    assert [r.verdict for r in session.judge.reps] == ["good"]
    assert not fault_ids(session)


def test_standing_with_the_face_to_the_camera_is_not_judged() -> None:
    t = clock(6.0)
    track = film(t, swing(t, 2.0, 88.0))
    world = track.world.copy()
    world[:, :, 0], world[:, :, 2] = track.world[:, :, 2], 0.0
    session = judged(track.with_poses(track.image, world))
    assert session.judge.reps == []
    assert set(session.advice) == {"front view"}
