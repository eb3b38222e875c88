"""A fault hides no repetition: whoever has it all along is recognised, counted by the rules, and told.

For every fault of every exercise a body that has it in each of its repetitions, and, where it is one of posture, also
in the rest before, between and after, from the first frame to the last. A gate that contains a fault fails here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from formcheck.judging.exercises import exercises

from . import test_ball_kneel as ball_kneel
from . import test_ball_warmup as ball_warmup
from . import test_heel_bridge as heel_bridge
from . import test_plane as plane
from . import test_shoulder_bridge as shoulder_bridge
from . import test_side_lift as side_lift
from . import test_side_plank as side_plank
from . import test_swan as swan
from . import test_toe_squat as toe_squat
from .cases import Scene, fault_ids
from .figures import FRONT, OBLIQUE, RIGHT
from .stick import ALL_FOURS, Motion, joined, plane_set, with_ball

#: Share of the time in which a body that does the exercise all the time is taken to be at it.
MOST = 0.7


@dataclass(frozen=True)
class Row:
    """A body with one fault all along.

    Attributes
    ----------
    exercise, fault : str
    scene : Scene
    counted : sequence of bool
        The attempts, and whether each counts as the routine says.
    told : sequence of bool, optional
        The attempts that can show it, if not all: the second of a pair is the first that repeats the one before.
    also : frozenset of str
        Faults that follow from this one and may be told besides.
    how : str
        Tells rows of the same fault apart.
    """

    exercise: str
    fault: str
    scene: Scene
    counted: Sequence[bool] = (True,) * 3
    told: Sequence[bool] | None = None
    also: frozenset[str] = frozenset()
    how: str = ""

    @property
    def name(self) -> str:
        return "-".join(filter(None, (self.exercise, self.fault, self.how)))


NONE, ALL = (False,) * 3, (True,) * 3
#: Every attempt but the first.
AGAIN = (False, True, True)


def _ball_warmup() -> list[Row]:
    def row(fault, make, *args, **how):
        keys = ("counted", "also", "how")
        more = {k: how.pop(k) for k in keys if k in how}
        return Row("ball-warmup", fault, ball_warmup.scene(make, *args, **how), **more)

    def steps(u):
        # The foot goes to and fro, once in every cycle.
        knots = [(0.0, 0.0)]
        for k in range(3):
            t = 1.5 + k * ball_warmup.PERIOD
            knots += [(t + 0.5, knots[-1][1]), (t + 1.2, 0.4 * ((k + 1) % 2))]
        return ball_warmup.path(u, knots)

    w = ball_warmup
    return [
        row("shoulders-move", w.tilts, turn=RIGHT, follow=1.1),
        row("shoulders-move", w.sideways, turn=FRONT, follow=1.1, how="sideways"),
        row("feet-move", w.tilts, turn=RIGHT, step=steps),
        row("small-range", w.tilts, turn=RIGHT, size=0.045),
        Row("ball-warmup", "broken-circle", Scene("ball-warmup", lambda: joined(*[w.circles(0.6)] * 3)), NONE),
        row("trunk-lean", w.sideways, turn=FRONT, lean=32.0),
        row("trunk-lean", w.tilts, turn=OBLIQUE, lean=40.0, how="oblique"),
    ]


def _shoulder_bridge() -> list[Row]:
    legs = ("right", "left", "right")

    def row(fault, *, how="", counted=ALL, told=None, also=frozenset(), legs=legs, **wrong):
        return Row("shoulder-bridge", fault, shoulder_bridge.scene(*legs, **wrong), counted, told, also, how)

    def ball(along):
        return Scene("shoulder-bridge", lambda: with_ball(shoulder_bridge.scene(*legs).track, "shoulder", along, 0.5))

    return [
        row("hip-sag", start={"sag": 0.07}),
        # Hips that hang so low close the knees.
        row("hip-sag", start={"sag": 0.16}, also=frozenset({"knee-angle"}), how="deep"),
        row("knee-angle", start={"knee_left": 125.0, "knee_right": 125.0}),
        # The far knee is not judged while the near leg is raised.
        row("knee-angle", start={"knee_left": 60.0, "knee_right": 60.0}, told=(True, False, True), how="closed"),
        row("hands-off", start={"hands": 1.2}),
        row("hands-off", start={"hands": 2.2}, how="far"),
        Row("shoulder-bridge", "ball-misplaced", ball(0.8)),
        Row("shoulder-bridge", "ball-misplaced", ball(-0.3), how="neck"),
        row("hip-drop", sag=0.1, also=frozenset({"hip-sag"})),
        row("leg-bent", knee=140.0, thigh=20.0, counted=NONE),
        row("leg-low", thigh=-25.0, counted=NONE),
        row("leg-high", thigh=30.0, counted=NONE),
        row("short-hold", hold=0.1, rise=0.7, counted=NONE),
        row("same-side", legs=("right",) * 3, told=AGAIN),
    ]


def _heel_bridge() -> list[Row]:
    h = heel_bridge

    def thrice(azimuth=RIGHT, measured=None, **wrong):
        again = [h.Cycle(**wrong) for _ in range(2)]
        return Scene("heel-bridge", lambda: h.Cycle(then=again, **wrong).film(azimuth), measured)

    def row(fault, *, how="", counted=ALL, also=frozenset(), **wrong):
        return Row("heel-bridge", fault, thrice(**wrong), counted, None, also, how)

    return [
        row("hip-sag", sag=24.0),
        row("hip-sag", top=11.0, how="line-never-reached"),
        row("hip-arch", top=h.LINE + 13.0),
        row("knee-bent", knee=45.0),
        row("leg-skipped", legs="L", counted=NONE),
        row("leg-skipped", legs="", counted=NONE, how="both"),
        row("same-side", legs="RR", counted=NONE),
        row("same-side", legs="LLR", how="and-the-other"),
        row("too-fast-up", up=1.1),
        row("too-fast-down", down=1.1),
        row("legs-apart", feet=0.6, azimuth=h.TURNED),
        row("ball-lost", measured={"ball_off": 1.2}),
    ]


def _side_lift() -> list[Row]:
    def row(fault, *, how="", also=frozenset(), measured=None, **wrong):
        film = Scene("side-lift", lambda: side_lift.lifts(3, **wrong), measured)
        return Row("side-lift", fault, film, also=also, how=how)

    return [
        row("line-bent", bend=14.0),
        row("line-bent", bend=-14.0, how="back"),
        row("line-bent", bend=-32.0, how="far"),
        row("line-bent", arm=50.0, how="arm"),
        row("rolled", shoulder_roll=60.0),
        row("rolled", top_roll=40.0, top=1.5, how="each-lift"),
        row("trunk-lifts", top_rise=0.25),
        row("legs-apart", top_part=0.3),
        row("knee-bent", knee=40.0),
        row("knee-bent", knee=60.0, how="far"),
        row("too-high", size=0.5),
        row("jerky", way=0.25, top=0.8),
        row("ball-lost", measured={"ball_off": 1.0}),
    ]


def _ball_kneel() -> list[Row]:
    def row(fault, *, how="", counted=ALL, also=frozenset(), **wrong):
        return Row("ball-kneel", fault, ball_kneel.scene(3, **wrong), counted, None, also, how)

    # Sat back on the heels the hands reach the ball though the trunk is up.
    return [
        row("hip-bent", thigh=35.0, lean=42.0),
        row("hip-bent", thigh=35.0, lean=42.0, low={"thigh": 80.0}, how="sat-back"),
        row("trunk-lean", thigh=-30.0, lean=30.0),
        row("head-down", head=75.0, low={"head": 75.0}),
        row("hands-on-ball", hands=0.1, low={"hands": -0.4}),
        row(
            "hands-on-ball",
            thigh=60.0,
            lean=36.0,
            hands=-0.35,
            counted=NONE,
            how="never-off",
        ),
        row("feet-down", foot=[(0.0, 0.9)], counted=NONE),
    ]


def _toe_squat() -> list[Row]:
    t = toe_squat

    def row(fault, *, azimuth=RIGHT, how="", also=frozenset(), counted=ALL, squats=None, stand=None, **wrong):
        squats = squats or [t.Squat(**wrong)] * 3
        film = t.scene(*squats, azimuth=azimuth, **(stand or {}))
        return Row("toe-squat", fault, film, counted, None, also, how)

    return [
        row("heels-drop", sole=2.0, stand={"sole": 2.0}),
        row("shallow", knee=120.0),
        row("shallow", knee=120.0, azimuth=FRONT, how="front"),
        row("shallow", knee=140.0, lean=10.0, counted=NONE, how="not-even-half"),
        row("arms-drop", arms=-80.0, stand={"arms": -80.0}),
        row("arms-drop", arms=-80.0, stand={"arms": -80.0}, azimuth=OBLIQUE, how="oblique"),
        row("trunk-lean", lean=55.0, stand={"lean": 55.0}),
        row("trunk-lean", lean=65.0, stand={"lean": 65.0}, how="far"),
        row("knees-cave", knees_apart=0.08, stand={"knees_apart": 0.08}, azimuth=FRONT),
        row("knees-cave", knees_apart=0.08, stand={"knees_apart": 0.08}, azimuth=OBLIQUE, how="oblique"),
        row("not-upright", top=150.0, stand={"knee": 150.0}),
        row("not-upright", top=135.0, stand={"knee": 135.0}, how="far"),
        row("jerky", down=0.45),
        row("step", squats=[t.Squat(step=x) for x in (0.45, 0.0, 0.45)]),
    ]


def _swan() -> list[Row]:
    s = swan

    def row(fault, *, how="", counted=ALL, told=None, lifts=None, rest=None, **wrong):
        film = s.scene(*(lifts or [s.Lift(**wrong)] * 3), **(rest or {}))
        return Row("swan", fault, film, counted, told, how=how)

    return [
        row("short-hold", hold=0.6, counted=NONE),
        row("arms-low", arms=-35.0, counted=NONE),
        row("arms-bent", elbow=60.0, rest={"elbow": 60.0}),
        row("neck-back", neck=50.0, rest={"neck": 50.0}),
        row("legs-lift", legs=12.0),
        row("legs-lift", legs=12.0, rest={"legs": 12.0}, how="all-along"),
        row("jerky", up=0.5),
        row("jerky", down=0.5, how="down"),
        row(
            "fading",
            lifts=[s.Lift(), s.Lift(), s.Lift(height=9.0), s.Lift(height=9.0)],
            counted=(True,) * 4,
            told=(False, False, True, True),
        ),
    ]


def _plane() -> list[Row]:
    def film(start, arms, **how):
        def wrong():
            m = Motion(ALL_FOURS, **(start or {})).wait(0.5)
            for _ in range(2):
                m.to(1, arm_right=0.0, leg_left=-6.0, knee_left=178.0).wait(10.6).back(1).wait(0.3)
            return plane.shoot(plane.all_fours, m if start else plane_set(*arms, rest=0.5, **how))

        return Scene("plane", wrong)

    def row(
        fault, *, how="", counted=(True, True), told=None, also=frozenset(), start=None, arms=("right", "left"), **wrong
    ):
        return Row("plane", fault, film(start, arms, **wrong), counted, told, also, how)

    same = frozenset({"repeated-pair"})
    return [
        row("hip-sag", leg=17.8),
        row("thigh-angle", start={"leg_left": -115.0, "leg_right": -115.0}, also=same),
        row("arm-low", arm=-25.0),
        row("arm-low", arm=-45.0, how="far"),
        row("arm-high", arm=25.0),
        row("leg-low", leg=-26.0),
        row("leg-low", leg=-45.0, how="far"),
        row("leg-high", leg=8.8),
        row("knee-bent", knee=140.0, arms=("right", "right"), also=same),
        row("knee-bent", knee=100.0, arms=("right", "right"), also=same, how="far"),
        row("elbow-locked", start={"over_left": 30.0, "over_right": 30.0}, also=same),
        row("pelvis-open", roll=55.0),
        row("head-down", start={"head": -60.0}, also=same),
        row("head-back", start={"head": 45.0}, also=same),
        row("short-hold", hold=5.0, counted=(False, False)),
        row("same-side-pair", same_side=True, counted=(False, False)),
        row("repeated-pair", arms=("right",) * 3, counted=ALL, told=AGAIN),
    ]


def _side_plank() -> list[Row]:
    def row(fault, *, how="", counted=ALL, also=frozenset(), start=None, **wrong):
        return Row("side-plank", fault, side_plank.scene(3, start=start, **wrong), counted, None, also, how)

    return [
        row("hip-sag", start={"drop": 0.08}, counted=NONE),
        row("hip-sag", start={"drop": 0.14}, counted=NONE, also=frozenset({"hip-touch"}), how="far"),
        row("hip-pike", start={"drop": -0.08}, counted=NONE),
        row("hip-touch", depth=0.23, also=frozenset({"deep-dip"})),
        row("rotated", start={"roll": 45.0}),
        row("arm-off-vertical", start={"arm": 35.0}),
        row("arm-off-vertical", start={"arm": 160.0}, how="along-the-body"),
        row("feet-apart", start={"feet": 1.0}),
        row("support-off", start={"support": 0.6}),
        row("head-off", start={"head": 50.0}),
        row("small-dip", depth=0.02, counted=NONE),
        row("deep-dip", depth=0.16),
    ]


TABLE = [
    *_ball_warmup(), *_shoulder_bridge(), *_heel_bridge(), *_side_lift(), *_ball_kneel(), *_toe_squat(), *_swan(),
    *_plane(), *_side_plank(),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[r.name for r in TABLE])
def test_a_body_with_a_fault_all_along_is_recognised_counted_by_the_rules_and_told(row):
    session = row.scene()
    seconds = session.judge.seconds
    assert seconds["in_position"] > MOST * seconds["seen"]
    assert [r.counted for r in session.judge.reps] == list(row.counted)
    told = [row.fault in {f.id for f in r.faults} for r in session.judge.reps]
    assert told == list(row.told or (True,) * len(told))
    assert fault_ids(session) - row.also == {row.fault}


def test_every_fault_of_every_exercise_is_in_the_table():
    assert {(r.exercise, r.fault) for r in TABLE} >= {(e.id, c.id) for e in exercises().values() for c in e.checks}
