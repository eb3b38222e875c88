import pytest

from formcheck.evaluation import Hits, failed_clip, parse_truth, score_clip

from .builders import fault, perfect, rep, report


def plane(*reps, **more):
    return parse_truth({"clip": "c", "exercise": "plane", "reps": list(reps), **more})


LEFT_RIGHT = plane(rep(0, 10, side="left"), rep(12, 22, side="right"))


def test_a_perfect_report():
    s = score_clip(perfect(LEFT_RIGHT), LEFT_RIGHT)
    assert (s.got_total, s.true_total, s.total_exact, s.sides_exact, s.flags_exact, s.list_exact) == (2, 2, *[True] * 4)
    assert s.matched == Hits(2, 0, 0)
    assert s.sides == (2, 2)
    assert s.ok


@pytest.mark.parametrize(
    ("reps", "total", "sides", "flags"),
    [
        ([rep(0, 10, side="right"), rep(12, 22, side="left")], True, False, True),  # sides swapped
        ([rep(0, 10, side="left")], False, False, False),  # one missing
        ([rep(0, 10, side="left"), rep(12, 22, side="right", counted=False)], False, True, False),
        ([rep(12, 22, side="right"), rep(0, 10, side="left")], True, True, True),  # listed out of order
        (
            [rep(0, 10, side="left"), rep(11, 12, side="left", counted=False), rep(12, 22, side="right")],
            True,
            False,
            False,
        ),
        ([], False, False, False),
    ],
)
def test_parts_of_exactness(reps, total, sides, flags):
    s = score_clip(report(reps), LEFT_RIGHT)
    assert (s.total_exact, s.sides_exact, s.flags_exact, s.list_exact) == (total, sides, flags, sides and flags)
    assert s.ok is (total and sides and flags)


def test_sides_that_the_truth_does_not_name_are_not_scored():
    s = score_clip(report([rep(0, 10, side="left")]), plane(rep(0, 10)))
    assert s.sides_exact is None
    assert s.list_exact is True
    assert s.sides == (0, 0)


def test_the_total_comes_from_the_counts_and_contradictions_are_noted():
    r = report([rep(0, 10, side="left")]) | {"counts": {"total": 2, "left": 2, "right": 0}}
    s = score_clip(r, LEFT_RIGHT)
    assert s.got_total == 2
    assert [n.split(":")[0] for n in s.notes] == ["the report contradicts itself"] * 2


def test_another_exercise_is_noted():
    s = score_clip(report([], exercise="swan"), LEFT_RIGHT)
    assert s.notes == ("analysed as swan, the truth is plane",)


def test_matching_errors_of_ends_and_side_accuracy():
    got = report([rep(1, 10.5, side="left"), rep(12, 21, side="left"), rep(40, 50, side="left")])
    s = score_clip(got, LEFT_RIGHT)
    assert s.matched == Hits(2, 1, 0)
    assert s.start_errors == (1, 0)
    assert s.end_errors == (0.5, -1)
    assert s.sides == (1, 2)


def test_no_true_reps_and_extra_reps():
    s = score_clip(report([rep(0, 1)]), plane())
    assert (s.got_total, s.true_total, s.list_exact) == (1, 0, False)
    assert s.matched == Hits(0, 1, 0)
    assert score_clip(report([]), plane()).list_exact is True


def test_only_a_count_scores_only_the_total():
    truth = parse_truth({"exercise": "swan", "count": 3})
    s = score_clip(report([rep(0, 1), rep(2, 3), rep(4, 5)], ("jerky",)), truth)
    assert s.total_exact is True
    assert (s.list_exact, s.sides_exact, s.matched, s.faults, s.rep_faults) == (None,) * 5
    assert s.ok


def test_reps_without_times_are_compared_in_order():
    truth = parse_truth(
        {"exercise": "plane", "reps": [{"side": "left", "hold_s": 10}, {"side": "right", "hold_s": 10}]}
    )
    s = score_clip(report([rep(0, 11, side="left", hold_s=9), rep(12, 23, side="left", hold_s=10.5)]), truth)
    assert s.matched is None
    assert s.start_errors == ()
    assert s.sides == (1, 2)
    assert s.hold_errors == pytest.approx((1, 0))
    assert s.list_exact is False


def test_holds_of_matched_reps_only_where_there_is_one():
    truth = plane(rep(0, 10, hold_s=8), rep(12, 22, hold_s=8), rep(24, 34, hold_s=0), rep(36, 46, hold_s=8))
    got = [rep(0, 10, hold_s=9), rep(12, 22, hold_s=None), rep(24, 34, hold_s=5), rep(90, 99, hold_s=1)]
    s = score_clip(report(got), truth)
    assert s.hold_errors == pytest.approx((0.2,))
    assert s.holds_unmeasured == 1


def test_blocks_are_compared_block_by_block():
    truth = parse_truth(
        {
            "exercise": "ball-warmup",
            "reps": [rep(0, 1, block="tilt"), rep(1, 2, block="tilt"), rep(2, 3, block="sideways")],
        }
    )
    got = report([rep(0, 1, block="tilt"), rep(1, 2, block="sideways"), rep(2, 3, block="sideways")])
    s = score_clip(got, truth)
    assert s.total_exact is True
    assert s.sides_exact is False
    assert s.blocks == {"tilt": (1, 2), "sideways": (2, 1)}
    assert s.sides == (2, 3)
    assert not s.ok


def test_block_counts_of_the_report_come_first_and_foreign_blocks_show():
    truth = parse_truth({"exercise": "ball-warmup", "reps": [rep(0, 1, block="tilt")]})
    got = report([rep(0, 1, block="tilt")]) | {
        "counts": {"total": 1, "blocks": {"tilt": 1, "sideways": 0, "circle-left": 2}}
    }
    assert score_clip(got, truth).blocks == {"circle-left": (2, 0), "tilt": (1, 1)}


def test_faults_right_missed_false_and_tolerated():
    truth = plane(rep(0, 10, faults=["arm-low", "hip-sag"]), also_ok=["leg-high", "hip-sag"])
    s = score_clip(report([rep(0, 10)], ("arm-low", "leg-high", "jerky")), truth)
    assert s.faults == {"arm-low": Hits(1, 0, 0), "hip-sag": Hits(0, 0, 1), "jerky": Hits(0, 1, 0)}
    assert (s.missing, s.extra, s.tolerated) == (("hip-sag",), ("jerky",), ("leg-high",))
    assert not s.correct


def test_faults_named_only_on_a_rep_are_reported_too():
    truth = plane(rep(0, 10, faults=["arm-low"]))
    assert score_clip(report([rep(0, 10, faults=[fault("arm-low")])]), truth).missing == ()


def test_faults_by_matched_rep():
    truth = plane(
        rep(0, 10, faults=["arm-low"]), rep(12, 22, faults=["arm-low"]), rep(50, 60, faults=["arm-low"]), also_ok=["x"]
    )
    got = [
        rep(0, 10, faults=[fault("arm-low"), fault("x")]),
        rep(12, 22, faults=[fault("jerky")]),
        rep(70, 80, faults=[fault("y")]),
    ]
    assert score_clip(report(got), truth).rep_faults == {"arm-low": Hits(1, 0, 1), "jerky": Hits(0, 1, 0)}


def test_a_truth_silent_about_faults_scores_none():
    s = score_clip(report([rep(0, 10)], ("jerky",)), plane(rep(0, 10)))
    assert (s.faults, s.rep_faults, s.extra) == (None, None, ())


def test_a_failed_clip_is_never_right():
    truth = plane(faults=[])
    assert score_clip(report([]), truth).ok  # the same, analysed
    s = failed_clip("c", "nobody found", truth)
    assert (s.total_exact, s.list_exact, s.flags_exact, s.got_total, s.ok) == (False, False, False, None, False)
    assert s.failed == "nobody found"


def test_a_failed_clip_misses_its_reps_and_faults():
    s = failed_clip("c", "no", plane(rep(0, 1, faults=["arm-low"])))
    assert s.matched == Hits(0, 0, 1)
    assert s.missing == ("arm-low",)
    assert failed_clip("c", "no").faults is None


def test_hits():
    h = Hits(3, 1, 2)
    assert (h.precision, h.recall, h.f1) == (0.75, 0.6, pytest.approx(2 / 3))
    assert (Hits().precision, Hits().recall, Hits().f1) == (None, None, None)
    assert h + Hits(1, 1, 1) == Hits(4, 2, 3)
