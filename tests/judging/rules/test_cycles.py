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
