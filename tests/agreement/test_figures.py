"""From ratings to figures: which attempt is which, what is compared with what, and what is left out."""

from __future__ import annotations

import pytest

from formcheck.agreement.cases import cases
from formcheck.agreement.figures import agreement_of
from formcheck.agreement.measured import Second
from formcheck.agreement.ratings import TOOL, RatedAttempt
from formcheck.errors import InputError

from .made import attempt, rating


def faults_of(figures, fault, first=TOOL, second="Anna"):
    (row,) = [f for f in figures["faults"] if (f["fault"], f["first"], f["second"]) == (fault, first, second)]
    return row


def test_attempts_are_the_same_by_their_times():
    tool = rating("a", TOOL, attempt(1), attempt(2), attempt(4))
    anna = rating("a", "Anna", RatedAttempt((11.0, 18.5), True, "left", {}), attempt(3), attempt(4))
    listed = cases("a", [tool, anna])
    assert [{who: a is not None for who, a in c.said.items()} for c in listed] == [
        {TOOL: True, "Anna": True},
        {TOOL: True, "Anna": False},
        {TOOL: False, "Anna": True},
        {TOOL: True, "Anna": True},
    ]


def test_what_a_reviewer_did_not_look_at_is_not_taken_for_an_answer():
    tool = rating("a", TOOL, attempt(1), attempt(2), attempt(3))
    anna = rating("a", "Anna", attempt(1), looked=frozenset({1, 2}))
    (counts,) = agreement_of([tool, anna])["counts"]
    # The second repetition was called none; the third was not looked at.
    assert (counts["attempts"], counts["first_only"], counts["second_only"]) == (1, 1, 0)
    assert counts["films"] == [{"film": "a", "exercise": "plane", "first": 2, "second": 1, "open": 0, "off": 1}]


def test_faults_make_a_table_with_the_second_rater_as_reference():
    tool = [attempt(1, "hip-sag!"), attempt(2, "hip-sag!"), attempt(3), attempt(4), attempt(5), attempt(6)]
    anna = [attempt(1, "hip-sag!"), attempt(2), attempt(3, "hip-sag!"), attempt(4), attempt(5), attempt(6, "hip-sag?")]
    row = faults_of(agreement_of([rating("a", TOOL, *tool), rating("a", "Anna", *anna)]), "hip-sag")
    assert row["table"] == [[2, 0, 1], [1, 0, 0], [1, 0, 1]]
    assert (row["n"], row["possible"], row["both"]) == (6, 1, 1)
    assert (row["agreement"]["found"], row["agreement"]["of"]) == (3, 5)
    assert (row["sensitivity"]["value"], row["specificity"]["value"]) == (0.5, pytest.approx(2 / 3))
    assert row["kappa"]["value"] == pytest.approx(1 - (2 / 5) / (12 / 25))
    assert row["prevalence"] == 0.4


def test_an_attempt_not_seen_whole_and_one_without_faults_told_are_left_out():
    tool = rating("a", TOOL, attempt(1, "hip-sag!"), attempt(2, "hip-sag!"), attempt(3, "hip-sag!", free=True))
    anna = rating("a", "Anna", attempt(1, "hip-sag!"), attempt(2, faults=""), attempt(3, "hip-sag!"))
    bare = rating("a", "Bea", attempt(1), RatedAttempt((20.0, 28.0), True, None, None), attempt(3))
    figures = agreement_of([tool, anna, bare])
    assert faults_of(figures, "hip-sag")["n"] == 2
    assert faults_of(figures, "hip-sag", second="Bea")["n"] == 1


def test_a_count_left_open_excuses_one_that_is_off():
    tool = rating("a", TOOL, attempt(1), attempt(2), attempt(3))
    anna = rating("a", "Anna", attempt(1), attempt(2, counted=None), attempt(3, counted=False))
    (counts,) = agreement_of([tool, anna])["counts"]
    assert counts["films"][0]["off"] == 1 and counts["exact"]["found"] == 0 and counts["off_by_one"]["found"] == 1
    (counting,) = agreement_of([tool, anna])["counting"]
    assert (counting["n"], counting["both"]) == (2, 1)


def many(n, tool_errs, rater_errs):
    """Films of one attempt; a rater errs in every so many films, each in others."""
    out = []
    for k in range(n):
        true = k % 2 == 0
        for place, (who, every) in enumerate(((TOOL, tool_errs), ("Anna", rater_errs), ("Bea", rater_errs))):
            wrong = every and (k + 3 * place) % every == 0
            out.append(rating(f"f{k:03}", who, attempt(1, "hip-sag!" if true != bool(wrong) else "")))
    return out


def test_the_tool_is_shown_to_be_no_worse_than_the_raters_are_among_themselves():
    figures = agreement_of(many(160, 31, 9))
    row = next(b for b in figures["beside"] if b["fault"] == "hip-sag")
    assert figures["drawn"] == "film" and row["n"] == 160
    assert row["tool"]["value"] > row["raters"]["value"] and row["shown"] == "no worse"
    assert row["difference"]["value"] == pytest.approx(row["tool"]["value"] - row["raters"]["value"])
    assert row["difference"]["low"] < row["difference"]["value"] < row["difference"]["high"]


def test_and_to_be_worse_where_it_is_or_nothing_where_films_are_few():
    worse = next(b for b in agreement_of(many(160, 3, 0))["beside"] if b["fault"] == "hip-sag")
    assert worse["shown"] == "worse" and worse["difference"]["high"] < -0.1
    few = agreement_of(many(6, 4, 5))
    assert few["drawn"] == "repetition"
    assert next(b for b in few["beside"] if b["fault"] == "hip-sag")["shown"] == "nothing"


def test_one_rater_alone_has_nobody_beside():
    assert agreement_of([rating("a", TOOL, attempt(1)), rating("a", "Anna", attempt(1))])["beside"] == []


def test_measures_against_a_second_measurement():
    tool = rating("a", TOOL, *(attempt(k, measures={"leg_level": float(k), "none": None}) for k in range(1, 6)))
    second = [Second("a", k, "leg_level", k - 1.0 + 0.1 * (k % 2), f"line {k}") for k in range(1, 6)]
    (row,) = agreement_of([tool], second)["measures"]
    assert (row["n"], row["points"][0]) == (5, {"film": "a", "rep": 1, "tool": 1.0, "other": 0.1})
    assert row["limits"]["bias"] == pytest.approx(0.94)
    assert row["reliability"]["sem"] == pytest.approx(0.0548 / 2**0.5, rel=0.01) and row["reliability"]["icc"] < 0.9
    with pytest.raises(InputError, match=r"line 9: no report .* has repetition 9 of 'a'"):
        agreement_of([tool], [Second("a", 9, "leg_level", 1.0, "line 9")])
    with pytest.raises(InputError, match="has no measure 'knee': it has leg_level"):
        agreement_of([tool], [Second("a", 1, "knee", 1.0, "line 1")])


def test_raters_need_names_and_films_one_exercise():
    with pytest.raises(InputError, match="a is rated twice by 'Anna'"):
        agreement_of([rating("a", "Anna", attempt(1)), rating("a", "Anna", attempt(1))])
    with pytest.raises(InputError, match=r"rated as plane \(formcheck\) and swan \(Anna\)"):
        agreement_of([rating("a"), rating("a", "Anna", exercise="swan")])
