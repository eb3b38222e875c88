"""The index page of a batch: every clip, with filters; one file, no network."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from formcheck.files import write_text
from formcheck.showing.page.assets import environment, read_asset, script_hashes
from formcheck.version import __version__

from .results import clip_row
from .settings import CLIPS

NAME = "index.html"
#: Clips on the page; the tables hold all. A browser shows this many without waiting.
AT_MOST = 20_000
#: Fields of a clip on the page, in order.
FIELDS = (
    "clip",
    "path",
    "exercise",
    "status",
    "error",
    "total",
    "not_counted",
    "score",
    "faults",
    "view",
    "judged",
    "s",
)


class BatchLike(Protocol):
    """What the page says of the batch as a whole."""

    @property
    def out(self) -> Path:
        """Folder of the batch."""

    @property
    def left(self) -> int:
        """Clips not reached."""


def write_index(batch: BatchLike, records: Callable[[], Iterable[Mapping[str, Any]]]) -> Path:
    """Write ``index.html``, whole or not at all; return its path.

    Parameters
    ----------
    batch : BatchLike
    records : callable
        Gives the records of all clips, each time from the first on.
    """
    path = batch.out / NAME
    write_text(path, render_index(batch, records))
    return path


def render_index(batch: BatchLike, records: Callable[[], Iterable[Mapping[str, Any]]]) -> str:
    """Return the index page as HTML; parameters as :func:`write_index`."""
    totals: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    for record in records():
        totals["clips"] += 1
        row = record.get("row") or {}
        if record["status"] == "failed":
            totals["failed"] += 1
            failures[_cause(str(record.get("failure")))] += 1
        else:
            totals["faulty"] += bool(row.get("faults"))
            totals["reps"] += int(row.get("total") or 0)
    # Where not all fit, those that failed come first: nobody looks for the others here.
    ordered: Iterable[Mapping[str, Any]] = records()
    if totals["clips"] > AT_MOST:
        failed = (r for r in records() if r["status"] == "failed")
        ordered = chain(failed, (r for r in records() if r["status"] != "failed"))
    rows = [_entry(batch.out, r) for r in islice(ordered, AT_MOST)]
    style, script = (
        "\n".join(read_asset(name).strip() for name in ("page.css", "batch.css")),
        read_asset("batch.js").strip(),
    )
    text: str = _template().render(
        totals=totals,
        failures=failures.most_common(),
        left=batch.left,
        shown=len(rows),
        data=_embedded({"fields": [*FIELDS, "link"], "rows": rows}),
        style=style,
        script=script,
        hashes=script_hashes([script]),
        version=__version__,
    )
    return text.encode("utf-8", "replace").decode("utf-8")


_CAUSES = {
    "input": "cannot be read", "nobody": "nobody found", "timeout": "took too long", "died": "worker died",
    "fetch": "cannot be fetched", "model": "pose model", "usage": "option", "output": "cannot be written",
    "internal": "internal error",
}  # fmt: skip


def _cause(failure: str) -> str:
    return _CAUSES.get(failure, failure)


def _entry(out: Path, record: Mapping[str, Any]) -> list[Any]:
    row = clip_row(record)
    row["judged"], row["s"] = row.get("coverage_judged"), row["seconds"]
    row["faults"] = (record.get("row") or {}).get("faults") or []
    link = None
    if row["status"] != "failed":
        for ending in (".report.html", ".report.json"):
            if (out / CLIPS / (row["clip"] + ending)).is_file():
                link = f"{CLIPS}/{quote(row['clip'] + ending, errors='surrogateescape')}"
                break
    return [*(row.get(f) for f in FIELDS), link]


def _embedded(data: Any) -> str:
    """Return data as JSON that cannot end the element it stands in, whatever is in it."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
@cache
def _template() -> Any:
    return environment().get_template("batch.html.j2")
