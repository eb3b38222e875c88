"""The numbers of a report, from sessions made by hand: shares, sums, the worst of several, what is worth a note."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest

from formcheck.judging.exercises import get_exercise
from formcheck.judging.measure.level import Roll
from formcheck.judging.rules.records import FaultSpan, Rep
from formcheck.judging.session.session import Session
from formcheck.showing.report.build import build_report, empty_report

SOURCE = {"path": "a.mp4"}


def rep(index=1, counted=True, **more) -> Rep:
    return Rep(index, "left", 10.0 * index, 10.0 * index + 2.0, 10.0 * index + 4.0, 3.0, counted, None, **more)


def span(name="arm-low", from_s=11.0, to_s=12.0, worst=-20.0, limit=-15.0, severity="moderate", **more) -> FaultSpan:
    return FaultSpan(name, from_s, to_s, worst, limit, "deg", severity, **more)


def session(*reps: Rep, exercise="plane", faults=(), **seconds: float) -> Session:
    """A session as it stands after attempts, with the seconds counted."""
    out = Session(get_exercise(exercise))
    out.found = 100
    out.views, out.near = Counter(side=90, front=10), Counter(right=60, left=40)
    out.judge.seconds.update({"seen": 40.0, "pose": 30.0, "in_position": 20.0, "judged": 10.0} | seconds)
    out.judge.verdicts.reps.extend(reps)
    out.judge.verdicts.faults.extend(faults)
    return out


def report(*reps: Rep, **how):
    return build_report(session(*reps, **how), dict(SOURCE))


def notes(*reps: Rep, **how):
    return report(*reps, **how)["notes"]


# ---- coverage, counts, score -----------------------------------------------------------------------------------------
def test_coverage_is_the_share_of_the_time_seen():
    coverage = report()["coverage"]
    assert coverage == {"pose": 0.75, "in_position": 0.5, "judged": 0.25, "withheld": 0.0}


def test_no_share_is_more_than_all_and_of_nothing_seen_there_is_none():
    assert report(pose=41.0)["coverage"]["pose"] == 1.0
    nothing = report(seen=0.0, pose=0.0, in_position=0.0, judged=0.0)["coverage"]
    assert nothing == {"pose": 0.0, "in_position": 0.0, "judged": 0.0, "withheld": None}


def test_what_was_withheld_is_a_share_of_the_time_in_which_there_was_something_to_judge():
    assert report(judged=6.0, withheld=2.0)["coverage"]["withheld"] == 0.25
    assert report(judged=0.3, withheld=0.1)["coverage"]["withheld"] == 0.25
    assert report(judged=0.0, withheld=2.0)["coverage"]["withheld"] == 1.0


def test_the_score_is_the_mean_of_those_there_are():
    assert report(rep(1, score=100.0), rep(2, score=60.0), rep(3, score=50.0), rep(4))["score"] == 70.0
    assert report(rep(1))["score"] is None


def test_counts_are_of_what_counts_in_all_by_side_and_by_block():
    reps = [
        rep(1, block="tilt"),
        replace(rep(2, block="tilt"), side="right"),
        rep(3, counted=False, block="tilt"),
        rep(4, counted=False, block="sideways"),
        replace(rep(5, block="circle-left"), side=None),
    ]
    counts = report(*reps)["counts"]
    assert counts == {"total": 3, "left": 1, "right": 1, "blocks": {"tilt": 2, "sideways": 0, "circle-left": 1}}
    assert "blocks" not in report(rep())["counts"]


def test_a_repetition_stands_with_its_values():
    r = rep(
        2, False, faults=(span(worst_s=11.234, worst=-20.456),), measures={"arm_level": -20.456, "knee": None},
        score=81.25, seen=0.98765,
    )  # fmt: skip
    (got,) = report(replace(r, why="too short"))["reps"]
    assert got == {
        "index": 2,
        "side": "left",
        "start_s": 20.0,
        "peak_s": 22.0,
        "end_s": 24.0,
        "hold_s": 3.0,
        "counted": False,
        "verdict": "not-counted",
        "why": "too short",
        "faults": [
            {
                "id": "arm-low",
                "from_s": 11.0,
                "to_s": 12.0,
                "worst": -20.5,
                "worst_s": 11.23,
                "limit": -15.0,
                "unit": "deg",
            }
        ],
        "measures": {"arm_level": -20.5, "knee": None},
        "score": 81.2,
        "seen": 0.988,
    }
    (cut,) = report(rep(1, False, cut="end", block="tilt"))["reps"]
    assert (cut["cut"], cut["block"]) == ("end", "tilt")


# ---- faults ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_spans_of_a_fault_the_worst_is_the_worst_and_the_seconds_are_the_sum(order):
    first, second = span(worst=-40.0, worst_s=11.5), span(from_s=21.0, to_s=23.5, worst=-20.0, worst_s=22.0)
    if order < 0:
        first, second = replace(first, worst=-20.0), replace(second, worst=-40.0)
    (fault,) = report(rep(1, faults=(first,)), rep(2, faults=(second,)), rep(3), faults=[first, second])["faults"]
    assert fault == {
        "id": "arm-low",
        "severity": "moderate",
        "reps": [1, 2],
        "seconds": 3.5,
        "worst": -40.0,
        "worst_s": 11.5 if order > 0 else 22.0,
        "limit": -15.0,
        "unit": "deg",
        "cue": "Raise your arm to shoulder height.",
        "from_s": 11.0,
        "to_s": 23.5,
    }


def test_of_a_fault_that_lies_on_both_sides_of_its_limits_the_furthest_beyond_is_the_worst():
    low, high = span(worst=-20.0, limit=-15.0), span(from_s=13.0, to_s=14.0, worst=24.0, limit=17.0)
    (fault,) = report(rep(), faults=[low, high])["faults"]
    assert (fault["worst"], fault["limit"]) == (24.0, 17.0)
    # Near its limit, however large the numbers are.
    (fault,) = report(rep(), faults=[replace(low, worst=-60.0, limit=-59.0), high])["faults"]
    assert (fault["worst"], fault["limit"]) == (24.0, 17.0)
    unmeasured = replace(low, worst=None, limit=None)
    (fault,) = report(rep(), faults=[unmeasured, high])["faults"]
    assert (fault["worst"], fault["limit"]) == (24.0, 17.0)
    (fault,) = report(rep(), faults=[unmeasured])["faults"]
    assert (fault["worst"], fault["limit"]) == (None, None)


def test_a_fault_of_an_attempt_alone_is_listed_too():
    (fault,) = report(rep(1, faults=(span(),)))["faults"]
    assert (fault["id"], fault["reps"], fault["seconds"]) == ("arm-low", [1], 1.0)


def test_graver_faults_come_first_and_of_the_same_weight_the_earlier():
    spans = [
        span("head-back", 11.0, 12.0, severity="minor"),
        span("leg-low", 14.0, 15.0),
        span("arm-low", 13.0, 14.0),
        span("hip-sag", 15.0, 16.0, severity="major"),
    ]
    assert [f["id"] for f in report(rep(), faults=spans)["faults"]] == ["hip-sag", "arm-low", "leg-low", "head-back"]


# ---- the view -------------------------------------------------------------------------------------------------------
def test_the_view_is_what_it_was_for_most_of_the_time():
    assert report()["view"] == {"kind": "side", "near_side": "right", "ok": True, "advice": []}
    it = session()
    it.views = Counter(front=60, side=40)
    assert build_report(it, dict(SOURCE))["view"] == {"kind": "front", "near_side": None, "ok": False, "advice": []}
    it.views, it.near = Counter(), Counter()
    assert build_report(it, dict(SOURCE))["view"]["kind"] == "unknown"


@pytest.mark.parametrize(("lasted", "told"), [(1.9, False), (2.1, True)])
def test_a_problem_is_noted_from_a_twentieth_of_the_time_seen_on(lasted, told):
    it = session(rep())
    it.judge.problems["too dark"] = lasted
    it.advice["too dark"] = "Switch on a light."
    got = build_report(it, dict(SOURCE))
    assert (f"Not judged: too dark for {lasted:.1f} s. Switch on a light." in got["notes"]) == told
    assert got["view"]["advice"] == (["Switch on a light."] if told else [])


def test_of_several_problems_the_longest_is_told_first():
    it = session(rep())
    it.judge.problems.update({"too dark": 3.0, "too small": 5.0})
    it.advice.update({"too dark": "Switch on a light.", "too small": "Come closer."})
    assert build_report(it, dict(SOURCE))["view"]["advice"] == ["Come closer.", "Switch on a light."]


# ---- notes ----------------------------------------------------------------------------------------------------------
def has(lines, words):
    return any(words in line for line in lines)


@pytest.mark.parametrize(
    ("judged", "unfollowed", "told"),
    [(2.0, 0.95, False), (2.0, 1.05, True), (20.0, 3.9, False), (20.0, 4.1, True)],
)
def test_a_movement_not_followed_for_a_second_and_a_fifth_of_the_time_is_told(judged, unfollowed, told):
    lines = notes(rep(), judged=judged, unfollowed=unfollowed)
    assert has(lines, f"For {unfollowed:.1f} s the movement could not be followed") == told


@pytest.mark.parametrize(("judged", "told"), [(0.45, True), (0.55, False)])
def test_a_position_judged_for_less_than_half_a_second_was_never_there(judged, told):
    assert has(notes(rep(), judged=judged), "Never saw the position of plane") == told


def test_nothing_counted_and_nothing_attempted_are_told_apart():
    assert has(notes(rep(1, counted=False)), "Nothing counted as plane.")
    assert has(notes(), "The position was held, but no repetition was seen.")
    assert not has(notes(rep(1, counted=False), rep(2)), "Nothing counted")


@pytest.mark.parametrize(("unsure", "told"), [(7.9, False), (8.1, True)])
def test_a_position_that_could_not_be_judged_for_a_fifth_of_the_time_is_told(unsure, told):
    line = f"For {unsure:.1f} s the position could not be judged"
    assert has(notes(unsure=unsure), line) == told
    # Attempts there were: it is not asked why the position was never there.
    assert not has(notes(rep(1, counted=False), unsure=unsure), line)
    assert has(notes(judged=0.1, unsure=unsure), line) == told


@pytest.mark.parametrize(("aslant", "told"), [([8.1] * 4, True), ([7.9] * 4, False), ([8.1] * 3, False)])
def test_a_body_that_lies_aslant_is_told_where_it_was_seen_so_often_enough(aslant, told):
    it = session()
    it.aslant.extend(aslant)
    assert (
        has(build_report(it, dict(SOURCE))["notes"], "The body lies aslant in the picture by about 8 degrees") == told
    )


@pytest.mark.parametrize(("seconds", "told"), [(0.45, False), (0.55, True)])
def test_what_was_outside_the_picture_is_named_from_half_a_second_on(seconds, told):
    it = session(rep(), judged=2.0, unfollowed=1.5)
    part = next(iter(it.outside))
    it.outside[part] = seconds
    lines = build_report(it, dict(SOURCE))["notes"]
    assert has(lines, f"the {part} was outside the picture for {seconds:.1f} s.") == told
    assert has(lines, "the joints it needs were hidden or out of the picture.") != told


def test_a_bridged_hold_is_told_unless_the_attempt_was_cut():
    line = "0.9 s of the hold at 12.0 s could not be seen: it was held before and after."
    assert line in notes(rep(bridged_s=0.9))
    assert line not in notes(rep(bridged_s=0.9, cut="gap"))
    assert not has(notes(rep()), "of the hold at")


@pytest.mark.parametrize(("judged", "told"), [(0.9, True), (1.1, False)])
def test_a_check_judged_for_less_than_a_fifth_of_the_time_it_was_not_is_told(judged, told):
    it = session(rep())
    watch = next(w for w in it.judge.watches if w.check.id == "arm-low")
    watch.total.unknown_s, watch.total.judged_s = 5.0, judged
    assert has(build_report(it, dict(SOURCE))["notes"], "Could not judge arm-low: ") == told


BLIND = "The person could not be seen in position from 5.0 to 9.0 s: what was done then is not judged."


@pytest.mark.parametrize(
    ("hung", "told"),
    [([], True), ([(5.9, 8.1)], False), ([(6.1, 8.1)], True), ([(5.9, 7.9)], True), ([(20.0, 25.0)], True)],
)
def test_time_that_was_blind_is_told_but_where_the_picture_stood_still(hung, told, monkeypatch):
    it = session(rep())
    it.judge.blind.append((5.0, 9.0))
    monkeypatch.setattr(Session, "hung", hung)
    lines = build_report(it, dict(SOURCE))["notes"]
    assert (BLIND in lines) == told
    still = [
        f"The picture stood still from {a:.1f} to {b:.1f} s: what was done then could not be seen." for a, b in hung
    ]
    assert [x for x in lines if "stood still" in x] == still


@pytest.mark.parametrize(
    ("roll", "says"),
    [
        (Roll(degrees=7.0), "The picture is turned by 7 degrees clockwise"),
        (Roll(degrees=-7.0), "The picture is turned by 7 degrees counter-clockwise"),
        (Roll(unsure=4.0), "The camera is tilted by up to 8 degrees"),
        (Roll(beyond=-20.0), "The camera is tilted by about 20 degrees, too much to be undone"),
    ],
)
def test_what_was_made_of_a_tilted_camera_is_told(roll, says, monkeypatch):
    monkeypatch.setattr(Session, "roll", roll)
    assert has(notes(rep()), says)
    monkeypatch.setattr(Session, "roll", Roll())
    assert not has(notes(rep()), "degrees")


def test_a_roll_that_a_standing_body_tells_is_told_as_that(monkeypatch):
    monkeypatch.setattr(Session, "roll", Roll(degrees=-8.0, unsure=4.0))
    (line,) = [n for n in notes(rep(), exercise="toe-squat") if "degrees" in n]
    assert "turned by some 8 degrees counter-clockwise, as a body that stands straight shows" in line
    assert "mildly" in line


@pytest.mark.parametrize(("exercise", "sides"), [("plane", True), ("swan", False)])
def test_too_few_pictures_are_told_and_that_they_tell_no_sides_where_sides_matter(exercise, sides, monkeypatch):
    monkeypatch.setattr(Session, "too_few", 6.4)
    lines = notes(rep(), exercise=exercise)
    assert has(lines, "Only 6 pictures a second were seen")
    assert has(lines, "to tell the sides apart") == sides


def test_what_is_given_is_put_first_and_nothing_is_said_twice():
    it = session(rep())
    got = build_report(it, dict(SOURCE), extra_notes=["given"], recognised={"exercise": "plane", "confidence": 0.9})
    assert got["notes"][0] == "given"
    assert got["recognised"] == {"exercise": "plane", "confidence": 0.9}
    assert len(set(got["notes"])) == len(got["notes"])


def test_holds_are_listed_for_an_exercise_that_is_held_for_its_own_sake():
    it = session(rep(), exercise="side-plank")
    it.holds.extend([(1.0, 4.5), (6.0, 16.0)])
    assert build_report(it, dict(SOURCE))["holds"] == [
        {"from_s": 1.0, "to_s": 4.5, "seconds": 3.5},
        {"from_s": 6.0, "to_s": 16.0, "seconds": 10.0},
    ]
    assert "holds" not in report(rep())


# ---- what else it may have been --------------------------------------------------------------------------------------
class Votes:
    """Positions seen, the likeliest first."""

    def __init__(self, *names: str) -> None:
        self._names = list(names)

    def best(self) -> list[str]:
        return self._names


def instead(*names: str, found=100, upright=True, ball=False):
    it = session(rep(1, counted=False))
    it.found, it.upright, it.positions = found, upright, Votes(*names)
    it.ball.seen = ball
    (line,) = [x for x in build_report(it, dict(SOURCE))["notes"] if x.startswith("Nothing counted as plane.")]
    return line.removeprefix("Nothing counted as plane.").strip()


def test_what_was_seen_instead_is_told():
    look = "What was seen looks like "
    assert instead("swan").startswith(look + "swan (")
    both = instead("swan", "toe-squat")
    assert both.startswith(look + "swan (") and ") or toe-squat (" in both
    assert instead("swan", "plane") == ""
    assert instead() == ""
    assert instead("swan", found=0) == "Nobody was seen."
    assert instead("swan", upright=False) == "The picture is turned."


def test_an_exercise_on_the_ball_is_named_where_a_ball_was_seen():
    assert instead("ball-kneel") == ""
    assert "ball-kneel (" in instead("ball-kneel", ball=True)


def test_what_is_not_known_of_a_ball_is_told_of_the_ball():
    it = session(rep(), exercise="heel-bridge")
    watch = next(w for w in it.judge.watches if w.check.id == "ball-lost")
    watch.total.unknown_s = 5.0
    assert "Could not judge ball-lost: no ball was seen." in build_report(it, dict(SOURCE))["notes"]


def test_what_was_seen_of_the_ball_stands_in_the_report_of_an_exercise_that_uses_one():
    it = session(rep(), exercise="heel-bridge")
    seen = {"share": 0.87654, "travel_torso": 0.12345, "floor_y_px": 301.26}
    it.ball = SimpleNamespace(radius_torso=0.51234, seen=9.0, torso_cm=lambda cm: cm * 0.98765, **seen)
    assert build_report(it, dict(SOURCE), ball_cm=55.0)["ball"] == {
        "seen": 0.877,
        "diameter_torso": 1.02,
        "travel_torso": 0.123,
        "floor_y_px": 301.3,
        "diameter_cm": 55.0,
        "torso_cm": 54.3,
    }
    it.ball = SimpleNamespace(**{**vars(it.ball), "radius_torso": None, "floor_y_px": None})
    got = build_report(it, dict(SOURCE))["ball"]
    assert [got[k] for k in ("diameter_torso", "floor_y_px", "diameter_cm", "torso_cm")] == [None] * 4
    assert "ball" not in report(rep())


def test_where_nothing_was_recognised_nothing_is_counted():
    got = empty_report(dict(SOURCE), {"exercise": None, "confidence": 0.1}, ["first"])
    assert got["counts"] == {"total": 0, "left": 0, "right": 0}
    assert got["coverage"] == dict.fromkeys(("pose", "in_position", "judged", "withheld"))
    assert got["view"] == {"kind": "unknown", "near_side": None, "ok": False, "advice": []}
    assert (got["exercise"], got["reps"], got["faults"], got["score"], got["limits"]) == (None, [], [], None, {})
    assert got["notes"][0] == "first"
    assert got["notes"][1].startswith("What was seen fits none of the exercises")
    assert set(report()) - set(got) == set()
