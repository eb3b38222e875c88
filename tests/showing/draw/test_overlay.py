"""The annotated picture: what must be seen on it, where, and what must never go wrong."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.coaching.coach.cues import CueScheduler
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Target
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.judging.measure.view import View
from formcheck.judging.rules.records import FaultSpan, Rep, RepDone
from formcheck.judging.session.moment import Moment
from formcheck.showing.draw import Labels, Overlay
from formcheck.showing.draw.boxes import cap_share
from formcheck.showing.draw.fonts import find_font
from formcheck.showing.draw.panel import Count
from formcheck.showing.draw.style import AMBER, FAULT, OK, WHITE
from formcheck.sight.pose.landmarks import JOINT, N_LANDMARKS, SIDES
from formcheck.sight.pose.types import Ball

SIZE = (640, 360)
GROUND = 120

#: A body in side support seen from the side, in shares of the picture: head to the left, hip in the middle.
PLANK = {
    "ear": (0.26, 0.52),
    "shoulder": (0.32, 0.55),
    "elbow": (0.31, 0.67),
    "wrist": (0.31, 0.78),
    "index": (0.29, 0.79),
    "hip": (0.48, 0.62),
    "knee": (0.60, 0.68),
    "ankle": (0.70, 0.73),
    "heel": (0.72, 0.74),
    "foot_index": (0.71, 0.78),
}


def body(
    joints: dict[str, tuple[float, float]] = PLANK, size: tuple[int, int] = SIZE, **moved: tuple[float, float]
) -> np.ndarray:
    """Landmarks with both sides in one place, but for those moved (``knee_left=(x, y)``)."""
    image = np.full((N_LANDMARKS, 4), 0.0)
    image[:, :2] = joints["ear"]
    for name, at in joints.items():
        for side in SIDES:
            image[JOINT[name][side], :2] = moved.get(f"{name}_{side}", at)
    for fingers, wrist in ((17, "left"), (18, "right"), (21, "left"), (22, "right")):
        image[fingers, :2] = image[JOINT["wrist"][wrist], :2]
    image[:, :2] *= size
    image[:, 3] = 0.99
    return image


def angle_at(image: np.ndarray, a: str, b: str, c: str, side: str) -> float:
    p, q, r = (image[JOINT[j][side], :2] for j in (a, b, c))
    u, v = p - q, r - q
    return float(np.degrees(np.arccos(u @ v / np.hypot(*u) / np.hypot(*v))))


def moment(t: float = 1.0, image: np.ndarray | None = None, **given: Any) -> Moment:
    basis: dict[str, Any] = {
        "sample": {},
        "confidence": 0.9,
        "view": View("side", "left", -80.0),
        "phase": "start",
        "rep": None,
        "hold_s": 0.0,
        "faults": (),
        "problem": None,
        "events": (),
        "counts": {"total": 0, "left": 0, "right": 0},
    }
    return Moment(t=t, image=image, **{**basis, **given})


def ground(size: tuple[int, int] = SIZE) -> np.ndarray:
    return np.full((size[1], size[0], 3), GROUND, np.uint8)


def pixels(picture: np.ndarray, colour: tuple[int, int, int], off: int = 6) -> np.ndarray:
    """(n, 2) x, y of the pixels of a colour."""
    y, x = np.nonzero((np.abs(picture.astype(int) - colour) <= off).all(axis=2))
    return np.stack([x, y], axis=1)


def near(points: np.ndarray, at: np.ndarray, radius: float) -> int:
    return int((np.hypot(*(points - at).T) <= radius).sum())


def bridge(side: str = "left", **given: Any) -> Moment:
    """Knees bent by different amounts, far apart; the angle of *side* is the one that is judged."""
    image = body(knee_left=(0.58, 0.45), ankle_left=(0.62, 0.75), knee_right=(0.52, 0.85), ankle_right=(0.72, 0.86))
    value = angle_at(image, "hip", "knee", "ankle", side)
    # Both knees in the thigh's reach: the value alone tells which one is meant.
    return moment(image=image, sample={"support_knee": value, "knee_off": 40.0}, phase="hold", **given)


@pytest.mark.parametrize(
    "size",
    [
        (320, 240),
        (427, 241),  # odd both ways
        (640, 360),
        (541, 961),  # portrait
        (1920, 1080),
        (3840, 2160),
        (33, 17),  # absurd, but no reason to fail
        (1, 1),
    ],
)
def test_a_new_picture_of_the_same_kind_comes_back_and_the_old_one_is_untouched(size: tuple[int, int]) -> None:
    picture = ground(size)
    out = Overlay(get_exercise("side-plank"), size).draw(
        picture, moment(image=body(size=size), phase="hold", faults=("hip-sag",), hold_s=1.0, ball=Ball(10, 10, 5, 0.9))
    )
    assert out.shape == picture.shape and out.dtype == np.uint8
    assert (picture == GROUND).all()
    assert not np.shares_memory(out, picture)
    assert min(size) < 10 or (out != GROUND).any()


def test_a_picture_of_another_size_or_type_is_refused() -> None:
    overlay = Overlay(get_exercise("plane"), SIZE)
    with pytest.raises(ValueError, match=r"expected a \(360, 640, 3\) uint8 array"):
        overlay.draw(ground((320, 180)), moment())
    with pytest.raises(ValueError, match="float"):
        overlay.draw(ground().astype(np.float32), moment())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="scale"):
        Overlay(get_exercise("plane"), SIZE, scale=0.0)
    with pytest.raises(ValueError, match="size"):
        Overlay(get_exercise("plane"), (0, 5))


@pytest.mark.parametrize("name", exercises())
def test_every_exercise_draws_in_every_phase_with_every_fault(name: str) -> None:
    exercise = get_exercise(name)
    overlay = Overlay(exercise, SIZE)
    t = 0.0
    signals = {signal for signal, *_ in exercise.drawing.angles} | {c.signal for c in exercise.checks if c.signal}
    for phase in ("away", "start", "move", "hold"):
        for faults in ((), *((c.id,) for c in exercise.checks)):
            for value in (160.0, float("nan")):
                t += 2.0
                m = moment(t, body(), phase=phase, faults=faults, sample=dict.fromkeys(signals, value), hold_s=0.4)
                assert (overlay.draw(ground(), m) != GROUND).any()


@pytest.mark.parametrize("broken", ["none", "nan", "half", "infinite", "far", "one point"])
def test_missing_and_broken_landmarks_never_raise(broken: str) -> None:
    image: np.ndarray | None = body()
    assert image is not None
    if broken == "none":
        image = None
    elif broken == "nan":
        image[:] = np.nan
    elif broken == "half":
        image[::2] = np.nan
    elif broken == "infinite":
        image[:, 0] = np.inf
    elif broken == "far":
        image[:, :2] *= 1e9
    else:
        image[:, :2] = 50.0
    for exercise in exercises().values():
        faults = tuple(dict.fromkeys(c.id for c in exercise.checks))
        m = moment(
            image=image,
            phase="hold",
            faults=faults,
            sample={"line": 170.0, "support_thigh": 90.0, "support_knee": 90.0},
        )
        out = Overlay(exercise, SIZE).draw(ground(), m)
        assert out.shape == (SIZE[1], SIZE[0], 3)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    spread=st.sampled_from([1.0, 300.0, 1e4, 1e8]),
    name=st.sampled_from(sorted(exercises())),
    size=st.tuples(st.integers(16, 300), st.integers(16, 300)),
    mirror=st.booleans(),
)
def test_any_landmarks_can_be_drawn(seed: int, spread: float, name: str, size: tuple[int, int], mirror: bool) -> None:
    rng = np.random.default_rng(seed)
    image = rng.normal(100, spread, (N_LANDMARKS, 4))
    image[:, 3] = rng.random(N_LANDMARKS)
    image[rng.random(N_LANDMARKS) < 0.1] = np.nan
    exercise = get_exercise(name)
    m = moment(image=image, phase="hold", faults=(exercise.checks[0].id,), sample={"line": 170.0, "support_knee": 90.0})
    assert Overlay(exercise, size, mirror=mirror).draw(ground(size), m).shape == (size[1], size[0], 3)


def test_a_fault_is_marked_at_its_joint_and_only_while_it_is_on() -> None:
    image = body()
    hip = image[JOINT["hip"]["left"], :2]
    view = View("front", None, 0.0)
    for faults in ((), ("hip-sag",)):
        m = moment(image=image, view=view, faults=faults, sample={"line": 172.0, "line_dev": 8.0})
        red = pixels(Overlay(get_exercise("side-plank"), SIZE).draw(ground(), m), FAULT)
        assert (near(red, hip, 30) > 60) == bool(faults)
    assert (
        len(pixels(Overlay(get_exercise("side-plank"), SIZE).draw(ground(), moment(image=image, view=view)), FAULT))
        == 0
    )


def test_a_fault_is_not_told_by_colour_alone() -> None:
    # The picture in grey still differs: ring, warning sign and banner.
    image = body()
    pictures = [
        Overlay(get_exercise("side-plank"), SIZE).draw(ground(), moment(image=image, faults=f)).mean(axis=2)
        for f in ((), ("hip-sag",))
    ]
    assert (np.abs(pictures[0] - pictures[1]) > 60).sum() > 500


@pytest.mark.parametrize("side", SIDES)
def test_the_mark_stands_at_the_side_that_was_judged(side: str) -> None:
    m = bridge(side, faults=("knee-angle",))
    assert m.image is not None
    red = pixels(Overlay(get_exercise("shoulder-bridge"), SIZE).draw(ground(), m), FAULT)
    other = "right" if side == "left" else "left"
    here, there = (m.image[JOINT["knee"][s], :2] for s in (side, other))
    assert near(red, here, 26) > 60
    assert near(red, there, 12) == 0


def test_judged_parts_are_green_and_red_and_nothing_is_before_the_start() -> None:
    overlay = Overlay(get_exercise("shoulder-bridge"), SIZE)
    good = overlay.draw(ground(), replace(bridge(), sample={**bridge().sample, "knee_off": 5.0}))
    assert len(pixels(good, OK)) > 100 and len(pixels(good, FAULT)) == 0
    away = Overlay(get_exercise("shoulder-bridge"), SIZE).draw(ground(), replace(bridge(), phase="away"))
    assert len(pixels(away, OK)) == 0
    blind = Overlay(get_exercise("shoulder-bridge"), SIZE).draw(
        ground(), replace(bridge(), problem=("dark", "More light."))
    )
    assert len(pixels(blind, FAULT)) == 0


def test_marks_follow_the_scale_of_the_picture() -> None:
    m = bridge(faults=("knee-angle",))
    small = pixels(Overlay(get_exercise("shoulder-bridge"), SIZE).draw(ground(), m), FAULT).mean(axis=0)
    size = (1280, 720)
    large = pixels(Overlay(get_exercise("shoulder-bridge"), size, scale=2.0).draw(ground(size), m), FAULT).mean(axis=0)
    np.testing.assert_allclose(large, 2 * small, atol=12)


def test_a_mirrored_picture_has_its_marks_flipped() -> None:
    m = bridge(faults=("knee-angle",))
    plain = pixels(Overlay(get_exercise("shoulder-bridge"), SIZE).draw(ground(), m), FAULT).mean(axis=0)
    flipped = pixels(Overlay(get_exercise("shoulder-bridge"), SIZE, mirror=True).draw(ground(), m), FAULT).mean(axis=0)
    assert flipped[0] == pytest.approx(SIZE[0] - plain[0], abs=3)
    assert flipped[1] == pytest.approx(plain[1], abs=3)


def test_text_is_not_mirrored() -> None:
    pictures = [Overlay(get_exercise("plane"), SIZE, mirror=m).draw(ground(), moment()) for m in (False, True)]
    np.testing.assert_array_equal(*pictures)


def test_the_straight_line_is_dashed_beside_a_bent_body() -> None:
    image = body(hip_left=(0.48, 0.76), hip_right=(0.48, 0.76))
    value = angle_at(image, "shoulder", "hip", "ankle", "left")
    m = moment(image=image, view=View("front", None, 0.0), sample={"line": value, "line_dev": 180 - value})
    out = Overlay(get_exercise("side-plank"), SIZE).draw(ground(), m)
    a, b = (image[JOINT[j]["left"], :2] for j in ("shoulder", "ankle"))
    along = np.array([a + (b - a) * s for s in np.linspace(0.15, 0.85, 200)])
    values = out[along[:, 1].astype(int), along[:, 0].astype(int)].astype(int)
    white = (values > 235).all(axis=1)
    assert 0.3 < white.mean() < 0.9
    assert np.abs(np.diff(white.astype(int))).sum() >= 8


def test_the_hold_ring_fills_and_turns_when_it_is_full() -> None:
    def ring(held: float) -> np.ndarray:
        return Overlay(get_exercise("plane"), SIZE).draw(ground(), moment(phase="hold", hold_s=held))

    amber = [len(pixels(ring(s), AMBER)) for s in (0.3, 2.5, 5.0, 9.5)]
    assert amber[0] < amber[1] < amber[2] < amber[3]
    full = ring(10.0)
    assert len(pixels(full, AMBER)) == 0
    assert len(pixels(full, OK)) > amber[2]


def counted(exercise: str, size: tuple[int, int] = SIZE, *, target: Target | None = None, **given: Any) -> Count:
    return Overlay(get_exercise(exercise), size, target=target)._count(moment(**given))


def test_in_a_hold_the_seconds_are_those_that_the_voice_counts_down() -> None:
    exercise = get_exercise("plane")
    cues = CueScheduler(exercise, Phrases("en"))
    said: dict[str, int | None] = {}
    overlay = Overlay(exercise, SIZE)
    for k in range(120):
        m = moment(1 + k / 10, body(), phase="hold", hold_s=k / 10, rep=1)
        u = cues.update(m)
        if u is not None and u.key.startswith("hold:"):
            said[u.text] = overlay._count(m).seconds
    assert {k: v for k, v in said.items() if k.isdigit()} == {"3": 3, "2": 2, "1": 1}
    assert said["And down."] == 0


def test_seconds_are_shown_in_a_hold_and_in_a_try_and_nowhere_else() -> None:
    hold = {"phase": "hold", "hold_s": 4.2}
    assert counted("plane", **hold).seconds == 6
    assert counted("ball-kneel", **hold).seconds == 4
    assert counted("side-plank", **hold).seconds is None
    assert counted("plane", phase="move", hold_s=4.2).seconds is None
    assert counted("plane", phase="hold", hold_s=0.05).seconds is None, "a passage is no hold"


def test_a_part_has_its_name_and_its_own_count() -> None:
    counts = {"total": 13, "left": 0, "right": 0, "tilt": 10, "sideways": 3}
    got = counted("ball-warmup", counts=counts, part="sideways")
    assert (got.name, got.done, got.of) == ("left and right", 3, 10)
    got = counted("ball-warmup", counts={"total": 10, "tilt": 10}, part="tilt")
    assert (got.name, got.done, got.of) == ("left and right", 0, 10), "the next one begins"
    assert counted("side-plank").name == get_exercise("side-plank").title, "nobody knows the side yet"
    got = counted("side-plank", counts={"total": 7, "left": 5, "right": 2}, part="right")
    assert (got.name, got.done, got.of) == ("right", 2, 5)
    got = counted("plane", counts={"total": 2, "left": 1, "right": 1}, part="left")
    assert (got.name, got.done, got.of) == ("Plane", 2, 6)
    assert counted("plane", target=Target(0)).of == 0


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (640, 480), (480, 640), (540, 960)])
@pytest.mark.parametrize("lang", ["en", "pl"])
def test_digits_and_cues_can_be_read_from_three_metres(size: tuple[int, int], lang: str) -> None:
    """The least size is 6 % of the picture's height, and in a hold the seconds are larger than all else."""
    phrases = Phrases(lang)
    font = find_font(phrases.letters)
    cap = cap_share(font)
    for name in exercises():
        exercise = phrases.localise(get_exercise(name), "spoken")
        overlay = Overlay(exercise, size, labels=Labels(**phrases.labels(exercise)), font=font)
        panel, banner = overlay._counter, overlay._banner
        assert panel._mid * cap >= 0.06 * size[1]
        assert panel._mid < panel._big < panel._huge
        assert panel.w <= size[0] and panel.h <= 0.4 * size[1]
        widest = max(w for w, _ in banner.rooms)
        for cue in {c.cue for c in exercise.checks}:
            lines, px = banner._lines(cue, widest - 2 * banner._pad, size[1] // 2)
            assert px * cap >= 0.06 * size[1] or max(map(len, " ".join(lines).split())) > 9, (cue, px, lines)


def test_the_seconds_are_the_largest_digits_on_the_picture_in_a_hold() -> None:
    size = (1280, 720)
    held = Overlay(get_exercise("plane"), size).draw(ground(size), moment(phase="hold", hold_s=4.2))
    white = pixels(held, WHITE)
    left, right = (white[white[:, 0] < 200], white[white[:, 0] >= 250])
    assert np.ptp(left[:, 1]) > 1.4 * np.ptp(right[:, 1]) > 1.4 * 0.06 * 720


def test_a_portrait_picture_has_its_boxes_inside_and_apart() -> None:
    for size in ((480, 640), (540, 960), (1080, 1920)):
        m = moment(image=body(size=size), phase="hold", faults=("hip-sag",), hold_s=2.0)
        overlay = Overlay(get_exercise("side-plank"), size)
        overlay.draw(ground(size), m)
        (ax, ay, aw, ah), (bx, by, bw, bh) = overlay.boxes
        for x, y, w, h in overlay.boxes:
            assert x >= 0 and y >= 0 and x + w <= size[0] and y + h <= size[1]
        assert ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay


def test_angles_are_written_unless_another_measure_decided_or_none_are_wanted() -> None:
    image = body()
    knee = angle_at(image, "hip", "knee", "ankle", "left")
    exercise = get_exercise("shoulder-bridge")
    written: list[bool] = []

    def drawn(degrees: bool, faults: tuple[str, ...]) -> list[bool]:
        overlay = Overlay(exercise, SIZE, degrees=degrees)
        marks = overlay._marks
        written.clear()
        real = marks._label
        marks._label = lambda words: written.append(words) or real(words)  # type: ignore[method-assign,func-returns-value]
        sample = {"support_knee": knee, "knee_off": 5.0, "hip_line": 140.0, "support_hip": 140.0, "sag": 30.0}
        overlay.draw(ground(), moment(image=image, phase="hold", faults=faults, sample=sample))
        return [w for w in written if w == f"knee {knee:.0f}\N{DEGREE SIGN}"]

    assert drawn(True, ()) and not drawn(False, ())
    assert not drawn(True, ("hip-sag",)), "the knee did not decide on the hips"


def test_a_finished_attempt_flashes_green_or_red() -> None:
    def drawn(counted: bool) -> np.ndarray:
        rep = Rep(1, "left", 0.0, 0.5, 1.0, 0.0, counted, None if counted else "too short", (), {}, 100.0)
        return Overlay(get_exercise("plane"), SIZE).draw(ground(), moment(events=(RepDone(1.0, rep),)))

    assert len(pixels(drawn(True), OK)) > 50 and len(pixels(drawn(True), FAULT)) == 0
    assert len(pixels(drawn(False), FAULT)) > 50 and len(pixels(drawn(False), OK)) == 0


def test_the_fault_of_a_finished_attempt_is_marked_on_its_side() -> None:
    m = bridge()
    assert m.image is not None
    span = FaultSpan("leg-bent", 0.0, 1.0, 130.0, 150.0, "deg", "moderate")
    rep = Rep(1, "right", 0.0, 0.5, 1.0, 0.0, False, "bent", (span,), {}, 20.0)
    out = Overlay(get_exercise("shoulder-bridge"), SIZE).draw(
        ground(), replace(m, phase="start", events=(RepDone(1.0, rep),))
    )
    assert near(pixels(out, FAULT), m.image[JOINT["knee"]["right"], :2], 26) > 60


def test_the_same_moments_make_the_same_pictures_whenever_they_are_drawn() -> None:
    moments = [bridge(faults=("knee-angle",) if 3 < i < 9 else ()) for i in range(12)]
    moments = [replace(m, t=0.3 * i) for i, m in enumerate(moments)]
    overlay = Overlay(get_exercise("shoulder-bridge"), SIZE)
    first = [overlay.draw(ground(), m) for m in moments]
    # Going back in time starts afresh.
    second = [overlay.draw(ground(), m) for m in moments]
    np.testing.assert_array_equal(first, second)


def test_other_words_can_be_given() -> None:
    m = moment(image=body())
    m = replace(m, phase="away")
    plain = Overlay(get_exercise("plane"), SIZE).draw(ground(), m)
    other = Overlay(get_exercise("plane"), SIZE, labels=Labels(position="In Position")).draw(ground(), m)
    assert (plain != other).any()


def test_the_import_is_light() -> None:
    heavy = ("cv2", "PIL", "mediapipe", "av")
    code = f"import sys, formcheck.showing.draw; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_drawing_on_the_picture_itself_gives_the_same_as_on_a_copy():
    from formcheck.judging.session.session import Session

    from ...judging.exercises.stick import all_fours, plane_set, shoot

    exercise = get_exercise("plane")
    session = Session(exercise)
    track = shoot(all_fours, plane_set("right"))
    moments = [m for o in track for m in session.update(o)]
    w, h = track.size
    ground = np.full((h, w, 3), 90, np.uint8)
    apart, inside = (Overlay(exercise, track.size) for _ in range(2))
    for m in moments[::20]:
        mine = ground.copy()
        assert inside.draw(mine, m, copy=False) is mine
        assert np.array_equal(mine, apart.draw(ground, m))
    assert (ground == 90).all()
