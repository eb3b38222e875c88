"""A film looked at in stretches gives what it gives in one, whatever becomes of a stretch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from formcheck.analysis.feed import Feed, damaged_note
from formcheck.analysis.stretches import AGREE_S, LEAD_S, Stretches, agree, cuts
from formcheck.errors import InputError
from formcheck.sight.pose.types import Ball, Observation, Pose

#: Places of the 33 landmarks (px) of a body with a torso of 100 px.
BODY = np.random.default_rng(1).uniform(0, 100, (33, 4))
BODY[[11, 12], :2], BODY[[23, 24], :2] = (50, 0), (50, 100)


def seen(t: float, *, x: float = 0.0, ball: float | None = None, persons: int = 1) -> Observation:
    """A body that stands at *x* (px) and bends slowly, with or without a ball."""
    places = BODY.copy()
    places[:, 0] += x + 10 * np.sin(t)
    found = None if ball is None else Ball(ball, 100.0, 40.0, 1.0)
    return Observation(t, Pose(places, BODY), (640, 360), found, 100.0, persons)


Show = Callable[[float | None, float], Observation | None]


def as_it_is(_: float | None, t: float) -> Observation:
    """What everybody sees, wherever he begins."""
    return seen(t)


def film(show: Show, end: float, *, fps: float = 10.0, damaged: float | None = None) -> Callable[..., object]:
    """A film that can be entered anywhere; a piece of it is damaged at the time *damaged*."""

    @contextmanager
    def opened(start: float | None) -> Iterator[Feed]:
        times = np.arange(0, end, 1 / fps).round(3)
        feed = Feed({"duration_s": end}, (640, 360), iter(()), notes=["a note"])
        count = 0

        def items() -> Iterator[tuple[None, float, Observation | None]]:
            nonlocal count
            for t in times[times >= (start or 0.0)].tolist():
                count += t == damaged
                yield None, t, show(start, t)
            if count:
                feed.notes.append(damaged_note(count))

        feed.items, feed.damaged = items(), lambda: count
        yield feed

    return opened


def joined(show: Show, *, end: float = 30.0, marks: tuple[float, ...] = (10.0, 20.0), **how: float) -> Stretches:
    """Look at a film in stretches to its end; return them, with what they gave as ``given``."""
    told = how.pop("told", end)
    with Stretches(film(show, end, **how), 0.0, told, 2, marks) as stretches:  # type: ignore[arg-type]
        stretches.given = list(stretches)  # type: ignore[attr-defined]
    return stretches


def xs(stretches: Stretches) -> list[float | None]:
    """Where the body is taken to stand, frame by frame."""
    given: list[tuple[float, Observation | None]] = stretches.given  # type: ignore[attr-defined]
    assert [t for t, _ in given] == np.arange(0, given[-1][0] + 0.05, 0.1).round(3).tolist()
    return [
        None if o is None or o.pose is None else round(float(o.pose.image[11, 0] - 50 - 10 * np.sin(t)))
        for t, o in given
    ]


def test_every_frame_comes_once_and_in_order() -> None:
    stretches = joined(as_it_is)
    assert xs(stretches) == [0.0] * 300
    assert stretches.looked_s == pytest.approx(30.0, abs=0.5)
    assert (stretches.notes, stretches.source["duration_s"]) == (["a note"], 30.0)


def test_whoever_sees_somebody_else_is_not_joined_until_he_sees_the_same() -> None:
    def late(start: float | None, t: float) -> Observation:
        return seen(t, x=300.0 if start is not None and t < 14.0 else 0.0)

    assert xs(joined(late)) == [0.0] * 300


@pytest.mark.parametrize("marks", [(15.0,), (10.0, 20.0), (6.0, 12.0, 18.0, 24.0)])
def test_where_they_never_agree_the_first_goes_on_to_the_end(marks: tuple[float, ...]) -> None:
    def other(start: float | None, t: float) -> Observation:
        return seen(t, x=0.0 if start is None else 100.0 + start)

    assert xs(joined(other, marks=marks)) == [0.0] * 300


def test_one_that_never_agrees_is_overtaken_and_the_next_one_joined() -> None:
    begun = []

    def other(start: float | None, t: float) -> Observation:
        begun.append((start, t))
        return seen(t, x=300.0 if start == 10.0 - LEAD_S else 0.0)

    assert xs(joined(other)) == [0.0] * 300
    assert max(t for s, t in begun if s is None) < 21.0


def test_one_that_fails_before_it_is_joined_is_left_to_the_one_before() -> None:
    def fails(start: float | None, t: float) -> Observation:
        if start is not None:
            raise MemoryError
        return seen(t)

    assert xs(joined(fails)) == [0.0] * 300


@pytest.mark.parametrize("at", [5.0, 25.0])
def test_what_nobody_can_look_at_is_an_error(at: float) -> None:
    def broken(_: float | None, t: float) -> Observation:
        if t >= at:
            raise InputError("this film is broken")
        return seen(t)

    with pytest.raises(InputError, match="broken"):
        joined(broken)


def test_a_film_that_ends_sooner_than_it_says() -> None:
    assert len(xs(joined(as_it_is, end=13.0, told=30.0))) == 130


def test_damage_is_counted_once() -> None:
    # At 9 s: in the first stretch, and where the second one begins to look.
    stretches = joined(as_it_is, damaged=9.0)
    assert (stretches.damaged(), stretches.notes) == (1, ["a note"])


def test_whoever_leaves_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    with Stretches(film(as_it_is, 1e4), 0.0, 1e4, 2, (5e3,)) as stretches:  # type: ignore[arg-type]
        assert next(iter(stretches))[0] == 0.0
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"x": 10.0}, True),
        ({"x": 25.0}, False),
        ({"persons": 2}, False),
        ({"ball": 205.0}, True),
        ({"ball": 230.0}, False),
        ({"ball": None}, False),
    ],
)
def test_agreement(other: dict[str, float], same: bool) -> None:
    times = np.arange(0, 3, 0.1).tolist()
    one = [(t, seen(t, ball=200.0)) for t in times]
    # Looks at other moments are compared with what lies between.
    two = [(t + 0.04, seen(t + 0.04, **{"ball": 200.0, **other})) for t in times]  # type: ignore[arg-type]
    assert agree(one, two, 2.9) is same


def test_nobody_agrees_with_nobody_alone() -> None:
    times = np.arange(0, 3, 0.1).tolist()
    nobody = [(t, Observation(t, None, (640, 360), persons=0)) for t in times]
    assert agree(nobody, nobody, 2.9)
    assert not agree(nobody, [(t, seen(t, persons=0)) for t in times], 2.9)
    assert not agree(nobody, [], 2.9)
    assert not agree([(t, o) for t, o in nobody if t < 2.9 - 2 * AGREE_S], nobody, 2.9)


def test_where_stretches_begin() -> None:
    assert cuts(0.0, 60.0, 2) == [31.6], "the later one has to start, and begins to look before its part"
    assert cuts(0.0, 10.0, 2) == [7.8]
    assert cuts(0.0, 9.9, 2) == [], "too short to be worth it"
    assert cuts(3.0, 363.0, 2) == pytest.approx([177.0]), "who looks first judges, too"
    assert cuts(3.0, 364.0, 2) == pytest.approx([84.2, 177.4, 270.8])
