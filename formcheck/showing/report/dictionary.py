"""The data dictionary: name, type, unit and meaning of everything that formcheck writes for programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formcheck.judging.exercises import ROUTINE
from formcheck.judging.rules.exercise import Exercise

from .measure_words import SHARED
from .measures import COMMON, MEASURE_KINDS
from .tables import FAULT_COLUMNS, REP_COLUMNS


@dataclass(frozen=True)
class Entry:
    """One field or column."""

    name: str
    type: str
    unit: str
    meaning: str


def _entries(rows: Iterable[tuple[str, str, str, str]]) -> tuple[Entry, ...]:
    return tuple(Entry(*row) for row in rows)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


#: The exercises that have several parts, and these.
_IN_BLOCKS = _code(cls.id for cls in ROUTINE if cls.prescription.blocks)
_BLOCKS = _code(block for cls in ROUTINE for block in cls.prescription.blocks)
#: Every field of ``formcheck.report/1``; ``[]`` is a list, ``{}`` a name that the exercise gives.
REPORT = _entries(
    [
        ("schema", "text", "", "`formcheck.report/1`"),
        ("formcheck", "text", "", "version of formcheck"),
        ("created", "text", "ISO 8601", "when the report was written"),
        ("source.path", "text", "", "the video or track as it was given"),
        ("source.kind", "text", "", "`video`, `images`, `stream`, `camera` or `track`"),
        ("source.duration_s", "number or null", "s", "length"),
        ("source.fps", "number or null", "1/s", "mean frame rate; times are not made from it"),
        ("source.width", "integer or null", "px", "of the upright picture"),
        ("source.height", "integer or null", "px", "of the upright picture"),
        ("source.frames", "integer", "", "frames read"),
        ("source.frames_used", "integer", "", "frames judged"),
        ("source.rotation", "integer", "deg", "by how much pictures were turned upright"),
        (
            "source.recorded",
            "text",
            "ISO 8601",
            "when it was recorded, as the file itself says; absent if unknown",
        ),
        ("source.note", "text", "", "what was assumed of rate, speed and which video it is; absent where nothing was"),
        ("exercise", "text or null", "", "id; null where none was recognised"),
        ("recognised", "object or null", "", "null where the exercise was given"),
        ("recognised.exercise", "text or null", "", "id of the exercise recognised"),
        ("recognised.confidence", "number or null", "0-1", "how sure"),
        ("view.kind", "text", "", "`side`, `front`, `oblique` or `unknown`"),
        ("view.near_side", "text or null", "", "`left` or `right`: the side of the body near the camera"),
        ("view.ok", "boolean", "", "whether the exercise can be judged from there"),
        ("view.advice[]", "text", "", "what to change"),
        ("coverage.pose", "number or null", "0-1", "share of the time with a body seen"),
        ("coverage.in_position", "number or null", "0-1", "share in the exercise's position"),
        ("coverage.judged", "number or null", "0-1", "share that could be judged"),
        ("coverage.withheld", "number or null", "0-1", "share of the time in position that could not be judged"),
        (
            "ball.seen",
            "number",
            "0-1",
            "share of the frames with a body with the ball (ball exercises only)",
        ),
        ("ball.diameter_torso", "number or null", "torso", "diameter of the ball"),
        ("ball.travel_torso", "number or null", "torso", "how far the ball went from side to side of the picture"),
        ("ball.floor_y_px", "number or null", "px", "lowest point of the ball, from the top: the floor it lies on"),
        ("ball.diameter_cm", "number or null", "cm", "as given with `--ball-cm`"),
        ("ball.torso_cm", "number or null", "cm", "length of the torso by the ball's size: 1 torso in cm"),
        ("counts.total", "integer", "", "repetitions that count"),
        ("counts.left", "integer", "", "of the left side"),
        ("counts.right", "integer", "", "of the right side"),
        ("counts.blocks.{}", "integer", "", f"by block ({_IN_BLOCKS} only)"),
        ("reps[].index", "integer", "", "from 1 in order of time, attempts that do not count included"),
        ("reps[].side", "text or null", "", "`left`, `right`; null where the exercise has none"),
        ("reps[].start_s", "number", "s", "leaving the start position"),
        ("reps[].peak_s", "number", "s", "middle of the end position"),
        ("reps[].end_s", "number", "s", "return"),
        ("reps[].hold_s", "number or null", "s", "in the end position"),
        ("reps[].counted", "boolean", "", "whether it counts"),
        ("reps[].verdict", "text", "", "`good`, `fault` (counts, with faults) or `not-counted`"),
        ("reps[].why", "text or null", "", "why it does not count"),
        ("reps[].faults[].id", "text", "", "fault id; `formcheck exercises ID` lists them"),
        ("reps[].faults[].from_s", "number", "s", "seen from"),
        ("reps[].faults[].to_s", "number", "s", "seen to"),
        ("reps[].faults[].worst", "number or null", "as `unit`", "the value furthest beyond the limit"),
        ("reps[].faults[].worst_s", "number or null", "s", "when; null where the end of the repetition decided"),
        ("reps[].faults[].limit", "number or null", "as `unit`", "the limit"),
        ("reps[].faults[].unit", "text", "", "`deg`, `s`, `torso`, `fraction` ...; empty: not a measured one"),
        ("reps[].measures.{}", "number or null", "see below", "what decided it; null = could not be judged"),
        ("reps[].score", "number or null", "0-100", "100 = nothing to correct"),
        ("reps[].block", "text", "", f"{_BLOCKS} ({_IN_BLOCKS} only)"),
        ("reps[].cut", "text", "", "`start`, `end` or `gap`: not seen whole, so not counted (absent where it was)"),
        ("reps[].seen", "number or null", "0-1", "share of its time in which the joints that decide it were seen"),
        ("faults[].id", "text", "", "fault id; the gravest fault comes first"),
        ("faults[].severity", "text", "", "`minor`, `moderate` or `major`"),
        ("faults[].reps[]", "integer", "", "repetitions that had it; none: seen between repetitions"),
        ("faults[].seconds", "number or null", "s", "how long, in all"),
        ("faults[].worst", "number or null", "as `unit`", "the value furthest beyond the limit"),
        ("faults[].worst_s", "number or null", "s", "when; null where the end of a repetition decided"),
        ("faults[].limit", "number or null", "as `unit`", "the limit"),
        ("faults[].unit", "text", "", "as in `reps[].faults[]`"),
        ("faults[].cue", "text", "", "what to do about it"),
        ("faults[].from_s", "number", "s", "first seen"),
        ("faults[].to_s", "number", "s", "last seen"),
        ("holds[].from_s", "number", "s", "in position from (exercises in which the time in position counts)"),
        ("holds[].to_s", "number", "s", "to"),
        ("holds[].seconds", "number or null", "s", "how long"),
        ("persons", "integer or null", "", "most people in the picture at once; null where nobody counted"),
        ("score", "number or null", "0-100", "mean of the repetitions"),
        ("notes[]", "text", "", "what could not be judged, and why"),
        ("limits.{}", "number or null", "`formcheck exercises ID`", "the limits in force"),
    ]
)

_REP_WORDS = {
    "clip": ("", "name of the clip: the files' names without their endings"),
    "exercise": ("", "id"),
    "rep": ("", "number of the repetition: `reps[].index`, and `rep` of the measures"),
    "side": ("", "`left`, `right` or empty"),
    "block": ("", "part of the warm-up, or empty"),
    "start_s": ("s", "leaving the start position"),
    "peak_s": ("s", "middle of the end position"),
    "end_s": ("s", "return"),
    "hold_s": ("s", "in the end position"),
    "counted": ("", "whether it counts"),
    "verdict": ("", "`good`, `fault` or `not-counted`"),
    "why": ("", "why it does not count"),
    "score": ("0-100", "100 = nothing to correct"),
    "faults": ("", "fault ids with a blank between them"),
}
_FAULT_WORDS = {
    **{k: _REP_WORDS[k] for k in ("clip", "exercise", "side")},
    "rep": ("", "number of the repetition; empty for a fault seen between repetitions only"),
    "fault": ("", "fault id"),
    "severity": ("", "`minor`, `moderate` or `major`"),
    "from_s": ("s", "seen from"),
    "to_s": ("s", "seen to"),
    "seconds": ("s", "how long"),
    "worst": ("as `unit`", "the value furthest beyond the limit"),
    "worst_s": ("s", "when; empty where the end of the repetition decided"),
    "limit": ("as `unit`", "the limit"),
    "unit": ("", "`deg`, `s`, `torso`, `fraction` ...; empty: not a measured one"),
    "cue": ("", "what to do about it"),
}
_CHAINS = {
    "knee": "hip-knee-ankle: 180 straight",
    "hip": "shoulder-hip-knee, between the joints' centres: 180 straight",
    "elbow": "shoulder-elbow-wrist: 180 straight",
    "shoulder": "hip-shoulder-elbow: 0 arm beside the trunk",
    "line": "shoulder-hip-ankle, between the joints' centres: some 173 for a straight body",
}
_COMMON_WORDS = {
    "t_s": ("s", "time in the source"),
    "pose": ("0/1", "1 where a body was seen"),
    "confidence": ("0-1", "mean visibility of the better seen side's joints"),
    "view": ("", "`side`, `front`, `oblique` or `unknown`"),
    "phase": ("", "`away`, `start`, `move` or `hold`"),
    "rep": ("", "number of the attempt under way, or empty"),
    **{f"{joint}_{s}": ("deg", f"{s} {chain}") for joint, chain in _CHAINS.items() for s in ("left", "right")},
    "trunk": ("deg", "inclination of the trunk: 0 lying, 90 upright"),
}
_TYPES = {"text": "text", "int": "integer", "float": "number", "bool": "boolean"}

REPS = tuple(Entry(n, _TYPES[k], *_REP_WORDS[n]) for n, k in REP_COLUMNS.items())
FAULTS = tuple(Entry(n, _TYPES[k], *_FAULT_WORDS[n]) for n, k in FAULT_COLUMNS.items())
MEASURES = tuple(Entry(n, _TYPES[MEASURE_KINDS.get(n, "float")], *_COMMON_WORDS[n]) for n in COMMON)


def own_measures(exercise: Exercise | type[Exercise]) -> tuple[Entry, ...]:
    """Return the entries of an exercise's own measures; those that several exercises share come first."""
    return tuple(Entry(n, "number", *w) for n, w in {**SHARED, **exercise.measures}.items())


def decided_by(exercise: Exercise | type[Exercise]) -> tuple[Entry, ...]:
    """Return the entries of what decides a repetition of an exercise."""
    return tuple(Entry(n, "number", *w) for n, w in exercise.decided.items())


def _table(entries: Iterable[Entry]) -> str:
    rows = [f"| `{e.name}` | {e.type} | {e.unit} | {e.meaning} |" for e in entries]
    return "\n".join(["| name | type | unit | meaning |", "|---|---|---|---|", *rows])


_INTRO = """# Data dictionary

Everything formcheck writes for programs. Unknown is `null` in JSON and an empty cell in a table, never zero or a
made-up number. Units: degrees (`deg`), seconds (`s`), pixels of the upright picture (`px`), lengths of the person's own
torso (`torso`, shoulders to hips in the picture) or leg (`leg`), metres (`m`, as the pose model estimates them);
`fraction`, `0-1`, `0/1` and `1` are plain numbers. Numbers have three significant digits in the report and four in the
measures. Times are seconds of the source, also where its frame rate varies.

This page is made from `formcheck/showing/report/dictionary.py` by `python docs/make.py`.
"""


def to_markdown() -> str:
    """Return the dictionary as a Markdown page."""
    parts = [
        _INTRO,
        "## Report: `<stem>.report.json`\n\n`[]` is a list, `{}` any name. `formcheck.load_report` reads it.\n",
        _table(REPORT),
        "\n## Repetitions: `<stem>.reps.csv`, `.reps.parquet`\n",
        "A row a repetition. The values that decided it follow as columns of their own, see the exercises below.\n",
        _table(REPS),
        "\n## Faults: `<stem>.faults.csv`, `.faults.parquet`\n",
        "A row for each fault of each repetition.\n",
        _table(FAULTS),
        "\n## Measures: `<stem>.measures.csv`, `.measures.parquet`\n",
        "A row a used frame. The exercise's own measures follow, see below.\n",
        _table(MEASURES),
        "\n## Measures of several exercises\n",
        _table(Entry(n, "number", *w) for n, w in SHARED.items()),
    ]
    for cls in ROUTINE:
        own = [Entry(n, "number", *w) for n, w in cls.measures.items()]
        parts += [
            f"\n## `{cls.id}`\n",
            "Columns of the measures:\n",
            _table(own),
            "\nWhat decides a repetition:\n",
            _table(decided_by(cls)),
        ]
    return "\n".join(parts) + "\n"
