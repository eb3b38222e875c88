"""How much the limits owe to the people they were set with: each is set anew without one person, who is then judged.

    python benchmarks/leave_one_out.py FOLDER [--person REGEX] [--factors 0.7,0.85,...] [--json FILE]

FOLDER holds tracks (``NAME.track.npz``) with truth beside them (``NAME.json``); the person is what REGEX finds in the
name (one group). For every exercise with clips of two persons or more, and every person, each limit of the exercise is
moved by the factors, and set to the middle of the longest run of factors with which the most lists of attempts of the
*other* persons are exact; a limit that changes nothing there stays. With all limits set so the clips of the person left
out are judged. Printed are the exact lists with the limits as they are, the exact lists so, and which limits the lists
hang on most.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from formcheck.evaluation.attempts import pair
from formcheck.evaluation.labels import Truth
from formcheck.evaluation.truth import read_truth
from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.limits import Limits
from formcheck.judging.session.session import Session
from formcheck.showing.report.build import build_report
from formcheck.sight.pose.trackfile import SUFFIX, read_track
from formcheck.sight.pose.types import Track

FACTORS = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)


@dataclass(frozen=True)
class Clip:
    """A track with its truth, and whose it is."""

    name: str
    person: str
    track: Track
    truth: Truth


def clips_of(folder: Path, person: re.Pattern[str]) -> dict[str, list[Clip]]:
    """Return the clips that are scored, by exercise."""
    out: dict[str, list[Clip]] = defaultdict(list)
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        name = path.name.removesuffix(SUFFIX)
        truth, who = path.with_name(f"{name}.json"), person.search(name)
        if not truth.is_file() or who is None:
            continue
        true = read_truth(truth)
        if true.exercise is not None and true.reps is not None and true.sure:
            out[true.exercise].append(Clip(name, who[1], read_track(path), true))
    return out


def exact(clip: Clip, values: Mapping[str, float]) -> bool:
    """Return whether the list of attempts is exact with some limits moved."""
    exercise = get_exercise(str(clip.truth.exercise))
    session = Session(exercise, Limits(exercise.id, exercise.limits, values), notes=False, ball_sought=True)
    for observation in clip.track:
        session.update(observation)
    session.finish()
    return pair(clip.truth, build_report(session, {})["reps"]).exact


def best(scores: Mapping[float, int]) -> float:
    """Return the middle of the longest run of factors with the most exact lists; 1 where all are alike.

    Examples
    --------
    >>> best({0.8: 3, 0.9: 5, 1.0: 5, 1.1: 5, 1.2: 4})
    1.0
    >>> best({0.8: 5, 0.9: 5, 1.0: 4, 1.1: 5, 1.2: 5})
    0.8
    """
    most, runs = max(scores.values()), [[]]  # type: ignore[var-annotated]
    for factor in sorted(scores):
        if scores[factor] == most:
            runs[-1].append(factor)
        elif runs[-1]:
            runs.append([])
    run = max(runs, key=len)
    return 1.0 if len(run) == len(scores) else float(run[(len(run) - 1) // 2])


def left_out(exercise: str, clips: Sequence[Clip], factors: Sequence[float]) -> dict[str, Any]:
    """Return the figures of one exercise."""
    values = {n: v for n, v in Limits(exercise, get_exercise(exercise).limits).items() if v}

    @cache
    def is_exact(k: int, name: str, factor: float) -> bool:
        return exact(clips[k], {name: values[name] * factor} if factor != 1.0 else {})

    now = [is_exact(k, next(iter(values)), 1.0) for k in range(len(clips))]
    folds = {}
    for person in sorted({c.person for c in clips}):
        others = [k for k, c in enumerate(clips) if c.person != person]
        moved = {}
        for name, value in values.items():
            scores = {
                f: sum(is_exact(k, name, f) for k in others) if f != 1.0 else sum(now[k] for k in others)
                for f in factors
            }
            if (factor := best(scores)) != 1.0:
                moved[name] = value * factor
        own = [c for c in clips if c.person == person]
        folds[person] = {"moved": moved, "clips": {c.name: exact(c, moved) for c in own}}
    hangs = {n: min(sum(is_exact(k, n, f) for k in range(len(clips))) for f in factors if f != 1.0) for n in values}
    return {
        "clips": len(clips),
        "exact": sum(now),
        "exact_left_out": sum(ok for f in folds.values() for ok in f["clips"].values()),
        "people": folds,
        "fewest_exact_when_moved": dict(sorted(hangs.items(), key=lambda x: x[1])[:5]),
    }


def main(words: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--person", type=re.compile, default=re.compile(r"-(p\d+)(?:-|$)"), metavar="REGEX")
    parser.add_argument("--factors", type=lambda s: tuple(float(f) for f in s.split(",")), default=FACTORS)
    parser.add_argument("--exercise", help="only this one")
    parser.add_argument("--json", type=Path, metavar="FILE")
    a = parser.parse_args(words)
    figures = {}
    for exercise, clips in clips_of(a.folder, a.person).items():
        if len({c.person for c in clips}) < 2 or a.exercise not in (None, exercise):
            continue
        f = figures[exercise] = left_out(exercise, clips, a.factors)
        print(
            f"{exercise}: {f['exact']} of {f['clips']} lists exact, {f['exact_left_out']} with limits set without them"
        )
        for person, fold in f["people"].items():
            wrong = [n for n, ok in fold["clips"].items() if not ok]
            print(f"  without {person}: {len(fold['moved'])} limits moved; not exact: {', '.join(wrong) or 'none'}")
        print(f"  fewest exact when one limit is moved: {f['fewest_exact_when_moved']}", flush=True)
    if not figures:
        parser.error(f"no exercise with tracks and truth of two people or more in {a.folder}")
    n, now, out = (sum(f[k] for f in figures.values()) for k in ("clips", "exact", "exact_left_out"))
    print(f"all: {now} of {n} lists exact, {out} with limits set without the person")
    if a.json:
        a.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
