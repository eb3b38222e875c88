"""Make ``contact-sheet.png``: one frame of every sample video, at its fault or its second repetition, with its name."""

import json
from pathlib import Path

import av
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
ORDER = [
    "plane",
    "shoulder-bridge",
    "side-plank",
    "ball-kneel",
    "ball-warmup",
    "heel-bridge",
    "side-lift",
    "swan",
    "toe-squat",
]
FIRST = ("plane", "shoulder-bridge", "side-plank")
TILE, LABEL, GAP, COLUMNS = (256, 144), 20, 8, 6


def moment(truth: dict) -> float:
    """Return the second that shows best what the clip is about."""
    if truth["faults"]:
        return (truth["faults"][0]["start_s"] + truth["faults"][0]["end_s"]) / 2
    return truth["reps"][min(1, len(truth["reps"]) - 1)]["peak_s"]


def frame_at(clip: Path, t: float) -> Image.Image:
    """Return the first frame at or after a time."""
    with av.open(str(clip)) as container:
        return next(f for f in container.decode(video=0) if f.time >= t).to_image()


def main() -> None:
    """Write the sheet."""
    truths = [json.loads(p.read_text()) for p in HERE.glob("*.json")]
    truths.sort(key=lambda d: (d["exercise"] not in FIRST, d["exercise"], "correct" not in d["clip"], d["clip"]))
    (w, h), rows = TILE, -(-len(truths) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (w + GAP) + GAP, rows * (h + LABEL + GAP) + GAP), (250, 250, 248))
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=14)
    for k, truth in enumerate(truths):
        x, y = GAP + (k % COLUMNS) * (w + GAP), GAP + (k // COLUMNS) * (h + LABEL + GAP)
        picture = frame_at(HERE / f"{truth['clip']}.mp4", moment(truth))
        sheet.paste(picture.resize(TILE, Image.Resampling.LANCZOS), (x, y))
        draw.text((x + 1, y + h + 2), truth["clip"], fill=(30, 30, 30), font=font)
    sheet.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(HERE / "contact-sheet.png", optimize=True)


if __name__ == "__main__":
    main()
