"""Made-up sessions to compare: reports with tables of measures whose curves are known, and histories of them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from formcheck.coaching.people import find_person

from ..agreement.made import report, write
from ..coaching.history import seed

RATE = 5


def session(folder, stem, levels, exercise="plane", measure="leg_level", **changes):
    """A report beside its table: a repetition a level, whose measure is a half sine up to the level and back."""
    sides = changes.pop("sides", ["left"] * len(levels))
    more = changes.pop("reps", [{}] * len(levels))
    rows = [{"measures": {measure: x}, "side": s, **m} for x, s, m in zip(levels, sides, more, strict=True)]
    data = {**report(stem, rows, exercise), **changes}
    lines = [f"t_s,pose,confidence,view,phase,rep,{measure}"]
    for i in range(int(RATE * (10 * len(levels) + 12))):
        t = i / RATE
        k = next((k for k, r in enumerate(data["reps"]) if r["start_s"] <= t <= r["end_s"]), None)
        if k is None:
            lines.append(f"{t:.3f},1,0.99,side,start,,0")
            continue
        r = data["reps"][k]
        v = levels[k] * math.sin(math.pi * (t - r["start_s"]) / (r["end_s"] - r["start_s"]))
        lines.append(f"{t:.3f},1,0.99,side,end,{k + 1},{v:.4f}")
    (folder / f"{stem}.measures.csv").parent.mkdir(parents=True, exist_ok=True)
    (folder / f"{stem}.measures.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return write(folder / f"{stem}.report.json", data)


def keep(levels, person=None, exercise="plane", measure="leg_level"):
    """A history with a session a day, each of the repetitions given."""
    with find_person(person).open_history() as history:
        for day, of_day in enumerate(levels):
            at = datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(days=day)
            reps = [seed.rep(k + 1, measures={measure: x}) for k, x in enumerate(of_day)]
            seed.put(history, at, [(exercise, reps)])
