"""Every fault can be reported and can be absent, every limit decides something: over all exercises, none left out.

The tables are those of ``tests/judging/exercises/test_<id>.py``; see ``tests/judging/exercises/cases.py``.
"""

from importlib import import_module

import numpy as np
import pytest

from formcheck.judging.exercises import ROUTINE, get_exercise
from formcheck.judging.measure import Body
from formcheck.judging.rules.limits import STRICTNESS, Limits, read_overrides

from .judging.exercises.cases import fault_ids

ROUTINE_IDS = [e.id for e in ROUTINE]
FAULTS = [(e.id, fault) for e in ROUTINE for fault in dict.fromkeys(c.id for c in e.checks)]
LIMITS = [(e.id, name) for e in ROUTINE for name in e.limits]


def tables(exercise):
    return import_module(f"{__package__}.judging.exercises.test_{exercise.replace('-', '_')}")


@pytest.mark.parametrize("exercise", ROUTINE_IDS)
def test_the_tables_name_all_faults_and_limits_and_no_others(exercise):
    module, e = tables(exercise), get_exercise(exercise)
    assert set(module.CASES) == {c.id for c in e.checks}
    assert set(module.EFFECTS) == set(e.limits)


@pytest.mark.parametrize(("exercise", "fault"), FAULTS)
def test_a_fault_fires_on_one_input_and_is_silent_on_another(exercise, fault):
    fires, silent = tables(exercise).CASES[fault]
    assert fault in fault_ids(fires(None))
    quiet = silent(None)
    assert fault not in fault_ids(quiet)
    # Silent because it was judged and found right, not because nothing was judged.
    assert quiet.judge.seconds["judged"] > 1.0
    assert quiet.judge.reps


@pytest.mark.parametrize(("exercise", "limit"), LIMITS)
def test_a_limit_given_in_a_file_changes_the_outcome(exercise, limit, tmp_path):
    effect = tables(exercise).EFFECTS[limit]
    file = tmp_path / "limits.toml"
    file.write_text(f"[{exercise}]\n{limit} = {effect.value}\n")
    e = get_exercise(exercise)
    changed = Limits(exercise, e.limits, read_overrides(file)[exercise])
    assert effect.outcome(effect.case(changed)) != effect.outcome(effect.case(None))


@pytest.mark.parametrize("exercise", ROUTINE_IDS)
def test_strictness_moves_limits_and_never_measures(exercise):
    e = get_exercise(exercise)
    case = next(iter(tables(exercise).CASES.values()))[0]
    seen = []
    for strictness in STRICTNESS:
        limits = Limits(exercise, e.limits, strictness=strictness)
        track = case(limits) and case.track
        body = Body(track.t, track.image, track.world, track.size)
        seen.append(e.under(limits).signals(body))
    for other in seen[1:]:
        for name, values in seen[0].items():
            np.testing.assert_array_equal(values, other[name], err_msg=name)


@pytest.mark.parametrize("exercise", ROUTINE_IDS)
def test_a_lenient_limit_never_lies_inside_a_strict_one(exercise):
    e = get_exercise(exercise)
    lenient, strict = (Limits(exercise, e.limits, strictness=s) for s in ("lenient", "strict"))
    for check in e.checks:
        if check.limit:
            sign = 1 if check.sense == "above" else -1
            assert sign * lenient[check.limit] >= sign * strict[check.limit], check
