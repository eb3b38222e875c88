"""Analyses of the sample videos, each made once a session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from formcheck.analysis.clip import Analysis, analyze_clip

from .sample import Sample

Judge = Callable[[Sample], Analysis]


@pytest.fixture(scope="session")
def judged(track_of: Callable[..., Path]) -> Judge:
    """Return the analysis of a sample as its own exercise."""
    done: dict[str, Analysis] = {}

    def get(sample: Sample) -> Analysis:
        if sample.name not in done:
            done[sample.name] = analyze_clip(track_of(sample.video), sample.exercise, keep_measures=True)
        return done[sample.name]

    return get
