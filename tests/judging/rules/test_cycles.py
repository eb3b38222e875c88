"""The finder of cycles: to and fro and round and round, without a rest, at any rate, wherever the middle is."""

import numpy as np
import pytest

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.cycles import CycleFinder
from formcheck.judging.rules.limits import Limits
from formcheck.judging.rules.shapes import swept, turned_back


def finder():
    exercise = get_exercise("ball-warmup")
    made = exercise.cycles(Limits(exercise.id, exercise.limits))
    assert made is not None
    return made


def cycles_of(t, across, knees=None, depth=None, yaw=30.0):
    """Feed a path and return the cycles found."""
    found = finder()
    out = []
    for k, u in enumerate(t.tolist()):
        sample = {
            "hip_across": float(across[k]),
            "knee_across": float((0.9 * across if knees is None else knees)[k]),
            "hip_depth": 0.0 if depth is None else float(depth[k]),
            "yaw": yaw,
        }
        out += found.update(u, sample)
    return [c for c in [*out, *found.finish()] if not c.cut]


@pytest.mark.parametrize("rate", [8, 10, 15, 30, 60])
def test_swings_to_and_fro_are_as_many_at_every_rate(rate):
    t = np.arange(0, 14, 1 / rate)
    across = np.where((t > 1) & (t < 13), 0.14 * np.sin(2 * np.pi * (t - 1) / 3), 0.0)
    assert len(cycles_of(t, across)) == 4


@pytest.mark.parametrize("drift", [0.0, 0.01])
def test_neither_a_rest_nor_a_steady_middle_is_needed(drift):
    t = np.arange(0, 12.2, 1 / 15)
    across = 0.14 * np.sin(2 * np.pi * t / 3) + drift * t + 0.3
    assert len(cycles_of(t, across)) == 4


def test_trembling_is_no_cycle():
    t = np.arange(0, 8, 1 / 15)
    assert cycles_of(t, 0.012 * np.sin(5 * t)) == []


def test_unknown_samples_change_nothing():
    found = finder()
    assert found.update(0.0, {"hip_across": float("nan"), "knee_across": 0.0, "hip_depth": 0.0, "yaw": 30.0}) == []
    assert found.finish() == []


def test_a_way_there_and_back_sweeps_nothing_in_all_and_a_circle_its_area():
    there = np.concatenate([np.linspace(0, np.pi, 100), np.linspace(np.pi, 0, 100)])
    assert swept(np.cos(there), np.sin(there))[-1] == pytest.approx(0.0, abs=0.01)
    whole = np.linspace(0, 2 * np.pi, 200)
    assert swept(np.cos(whole), np.sin(whole))[-1] == pytest.approx(np.pi / 4, abs=0.01)
    assert turned_back(np.cos(whole), np.sin(whole)) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize(("sunk", "begins"), [(0.4, True), (0.15, False)])
def test_who_sits_down_begins_a_movement_of_its_own(sunk, begins):
    t = np.arange(0, 12, 1 / 15)
    # Walks up from the side, sits down, rests for a moment, rolls to and fro.
    across = np.interp(t, [0, 2, 3, 12], [-0.3, -0.3, 0.05, 0.05])
    across += np.where((t > 4) & (t < 10), 0.12 * np.sin(2 * np.pi * (t - 4) / 3), 0.0)
    height = np.interp(t, [0, 2, 3, 12], [1.0 + sunk, 1.0 + sunk, 1.0, 1.0])
    found, out = finder(), []
    for k, u in enumerate(t.tolist()):
        sample = {"hip_across": across[k], "knee_across": 0.9 * across[k], "hip_depth": 0.0, "yaw": 30.0}
        out += found.update(u, {**sample, "hip_over_foot": height[k], "torso_px": 100.0})
    starts = [c.start_s for c in [*out, *found.finish()] if not c.cut]
    assert (starts[0] > 2.5) is begins
    if begins:
        assert len(starts) == 2


def test_a_turn_whole_with_the_sample_that_shows_the_next_turning_point_is_whole(monkeypatch):
    t = np.arange(0, 10.3, 1 / 15)
    # From the middle half way out, and round three times in three seconds each.
    angle = 2 * np.pi * (t - 1) / 3 + 1.0
    radius = np.interp(t, [1.0, 1.6, 10.0, 10.2], [0.0, 0.09, 0.09, 0.0])
    path = t, radius * np.cos(angle), None, 0.8 * radius * np.sin(angle), 0.0
    again = CycleFinder._turned_again
    shown: list[tuple[float, float]] = []

    def turned_again(self, turn, due, row):
        shown.append((due.t, row.t))
        return again(self, turn, due, row)

    # The share of the turn that has been gone round, as if it were whole only later, or just then.
    whole_at = np.inf
    monkeypatch.setattr(CycleFinder, "_turned_again", turned_again)
    monkeypatch.setattr(CycleFinder, "_gone", lambda self, _=None: 0.95 if self._rows[-1].t >= whole_at else 0.6)
    assert cycles_of(*path)
    due, known = shown[0]
    assert due < known
    whole_at = known
    assert cycles_of(*path)[0].end_s == pytest.approx(known)


# ---- paths made up, and what comes of them ---------------------------------------------------------------------------
#: Seconds between moments, and how fast a path goes where it is not said otherwise (1/s).
STEP, SPEED = 0.05, 2.0


def drawn(*knots):
    """A path (t, x, y) along a line through (seconds, place) knots."""
    t = np.arange(0.0, knots[-1][0] + 1e-9, STEP)
    return t, np.interp(t, *zip(*knots, strict=True)), np.zeros(len(t))


def line(*ways, speed=SPEED, rest=5.0):
    """A path along a line: from a rest of a second at 0 to places one after another, or ``(seconds,)`` to wait."""
    knots = [(0.0, 0.0), (1.0, 0.0)]
    for way in ways:
        t, x = knots[-1]
        knots.append((t + way[0], x) if isinstance(way, tuple) else (t + abs(way - x) / speed, way))
    t, x = knots[-1]
    return drawn(*knots, (t + rest, x)) if rest else drawn(*knots)


def ring(*ways, stays=False, rest=5.0, flat=0.6):
    """A path from a rest at 0 round an oval, a turn in 3 s, and back to the middle unless it *stays*.

    Ways are turns, back where they are less than nothing, or ``(seconds,)`` in the middle.
    """
    times, turns, radii = [0.0, 1.0, 1.5], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]
    for way in ways:
        t, a = times[-1], turns[-1]
        if isinstance(way, tuple):
            times += [t + 0.15, t + 0.15 + way[0], t + 0.3 + way[0]]
            turns += [a] * 3
            radii += [0.0, 0.0, 1.0]
        else:
            times.append(t + 3.0 * abs(way))
            turns.append(a + way)
            radii.append(1.0)
    for seconds, radius in ((0.5, 1.0 if stays else 0.0), (rest, 1.0 if stays else 0.0)):
        if rest and (seconds == rest or not stays):
            times.append(times[-1] + seconds)
            turns.append(turns[-1])
            radii.append(radius)
    t = np.arange(0.0, times[-1] + 1e-9, STEP)
    a, r = 2 * np.pi * np.interp(t, times, turns), np.interp(t, times, radii)
    return t, r * np.cos(a), flat * r * np.sin(a)


def beside(share):
    """A path of 1.2 to the edge of an oval, that share of its width, round it twice, and back."""
    t = np.arange(0.0, 13.2, STEP)
    half = 1.2 / share / 2
    a = np.interp(t, [1.6, 7.6], [0.0, 4 * np.pi])
    x = np.where(t < 1.6, np.interp(t, [1.0, 1.6], [0.0, 1.2]), 1.2 - half + half * np.cos(a))
    back = np.interp(t, [7.6, 8.2], [1.0, 0.0])
    return t, np.where(t > 7.6, 1.2 * back, x), np.where(t < 1.6, 0.0, 0.6 * half * np.sin(a)) * back


def creeping():
    """Swings of 4, and a half a second in the middle at which it goes by a third of the least swing."""
    knots = [(0.0, 0.0), (1.0, 0.0), (2.0, 2.0), (4.0, -2.0), (6.0, 2.0), (8.0, -2.0), (8.9, -0.2), (9.5, 0.2)]
    return drawn(*knots, (10.4, 2.0), (12.4, -2.0), (13.4, 0.0), (18.0, 0.0))


def made(height=None):
    """A finder of swings of at least 1 in the plane."""
    more = {} if height is None else {"height": ("height", "length"), "most": 0.25}
    return CycleFinder(
        {"x": 1.0, "y": 1.0}, ("x", "y"), swing=1.0, turning=lambda v: swept(v["x"], v["y"]), round_ratio=0.3, **more
    )


def fed(path, height=None):
    """The finder, and the cycles, that a path makes: from when to when, and what they are where they are not whole."""
    finder, out = made(height), []
    for k, (t, x, y) in enumerate(zip(*(v.tolist() for v in path), strict=True)):
        more = {} if height is None else {"height": float(height[k]), "length": 100.0}
        out += finder.update(t, {"x": x, "y": y, **more})
    return finder, out


def found(path, height=None):
    finder, out = fed(path, height)
    return [
        (round(c.start_s, 2), round(c.end_s, 2), "cut" if c.cut else "" if c.complete else "broken")
        for c in [*out, *finder.finish()]
    ]


TWO = [(1.05, 2.85, ""), (2.85, 4.85, "")]
PATHS = {
    # To and fro.
    "swings smaller than the least": (line(0.45, -0.45, 0.45, -0.45, 0), []),
    "swings of more than the least": (line(0.6, -0.6, 0.6, -0.6, 0), [(1.0, 2.2, ""), (2.2, 3.35, "")]),
    "two swings": (line(1, -1, 1, -1, 0), TWO),
    "a wait at an end": (line(1, -1, 1, (2.8,), -1, 1, -1, 0), [(1.05, 2.85, ""), (6.4, 8.65, "")]),
    "a long wait at an end ends the movement": (
        line(1, -1, 1, (2.9,), -1, 1, -1, 0),
        [(1.05, 2.85, ""), (6.5, 8.8, "")],
    ),
    "a stop near the end is one of its wobbles": (
        line(1, -1, 1, -1, -0.52, (1.0,), 1, -1, 1, -1, 0),
        [(1.05, 2.85, ""), (2.85, 5.85, ""), (5.85, 7.85, ""), (7.85, 9.85, "")],
    ),
    "a stop further from the end ends the movement": (
        line(1, -1, 1, -1, -0.4, (1.0,), 1, -1, 1, -1, 0),
        [(1.05, 2.85, ""), (2.85, 5.85, ""), (5.9, 7.85, ""), (7.85, 9.85, "")],
    ),
    "a stop in the middle ends it": (
        line(1, -1, 1, -1, 0.2, (1.0,), 1, -1, 1, -1, 0),
        [(1.05, 2.85, ""), (2.85, 4.85, ""), (5.05, 7.85, ""), (7.85, 9.85, "")],
    ),
    "a stop beyond the middle does not": (
        line(1, -1, 1, -1, 0.3, (1.0,), 1, -1, 1, -1, 0),
        [(1.05, 2.85, ""), (2.85, 4.85, ""), (4.85, 7.85, ""), (7.85, 9.85, "")],
    ),
    "a moment in the middle is no stop": (line(1, -1, 0, (0.3,), 1, -1, 0), [(1.05, 2.85, ""), (2.85, 5.15, "")]),
    "half a second in the middle is one": (line(1, -1, 0, (0.5,), 1, -1, 0), [(1.05, 2.85, ""), (2.95, 5.35, "")]),
    "back near the end, and there for a while": (
        line(1, -1, 1, -1, -0.2, -0.48, (0.8,), 1, -1, 0),
        [(1.05, 2.85, ""), (2.85, 4.85, ""), (5.9, 7.95, "")],
    ),
    "back nearer the end, and there for a while": (
        line(1, -1, 1, -1, -0.2, -0.7, (0.8,), 1, -1, 0),
        [(1.05, 2.85, ""), (2.85, 4.85, ""), (4.85, 8.2, "")],
    ),
    "back nearer the end, and there for longer": (
        line(1, -1, 1, -1, -0.2, -0.7, (1.6,), 1, -1, 0),
        [(1.05, 2.85, ""), (2.85, 4.85, ""), (6.85, 8.95, "")],
    ),
    "back nearer the end, and there for two seconds": (
        line(1, -1, 1, -1, -0.2, -0.7, (1.8,), 1, -1, 0),
        [(1.05, 2.85, ""), (2.85, 4.85, ""), (7.05, 9.15, "")],
    ),
    "to one side and home": (line(1.4, 0.0), [(1.05, 2.25, "")]),
    "to one side and nearly home": (line(1.4, 0.55), [(1.05, 2.0, "")]),
    "to one side and not home": (line(1.4, 0.65), []),
    "a second way of two thirds to one side": (line(1, -1, 1, -1, 0.38, -1), TWO),
    "a second way of more to one side": (
        line(1, -1, 1, -1, 0.42, -1),
        [(1.05, 2.85, ""), (2.85, 4.85, ""), (4.85, 10.9, "cut")],
    ),
    "a first move away that is none": (line(-0.55, 1, -0.55), [(1.35, 2.7, "")]),
    "a first move away that begins it": (line(-0.65, 1, -0.65), [(1.0, 2.45, "")]),
    "a turn in the middle begins another movement": (
        line(1, -1, 1, -1, 0.16, -1, 1, -1, 0),
        [(1.05, 2.85, ""), (2.85, 4.85, ""), (5.15, 7.05, "")],
    ),
    "a turn beyond the middle is one of this": (
        line(1, -1, 1, -1, 0.24, -1, 1, -1, 0),
        [(1.05, 2.85, ""), (2.85, 4.85, ""), (4.85, 6.0, ""), (6.0, 8.1, "")],
    ),
    "a way somewhat longer than the first": (line(1, -1, 1.6, -1, 1.6, 0), [(1.05, 2.85, ""), (2.85, 5.6, "")]),
    "a way much longer than the first": (line(1, -1, 1.74, -1, 1.74, 0), [(1.6, 4.4, ""), (4.4, 7.1, "")]),
    "no further back than a wobble": (line(1, -1, -0.52), []),
    "a quarter of the way back": (line(1, -1, -0.48), [(1.05, 2.65, "")]),
    "the end in the middle of a swing": (line(1, -1, 1, -1, 1, 0, rest=0.0), [(1.05, 2.85, ""), (2.85, 4.85, "")]),
    "slow swings": (line(1, -1, 1, -1, 0, speed=0.5), [(1.2, 8.4, ""), (8.7, 16.4, "")]),
    "swings so slow that they stand still": (line(1, -1, 1, -1, 0, speed=0.3), [(5.1, 16.55, "")]),
    "long swings that grow slow in the middle": (creeping(), [(1.1, 4.7, ""), (4.7, 8.7, ""), (9.15, 13.1, "")]),
    "long swings are remembered for half a minute": (line(20, -20, 20, -20, 0), [(8.0, 38.0, ""), (48.0, 78.0, "")]),
    # Round.
    "half a turn": (ring(0.52), [(1.05, 3.45, "")]),
    "most of a turn": (ring(0.6), []),
    "three quarters of a turn are broken off": (ring(0.8), [(1.05, 3.5, "broken")]),
    "less than nine tenths of a turn": (ring(0.84), [(1.05, 3.5, "broken")]),
    "nearly a whole turn is one": (ring(0.86), [(1.05, 3.5, "")]),
    "a whole turn": (ring(1.0), [(1.05, 4.2, "")]),
    "less than half of a second turn is none": (ring(1.0, 0.48), [(1.05, 4.2, "")]),
    "half of a second turn is broken off": (ring(1.0, 0.52), [(1.05, 4.2, ""), (4.2, 6.8, "broken")]),
    "two thirds of a second turn are broken off": (ring(1.0, 0.68), [(1.05, 4.2, ""), (4.2, 7.3, "broken")]),
    "three quarters of a second turn are one": (ring(1.0, 0.72), [(1.05, 4.2, ""), (4.2, 7.35, "")]),
    "two turns": (ring(2.0), [(1.05, 4.2, ""), (4.2, 7.2, "")]),
    "a rest on the way round": (ring(0.8, stays=True), [(1.05, 3.8, "broken")]),
    "a rest on the second way round": (ring(1.0, 0.8, stays=True), [(1.05, 4.2, ""), (4.2, 6.8, "")]),
    "the end before a whole turn": (ring(0.8, stays=True, rest=0.0), [(1.05, 3.9, "broken")]),
    "the end of a second turn": (ring(1.0, 0.72, stays=True, rest=0.0), [(1.05, 4.2, ""), (4.2, 6.65, "")]),
    "the end of less of a second turn": (ring(1.0, 0.68, stays=True, rest=0.0), [(1.05, 4.2, "")]),
    "half way round and back": (ring(0.5, -0.5), [(1.05, 3.5, "")]),
    "most of the way round and back": (ring(0.7, -0.7), [(1.05, 3.5, "broken")]),
    "through the middle": (
        ring(2.0, (0.1,), 2.0),
        [(1.05, 4.2, ""), (4.2, 7.2, ""), (7.2, 7.85, ""), (7.85, 10.6, ""), (10.6, 13.6, "")],
    ),
    "a while in the middle": (
        ring(2.0, (0.5,), 2.0),
        [(1.05, 4.2, ""), (4.2, 7.2, ""), (8.15, 11.0, ""), (11.0, 14.0, "")],
    ),
    "a flat oval": (ring(3.0, flat=0.3), [(1.05, 3.6, ""), (3.6, 6.6, ""), (6.6, 9.6, "")]),
    "a rounder oval": (ring(3.0, flat=0.5), [(1.05, 4.2, ""), (4.2, 7.2, ""), (7.2, 10.2, "")]),
    "an oval higher than wide": (ring(3.0, flat=1.2), [(1.55, 4.15, ""), (4.15, 7.15, ""), (7.15, 10.15, "")]),
    "a way in of a third of the oval": (beside(0.4), [(1.05, 5.1, ""), (5.1, 8.45, "")]),
    "a way in of more": (beside(0.44), [(1.05, 4.3, ""), (4.3, 7.3, "")]),
}


@pytest.mark.parametrize("name", PATHS)
def test_a_path_has_the_cycles_that_it_is_made_of(name):
    path, expected = PATHS[name]
    assert found(path) == [(pytest.approx(a, abs=0.03), pytest.approx(b, abs=0.03), how) for a, b, how in expected]


def test_a_movement_is_over_when_it_has_come_to_rest_for_a_while():
    # Home again at 2.4 s, and within a third of the least swing of there from 2.3 s on.
    finder = made()
    for t, x, y in zip(*(v.tolist() for v in line(1.4, 0.0)), strict=True):
        if finder.update(t, {"x": x, "y": y}):
            break
    assert t == pytest.approx(3.45, abs=0.01)


@pytest.mark.parametrize(("back", "moving"), [(-0.78, False), (-0.82, True)])
def test_a_cycle_is_under_way_half_the_least_swing_from_where_the_last_one_ended(back, moving):
    # It is known at -0.3 that the last one is over.
    finder, _ = fed(line(1, -1, 1, -1, -0.2, back, rest=0.0))
    assert finder.moving is moving


@pytest.mark.parametrize(("drift", "moves"), [(0.06, False), (0.08, True)])
def test_a_movement_is_one_that_goes_by_the_least_swing_within_five_seconds(drift, moves):
    finder, moved = made(), False
    # It wobbles by a third either way while it drifts.
    for t in np.arange(0.0, 20.0, STEP).tolist():
        finder.update(t, {"x": drift * t + 0.33 * np.sin(2 * np.pi * t), "y": 0.0})
        moved = moved or finder.moving
    assert moved is moves


def rising(by, seconds=0.8):
    """The seat sinks by so much while one swings."""
    path = line(1, -1, 1, -1, 0, 1, -1, 0)
    return found(path, np.interp(path[0], [0.0, 4.0, 4.0 + seconds, 20.0], [1.0 + by, 1.0 + by, 1.0, 1.0]))


def test_whoever_sinks_by_a_quarter_of_the_body_within_a_second_sits_down():
    three = [*TWO, (4.85, 6.85, "")]
    near = [(pytest.approx(a, abs=0.03), pytest.approx(b, abs=0.03), how) for a, b, how in three]
    assert rising(0.24) == near
    assert [how for *_, how in rising(0.26)] == ["", ""]
    # It goes on until it is nearly level again.
    assert rising(0.26)[1][0] == pytest.approx(5.1, abs=0.03)
    assert rising(0.4, 1.5) != near and rising(0.4, 1.8) == near
    path = line(1, -1, 1, -1, 0)
    assert found(path, np.full(len(path[0]), np.nan)) == TWO
