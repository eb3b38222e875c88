"""The sample videos with their truth, read straight from the files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from formcheck.judging.exercises import exercises

FOLDER = Path(__file__).resolve().parents[2] / "sample_videos"


@dataclass(frozen=True)
class Sample:
    """A clip and what really happens in it."""

    name: str
    truth: dict[str, Any]

    @property
    def video(self) -> Path:
        """The clip."""
        return FOLDER / f"{self.name}.mp4"

    @property
    def exercise(self) -> str:
        """Id of the exercise shown."""
        return str(self.truth["exercise"])

    @property
    def reps(self) -> list[tuple[str | None, bool]]:
        """Side (or block) and counted, in order."""
        return rep_list(self.truth["reps"])

    @property
    def faults(self) -> set[str]:
        """Ids of the faults acted."""
        return {f["id"] for f in self.truth["faults"]}


def rep_list(reps: list[dict[str, Any]]) -> list[tuple[str | None, bool]]:
    """Return side (or block) and counted of each repetition."""
    return [(r.get("block") or r["side"], bool(r["counted"])) for r in reps]


def read(name: str) -> Sample:
    """Return a sample by its name."""
    return Sample(name, json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


ALL = [read(p.stem) for p in sorted(FOLDER.glob("*.json"))]
#: Those of exercises that can be judged.
JUDGED = [s for s in ALL if s.exercise in exercises()]


def params(chosen: list[Sample]) -> Any:
    """Parametrize a test by ``sample``; the tests of one clip run in one worker, so that nobody waits for its track."""
    marked = [pytest.param(s, id=s.name, marks=pytest.mark.xdist_group(s.name)) for s in chosen]
    return pytest.mark.parametrize("sample", marked)
