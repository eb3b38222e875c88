"""Made-up ratings: reports, reviews and truth files of films with known answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from formcheck.agreement.ratings import CERTAIN, POSSIBLE, TOOL, RatedAttempt, Rating

LEVELS = {"?": POSSIBLE, "!": CERTAIN}


def attempt(k: int, faults: str = "", counted: bool | None = True, **more: Any) -> RatedAttempt:
    """The k-th attempt of a film, 10 s each; ``faults`` as in ``"hip-sag! head-down?"``."""
    said = {f[:-1]: LEVELS[f[-1]] for f in faults.split()}
    values = {"side": "left", "faults": said, "index": k, **more}
    return RatedAttempt((10.0 * k, 10.0 * k + 8), counted, **values)


def rating(film: str, rater: str = TOOL, *attempts: RatedAttempt, exercise: str = "plane", **more: Any) -> Rating:
    return Rating(film, rater, exercise, attempts, **more)


def report(film: str, reps: list[dict[str, Any]], exercise: str = "plane") -> dict[str, Any]:
    """A report with attempts of 8 s each; ``reps`` say what is not usual of them."""
    rows = []
    for k, more in enumerate(reps, start=1):
        row = {
            "index": k, "side": "left", "start_s": 10.0 * k, "peak_s": 10.0 * k + 4, "end_s": 10.0 * k + 8,
            "hold_s": 3.0, "counted": True, "verdict": "good", "why": None, "faults": [],
            "measures": {"leg_level": -4.0}, "score": 90.0,
        }  # fmt: skip
        row.update(more)
        row["faults"] = [
            {"id": f, "from_s": row["start_s"], "to_s": row["end_s"], "worst": 1.0, "limit": 0.5, "unit": "deg"}
            for f in row["faults"]
        ]
        row["verdict"] = "not-counted" if not row["counted"] else "fault" if row["faults"] else "good"
        rows.append(row)
    source = {
        "path": f"{film}.mp4", "kind": "video", "duration_s": 10.0 * len(reps) + 12, "fps": 30.0, "width": 640,
        "height": 360, "frames": 100, "frames_used": 100, "rotation": 0,
    }  # fmt: skip
    counted = [r for r in rows if r["counted"]]
    return {
        "schema": "formcheck.report/1", "formcheck": "0.1.0", "created": "2026-03-01T10:00:00+00:00", "source": source,
        "exercise": exercise, "recognised": None,
        "view": {"kind": "side", "near_side": "right", "ok": True, "advice": []},
        "coverage": {"pose": 1.0, "in_position": 1.0, "judged": 1.0},
        "counts": {"total": len(counted), "left": len(counted), "right": 0}, "reps": rows,
        "faults": [
            {
                "id": i, "severity": "major",
                "reps": [r["index"] for r in rows if any(f["id"] == i for f in r["faults"])],
                "seconds": 1.0, "worst": 1.0, "limit": 0.5, "unit": "deg", "cue": "Flatten your back.", "from_s": 10.0,
                "to_s": 18.0,
            }
            for i in dict.fromkeys(f["id"] for r in rows for f in r["faults"])
        ],
        "score": round(sum(r["score"] for r in rows) / max(len(rows), 1), 1), "notes": [], "limits": {},
    }  # fmt: skip


def said(k: int, by: str = "Anna", faults: str = "", **more: Any) -> dict[str, Any]:
    """What a person says of the k-th repetition of :func:`report`."""
    listed = [{"id": f[:-1], "certainty": {"!": "certain", "?": "possible"}[f[-1]]} for f in faults.split()]
    return {
        "index": k, "start_s": 10.0 * k, "peak_s": 10.0 * k + 4, "end_s": 10.0 * k + 8, "answer": "changed",
        "counted": True, "side": "left", "faults": listed, "note": None, "by": by, "at": "2026-03-02T10:00:00+00:00",
        **more,
    }  # fmt: skip


def review(film: str, reps: list[dict[str, Any]], exercise: str = "plane", by: str = "Anna") -> dict[str, Any]:
    return {
        "schema": "formcheck.review/1", "formcheck": "0.1.0", "film": film, "exercise": exercise,
        "report_created": "2026-03-01T10:00:00+00:00", "by": by, "changed": "2026-03-02T10:00:00+00:00", "reps": reps,
        "faults": [], "note": None,
    }  # fmt: skip


def write(path: Path, data: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding="utf-8")
    return path
