"""What must hold for any truth and any report."""

import json

from hypothesis import given
from hypothesis import strategies as st

from formcheck.evaluation import parse_truth, score_clip, summarise, to_json

from .builders import fault, perfect

ids = st.sampled_from(["arm-low", "hip-sag", "jerky", "leg-high", "short-hold"])


@st.composite
def truths(draw):
    t, reps = 0.0, []
    for _ in range(draw(st.integers(0, 6))):
        start = t + draw(st.floats(0, 5))
        t = start + draw(st.floats(0.2, 12))
        reps.append(
            {
                "side": draw(st.sampled_from(["left", "right", None])),
                "start_s": start,
                "end_s": t,
                "hold_s": draw(st.floats(0, 10)),
                "counted": draw(st.booleans()),
                "faults": draw(st.lists(ids, max_size=2)),
            }
        )
    return parse_truth(
        {
            "clip": f"clip-{draw(st.integers(0, 9999))}",
            "exercise": draw(st.sampled_from(["plane", "swan"])),
            "reps": reps,
            "faults": draw(st.lists(ids, max_size=2)),
            "also_ok": draw(st.lists(ids, max_size=1)),
        }
    )


@st.composite
def scored(draw):
    """A truth and a report that was true to some other clip."""
    truth, other = draw(truths()), draw(truths())
    return truth, perfect(other)


@given(truths())
def test_a_report_that_says_what_the_truth_says_is_perfect(truth):
    s = score_clip(perfect(truth), truth)
    assert s.ok
    assert s.total_exact and s.flags_exact and s.list_exact and s.sides_exact is not False
    assert s.matched.fp == s.matched.fn == 0
    assert all(e == 0 for e in (*s.start_errors, *s.end_errors, *s.hold_errors))
    assert s.sides[0] == s.sides[1]
    assert all(h.fp == h.fn == 0 for h in (*s.faults.values(), *(s.rep_faults or {}).values()))
    assert s.notes == ()


@given(st.lists(scored(), max_size=5).flatmap(lambda x: st.tuples(st.just(x), st.permutations(x))))
def test_the_order_of_clips_does_not_matter(both):
    one, other = (to_json(summarise(score_clip(r, t) for t, r in pairs)) for pairs in both)
    assert json.dumps(one["overall"]) == json.dumps(other["overall"])
    assert json.dumps(one["by_exercise"]) == json.dumps(other["by_exercise"])


@given(scored(), ids)
def test_one_more_false_fault_never_raises_precision(case, extra):
    truth, report = case
    before = score_clip(report, truth)
    after = score_clip(report | {"faults": [*report["faults"], fault(extra)]}, truth)
    p, q = (summarise([s]).overall.faults for s in (before, after))
    if extra not in truth.faults:
        assert q.tp == p.tp
        assert p.precision is None or q.precision <= p.precision
        assert q.recall == p.recall


@given(scored())
def test_figures_are_within_their_bounds(case):
    truth, report = case
    s = summarise([score_clip(report, truth)]).overall
    for x in (s.matched.precision, s.matched.recall, s.faults.f1, s.side_accuracy.value, s.ok.value):
        assert x is None or 0 <= x <= 1
    assert s.matched.tp + s.matched.fn == len(truth.reps)
    assert s.matched.tp + s.matched.fp == len(report["reps"])
