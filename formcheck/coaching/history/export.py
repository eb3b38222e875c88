"""The history as a table, a row a repetition, for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from formcheck.version import __version__

from .queries import SetRecord

SCHEMA = "formcheck.history/1"
#: Columns of every table, in order; a column a measure follows, by name with ``measure_`` before it.
COLUMNS = (
    *("session", "started", "date", "kind", "routine", "source", "exercise", "set", "target", "rep", "side", "block"),
    *("start_s", "peak_s", "end_s", "hold_s", "counted", "verdict", "why", "score", "faults"),
)


def rows(sets: Sequence[SetRecord]) -> list[dict[str, Any]]:
    """Return a row a repetition: :data:`COLUMNS`, ``faults`` as a list of records, and ``measures``."""
    out = []
    for s in sets:
        session = s.session
        for r in s.reps:
            values = (
                *(session.number, session.started.isoformat(timespec="seconds"), session.day.isoformat()),
                *(session.kind, session.routine, session.source, s.exercise, s.number, s.target, r.index, r.side),
                *(r.block, r.start_s, r.peak_s, r.end_s, r.hold_s, r.counted, r.verdict, r.why, r.score),
            )
            faults = [
                {
                    "id": f.id,
                    "severity": f.severity,
                    "from_s": f.from_s,
                    "to_s": f.to_s,
                    "worst": f.worst,
                    "limit": f.limit,
                    "unit": f.unit,
                }
                for f in r.faults
            ]
            out.append({**dict(zip(COLUMNS, (*values, faults), strict=True)), "measures": dict(r.measures)})
    return out


def to_csv(sets: Sequence[SetRecord]) -> str:
    """Return the table as CSV: faults as ids joined by ``;``, a column a measure, unknown values empty."""
    table = rows(sets)
    measures = sorted({name for row in table for name in row["measures"]})
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow([*COLUMNS, *(f"measure_{name}" for name in measures)])
    for row in table:
        known = {**row, "counted": int(row["counted"]), "faults": ";".join(f["id"] for f in row["faults"])}
        out.writerow([*(known[c] for c in COLUMNS), *(row["measures"].get(name) for name in measures)])
    return text.getvalue()


def to_json(sets: Sequence[SetRecord]) -> str:
    """Return the table as JSON: ``schema``, ``formcheck``, ``created`` and ``reps``, an object a repetition."""
    whole = {
        "schema": SCHEMA,
        "formcheck": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "reps": rows(sets),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
