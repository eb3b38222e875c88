"""The file of a review: read, and changed by one program at a time, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from formcheck.clips import REPORT_ENDING
from formcheck.errors import OutputError, UsageError
from formcheck.files import write_json
from formcheck.version import __version__

from ..report.jsonfile import read_json
from .record import SCHEMA, SUFFIX, Review

#: Seconds a program waits for another that writes the same review.
WAIT_S = 10.0


def review_path(report: Path) -> Path:
    """Return where the review of a report lies: beside it.

    >>> review_path(Path("out/plane.report.json")).name
    'plane.review.json'
    """
    return report.with_name(report.name.removesuffix(REPORT_ENDING).removesuffix(".json") + SUFFIX)


def read_review(path: str | Path) -> Review:
    """Read a review.

    Raises
    ------
    InputError
        If the file is missing or no review.
    """
    p = Path(path)
    return Review.from_dict(read_json(p, "review", "formcheck review"), str(p))


def empty_review(report: Mapping[str, Any], film: str, by: str, at: str) -> Review:
    """Return a review of a report in which nothing is said yet."""
    return Review(SCHEMA, __version__, film, report["exercise"], report["created"], by, at)


def begun(path: Path, report: Mapping[str, Any], film: str, by: str, at: str) -> Review:
    """Return the review that lies at a path, or an empty one where there is none.

    Raises
    ------
    InputError
        If the file is no review.
    UsageError
        If it is one of another report of that name.
    """
    if not path.exists():
        return empty_review(report, film, by, at)
    review = read_review(path)
    if (review.report_created, review.exercise) != (report["created"], report["exercise"]):
        raise UsageError(
            f"{path} reviews another report (one of {review.report_created})",
            "move it away, or give another file with -o",
        )
    return review


def change(path: Path, start: Callable[[], Review], how: Callable[[Review], Review]) -> Review:
    """Change a review as one step that happens whole or not at all; return it as it is now.

    Parameters
    ----------
    path : Path
    start : callable
        Gives the review as it lies there now.
    how : callable
        Gives the changed review.

    Raises
    ------
    UsageError
        If another program holds the file, or it cannot be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path.parent / f".{path.name}.lock")
    try:
        with lock.acquire(timeout=WAIT_S):
            now = how(start())
            write_json(path, now.to_dict())
            Path(lock.lock_file).unlink(missing_ok=True)
            return now
    except Timeout:
        raise UsageError(f"another program writes {path}", "try again in a moment") from None
    except OSError as e:
        raise OutputError(f"cannot write {path} ({(e.strerror or str(e)).lower()})", "make its folder writable") from e
