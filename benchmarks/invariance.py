"""What the person did not do is no fault: sample clips, each disturbed in many ways, against the clip as it is.

    python benchmarks/invariance.py [NAME ...] [--from FOLDER] [--pixels] [--only NAME ...] [--json FILE]
    python benchmarks/invariance.py --own FOLDER [--only NAME ...] [--json FILE]

NAME is a sample clip (default: a dozen, at least one of each exercise). Its poses are the true landmarks, or the tracks
``NAME.track.npz`` of FOLDER; with --pixels the pictures themselves are disturbed and looked at by the pose model, which
takes some 20 s a cell. With --own it is all tracks NAME.track.npz of FOLDER with truth NAME.json beside them. Printed
is a table clip x disturbance with a letter for every cell:

    .  ok: the same list of attempts and the same ids of faults
    -  withheld: less, and the report says that it could not be seen (in the notes, or in an attempt's *why*)
    X  wrong: an attempt, a count, a side or a fault that the undisturbed clip has not, or one missing without a reason

and, below, each cell that is not ok with what differs. Exit code 1 when a cell is wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from disturb import ACTIVITY, ACTIVITY_S, DISTURBANCES, SAMPLES, Disturbance, Disturbed, Scene, activity

from formcheck.analysis.clip import analyze_clip
from formcheck.analysis.feed import Feed
from formcheck.evaluation.attempts import interval_of, pair
from formcheck.evaluation.labels import Truth, TruthRep
from formcheck.evaluation.truth import read_truth
from formcheck.evaluation.ways import difference
from formcheck.sight.pose.trackfile import read_track
from formcheck.sight.pose.types import Observation, Track

#: A dozen clips and a few: each exercise, right and wrong, posed and natural.
CLIPS = (
    "plane-correct",
    "plane-hip-sag",
    "shoulder-bridge-correct",
    "shoulder-bridge-leg-low",
    "swan-correct",
    "toe-squat-correct",
    "side-plank-hip-sag",
    "side-lift-correct-right",
    "heel-bridge-correct",
    "ball-kneel-correct",
    "ball-warmup-sideways",
    "natural/plane-natural-abandoned",
    "natural/shoulder-bridge-natural-continuous",
    "natural/side-plank-natural-setup",
    "natural/toe-squat-natural-arms",
)
TREMBLE_PX = 0.05
OK, WITHHELD, WRONG = "ok", "withheld", "wrong"
LETTERS = {OK: ".", WITHHELD: "-", WRONG: "X"}
#: A note or a *why* that tells of this is a reason not to judge.
UNSEEN = re.compile(
    r"could not be (seen|judged|followed)|could not judge|not judged|outside the picture|hidden|stood still",
    re.IGNORECASE,
)

Report = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """What became of a clip in a disturbance: ``ok``, ``withheld`` or ``wrong``, and what differs."""

    clip: str
    disturbance: str
    state: str
    why: str = ""


# ---- clips ----------------------------------------
def true_track(name: str) -> Track:
    """Return the true landmarks of a sample video as if a pose model had seen them well."""
    with np.load(SAMPLES / f"{name}.npz") as z:
        t, px, xyz, ball = (np.asarray(z[k], dtype=np.float64) for k in ("t", "px", "xyz", "ball_px"))
    n = len(t)
    seen = np.full((n, 33, 1), 0.95)
    middle = xyz[:, 23:25].mean(axis=1, keepdims=True)
    # No model draws a body that does not tremble at all.
    px = px + np.random.default_rng(1).normal(0.0, TREMBLE_PX, px.shape)
    image = np.concatenate([px, np.zeros((n, 33, 1)), seen], axis=2)
    world = np.concatenate([(xyz - middle) * (1, -1, -1), seen], axis=2)
    balls = np.full((n, 4), np.nan)
    if ball.ndim == 2 and ball.shape[1] >= 3:
        balls[:, :3] = ball[:, :3]
        balls[np.isfinite(ball[:, 0]), 3] = 0.95
    return Track(t, image, world, balls, (640, 360))


def track_of(name: str, folder: Path | None) -> Track:
    """Return the poses of a sample clip: the true ones, or those of a folder of tracks."""
    if folder is None:
        return true_track(name)
    return read_track(folder / f"{name.rpartition('/')[2]}.track.npz")


def truth_of(name: str) -> Truth:
    """Return what really happens in a sample clip."""
    return read_truth(SAMPLES / f"{name}.json")


@cache
def something_else(folder: Path | None) -> tuple[Observation, ...]:
    """Return 20 s of somebody who does nothing of the routine."""
    tracks = {name: list(track_of(name, folder)) for name, _, _ in ACTIVITY}
    return tuple(activity([(tracks[name], a, b) for name, a, b in ACTIVITY], ACTIVITY_S))


# ---- judging ----------------------------------------
def judged(seen: Sequence[Observation], exercise: str) -> dict[str, Any]:
    """Return the report on observations."""
    source = {
        "path": "disturbed.track.npz",
        "kind": "track",
        "duration_s": seen[-1].t - seen[0].t,
        "fps": None,
        "width": seen[0].size[0],
        "height": seen[0].size[1],
        "frames": len(seen),
        "frames_used": len(seen),
        "rotation": 0,
    }

    @contextmanager
    def feed(*_: object) -> Iterator[Feed]:
        yield Feed(source, seen[0].size, iter([(None, o.t, o) for o in seen]))

    return analyze_clip("disturbed.track.npz", exercise, feed_of=feed).report


def scene_of(report: Report, other: Sequence[Observation]) -> Scene:
    """Return where a hold and a movement of the middle attempt are."""
    reps = [r for r in report["reps"] if r.get("cut") is None]
    if not reps:
        return Scene(5.0, 3.0, other)
    rep = reps[len(reps) // 2]
    return Scene(rep["peak_s"], rep["start_s"] + min(1.0, (rep["peak_s"] - rep["start_s"]) / 2), other)


def undone(report: Report, disturbed: Disturbed) -> dict[str, Any]:
    """Return a report as it would be of the clip itself: times and sides as they are there."""
    exchange = {"left": "right", "right": "left"} if disturbed.mirrored else {}

    def name(word: str | None) -> str | None:
        if word is None:
            return None
        return re.sub(r"left|right", lambda m: exchange.get(m[0], m[0]), word)

    reps = [
        {
            **r,
            **{k: r[k] - disturbed.later_s for k in ("start_s", "peak_s", "end_s")},
            "side": name(r["side"]),
            "block": name(r.get("block")),
        }
        for r in report["reps"]
    ]
    return {**report, "reps": reps}


def verdict(usual: Report, other: Report, truth: Truth) -> tuple[str, str]:
    """Compare the report on a disturbed clip, undone, with that on the clip as it is.

    Returns
    -------
    (state, why)
    """
    reps = truth.reps or ()
    notes = [n for n in other["notes"] if UNSEEN.search(n)]
    new = [n for n in notes if n not in usual["notes"]]
    a, b = ({f["id"] for f in r["faults"]} for r in (usual, other))
    # What the clip really shows is not invented, though it may not be seen where nothing is disturbed.
    shown = (truth.faults or frozenset()).union(*(r.faults or () for r in reps))
    invented, missing = b - a - truth.allowed, (a - b) & shown - truth.also_ok - truth.may_withhold
    differs = difference(usual, other, reps)
    if differs is not None and truth.reps is not None and pair(truth, other["reps"]).exact:
        differs = None
    excused = [r for r in usual["reps"] if _excused(r, other)]
    if invented:
        return WRONG, f"invented {', '.join(sorted(invented))}"
    if differs is None and not missing and not excused:
        return OK, ""
    # What could not be seen may be missing; the rest must be the same.
    rest = {**usual, "reps": [r for r in usual["reps"] if r not in excused]}
    left = {**other, "reps": [r for r in other["reps"] if not _unseen(r)]}
    differs = difference(rest, left, reps)
    why = "; ".join(dict.fromkeys([*(str(r["why"]) for r in other["reps"] if _unseen(r)), *new]))
    if differs is not None and not (new and _less(rest, left, reps)):
        return WRONG, differs
    told = {f["id"] for r in rest["reps"] for f in r["faults"]}
    gone = {f for f in missing if f in told or not excused}
    silent = {f for f in gone if not any(f in n for n in notes) and not new}
    if silent:
        return WRONG, f"without {', '.join(sorted(silent))}, and no reason"
    return WITHHELD, why or "; ".join(notes)


def _unseen(rep: Mapping[str, Any]) -> bool:
    return rep.get("cut") == "gap" or (not rep["counted"] and bool(UNSEEN.search(rep.get("why") or "")))


def _excused(rep: Mapping[str, Any], other: Report) -> bool:
    """Whether an attempt was not judged for want of seeing it: one lies there that says so."""
    got = interval_of(rep)
    if got is None or rep.get("cut") is not None or _unseen(rep):
        return False
    return any(
        _unseen(r) and (s := interval_of(r)) is not None and min(s[1], got[1]) - max(s[0], got[0]) > 0.0
        for r in other["reps"]
    )


def _less(usual: Report, other: Report, reps: Sequence[TruthRep]) -> bool:
    """Whether a list has nothing that the usual one has not: attempts are missing, none is another.

    Of a movement that goes round and round without a rest, rounds that begin elsewhere are no others.
    """
    if len(other["reps"]) > len(usual["reps"]):
        return False
    blocks = {u.get("block") for u in usual["reps"]}
    for r in other["reps"]:
        if r.get("block") is not None and r["block"] in blocks:
            continue
        one = {**other, "reps": [r]}
        if all(difference({**usual, "reps": [u]}, one, reps) is not None for u in usual["reps"]):
            return False
    return True


def cell(
    name: str, truth: Truth, seen: Sequence[Observation], usual: Report, disturbance: Disturbance, scene: Scene
) -> Cell:
    """Disturb a clip in one way and judge it."""
    assert truth.exercise is not None
    disturbed = disturbance.make(seen, scene)
    state, why = verdict(usual, undone(judged(disturbed.seen, truth.exercise), disturbed), truth)
    return Cell(name, disturbance.name, state, why)


def row(name: str, only: Sequence[Disturbance] = DISTURBANCES, folder: Path | None = None) -> list[Cell]:
    """Return the cells of a clip."""
    return cells_of(name, truth_of(name), list(track_of(name, folder)), only, something_else(folder))


def cells_of(
    name: str, truth: Truth, seen: Sequence[Observation], only: Sequence[Disturbance], other: Sequence[Observation]
) -> list[Cell]:
    """Return the cells of a clip by its truth; *other* is what is done before and after it."""
    assert truth.exercise is not None
    usual = judged(seen, truth.exercise)
    scene = scene_of(usual, other)
    return [cell(name, truth, seen, usual, d, scene) for d in only]


def own_rows(folder: Path, only: Sequence[Disturbance]) -> Iterator[Cell]:
    """Yield the cells of the tracks of a folder by their truth.

    Of a movement outside the routine nothing may count.
    """
    other = something_else(None)
    for file in sorted(folder.glob("*.track.npz")):
        name = file.name.removesuffix(".track.npz")
        truth, seen = read_truth(file.with_name(f"{name}.json")), list(read_track(file))
        if not truth.sure:
            continue
        if truth.exercise is not None:
            yield from cells_of(name, truth, seen, only, other)
        for exercise in truth.tempting:
            scene = scene_of(judged(seen, exercise), other)
            for d in only:
                if d.name in ("before", "after"):
                    continue  # what is done there may count
                counted = sum(r["counted"] for r in judged(d.make(seen, scene).seen, exercise)["reps"])
                state, why = (WRONG, f"counted {counted} as {exercise}") if counted else (OK, "")
                yield Cell(f"{name} as {exercise}", d.name, state, why)


def pixel_row(name: str, only: Sequence[str], folder: Path) -> Iterator[Cell]:
    """Yield the cells of a clip whose pictures are disturbed, each written into a folder for a while."""
    from disturb_pixels import DISTURBANCES as PIXELS
    from disturb_pixels import disturbed

    truth, clip, out = truth_of(name), SAMPLES / f"{name}.mp4", folder / "disturbed.mp4"
    assert truth.exercise is not None
    usual = analyze_clip(clip, truth.exercise).report
    scene = scene_of(usual, ())
    for d in PIXELS:
        if only and d.name not in only:
            continue
        told = disturbed(clip, out, d, scene)
        yield Cell(name, d.name, *verdict(usual, undone(analyze_clip(out, truth.exercise).report, told), truth))


# ---- table ----------------------------------------
def table(cells: Sequence[Cell]) -> str:
    """Return the table clip x disturbance."""
    names = list(dict.fromkeys(c.disturbance for c in cells))
    clips = list(dict.fromkeys(c.clip for c in cells))
    state = {(c.clip, c.disturbance): LETTERS[c.state] for c in cells}
    wide = max(len(c) for c in clips)
    tall = max(len(n) for n in names)
    lines = [" " * wide + "  " + " ".join(n.ljust(tall)[k] for n in names) for k in range(tall)]
    lines += [f"{c:{wide}}  " + " ".join(state.get((c, n), " ") for n in names) for c in clips]
    return "\n".join(lines)


def total(cells: Sequence[Cell]) -> str:
    """Return the number of cells by state in words."""
    n = Counter(c.state for c in cells)
    return f"{len(cells)} cells: {n[OK]} ok, {n[WITHHELD]} withheld, {n[WRONG]} wrong"


def main(words: Sequence[str] | None = None) -> int:
    """Run the matrix; return 1 when a cell is wrong."""
    known = {d.name: d for d in DISTURBANCES}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="sample clips")
    parser.add_argument("--from", dest="folder", type=Path, help="folder with tracks of the clips")
    parser.add_argument("--own", type=Path, metavar="FOLDER", help="tracks with truth beside them, not sample clips")
    parser.add_argument("--pixels", action="store_true", help="disturb the pictures and look at them anew (slow)")
    parser.add_argument("--only", nargs="+", default=[], metavar="DISTURBANCE", help="these alone")
    parser.add_argument("--json", type=Path, help="write the cells to a file")
    args = parser.parse_args(words)
    only = [d for n, d in known.items() if n in args.only or not args.only]
    cells: list[Cell] = list(own_rows(args.own, only)) if args.own else []
    with TemporaryDirectory() as folder:
        for name in () if args.own else args.names or CLIPS:
            cells += pixel_row(name, args.only, Path(folder)) if args.pixels else row(name, only, args.folder)
    if not cells:
        parser.error(f"no such disturbance; there are {', '.join(known)}")
    print(table(cells), end="\n\n")
    for c in cells:
        if c.state != OK:
            print(f"{c.state:8}  {c.clip:40}  {c.disturbance:12}  {c.why}")
    print("\n" + total(cells))
    if args.json:
        args.json.write_text(json.dumps([c.__dict__ for c in cells], indent=1) + "\n", encoding="utf-8")
    return int(any(c.state == WRONG for c in cells))


if __name__ == "__main__":
    sys.exit(main())
