"""The reports that lie in the user's folders: listed, and given file by file; nothing outside of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from formcheck.clips import REPORT_ENDING
from formcheck.coaching.coach.phrases import Phrases
from formcheck.errors import FormcheckError

from .place import Data
from .telling import address_of, report_data

#: Files that are given, by what they end in, and their types.
TYPES = {
    ".report.html": "text/html; charset=utf-8",
    ".report.json": "application/json",
    ".measures.csv": "text/csv; charset=utf-8",
    ".annotated.mp4": "video/mp4",
}
#: Largest report that is read for a list (bytes).
MAX_REPORT = 8 << 20
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"<>]*)"')


def report_files(data: Data) -> list[Path]:
    """Return the reports of this machine, the newest first."""
    found = [f for folder in _folders(data) for f in folder.iterdir() if f.name.endswith(REPORT_ENDING)]
    return sorted(found, key=lambda f: (_changed(f), f.name), reverse=True)


def reports_data(data: Data, phrases: Phrases, last: int) -> list[dict[str, Any]]:
    """Return what a list says of the newest reports; files that are no reports are left out."""
    out: list[dict[str, Any]] = []
    for file in report_files(data):
        if len(out) >= last:
            break
        said = report_row(file, phrases)
        if said is not None:
            out.append(said)
    return out


def report_row(file: Path, phrases: Phrases) -> dict[str, Any] | None:
    """Return what a list says of a report; None of a file that is none."""
    folder, stem = file.parent.name, file.name.removesuffix(REPORT_ENDING)
    try:
        if file.stat().st_size > MAX_REPORT:
            return None
        report = json.loads(file.read_text(encoding="utf-8"))
        said = report_data(report, phrases)
        kind = "live" if file.parent.parent.name == "sessions" else "analyze"
        name = Path(str(report["source"]["path"])).name
    except (OSError, ValueError, KeyError, TypeError, FormcheckError):
        return None
    page = file.with_name(f"{stem}.report.html")
    return {
        "id": f"{folder}/{stem}",
        **said,
        "kind": kind,
        "name": name,
        "page": address_of(page) if page.is_file() else None,
        "data": address_of(file),
    }


def find_file(data: Data, folder: str, name: str) -> tuple[Path, str] | None:
    """Return a file of a report and its type; None where there is none that may be given."""
    kind = next((t for ending, t in TYPES.items() if name.endswith(ending)), None)
    if kind is None:
        return None
    # Names are looked up in what lies there, never put together: none leads elsewhere.
    for there in _folders(data):
        if there.name == folder:
            for file in there.iterdir():
                if file.name == name and file.is_file() and not file.is_symlink():
                    return file, kind
    return None


def policy_in(page: str) -> str:
    """Return the content policy that a page states of itself, for the header; a page without one may do nothing.

    >>> policy_in("<p>no policy</p>").partition(";")[0]
    "default-src 'none'"
    >>> policy_in('<meta http-equiv="Content-Security-Policy" content="script-src &#39;sha256-x&#39;">')
    "script-src 'sha256-x'; frame-ancestors 'self'"
    """
    found = _POLICY.search(page)
    nothing = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    own = unescape(found[1]).replace(" file:", "") if found else nothing
    return f"{own}; frame-ancestors 'self'"


def page_policy(file: Path) -> str:
    """Return the content policy of a report page."""
    with file.open(encoding="utf-8", errors="replace") as f:
        return policy_in(f.read(1 << 16))


def _folders(data: Data) -> Iterator[Path]:
    roots = (data.sessions, data.uploads)
    for root in roots:
        if root.is_dir():
            yield from (p for p in root.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith("."))


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
