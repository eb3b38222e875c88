"""How many pictures of a source are looked at."""

from __future__ import annotations

import pytest

from formcheck.analysis.clip import _wanted_of
from formcheck.analysis.feed import MIN_STEP_S, _sampler
from formcheck.analysis.options import FAST_FPS, Options
from formcheck.judging.exercises import exercises
from formcheck.judging.exercises.chosen import AUTO
from formcheck.sight.pose.sampling import BODY_S, AdaptiveSampler, SteadySampler


@pytest.mark.parametrize(
    ("asked", "fps", "adaptive"),
    [
        ({}, 30.0, False),
        ({"adaptive": None}, FAST_FPS, False),
        ({"adaptive": None}, FAST_FPS + 0.01, True),
        ({"adaptive": None}, 30.0, True),
        ({"adaptive": None}, None, False),
        ({"adaptive": None, "every_frame": True}, 30.0, False),
        ({"adaptive": True}, 12.0, True),
        ({"adaptive": True, "every_frame": True}, 30.0, False),
    ],
)
def test_a_fast_film_is_looked_at_less_often_than_it_has_pictures(
    asked: dict[str, bool | None], fps: float | None, adaptive: bool
) -> None:
    sampler = _sampler(Options(**asked), fps)  # type: ignore[arg-type]
    assert isinstance(sampler, AdaptiveSampler if adaptive else SteadySampler)
    if isinstance(sampler, SteadySampler):
        assert sampler.step_s == (0.0 if asked.get("every_frame") else MIN_STEP_S)


def test_as_often_as_the_exercise_wants() -> None:
    wanted = {e: _wanted_of(Options(adaptive=True), e, ()).look_s for e in exercises()}
    assert wanted.pop("side-plank") == pytest.approx(1 / 15)
    assert set(wanted.values()) == {BODY_S}
    assert _wanted_of(Options(), AUTO, ()).look_s == BODY_S
    sampler = _sampler(Options(adaptive=True, look_s=1 / 15), 30.0)
    assert isinstance(sampler, AdaptiveSampler) and sampler.body_s == 1 / 15
