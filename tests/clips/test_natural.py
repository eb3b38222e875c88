"""Rendered people who behave like people: no rest between repetitions, set-up and walk-off, others in the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from formcheck.analysis.clip import analyze_clip
from formcheck.evaluation.attempts import pair
from formcheck.evaluation.truth import read_truth
from formcheck.evaluation.ways import difference, seen_in
from formcheck.judging.exercises import get_exercise
from formcheck.judging.session.session import Session
from formcheck.showing.report.build import build_report
from formcheck.sight.pose.trackfile import read_track
from formcheck.sight.pose.types import Observation

from .sample import FOLDER

NATURAL = sorted((FOLDER / "natural").glob("*.mp4"))
clips = pytest.mark.parametrize(
    "clip", [pytest.param(p, id=p.stem, marks=pytest.mark.xdist_group(p.stem)) for p in NATURAL]
)
Report = Mapping[str, Any]


@pytest.fixture(scope="session")
def report_of(track_of: Callable[..., Path]) -> Callable[[Path], Report]:
    done: dict[Path, Report] = {}

    def get(clip: Path) -> Report:
        if clip not in done:
            done[clip] = analyze_clip(track_of(clip), read_truth(clip.with_suffix(".json")).exercise).report
        return done[clip]

    return get


def judged(observations: Iterator[Observation] | list[Observation], exercise: str, *, live: bool) -> Report:
    session = Session(get_exercise(exercise), live=live, ball_sought=True)
    for o in observations:
        session.update(o)
    session.finish()
    return build_report(session, {})


def test_there_is_one_of_each_exercise() -> None:
    assert len({p.stem.split("-natural-")[0] for p in NATURAL}) == len(NATURAL) == 9


@clips
def test_every_attempt_is_listed_once_and_nothing_else(clip: Path, report_of: Callable[[Path], Report]) -> None:
    truth = read_truth(clip.with_suffix(".json"))
    found = pair(truth, report_of(clip)["reps"])
    assert (found.missed, found.extra, found.wrongly_counted, found.wrong_labels) == ((), (), (), ())


@clips
def test_the_faults_acted_are_told_and_no_other(clip: Path, report_of: Callable[[Path], Report]) -> None:
    truth = read_truth(clip.with_suffix(".json"))
    told = {f["id"] for f in report_of(clip)["faults"]}
    assert truth.faults <= told
    assert told <= truth.faults | truth.also_ok


@clips
def test_the_list_is_the_same_live_and_with_fewer_frames(
    clip: Path, track_of: Callable[..., Path], report_of: Callable[[Path], Report]
) -> None:
    exercise = read_truth(clip.with_suffix(".json")).exercise
    assert exercise is not None
    observations = list(read_track(track_of(clip)))
    assert difference(report_of(clip), judged(observations, exercise, live=True)) is None
    for way in ("adaptive", "12", "10", "8"):
        seen = seen_in(way, observations)
        assert seen is not None
        assert difference(report_of(clip), judged(seen, exercise, live=False)) is None, way
