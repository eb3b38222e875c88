"""Truth made by hand says what it cannot tell; scoring keeps to that."""

from __future__ import annotations

import pytest

from formcheck.evaluation import Hits, parse_truth, score_clip, summarise

from .builders import fault, rep, report


def truth(*reps, **more):
    return parse_truth({"clip": "c", "exercise": "swan", "duration_s": 20.0, "reps": list(reps), "faults": [], **more})


def told(*ids, **more):
    """Faults of a reported attempt."""
    return {"faults": [fault(i) for i in ids], **more}


def kind(*scores):
    return summarise(scores).by_kind["real"]


# ---- the list of attempts --------------------------------------------------------------
CUT = truth(
    rep(0, 2, cut="start", start_s=None, counted=None),
    rep(4, 6, counted=True),
    rep(18, 20, cut="end", end_s=None, counted=False),
)


@pytest.mark.parametrize(
    ("got", "exact"),
    [
        ([rep(4, 6)], True),  # both left out
        ([rep(0, 1.5, counted=False), rep(4, 6), rep(18.2, 20, counted=False)], True),  # both listed
        ([rep(0, 1.5), rep(4, 6)], True),  # counted: the truth leaves it open
        ([rep(4, 6), rep(18.2, 20)], False),  # counted, though it must not be
        ([rep(0, 2, counted=False)], False),  # the one that must be listed is not
        ([rep(4, 6), rep(10, 12, counted=False)], False),  # where there is none
        ([rep(0, 0.9, counted=False), rep(1.1, 2, counted=False), rep(4, 6)], False),  # listed twice
    ],
)
def test_attempts_cut_by_the_ends_of_the_clip_may_be_listed_uncounted_or_left_out(got, exact):
    assert score_clip(report(got), CUT).list_exact is exact


def test_a_cut_attempt_is_never_missed_and_asks_for_no_fault():
    s = score_clip(report([]), truth(rep(15, 20, cut="end", end_s=None, faults=["jerky"])))
    assert (s.list_exact, s.missed, s.needed, s.missing) == (True, (), 0, ())
    named = score_clip(
        report([rep(15, 20, counted=False, **told("jerky"))]), truth(rep(15, 20, cut="end", faults=["jerky"]))
    )
    assert (named.extra, named.tolerated) == ((), ("jerky",))


def test_a_cut_attempt_of_unknown_ends_reaches_from_neighbour_to_neighbour():
    t = truth(rep(1, 3), rep(5, 6, cut="end", start_s=None, end_s=None, peak_s=9.0, counted=None))
    assert score_clip(report([rep(1, 3), rep(3.5, 19, counted=False)]), t).list_exact is True
    assert score_clip(report([rep(1, 3), rep(0, 0.9, counted=False)]), t).list_exact is False


def test_optional_attempts_may_be_listed_or_left_out():
    t = truth(rep(4, 6), optional_reps=[rep(8, 9, counted=False, maybe=["jerky"])])
    assert score_clip(report([rep(4, 6)]), t).list_exact is True
    assert score_clip(report([rep(4, 6), rep(8, 9, counted=False)]), t).list_exact is True
    assert score_clip(report([rep(4, 6), rep(8, 9)]), t).list_exact is False


def test_what_a_report_calls_cut_and_does_not_count_need_not_be_in_the_truth():
    t = truth(rep(4, 6))
    cut = rep(0, 1, counted=False, cut="start")
    s = score_clip(report([cut, rep(4, 6)]), t)
    assert (s.list_exact, s.extra_reps, s.off) == (True, (), 0)
    assert s.notes == ("listed as cut (start), 0-1 s: no such attempt in the truth",)
    assert score_clip(report([cut | {"counted": True}, rep(4, 6)]), t).list_exact is False
    assert score_clip(report([rep(4, 6, counted=False, cut="gap")]), t).list_exact is False, "it was whole, and counts"


@pytest.mark.parametrize(("counted", "right"), [(True, (True, False)), (False, (False, True)), (None, (True, True))])
def test_counted_as_labelled_or_either_where_that_is_open(counted, right):
    t = truth(rep(0, 2, counted=counted))
    assert tuple(score_clip(report([rep(0, 2, counted=c)]), t).list_exact for c in (True, False)) == right


def test_the_total_may_be_any_that_the_open_attempts_allow():
    t = truth(rep(0, 2), rep(3, 5, counted=None), rep(6, 8, counted=False))
    assert (t.count, t.most) == (1, 2)
    by_total = {n: score_clip({"counts": {"total": n}}, t).total_exact for n in range(4)}
    assert by_total == {0: False, 1: True, 2: True, 3: False}


@pytest.mark.parametrize(
    ("side", "exact", "right", "named"), [("left", True, 1, 1), (None, True, 0, 0), ("right", False, 0, 1)]
)
def test_no_side_is_not_a_wrong_one(side, exact, right, named):
    s = score_clip(report([rep(0, 2, side=side)]), truth(rep(0, 2, side="left")))
    assert s.list_exact is exact
    k = kind(s)
    assert ((k.sides.hits, k.sides.of), (k.named.hits, k.named.of)) == ((right, named), (named, 1))


def test_times_by_hand_are_right_to_a_fifth_of_a_second():
    by_hand, scripted = truth(rep(1, 2)), truth(rep(1, 2), variant="correct")
    late = report([rep(1.5, 2.35)])  # overlap 0.5 of 1.35; with the ends as near as they may be, 0.7 of 1.15
    assert score_clip(late, by_hand).list_exact is True
    assert score_clip(late, scripted).list_exact is False


def test_two_attempts_reported_as_one_are_missed_and_the_line_says_so():
    s = score_clip(report([rep(0, 9)]), truth(rep(0, 4), rep(5, 9), rep(12, 15)))
    assert s.list_exact is False
    assert "missed 1 of 3: 12.0 s" in s.why
    assert "other ends: 0.0-4.0 s as 0.0-9.0 s" in s.why


def test_off_by_one_allows_for_attempts_that_may_be_left_out():
    got = report([rep(4, 6), rep(8, 9), rep(10, 11)])
    assert score_clip(got, CUT).off == 0
    assert score_clip(report([]), CUT).off == 1
    k = kind(score_clip(got, CUT), score_clip(report([]), CUT), score_clip(report([]), truth(rep(0, 1), rep(2, 3))))
    assert (k.off_by_one.hits, k.off_by_one.of) == (2, 3)
    assert (k.missed.hits, k.missed.of) == (3, 4)


# ---- faults ----------------------------------------------------------------------------
def test_certain_faults_are_asked_for_and_doubtful_ones_are_not():
    t = truth(rep(0, 2, faults=["jerky"], maybe=["neck-back"]), also_ok=["arms-low"])
    assert score_clip(report([rep(0, 2)]), t).missing == ("jerky",)
    s = score_clip(report([rep(0, 2, **told("jerky", "neck-back", "arms-low", "legs-lift"))]), t)
    assert (s.missing, s.extra, s.tolerated) == ((), ("legs-lift",), ("arms-low", "neck-back"))
    k = kind(s)
    assert (k.found.hits, k.found.of, k.right.hits, k.right.of, k.invented) == (1, 1, 3, 4, 1)


def test_what_may_be_withheld_is_right_where_reported_and_not_missed_where_not():
    t = truth(rep(0, 2, faults=["jerky"], may_withhold=["jerky"]))
    assert score_clip(report([rep(0, 2)]), t).missing == ()
    assert score_clip(report([rep(0, 2, **told("jerky"))]), t).faults == {"jerky": Hits(1, 0, 0)}
    assert kind(score_clip(report([rep(0, 2)]), t)).found.of == 0


def test_a_fault_withheld_in_one_attempt_is_asked_for_where_another_shows_it():
    t = truth(rep(0, 2, faults=["jerky"], may_withhold=["jerky"]), rep(3, 5, faults=["jerky"]))
    assert score_clip(report([rep(0, 2), rep(3, 5)]), t).missing == ("jerky",)


def test_faults_attempt_by_attempt():
    t = truth(rep(0, 2, faults=["jerky"]), rep(3, 5, maybe=["jerky"]), rep(6, 8), also_ok=["arms-low"])
    got = report([rep(0, 2, **told("arms-low")), rep(3, 5, **told("jerky")), rep(6, 8, **told("jerky"))])
    s = score_clip(got, t)
    assert s.faults == {"jerky": Hits(1, 0, 0)}  # shown in the clip, and reported in it
    assert s.rep_faults == {"jerky": Hits(0, 1, 1)}  # but of other attempts


def test_faults_of_the_whole_clip_may_be_told_of_any_attempt():
    t = truth(rep(0, 2, faults=[]), faults=[{"id": "jerky", "start_s": 0, "end_s": 2}])
    assert score_clip(report([rep(0, 2, **told("jerky"))]), t).rep_faults == {}


def test_what_must_never_be_named_is_told_apart():
    t = truth(rep(0, 2, faults=[]), never=["jerky"])
    s = score_clip(report([rep(0, 2, **told("jerky", "neck-back"))]), t)
    assert (s.extra, s.never) == (("jerky", "neck-back"), ("jerky",))
    assert s.why == ("fault invented: neck-back", "fault that must never be named: jerky")
    k = kind(s)
    assert (k.never, k.invented, k.clean.hits, k.clean.of) == (1, 2, 0, 1)


def test_never_does_not_hold_for_an_attempt_that_may_be_left_out():
    t = truth(rep(0, 2, faults=[]), never=["jerky"], optional_reps=[rep(5, 6, counted=False, maybe=["jerky"])])
    fine = report([rep(0, 2), rep(5, 6, counted=False, **told("jerky"))], ("jerky",))
    wrong = report([rep(0, 2, **told("jerky")), rep(5, 6, counted=False, **told("jerky"))], ("jerky",))
    assert (score_clip(fine, t).never, score_clip(fine, t).extra) == ((), ())
    assert (score_clip(wrong, t).never, score_clip(wrong, t).extra) == (("jerky",), ("jerky",))


# ---- declining to judge ----------------------------------------------------------------
FRONT = "Not judged: front view for 3.0 s. I cannot judge this from here: turn your side to the camera."
MAY = truth(rep(0, 2, faults=["jerky"]), refusal="fine", refusal_reason="front view: turn your side")


def test_a_fair_refusal_is_as_good_as_judging():
    s = score_clip(report([], notes=[FRONT]), MAY)
    assert (s.refused, s.list_exact, s.missed, s.missing, s.ok) == ("fine", None, (), (), True)
    k = kind(s)
    assert (k.exact.of, k.found.of, k.missed.of, k.refused_fine.hits, k.refused_fine.of) == (0, 0, 0, 1, 1)


@pytest.mark.parametrize("refusal", ["wrong", None])
def test_where_it_must_be_judged_a_refusal_misses_everything(refusal):
    t = truth(rep(0, 2, faults=["jerky"]), refusal=refusal)
    s = score_clip(report([], notes=[FRONT]), t)
    assert (s.refused, s.list_exact, s.missing) == ("wrong", False, ("jerky",))
    assert kind(s).refused_wrong == 1


def test_a_refusal_for_another_reason_is_none_that_is_fair():
    s = score_clip(
        report([], notes=["Not judged: nobody seen for 3.0 s. I cannot see you: step into the picture."]), MAY
    )
    assert (s.refused, s.list_exact) == ("wrong", False)


def test_reasons_that_the_truth_calls_wrong_are_not_expected():
    for words in ('cut off: feet. (A refusal that calls it "front view" is wrong.)', "second person; NOT 'front view'"):
        t = truth(rep(0, 2), refusal="fine", refusal_reason=words)
        assert score_clip(report([], notes=[FRONT]), t).refused == "wrong"


def test_a_list_is_not_exact_for_being_empty_in_a_wrong_refusal():
    held = truth(holds=[[0, 5]], refusal="fine", refusal_reason="cut off: feet")
    empty = report([], notes=["Never saw the start position of swan (on the stomach). Nobody was seen."])
    s = score_clip(empty, held)
    assert (s.refused, s.list_exact) == ("wrong", False)


def test_whatever_is_said_where_nothing_was_judged_is_a_reason():
    cover = {"pose": 1.0, "in_position": 0.9, "judged": 0.0}
    s = score_clip(report([], notes=["There is a second person in the picture."], coverage=cover), MAY)
    assert (s.refused, s.refusal) == ("wrong", "There is a second person in the picture.")
    judged = cover | {"judged": 0.8}
    assert score_clip(report([], notes=["There is a second person."], coverage=judged), MAY).refused is None


def test_judging_a_clip_that_may_be_refused_is_scored():
    s = score_clip(report([rep(0, 2)], notes=[FRONT]), MAY)
    assert (s.refused, s.list_exact, s.missing) == (None, True, ("jerky",))


def test_seeing_no_repetition_is_not_a_refusal():
    s = score_clip(report([], notes=["The position was held, but no repetition was seen."]), MAY)
    assert (s.refused, s.missed) == (None, (0.0,))


def test_faults_told_in_spite_of_a_fair_refusal_are_wrong_all_the_same():
    s = score_clip(report([], ("neck-back",), notes=[FRONT]), MAY)
    assert (s.refused, s.extra, s.ok) == ("fine", ("neck-back",), False)


# ---- holds, doubt ----------------------------------------------------------------------
def test_static_holds_are_found_by_their_time():
    t = truth(holds=[[2.0, 10.0]])
    s = score_clip(report([], holds=[{"from_s": 2.5, "to_s": 10.1}]), t)
    assert s.held == (pytest.approx((0.3, 0.0)),)
    assert s.ok
    assert score_clip(report([], holds=[{"from_s": 2.0, "to_s": 5.9}]), t).held == (None,)
    lost = score_clip(report([]), t)
    assert (lost.ok, lost.why) == (False, ("hold missed: 2.0-10.0 s",))
    k = kind(s, lost)
    assert (k.holds.hits, k.holds.of, k.hold_ends_s.value) == (1, 2, pytest.approx(0.15))


def test_a_clip_that_the_reader_was_not_sure_of_enters_no_figure():
    t = truth(rep(0, 2, faults=["jerky"]), sure=False, never=["neck-back"])
    e = summarise([score_clip(report([rep(5, 6)], ("neck-back",)), t)])
    k = e.by_kind["real"]
    assert (k.clips, k.unsure, k.exact.of, k.found.of, k.never, k.extra) == (1, 1, 0, 0, 0, 0)
    assert e.overall.clips == 0
    assert e.clips[0].why


def test_the_share_not_judged():
    cover = {"pose": 1.0, "in_position": 0.8, "judged": 0.6}
    assert score_clip(report([], coverage=cover), CUT).unjudged == pytest.approx(0.25)
    assert score_clip(report([], coverage=cover | {"withheld": 0.1}), CUT).unjudged == 0.1
    assert score_clip(report([]), CUT).unjudged is None


def test_kinds_are_told_by_the_file_and_reported_apart():
    scores = [
        score_clip(report([]), truth()),
        score_clip(report([]), truth(acted="walks in", variant="natural")),
        score_clip(report([]), truth(variant="correct")),
    ]
    assert list(summarise(scores).by_kind) == ["real", "natural", "posed"]
