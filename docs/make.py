"""Make the pages and pictures of this folder that come from code and clips.

python docs/make.py             the data dictionary and the exercises' page
python docs/make.py --pictures  also the exercises' pictures, from the sample videos
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from formcheck.judging.exercises import ROUTINE
from formcheck.judging.rules.exercise import Exercise
from formcheck.showing.report.dictionary import to_markdown

DOCS = Path(__file__).resolve().parent
CLIPS = DOCS.parent / "sample_videos"
#: The clip that shows each exercise.
SHOWN = {
    "ball-warmup": "ball-warmup-sideways",
    "side-lift": "side-lift-correct-right",
    "side-plank": "side-plank-correct-left",
}
VIEWS = {"side": "from the side", "front": "from the front", "oblique": "half from the front"}


def exercise_markdown(e: type[Exercise]) -> str:
    """Return the section of an exercise."""
    p = e.prescription
    asked = f"{p.reps} repetitions{' a side' if p.per_side else ''}" + (f", {p.hold_s:g} s each" if p.hold_s else "")
    views = " or ".join(", ".join(VIEWS[v] for v in e.views).rsplit(", ", 1))
    lines = [
        f"## {e.title}: `{e.id}`",
        "",
        f"![{e.title}: the start and the end position](pictures/{e.id}.jpg)",
        "",
        *(f"{k}. {line}" for k, line in enumerate(e.intro, start=1)),
        "",
        f"**Asked for:** {asked}.",
        "",
        f"**Camera:** {e.camera} It can be judged {views}.",
        "",
        "| fault | what to do | severity |",
        "|---|---|---|",
    ]
    seen: set[str] = set()
    for c in e.checks:
        if c.id not in seen:
            lines.append(f"| `{c.id}` | {c.cue} | {c.severity} |")
        seen.add(c.id)
    lines += ["", "| limit | value | unit | why |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {v.value:g} | {v.unit} | {v.why} |" for name, v in e.limits.items()]
    return "\n".join(lines) + "\n"


def exercises_markdown() -> str:
    """Return the page of all exercises."""
    head = """# The nine exercises

The routine in its order. Left the start position, right the end position, as the camera should see them. Every limit is
shown with its reason; `formcheck exercises ID --toml` prints those of one exercise as a file to change and to pass with
`--limits`.

This page is made from the exercises' classes by `python docs/make.py`.
"""
    return "\n".join([head, *(exercise_markdown(e) for e in ROUTINE)])


#: The pages made from code.
PAGES = {"data-dictionary.md": to_markdown, "exercises.md": exercises_markdown}


def picture(exercise: str) -> None:
    """Write the start and the end position of an exercise side by side."""
    from PIL import Image

    from formcheck.sight.video.source import open_source

    clip = SHOWN.get(exercise, f"{exercise}-correct")
    rep = json.loads((CLIPS / f"{clip}.json").read_text(encoding="utf-8"))["reps"][0]
    wanted = [max(rep["start_s"] - 0.4, 0.0), rep["peak_s"]]
    shots: list[Image.Image] = []
    with open_source(CLIPS / f"{clip}.mp4") as source:
        for frame in source:
            if len(shots) < len(wanted) and frame.t >= wanted[len(shots)] - 1e-6:
                shots.append(Image.fromarray(frame.image).resize((360, 202), Image.Resampling.LANCZOS))
    both = Image.new("RGB", (724, 202), "white")
    for k, shot in enumerate(shots):
        both.paste(shot, (k * 364, 0))
    both.save(DOCS / "pictures" / f"{exercise}.jpg", quality=82, optimize=True)


def main(arguments: list[str]) -> None:
    """Write the pages, and the pictures if asked to."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
    if "--pictures" in arguments:
        for e in ROUTINE:
            picture(e.id)


if __name__ == "__main__":
    main(sys.argv[1:])
