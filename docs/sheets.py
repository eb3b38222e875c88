"""Make the contact sheets of what is shown: the live screens and the report pages of all nine exercises.

    python docs/sheets.py [--screens] [--pages] [--tracks DIR]

Each exercise has a row: a correct sample clip and a faulty one, at three stages each. The screens are those of a real
workout, painted as in the window; the pages are photographed by Playwright in Chromium. Tracks are kept in DIR, if it
is given, so that poses are inferred once. Without a choice both sheets are made.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from formcheck.analysis.clip import analyze_clip
from formcheck.analysis.feed import Feed, Item, OpenFeed, open_feed, open_pictures
from formcheck.analysis.options import Options
from formcheck.analysis.track import make_track
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import single_plan
from formcheck.coaching.coach.workout import Workout
from formcheck.judging.session.session import Session
from formcheck.live.judging import Shown
from formcheck.live.painter import Painter
from formcheck.sight.pose.trackfile import read_track
from formcheck.sight.video.source import open_source

DOCS = Path(__file__).resolve().parent
CLIPS = DOCS.parent / "sample_videos"
#: A correct and a faulty clip of each exercise, in the order of the routine.
ROWS = {
    "ball-warmup": ("ball-warmup-sideways", "ball-warmup-shoulders-move"),
    "shoulder-bridge": ("shoulder-bridge-correct", "shoulder-bridge-hip-sag"),
    "heel-bridge": ("heel-bridge-correct", "heel-bridge-hip-sag"),
    "side-lift": ("side-lift-correct-right", "side-lift-line-bent"),
    "ball-kneel": ("ball-kneel-correct", "ball-kneel-hip-bent"),
    "toe-squat": ("toe-squat-correct", "toe-squat-heels-drop"),
    "swan": ("swan-correct", "swan-neck-back"),
    "plane": ("plane-correct", "plane-arm-low"),
    "side-plank": ("side-plank-correct-right", "side-plank-hip-sag"),
}
PARTS = ("top", "repetitions", "faults, or curves")
STAGES = ("before it begins", "in a repetition", "after it")
#: Seconds before a stage from which on everything is painted: sentences and boxes have a past.
LEAD_S = 2.5
#: Size of a small picture, of the gaps and of the line of words above it.
TILE, GAP, WORDS = (400, 225), 6, 18
#: Width and height of the part of a page in a small picture.
PAGE = (1000, 563)


@dataclass(frozen=True)
class Sheet:
    """Rows of small pictures with a line of words above each."""

    rows: list[list[tuple[str, Image.Image]]]

    def save(self, path: Path, quality: int) -> None:
        """Write it as a JPEG."""
        (w, h), columns = TILE, max(map(len, self.rows))
        size = GAP + columns * (w + GAP), GAP + len(self.rows) * (h + WORDS + GAP)
        sheet = Image.new("RGB", size, (250, 250, 248))
        draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=13)
        for j, row in enumerate(self.rows):
            for k, (words, picture) in enumerate(row):
                x, y = GAP + k * (w + GAP), GAP + j * (h + WORDS + GAP)
                draw.text((x + 1, y + 1), words, fill=(40, 40, 40), font=font)
                sheet.paste(picture.resize(TILE, Image.Resampling.LANCZOS), (x, y + WORDS))
        sheet.save(path, quality=quality, optimize=True, progressive=True)


def times(clip: str) -> tuple[float, float, float]:
    """Return the seconds of the three stages: before the first repetition, in the second one, and just after it."""
    truth = json.loads((CLIPS / f"{clip}.json").read_text(encoding="utf-8"))
    reps = truth["reps"]
    rep = reps[min(1, len(reps) - 1)]
    faults = [f for f in truth["faults"] if f["start_s"] < rep["end_s"] and f["end_s"] > rep["start_s"]]
    inside = rep["peak_s"]
    if faults:
        inside = min(max(inside, faults[0]["start_s"] + 2.5), faults[0]["end_s"])
    return min(1.0, reps[0]["start_s"] / 2), inside, rep["end_s"] + 0.8


def screens(clip: str, exercise: str, track: Path) -> Iterator[Image.Image]:
    """Yield the window of a workout with a clip at its three stages."""
    phrases = Phrases("en")
    workout = Workout(single_plan(exercise), phrases, session_of=lambda e: Session(e, live=True), introduce=False)
    painter = Painter(phrases, mirror=False)
    wanted = list(times(clip))
    with open_source(CLIPS / f"{clip}.mp4") as source:
        frames = iter(source)
        frame = next(frames)
        picture: Any = None
        for o in read_track(track):
            while frame.t < o.t - 1e-3:
                frame = next(frames)
            moment = workout.observe(o)
            if wanted and o.t < wanted[0] - LEAD_S:
                continue
            shown = Shown(
                frame.image, o.t, 0.0, moment, workout.scene, workout.setup, workout.exercise, workout.target, True
            )
            picture = painter.paint(shown)
            if wanted and o.t >= wanted[0]:
                wanted.pop(0)
                yield Image.fromarray(picture)
        for _ in wanted:
            yield Image.fromarray(picture)


def posed(track: Path) -> OpenFeed:
    """Return what opens a clip with the poses of its track."""

    @contextmanager
    def opened(path: str | Path, options: Options) -> Iterator[Feed]:
        with open_feed(track, options) as feed, open_pictures(path, options) as frames:
            feed.source |= {"path": str(path), "kind": "file"}
            pictures, seen = iter(frames), feed.items

            def items() -> Iterator[Item]:
                for _, t, observation in seen:
                    yield next((f.image for f in pictures if f.t >= t - 1e-6), None), t, observation

            feed.items = items()
            yield feed

    return opened


def pages(clip: str, exercise: str, track: Path, browser: Any) -> Iterator[Image.Image]:
    """Yield the page of a clip: its top, the pictures of its repetitions, and what it says of its faults or curves."""
    with tempfile.TemporaryDirectory() as folder:
        analyze_clip(CLIPS / f"{clip}.mp4", exercise, folder, video=False, feed_of=posed(track))
        page = browser.new_page(viewport={"width": PAGE[0], "height": PAGE[1]})
        page.set_default_timeout(0)  # a busy machine takes its time
        page.goto((Path(folder) / f"{clip}.report.html").as_uri())
        faults = page.query_selector("#h-faults") is not None
        for place in ("body", ".shots", "#h-faults" if faults else "#h-watch"):
            page.evaluate(
                f"window.scrollTo(0, document.querySelector('{place}').getBoundingClientRect().top + scrollY)"
            )
            shot = Path(folder) / "shot.png"
            page.screenshot(path=shot)
            yield Image.open(shot).convert("RGB")
        page.close()


def track_of(clip: str, tracks: Path) -> Path:
    """Return the track of a clip, made if there is none yet."""
    track = tracks / f"{clip}.track.npz"
    if not track.exists():
        make_track(CLIPS / f"{clip}.mp4", track, options=Options(quiet=True))
    return track


def make_screens(tracks: Path) -> None:
    """Write ``docs/pictures/screens.jpg``."""
    rows = []
    for exercise, clips in ROWS.items():
        row = []
        for clip in clips:
            for stage, shot in zip(STAGES, screens(clip, exercise, track_of(clip, tracks)), strict=True):
                row.append((f"{clip}: {stage}", shot))
        rows.append(row)
    Sheet(rows).save(DOCS / "pictures" / "screens.jpg", 70)


def make_pages(tracks: Path) -> None:
    """Write ``docs/pictures/pages.jpg``."""
    from playwright.sync_api import sync_playwright

    found = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    rows = []
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for exercise, clips in ROWS.items():
            row = []
            for clip in clips:
                shots = pages(clip, exercise, track_of(clip, tracks), browser)
                for stage, shot in zip(PARTS, shots, strict=True):
                    row.append((f"{clip}: {stage}", shot))
            rows.append(row)
        browser.close()
    Sheet(rows).save(DOCS / "pictures" / "pages.jpg", 62)


def main() -> None:
    """Make the sheets asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--screens", action="store_true")
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--tracks", type=Path)
    options = parser.parse_args()
    both = not (options.screens or options.pages)
    with tempfile.TemporaryDirectory() as folder:
        tracks = options.tracks or Path(folder)
        if options.screens or both:
            make_screens(tracks)
        if options.pages or both:
            make_pages(tracks)


if __name__ == "__main__":
    main()
