"""The statistics give the numbers of published worked examples, to three digits; sources stand beside them."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.statistics.change import least_change, within
from formcheck.statistics.kappa import agreement, kappa, prevalence, tabulate
from formcheck.statistics.measures import limits_of_agreement, reliability
from formcheck.statistics.rates import detection, rate
from formcheck.statistics.resampling import estimate


def near(x, digits=3):
    return pytest.approx(x, abs=0.5 * 10**-digits)


# ---- kappa ----
#: Fleiss, J. L., Levin, B., Paik, M. C. (2003). Statistical Methods for Rates and Proportions, 3rd ed., table 18.1:
#: diagnoses of 100 subjects by two raters.
DIAGNOSES = np.array([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
#: SAS/STAT User's Guide, The FREQ Procedure, "Agreement study example": two dermatologists, as also tested against by
#: statsmodels (test_inter_rater.py): simple kappa 0.4842, weighted 0.4701.
SAS = np.array([[0, 4, 1], [0, 8, 0], [0, 1, 5]])
#: Cohen, J. (1968). Psychol Bull 70, 213-220, table 1: shares of 200 cases, and his weights of disagreement.
COHEN = np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]])
COHENS_WEIGHTS = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])
#: The anxiety ratings of R's package irr, raters 2 and 3; its kappa2() gives -0.00629, equal weights 0.1459, squared
#: 0.2520.
ANXIETY_2 = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4]
ANXIETY_3 = [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2]


def test_kappa_of_two_raters():
    assert kappa(DIAGNOSES) == near(0.676)
    assert agreement(DIAGNOSES) == near(0.890)
    assert kappa(SAS) == near(0.4842, 4)
    assert kappa(COHEN) == near(0.492)
    # Viera, A. J., Garrett, J. M. (2005). Fam Med 37, 360-363.
    assert kappa([[15, 5], [10, 70]]) == near(0.57, 2)


def test_weighted_kappa():
    assert kappa(SAS, "linear") == near(0.4701, 4)
    assert kappa(COHEN, COHENS_WEIGHTS) == near(0.348)
    levels = [1, 2, 3, 4, 6]
    table = tabulate([(levels.index(a), levels.index(b)) for a, b in zip(ANXIETY_2, ANXIETY_3, strict=True)], 5)
    assert kappa(table) == near(-0.00629, 5)
    assert kappa(table, "linear") == near(0.1459, 4)
    assert kappa(table, "quadratic") == near(0.2520, 4)


def test_kappa_is_open_where_chance_alone_makes_them_agree():
    assert np.isnan(kappa([[12, 0], [0, 0]]))
    assert np.isnan(kappa(np.zeros((2, 2)))) and np.isnan(agreement(np.zeros((2, 2))))
    assert prevalence([[12, 0], [0, 0]]) == 0.0 and prevalence([[1, 1], [0, 2]]) == 0.625


def test_kappa_takes_stacks_of_tables():
    assert kappa(np.stack([DIAGNOSES, SAS])).tolist() == [kappa(DIAGNOSES), kappa(SAS)]


def test_weights_must_fit_the_table():
    with pytest.raises(ValueError, match="expected weights"):
        kappa(SAS, [[0, 1], [1, 0]])


# ---- shares ----
def test_wilsons_interval():
    # Newcombe, R. G. (1998). Stat Med 17, 857-872, table I, method 3.
    known = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (found, of), (low, high) in known.items():
        r = rate(found, of)
        assert (r.low, r.high) == (near(low, 4), near(high, 4))
    assert rate(0, 0).value is None
    with pytest.raises(ValueError, match="a part of 3"):
        rate(4, 3)


def test_sensitivity_and_specificity():
    # Altman, D. G., Bland, J. M. (1994). BMJ 308, 1552 and 309, 102: liver scans of 344 patients.
    d = detection(both=231, missed=27, invented=32, neither=54)
    assert (d.sensitivity.value, d.specificity.value) == (near(0.90, 2), near(0.63, 2))
    assert (d.positive_value.value, d.negative_value.value) == (near(0.88, 2), near(0.67, 2))
    assert (d.prevalence.value, d.prevalence.of, d.sensitivity.of, d.specificity.of) == (0.75, 344, 258, 86)


# ---- two measurements ----
#: Bland, J. M., Altman, D. G. (1986). Lancet i, 307-310, table 1: peak flow (l/min) of 17 subjects by a Wright
#: meter and a mini meter, twice each.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
WRIGHT_2 = [490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
MINI_2 = [525, 415, 508, 444, 500, 625, 460, 390, 642, 432, 420, 605, 227, 467, 268, 370, 443]


def test_limits_of_agreement():
    two = limits_of_agreement(MINI, WRIGHT, z=2.0)  # as in the paper
    assert (two.bias, two.sd) == (near(-2.1, 1), near(38.8, 1))
    # The paper rounds before it doubles: -79.7 and 75.5.
    assert (two.lower, two.upper) == (pytest.approx(-79.7, abs=0.1), pytest.approx(75.5, abs=0.1))
    # Its 95 % intervals: of the bias -22.0 to 17.8, of the limits -114.3 to -45.1 and 40.9 to 110.1.
    assert (two.bias_low, two.bias_high) == (near(-22.0, 1), near(17.8, 1))
    assert (two.lower_low, two.lower_high) == (pytest.approx(-114.3, abs=0.2), pytest.approx(-45.1, abs=0.2))
    assert (two.upper_low, two.upper_high) == (pytest.approx(40.9, abs=0.2), pytest.approx(110.1, abs=0.2))
    usual = limits_of_agreement(MINI, WRIGHT)
    assert (usual.lower, usual.upper) == (near(-2.11765 - 1.95996 * 38.76513), near(-2.11765 + 1.95996 * 38.76513))
    with pytest.raises(ValueError, match="two cases"):
        limits_of_agreement([1.0], [2.0])


def test_icc_2_1():
    # Shrout, P. E., Fleiss, J. L. (1979). Psychol Bull 86, 420-428, tables 2 to 4: ICC(2,1) .29; its interval as R's
    # psych::ICC gives it for these data.
    judged = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    r = reliability(judged)
    assert (r.icc, r.low, r.high, r.n, r.k) == (near(0.290), near(0.019), near(0.761), 6, 4)
    assert r.sem**2 == near(1.02, 2)  # the error's mean square of their table 3
    with pytest.raises(ValueError, match="two cases"):
        reliability([[1.0, 2.0]])


def test_error_and_least_change():
    # Weir, J. P. (2005). J Strength Cond Res 19, 231-240, data set A: ICC(2,1) .95, mean square of the error 57.
    r = reliability([[146, 140], [148, 152], [170, 152], [90, 99], [157, 145], [156, 153], [176, 167], [205, 218]])
    assert (r.icc, r.sem**2) == (near(0.95, 2), pytest.approx(57, abs=0.5))
    assert r.mdc95 == pytest.approx(1.96 * 2**0.5 * r.sem, rel=1e-4)


def test_spread_within_subjects():
    # Bland, J. M., Altman, D. G. (1999). Stat Methods Med Res 8, 135-160: 15.3 and 19.9 l/min from the repeats above.
    assert within(zip(WRIGHT, WRIGHT_2, strict=True)).sd == near(15.3, 1)
    assert within(zip(MINI, MINI_2, strict=True)).sd == near(19.9, 1)
    assert within([(1.0,), (2.0,)]) is None
    assert least_change(15.3067) == near(42.427)


# ---- intervals ----
def cases(table):
    out = np.zeros((int(np.sum(table)), *np.shape(table)))
    places = [ij for ij, n in np.ndenumerate(table) for _ in range(int(n))]
    for k, ij in enumerate(places):
        out[(k, *ij)] = 1.0
    return out


def test_the_bootstrap_agrees_with_the_known_standard_error():
    # Fleiss, Levin, Paik (2003): the standard error of the kappa of DIAGNOSES is 0.087.
    e = estimate(cases(DIAGNOSES), kappa)
    assert e.value == near(0.676)
    assert (e.high - e.low) / (2 * 1.96) == pytest.approx(0.087, abs=0.008)
    assert estimate(cases(DIAGNOSES), kappa) == e, "the same ratings give the same interval"


def test_what_is_drawn_together_counts_once():
    alone = estimate(cases(DIAGNOSES), kappa)
    together = estimate(cases(DIAGNOSES).reshape(20, 5, 3, 3).sum(1), kappa)
    assert together.value == alone.value and together.high - together.low > alone.high - alone.low


def test_no_interval_where_there_is_nothing_to_tell():
    assert estimate(np.zeros((0, 2, 2)), kappa).value is None
    one = estimate(np.array([[[3.0, 1.0], [0.0, 4.0]]]), kappa)
    assert one.value == pytest.approx(0.75) and one.low is None
    assert estimate(np.array([[[3.0, 0.0], [0.0, 0.0]]] * 4), kappa).value is None
    # Raters who never differ: 1, and no interval that would say that this is sure.
    never = estimate(np.array([[[3.0, 0.0], [0.0, 2.0]]] * 4), kappa)
    assert never.value == 1.0 and never.low is None
