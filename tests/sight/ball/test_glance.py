"""A glance tells a ball that lies still from one that moved, and does not claim to see what it cannot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.sight.ball.glance import rim_colours, unchanged

from .pictures import Image, draw_ball, room

CIRCLE = np.array([296.0, 237.0, 48.0, 1.0])


def picture(dx: float = 0.0, colour: tuple[int, int, int] = (40, 80, 180), seed: int = 0, noise: float = 3.0) -> Image:
    """A ball in a room, moved by *dx* radii, as a camera with some noise sees it."""
    image = draw_ball(room(), CIRCLE[0] + dx * CIRCLE[2], CIRCLE[1], CIRCLE[2], colour)
    grain = np.random.default_rng(seed).normal(0, noise, image.shape)
    return np.clip(image + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("colour", [(40, 80, 180), (190, 40, 45), (225, 190, 50), (35, 35, 38)])
def test_a_ball_that_lies_still_is_unchanged(colour: tuple[int, int, int]) -> None:
    before = rim_colours(picture(colour=colour), CIRCLE)
    assert unchanged(before, rim_colours(picture(colour=colour, seed=1), CIRCLE))


@given(st.one_of(st.floats(-1, -0.08), st.floats(0.08, 1)), st.integers(2, 20))
def test_a_ball_that_moved_is_not(dx: float, seed: int) -> None:
    assert not unchanged(rim_colours(picture(), CIRCLE), rim_colours(picture(dx, seed=seed), CIRCLE))


def test_noise_as_strong_as_the_rim_proves_nothing() -> None:
    faint = (160, 130, 100)
    before = rim_colours(picture(colour=faint, noise=25.0), CIRCLE)
    assert not unchanged(before, rim_colours(picture(colour=faint, seed=1, noise=25.0), CIRCLE))


@given(st.floats(-900, 1500), st.floats(-900, 1500), st.floats(1, 900))
def test_any_circle_may_be_glanced_at(x: float, y: float, r: float) -> None:
    seen = rim_colours(picture(), np.array([x, y, r, 0.8]))
    assert seen.shape == (24, 4, 3)
