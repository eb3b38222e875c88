"""What each exercise says of itself beside its limits: how it is counted, held and ended."""

from __future__ import annotations

import pytest

from formcheck.judging.exercises import ROUTINE

#: Repetitions, seconds a hold, a side each, sides in turn, blocks.
ASKED = {
    "ball-warmup": (40, 0.0, False, False, ("tilt", "sideways", "circle-right", "circle-left")),
    "shoulder-bridge": (10, 1.0, False, True, ()),
    "heel-bridge": (5, 0.0, False, False, ()),
    "side-lift": (8, 0.0, True, False, ()),
    "ball-kneel": (5, 0.0, False, False, ()),
    "toe-squat": (10, 0.0, False, False, ()),
    "swan": (5, 2.0, False, False, ()),
    "plane": (6, 10.0, False, True, ()),
    "side-plank": (5, 0.0, True, False, ()),
}
#: What is said of few of them only.
SAID = {
    "only_with_ball": {"ball-warmup"},
    "uses_ball": {"ball-warmup", "shoulder-bridge", "heel-bridge", "side-lift", "ball-kneel"},
    "leaving_ends": {"ball-kneel"},
    "still_ends": {"side-plank"},
    "raises_arm": {"side-plank"},
    "reports_holds": {"side-plank"},
    "as_long_as_possible": {"ball-kneel"},
    "lies_level": {"side-lift", "swan"},
}
VALUES = {
    "back_share": ({"heel-bridge": 0.7}, 0.5),
    "settle_s": ({"heel-bridge": 2.5}, 0.45),
    "least": ({"ball-warmup": "swing_torso"}, "least_effort"),
    "side_faults": (
        {
            "shoulder-bridge": {"same-side"},
            "heel-bridge": {"same-side"},
            "plane": {"same-side-pair", "repeated-pair"},
        },
        frozenset(),
    ),
    "lacking": ({"swan": {"arms-low"}, "toe-squat": {"shallow"}}, frozenset()),
    "explains": (
        {"plane": {"hip-sag": {"leg-high"}}, "ball-kneel": {"hip-bent": {"trunk-lean"}}},
        {},
    ),
    "uncounting": (
        {
            "ball-warmup": ("broken-circle",),
            "shoulder-bridge": ("leg-bent", "leg-low", "leg-high", "short-hold"),
            "heel-bridge": ("leg-skipped", "same-side"),
            "ball-kneel": ("feet-down", "hands-on-ball"),
            "toe-squat": ("shallow",),
            "swan": ("arms-low", "short-hold"),
            "plane": ("same-side-pair", "short-hold"),
            "side-plank": ("small-dip", "hip-sag", "hip-pike"),
        },
        (),
    ),
}


def test_what_is_asked_for_is_the_routine():
    asked = {}
    for e in ROUTINE:
        p = e.prescription
        asked[e.id] = (p.reps, p.hold_s, p.per_side, p.alternate, p.blocks)
    assert asked == ASKED


@pytest.mark.parametrize("what", SAID)
def test_what_is_said_of_some_is_said_of_those_alone(what):
    assert {e.id for e in ROUTINE if getattr(e, what)} == SAID[what]


@pytest.mark.parametrize("what", VALUES)
def test_what_differs_from_the_usual_does_so_where_it_should(what):
    own, usual = VALUES[what]
    assert {e.id: getattr(e, what) for e in ROUTINE} == {e.id: own.get(e.id, usual) for e in ROUTINE}
