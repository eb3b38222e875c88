"""How much a batch does, and what it keeps when it is killed.

    python benchmarks/batch_throughput.py PATH... [--clips 1000] [--workers 1 2] [--json FILE]

PATH are videos or tracks with a truth file beside each (or exercises in their names). Printed are

- the rate from these clips with each number of workers, and from the poses kept of them (judging again);
- the endurance run: so many copies of their tracks, 2 % of them damaged, a worker killed, the whole batch killed,
  then interrupted, each time resumed: every good clip must be in the results once, every bad one with its reason.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from passes import below, machine

MAIN = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from formcheck.cli import main; main()"


def command(*words: object) -> list[str]:
    """Return a command line of formcheck."""
    return [sys.executable, "-c", MAIN, "batch", *map(str, words)]


def table(out: Path, name: str = "results") -> list[dict[str, str]]:
    """Return the rows of a table of a batch."""
    with (out / f"{name}.csv").open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def records(out: Path) -> int:
    """Return how many clips the journal holds."""
    path = out / "journal.jsonl"
    return path.read_bytes().count(b'"kind":"clip"') if path.exists() else 0


def peak_mb(pid: int) -> float:
    """Return the memory (MB) of a process and all below it; 0 where that cannot be told."""
    pages = 0
    for one in (pid, *below(pid)):
        with suppress(OSError, ValueError):
            pages += int(Path(f"/proc/{one}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6 if pages else 0.0


def _children_s() -> float:
    """Return the CPU seconds of all processes started here that have ended, and of theirs."""
    used = os.times()
    return used.children_user + used.children_system


def timed(out: Path, *words: object) -> dict[str, Any]:
    """Run a batch; return its time, memory and rates."""
    cpu, began, most = _children_s(), time.perf_counter(), 0.0
    p = subprocess.Popen(command(*words, "-o", out, "--quiet"), stderr=subprocess.DEVNULL)
    while p.poll() is None:
        most = max(most, peak_mb(p.pid))
        time.sleep(0.05)
    seconds, cpu = time.perf_counter() - began, _children_s() - cpu
    rows = [r for r in table(out) if r["status"] == "done"]
    if not rows:
        raise SystemExit(f"the batch judged nothing (exit code {p.returncode})")
    busy = sum(float(r["seconds"]) for r in rows)
    poses = sum(int(r["frames_used"]) for r in rows)
    video = sum(float(r["duration_s"]) for r in rows)
    return {
        "clips": len(rows),
        "seconds": seconds,
        "clips_per_s": len(rows) / seconds,
        "video_s_per_s": video / seconds,
        "core_s_per_video_s": busy / video,
        "clip_s": statistics.median(float(r["seconds"]) for r in rows),
        "cpu_s": cpu,
        "cpu_s_per_video_s": cpu / video,
        "poses_per_s_per_core": poses / busy,
        "memory_mb": most,
    }


def until(out: Path, n: int, p: subprocess.Popen[bytes]) -> None:
    """Wait until the journal holds so many clips."""
    while records(out) < n:
        if p.poll() is not None:
            raise SystemExit(f"the batch ended by itself after {records(out)} clips")
        time.sleep(0.02)


def workers(pid: int) -> list[int]:
    """Return the processes of the pool."""
    children = [c for t in Path(f"/proc/{pid}/task").iterdir() for c in (t / "children").read_text().split()]
    return [int(c) for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]


def endurance(tracks: Sequence[Path], clips: int, folder: Path) -> dict[str, Any]:
    """Run many clips through kills and resumes; return what came out."""
    inputs, out = folder / "many", folder / "many-out"
    inputs.mkdir()
    bad = {f"clip{k:05}" for k in range(0, clips, 50)}
    lines = []
    for k in range(clips):
        name, source = f"clip{k:05}", tracks[k % len(tracks)]
        target = inputs / f"{name}.track.npz"
        if name in bad:
            target.write_bytes(source.read_bytes()[: 2000 + k])
        else:
            os.link(source, target)
        lines.append(json.dumps({"path": target.name, "truth": str(source)[: -len(".track.npz")] + ".json"}))
    (inputs / "list.jsonl").write_text("\n".join(lines))
    words = (inputs / "list.jsonl", "-e", "from-truth", "-o", out, "--resume", "--quiet")
    began = time.perf_counter()
    for share, what in ((0.2, "worker"), (0.4, signal.SIGKILL), (0.7, signal.SIGINT), (1.0, None)):
        p = subprocess.Popen(command(*words), stderr=subprocess.DEVNULL)
        if what is not None:
            until(out, int(share * clips), p)
        if what == "worker":
            for pid in workers(p.pid)[:1]:
                os.kill(pid, signal.SIGKILL)
            until(out, int(0.3 * clips), p)
            p.kill()
        elif what is not None:
            p.send_signal(what)
        p.wait()
    rows = table(out)
    names = [r["clip"] for r in rows]
    done = {r["clip"] for r in rows if r["status"] == "done"}
    return {
        "clips": clips,
        "damaged": len(bad),
        "seconds": time.perf_counter() - began,
        "rows": len(rows),
        "twice": len(names) - len(set(names)),
        "journal": records(out),
        "good_missing": len({f"clip{k:05}" for k in range(clips)} - bad - done),
        "bad_without_reason": sum(not r["error"] for r in rows if r["clip"] in bad),
        "bad_done": len(bad & done),
        "exit_code": p.returncode,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--clips", type=int, default=1000, metavar="N", help="of the endurance run (0 = none)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    args = parser.parse_args(arguments)
    from formcheck.files import write_json

    figures: dict[str, Any] = {"schema": "formcheck.batch-throughput/1", "machine": machine()}
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        paths = [p.resolve() for p in args.paths]
        for n in args.workers:
            out = folder / f"out{n}"
            figures[f"workers_{n}"] = timed(out, *paths, "-e", "from-truth", "--workers", n)
            figures[f"again_{n}"] = timed(
                out, *paths, "-e", "from-truth", "--workers", n, "--resume", "--strictness", "lenient"
            )
            for kind in ("workers", "again"):
                row = figures[f"{kind}_{n}"]
                print(f"{kind} {n}: " + ", ".join(f"{k} {v:.3g}" for k, v in row.items()), flush=True)
        if args.clips:
            tracks = [p for p in paths if p.name.endswith(".track.npz")]
            for p in set(paths) - set(tracks):
                made = folder / f"{p.stem}.track.npz"
                subprocess.run([sys.executable, "-m", "formcheck", "track", p, "-o", made, "-q"], check=True)
                shutil.copy(p.with_suffix(".json"), made.with_name(f"{p.stem}.json"))
                tracks.append(made)
            figures["endurance"] = endurance(sorted(tracks), args.clips, folder)
            print("endurance: " + ", ".join(f"{k} {v:.4g}" for k, v in figures["endurance"].items()))
    if args.json:
        write_json(args.json, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
