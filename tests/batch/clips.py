"""Small tracks to run batches on."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.batch.pool import Records
from formcheck.batch.settings import ClipSettings
from formcheck.batch.work import Task, Warm, do_clip
from formcheck.sight.pose.trackfile import write_track
from formcheck.sight.pose.types import Track

from ..judging.exercises.stick import dips, shoot, side_support


@cache
def side_plank(reps: int = 1) -> Track:
    """A side plank with so many dips, ten poses a second."""
    whole = shoot(side_support, dips(reps))
    keep = np.arange(0, len(whole), 2)
    return Track(whole.t[keep], whole.image[keep], whole.world[keep], whole.ball[keep], whole.size)


def put(path: Path, reps: int = 1) -> Path:
    """Write a track of a side plank."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_track(side_plank(reps), path)
    return path


def put_broken(path: Path) -> Path:
    """Write what is no track."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PK\x03\x04 cut short")
    return path


def put_endless(path: Path) -> Path:
    """Make a clip that never gives a byte: who reads it waits for ever."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    return path


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table."""
    with path.open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def results(out: Path) -> dict[str, dict[str, str]]:
    """Read the results by clip; a clip that stands there twice fails the test."""
    table = rows(out / "results.csv")
    by_clip = {r["clip"]: r for r in table}
    assert len(by_clip) == len(table)
    return by_clip


def journal(out: Path) -> list[dict[str, Any]]:
    """Read the records of clips."""
    lines = (out / "journal.jsonl").read_text().splitlines()
    return [r for r in map(json.loads, lines) if r["kind"] == "clip"]


class InThisProcess:
    """In place of the workers of a batch: does the clips where the test runs."""

    def __init__(self, settings: ClipSettings, *_: object) -> None:
        self._settings = settings

    def run(self, tasks: Iterable[Task]) -> Records:
        """Do all tasks."""
        for task in tasks:
            yield task, do_clip(task, self._settings, Warm(None))
