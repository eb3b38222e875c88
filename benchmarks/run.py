"""All of it in one run: speed, memory and start-up of formcheck beside the bare pose model and a peer.

    python benchmarks/run.py CLIP... [--json FILE] [--repeat N] [--peer PYTHON]

Each clip is first coded anew at 30 frames a second (needs ffmpeg), as phones record. Then, by turns and each in a
process of its own: a bare loop of decoder and MediaPipe's pose landmarker (the practical limit), formcheck with every
frame, formcheck with adaptive sampling, formcheck from the clip's poses, and the peer, trackerfit with its own
MediaPipe. Then batches of copies of the clips with one and two processes, and the times to start. Loading packages and
models does not count but in the start-up times and the batches.

Where the peer's Python is not given, its environment is made once, in a folder of the user's cache, by venv and pip.
What could not be run says so; no figure is made up for it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import peer
from adaptive import recoded
from batch_throughput import timed
from contender import MAX_SIDE
from passes import children_mb, exercise_of, machine, piece

HERE = Path(__file__).resolve().parent
SCHEMA = "formcheck.benchmarks/1"
#: Seconds of a clip that each contender goes through first: the cold run does not count.
WARM_UP_S = 1.0
#: Seconds between two looks at the memory of processes.
WATCH_S = 0.25
#: What is measured: name, what it is, and whether it goes by the clip's track.
CONTENDERS = {
    "bare": ("bare MediaPipe loop", False),
    "every": ("formcheck, every frame", False),
    "adaptive": ("formcheck, adaptive", False),
    "two": ("formcheck, adaptive, two workers", False),
    "video": ("formcheck, adaptive, video", False),
    "two-video": ("formcheck, adaptive, two, video", False),
    "track": ("formcheck, from track", True),
    "page": ("formcheck, from track, with page", True),
    "peer": ("trackerfit (peer)", False),
}
PARTS = ("peer", "batch", "start")


class NotRun(Exception):
    """Something cannot be measured here; the text says why."""


class Contender:
    """A process that goes through clips one way.

    Parameters
    ----------
    words : sequence of str
        Command line.
    """

    def __init__(self, *words: object) -> None:
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            list(map(str, words)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )

    def ask(self, clip: Path, exercise: str) -> dict[str, Any]:
        """Go through a clip; return what it took.

        Raises
        ------
        NotRun
            If the process ended instead.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps({"clip": str(clip), "exercise": exercise}) + "\n")
            self._process.stdin.flush()
        with _most_below(self._process.pid) as below:
            line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            self._errors.seek(0)
            said = self._errors.read().strip().splitlines()
            raise NotRun(said[-1] if said else f"ended with exit code {self._process.returncode}")
        answer: dict[str, Any] = json.loads(line)
        answer["peak_mb"] += max(below)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what it was to be told, and ended before
                    pipe.close()
        self._process.terminate()
        self._process.wait()
        self._errors.close()


@contextmanager
def _most_below(pid: int) -> Iterator[list[float]]:
    """Watch what the processes below one have in memory (MB) while the block runs."""
    seen, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(WATCH_S):
            seen.append(children_mb(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def peer_python(given: Path | None, folder: Path) -> Path:
    """Return the Python of the peer's environment, made in *folder* if it is not there.

    Raises
    ------
    NotRun
        If it cannot be made.
    """
    if given is not None:
        return given
    place = folder / "-".join(p.replace("==", "-") for p in peer.PACKAGES)
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (place / "ready").is_file():
        return python
    print(f"making the peer's environment in {place} ...", flush=True)
    shutil.rmtree(place, ignore_errors=True)
    for words in (
        [sys.executable, "-m", "venv", place],
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.PACKAGES],
        [python, "-c", "import trackerfit.tracker.pose_tracker"],
    ):
        try:
            done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=900, check=False)
        except (OSError, subprocess.TimeoutExpired) as e:
            raise NotRun(f"its environment could not be made: {e}") from e
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
            raise NotRun(f"its environment could not be made: {said[-1] if said else done.returncode}")
    (place / "ready").write_text("")
    return python


def start_times(clip: Path, exercise: str, repeat: int) -> dict[str, float]:
    """Return the seconds to ``--help``, and from the start of a process to its first judged frame (medians)."""

    def helped() -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "formcheck", "--help"], check=True, capture_output=True)
        return time.perf_counter() - began

    def first(how: str) -> Callable[[], float]:
        def run() -> float:
            began = time.time()
            words = [sys.executable, str(HERE / "contender.py"), "first", how, str(clip), exercise]
            done = subprocess.run(words, check=True, capture_output=True, text=True)
            return float(json.loads(done.stdout)["at"]) - began

        return run

    ways = {"help_s": helped, "first_judged_s": first("recorded"), "first_judged_live_s": first("live")}
    for run in ways.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeat):
        for name, run in ways.items():
            times[name].append(run())
    return {name: statistics.median(t) for name, t in times.items()}


def batches(clips: Sequence[tuple[Path, str]], copies: int, repeat: int, folder: Path) -> dict[str, Any]:
    """Return what batches of copies of the clips take with one and with two processes."""
    inputs = folder / "inputs"
    inputs.mkdir()
    lines = []
    for k in range(copies):
        for clip, exercise in clips:
            copy = inputs / f"{k}-{clip.name}"
            shutil.copyfile(clip, copy)
            lines.append(json.dumps({"path": copy.name, "exercise": exercise}))
    (inputs / "list.jsonl").write_text("\n".join(lines))
    runs: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    for turn in range(repeat):
        for n, done in runs.items():
            out = folder / f"out-{turn}-{n}"
            # Without the cache of poses: the copies are all alike.
            done.append(timed(out, inputs / "list.jsonl", "--no-cache", "--workers", n))
    rows = {
        f"processes_{n}": {name: statistics.median(r[name] for r in done) for name in done[0]}
        for n, done in runs.items()
    }
    one, two = rows["processes_1"], rows["processes_2"]
    return {
        **rows,
        # With the start of the processes, and without it and without the end, when one of two has nothing left to do.
        "speed_up": one["seconds"] / two["seconds"],
        "speed_up_steady": 2 * one["clip_s"] / two["clip_s"],
    }


def contend(
    clips: Sequence[tuple[Path, str]], ways: dict[str, Contender], tracks: dict[Path, Path], repeat: int, warm: Path
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Run all ways by turns on each clip; return the runs of each, and why some could not be run."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in ways}
    failed: dict[str, str] = {}

    def ask(name: str, clip: Path, exercise: str) -> dict[str, Any] | None:
        if name in failed:
            return None
        try:
            return ways[name].ask(clip, exercise)
        except NotRun as e:
            if name == "bare":
                raise SystemExit(f"the bare loop did not run: {e}") from e
            failed[name] = str(e)
            return None

    for name in ways:
        by_track = CONTENDERS[name][1]
        ask(name, tracks[clips[0][0]] if by_track else warm, clips[0][1])
    for turn in range(repeat):
        for clip, exercise in clips:
            # Each turn begins with another one, so that a slow drift of the machine cancels.
            names = list(ways)[turn % len(ways) :] + list(ways)[: turn % len(ways)]
            answers = {n: ask(n, tracks[clip] if CONTENDERS[n][1] else clip, exercise) for n in names}
            bare = answers["bare"]
            assert bare is not None
            for name, answer in answers.items():
                if answer is not None:
                    frames = answer["frames"] / bare["frames"]
                    ratios = {
                        "ratio": answer["seconds"] / bare["seconds"] / frames,
                        "cpu_ratio": answer["cpu_s"] / bare["cpu_s"] / frames,
                    }
                    runs[name].append({"clip": clip.stem, **ratios, **answer})
                    rate = answer["frames"] / answer["seconds"]
                    print(
                        f"  {clip.stem:28} {CONTENDERS[name][0]:34} {rate:8.1f} frames/s  x {ratios['ratio']:.3f}",
                        flush=True,
                    )
    return {n: r for n, r in runs.items() if n not in failed}, failed


def summary(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the medians of the runs of one contender."""
    middle: dict[str, Any] = {
        "frames_per_s": statistics.median(r["frames"] / r["seconds"] for r in runs),
        "looks_per_cpu_s": statistics.median(r["used"] / r["cpu_s"] for r in runs),
        "cores_busy": statistics.median(r["cpu_s"] / r["seconds"] for r in runs),
        "ratio_to_bare": statistics.median(r["ratio"] for r in runs),
        "cpu_ratio_to_bare": statistics.median(r["cpu_ratio"] for r in runs),
        "ratio_min": min(r["ratio"] for r in runs),
        "ratio_max": max(r["ratio"] for r in runs),
        "share_looked_at": sum(r["used"] for r in runs) / sum(r["frames"] for r in runs),
        "peak_mb": max(r["peak_mb"] for r in runs),
    }
    if "drawing_s" in runs[0]:
        middle["drawing_ms"] = 1e3 * statistics.median(r["drawing_s"] / r["frames"] for r in runs)
    return middle


def law(one: float, two: float, cores: Sequence[int] = (2, 4, 8, 16)) -> dict[str, Any]:
    """Return what more cores bring, by the times of a film with one and two workers.

    The part that one core does alone is what two workers lack of twice the speed (Karp and Flatt, CACM 33(5), 1990);
    by Amdahl's law it bounds what more of them bring.
    """
    serial = min(max(2 * two / one - 1, 0.0), 1.0)
    return {"serial": serial, "speed_up": {str(n): 1 / (serial + (1 - serial) / n) for n in cores}}


def same_findings(runs: dict[str, list[dict[str, Any]]]) -> dict[str, bool]:
    """Return whether each way found the repetitions and faults that looking at every frame found."""
    whole = {r["clip"]: (r["reps"], r["faults"]) for r in runs.get("every", [])}
    return {
        name: all((r["reps"], r["faults"]) == whole[r["clip"]] for r in done)
        for name, done in runs.items()
        if whole and name != "every" and "reps" in done[0]
    }


def table(out: dict[str, Any]) -> str:
    """Return the figures as text."""
    lines = [
        f"{'':36}{'frames/s':>9}{'x bare':>8}{'(range)':>14}{'x CPU':>8}{'cores':>7}{'looked at':>11}{'peak MB':>9}"
    ]
    for name, (title, _) in CONTENDERS.items():
        row = out["contenders"].get(name)
        if row is None:
            lines.append(f"{title:36}not run: {out['not_run'].get(name, 'not asked for')}")
            continue
        spread = f"{row['ratio_min']:.3f}-{row['ratio_max']:.3f}"
        lines.append(
            f"{title:36}{row['frames_per_s']:9.1f}{row['ratio_to_bare']:8.3f}{spread:>14}"
            f"{row['cpu_ratio_to_bare']:8.3f}{row['cores_busy']:7.2f}"
            f"{row['share_looked_at']:11.0%}{row['peak_mb']:9.0f}"
        )
    track = out["contenders"].get("track")
    if track:
        lines.append(f"{'poses a second of one core, track':36}{track['looks_per_cpu_s']:9.0f}")
    film = out.get("film")
    if film:
        by_cores = ", ".join(f"{n} cores {times:.1f}" for n, times in film["speed_up"].items())
        lines.append(f"{'one film, by its serial part':36}{film['serial']:9.0%} serial: {by_cores} times one")
    batch = out.get("batch")
    if batch:
        for n in (1, 2):
            row = batch[f"processes_{n}"]
            lines.append(
                f"{f'batch, {n} process' + 'es' * (n > 1):36}{row['video_s_per_s']:9.2f} s of video a second, "
                f"{row['cpu_s'] / row['seconds']:.2f} cores, "
                f"{row['cpu_s_per_video_s']:.3f} CPU s for one of video, {row['memory_mb']:.0f} MB in all"
            )
        speed_up, steady = batch["speed_up"], batch["speed_up_steady"]
        lines.append(f"{'two processes against one':36}{speed_up:9.2f} (between start and end {steady:.2f})")
    start = out.get("start")
    if start:
        for name, title in (
            ("help_s", "formcheck --help"),
            ("first_judged_s", "start to first judged frame, file"),
            ("first_judged_live_s", "start to first judged frame, live"),
        ):
            lines.append(f"{title:36}{start[name]:9.2f} s")
    return "\n".join([*lines, *(f"note: {n}" for n in out["notes"])])


def measured(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Run everything; return the figures as plain data."""
    from formcheck.analysis.options import Options
    from formcheck.analysis.track import make_track

    clips = [(recoded(c, args.fps, folder), exercise_of(c)) for c in args.clips]
    warm = piece(clips[0][0], WARM_UP_S, folder / "warm-up.mp4")
    tracks = {}
    for clip, _ in clips:
        tracks[clip] = folder / f"{clip.stem}.track.npz"
        make_track(clip, tracks[clip], options=Options(every_frame=True))
    not_run: dict[str, str] = {}
    notes = [
        f"clips coded anew at {args.fps:g} frames/s; ratios are of times a frame, by the bare loop's of the same round",
        "x CPU: the same of CPU time, which other work on the machine disturbs less; cores: CPU time by wall clock",
        "peak MB: of the process since its start, with libraries and model, and of those it started",
    ]
    with ExitStack() as stack:
        ways = {}
        for name in CONTENDERS:
            if name == "peer":
                if "peer" in args.skip:
                    continue
                try:
                    words = [peer_python(args.peer, args.cache), HERE / "peer.py"]
                except NotRun as e:
                    not_run["peer"] = str(e)
                    continue
            else:
                words = [Path(sys.executable), HERE / "contender.py", name]
            ways[name] = stack.enter_context(Contender(*words))
        runs, failed = contend(clips, ways, tracks, args.repeat, warm)
    not_run |= failed
    contenders = {name: summary(done) for name, done in runs.items()}
    same = same_findings(runs)
    differ = [CONTENDERS[n][0] for n, alike in same.items() if not alike]
    notes.append(
        "not the same repetitions and faults as with every frame: " + ", ".join(differ)
        if differ
        else "the same repetitions and faults in all ways"
    )
    if "peer" in runs:
        ms = contenders["peer"]["drawing_ms"]
        notes.append(peer.DOES + f" Its drawings, {ms:.1f} ms a frame, are not in its row either.")
    out: dict[str, Any] = {
        "fps": args.fps,
        "repeat": args.repeat,
        "max_side": MAX_SIDE,
        "clips": [{"clip": c.stem, "exercise": e} for c, e in clips],
        "contenders": contenders,
        "same_findings": same,
        "runs": runs,
        "not_run": not_run,
        "notes": notes,
    }
    if {"adaptive", "two"} <= set(contenders):
        # A short clip is not cut: then both are of one worker, and nothing is told of more.
        out["film"] = law(*(contenders[n]["ratio_to_bare"] for n in ("adaptive", "two")))
    if "batch" not in args.skip:
        out["batch"] = batches(clips, args.copies, args.batch_repeat, folder)
        notes.append(
            f"batch: {args.copies} copies of each clip, as 'formcheck batch' does them (adaptive), with its start"
        )
    if "start" not in args.skip:
        out["start"] = start_times(args.clips[0].resolve(), clips[0][1], max(3, args.repeat))
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks from the command line."""
    from formcheck.files import write_json
    from formcheck.sight.models.store import cache_dir

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clips", nargs="+", type=Path, metavar="CLIP")
    parser.add_argument("--fps", type=float, default=30.0, help="frame rate the clips are coded to (default 30)")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="runs of each (default 3)")
    parser.add_argument("--copies", type=int, default=4, metavar="N", help="of each clip in a batch (default 4)")
    parser.add_argument("--batch-repeat", type=int, default=1, metavar="N", help="runs of each batch (default 1)")
    parser.add_argument("--peer", type=Path, metavar="PYTHON", help="of an environment with " + " ".join(peer.PACKAGES))
    parser.add_argument("--cache", type=Path, default=cache_dir().parent / "benchmarks", metavar="DIR",
                        help="where the peer's environment is made")  # fmt: skip
    parser.add_argument("--skip", nargs="+", choices=PARTS, default=[], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    args = parser.parse_args(arguments)
    missing = [str(c) for c in args.clips if not c.is_file()]
    if missing:
        parser.error("no such clip: " + ", ".join(missing))
    if min(args.repeat, args.copies, args.batch_repeat) < 1:
        parser.error("--repeat, --copies and --batch-repeat must be 1 or more")
    if shutil.which("ffmpeg") is None:
        parser.error("needs ffmpeg to code the clips anew")
    facts = machine()
    print(f"{facts['cpu']}, {facts['cores']} cores, load {facts['load_1min']}, {facts['system']}")
    print(f"Python {facts['python']}, " + ", ".join(f"{k} {v}" for k, v in facts["packages"].items()), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        out = {"schema": SCHEMA, "machine": facts, **measured(args, Path(folder))}
    out["machine"]["load_1min_end"] = machine()["load_1min"]
    print(f"\n{table(out)}\nload {facts['load_1min']} at the start, {out['machine']['load_1min_end']} at the end")
    if args.json:
        write_json(args.json, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
