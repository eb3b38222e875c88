"""The coach's page with films for a camera: is what it keeps what ``analyze`` says of them, and what does it cost?

    python benchmarks/browser_clips.py [CLIP ...] [--slow 8] [--shots FOLDER] [--json FILE]

Chromium opens the page of a server on this machine, its camera shows a sample video (``tests/serve/phone.py``: slowly, and
with a number on every picture, so that nothing depends on how busy the machine is). Counts, sides and faults in the
history are set beside those of ``analyze`` on the pictures that the page has seen; an attempt that the film's end cuts
off is left out. Needs Chromium and playwright.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from formcheck.analysis.api import analyze  # noqa: E402
from formcheck.coaching.history import History  # noqa: E402
from formcheck.coaching.history.queries import sets  # noqa: E402
from tests.serve.client import serving  # noqa: E402
from tests.serve.phone import begin, end, enter, phone, until, write_film  # noqa: E402

SAMPLES = ROOT / "sample_videos"
#: One an exercise.
CLIPS = (
    "ball-warmup-sideways",
    "shoulder-bridge-correct",
    "heel-bridge-correct",
    "side-lift-correct-right",
    "ball-kneel-correct",
    "toe-squat-correct",
    "swan-correct",
    "plane-correct",
    "side-plank-correct-left",
)


def run(clip: str, slow: float, shots: Path | None) -> dict[str, Any]:
    """Show one clip to the page; return what came of it."""
    video = SAMPLES / f"{clip}.mp4"
    exercise = json.loads(video.with_suffix(".json").read_text(encoding="utf-8"))["exercise"]
    said = [(r.side, r.counted, sorted(f.id for f in r.faults)) for r in analyze(video, exercise).reps if not r.cut]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FORMCHECK_DATA"] = folder
        film = Path(folder) / "film.y4m"
        fps, frames = write_film(video, film, slow=slow)
        with serving(Path(folder)) as server:
            server.paired().ask("PUT", "/api/settings", {"introduce": False})
            with phone(film, fps, frames, server, (960, 600)) as page:
                sent = {"bytes": 0}

                def count(data: str | bytes) -> None:
                    sent["bytes"] += len(data)

                page.on("websocket", lambda w: w.on("framesent", count))
                enter(page, server)
                begin(page, exercise)
                began = time.perf_counter()
                page.wait_for_selector(".scene", state="attached")
                first = time.perf_counter() - began
                for share in (0.3, 0.6, 0.9):
                    until(page, f"film.over || film.last > {share * frames}")
                    if shots is not None:
                        page.screenshot(path=shots / f"{clip}-{round(100 * share)}.png", timeout=300_000)
                until(page, "film.over")
                given, before = page.evaluate("[film.given, film.first]")
                end(page)
        with History.open() as history:
            done = [(r.side, r.counted, sorted(f.id for f in r.faults)) for s in sets(history) for r in s.reps]
    seen = given / (frames - before)
    return {
        "clip": clip,
        "same": done == said,
        "analyze": said,
        "page": done,
        "first_judged_s": round(first, 1),
        "pictures": given,
        "of": frames,
        "per_s_of_life": round(given / (frames - before) * fps, 1),
        "kB_per_s_at_30": round(sent["bytes"] / max(given, 1) * 30 / 1000, 1),
        "seen": round(seen, 2),
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("clips", nargs="*", default=CLIPS)
    parser.add_argument("--slow", type=float, default=8.0)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rows = []
    for clip in args.clips:
        row = run(clip, args.slow, args.shots)
        rows.append(row)
        print(json.dumps({k: v for k, v in row.items() if k not in ("analyze", "page")}), flush=True)
        if not row["same"]:
            print(f"  analyze: {row['analyze']}\n  page:    {row['page']}", flush=True)
    if args.json is not None:
        args.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    sys.exit(0 if all(r["same"] for r in rows) else 1)


if __name__ == "__main__":
    main()
