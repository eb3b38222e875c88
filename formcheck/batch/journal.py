"""The journal of a batch: one JSON line a clip, written to disk as soon as it is done, never changed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from formcheck.errors import InputError, OutputError
from formcheck.shown import brief

SCHEMA = "formcheck.batch/1"
NAME = "journal.jsonl"


class Journal:
    """Append records, and read any of them again by its place.

    A crash can tear the last line only: it is skipped when the journal is read and closed off before the next one.

    Parameters
    ----------
    folder : path
        Of the batch.
    fresh : bool
        Begin anew: an older journal is replaced.
    """

    def __init__(self, folder: Path, *, fresh: bool) -> None:
        self.path = folder / NAME
        self._fresh = fresh

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w+b" if self._fresh else "a+b")
        except OSError as e:
            raise OutputError(
                f"cannot write {self.path} ({(e.strerror or str(e)).lower()})", "choose another folder with -o"
            ) from e
        end = self._file.seek(0, os.SEEK_END)
        if end:
            self._file.seek(end - 1)
            if self._file.read(1) != b"\n":
                self._file.seek(0, os.SEEK_END)
                self._file.write(b"\n")
        self._end = self._file.seek(0, os.SEEK_END)
        return self

    def append(self, record: dict[str, Any]) -> int:
        """Write a record through to the disk; return its place.

        Raises
        ------
        UsageError
            If the disk is full.
        """
        line = json.dumps(record, allow_nan=False, separators=(",", ":")).encode() + b"\n"
        place = self._end
        try:
            self._file.seek(0, os.SEEK_END)
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as e:
            why = (e.strerror or str(e)).lower()
            raise OutputError(f"cannot write {self.path} ({why})", "make room and go on with --resume") from e
        self._end += len(line)
        return place

    def read(self, place: int) -> dict[str, Any]:
        """Return the record at a place."""
        self._file.seek(place)
        record: dict[str, Any] = json.loads(self._file.readline())
        return record

    def records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Give all whole records with their places, from the first on.

        Raises
        ------
        InputError
            If it is another program's, or another version's.
        """
        place = 0
        while True:
            self._file.seek(place)
            line = self._file.readline()
            if not line:
                return
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None  # torn by a crash
            if isinstance(record, dict):
                schema = record.get("schema", SCHEMA)
                if schema != SCHEMA:
                    raise InputError(
                        f"{self.path} has schema {brief(schema)}, expected {SCHEMA!r}", "choose another folder with -o"
                    )
                yield place, record
            place += len(line)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
