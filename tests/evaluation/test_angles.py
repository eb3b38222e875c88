import numpy as np
import pytest

from formcheck.evaluation import TruthSeries, parse_truth, score_clip, summarise
from formcheck.evaluation.angles import angle_errors, corner, image_angle
from formcheck.sight.pose.landmarks import JOINT

T = np.array([0.0, 1.0, 2.0])


def right_angle_px():
    px = np.zeros((3, 33, 2))
    px[:, JOINT["hip"]["left"]] = (0, 100)
    px[:, JOINT["knee"]["left"]] = (100, 100)
    px[:, JOINT["ankle"]["left"]] = (100, 200)
    return px


def test_corner():
    a, c = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    assert corner(a, np.zeros((1, 2)), c) == pytest.approx(90)
    assert np.isnan(corner(a, a, c)).all()


def test_errors_are_taken_at_the_times_of_the_measures():
    series = TruthSeries(T, {"knee_left": np.array([100.0, 110.0, 120.0])})
    errors = angle_errors({"t": np.array([0.5, 1.5]), "knee_left": np.array([107.0, 112.0])}, series, "left")
    assert errors["knee"].space == pytest.approx([2, -3])
    assert errors["knee"].image.size == 0


def test_nothing_is_compared_outside_the_truth_or_where_either_is_unknown():
    series = TruthSeries(T, {"knee_left": np.array([100.0, np.nan, 120.0])})
    measures = {"t_s": np.array([-1.0, 0.0, 0.5, 2.0, 3.0]), "knee_left": np.array([1.0, 101.0, 1.0, np.nan, 1.0])}
    assert angle_errors(measures, series, "left")["knee"].space == pytest.approx([1])


def test_the_picture_is_a_second_truth():
    assert image_angle(right_angle_px(), "knee", "left") == pytest.approx([90, 90, 90])
    series = TruthSeries(T, {"knee_left": np.full(3, 80.0)}, right_angle_px())
    errors = angle_errors({"t": T, "knee_left": np.full(3, 95.0)}, series, "left")
    assert errors["knee"].space == pytest.approx([15] * 3)
    assert errors["knee"].image == pytest.approx([5] * 3, abs=1e-4)


def test_joints_not_measured_are_left_out():
    assert angle_errors({"t": T, "knee_right": T}, TruthSeries(T, {"knee_left": T}), "left") == {}


def test_measures_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="expected a column `t`"):
        angle_errors({"knee_left": T}, TruthSeries(T, {}), "left")
    with pytest.raises(ValueError, match="values of knee_left"):
        angle_errors({"t": T, "knee_left": T[:2]}, TruthSeries(T, {}), "left")


def clip(near, measured, view="side"):
    series = TruthSeries(T, {"knee_left": np.full(3, 90.0), "knee_right": np.full(3, 90.0)})
    truth = parse_truth({"exercise": "swan", "count": 0, "camera": {"near_side": near, "view": view}}, "c", series)
    return score_clip({}, truth, {"t": T, "knee_left": np.array(measured), "knee_right": np.full(3, 0.0)})


def test_only_the_near_side_is_scored_and_only_if_known():
    assert clip("left", [90.0, 90, 90]).angles["knee"].space == pytest.approx([0, 0, 0])
    assert clip(None, [90.0, 90, 90]).angles == {}


def test_angle_figures_pool_frames():
    s = summarise([clip("left", [91.0, 91, 91]), clip("left", [86.0, np.nan, np.nan], view="oblique")]).overall
    f = s.angles["knee"]
    assert (f.mae, f.bias, f.n) == (pytest.approx(7 / 4), pytest.approx(-1 / 4), 4)
    assert f.p90 == pytest.approx(1 + 3 * 0.7)  # linear between the third and the fourth of 1, 1, 1, 4
    assert s.angles["all"] == f
    assert s.angles_side_view["knee"].mae == pytest.approx(1)
    assert s.angles_image == {}
