"""One clip of a batch: what is to be done with it, and what it is called."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.addresses import address_key, is_address, shown_address, without_secrets
from formcheck.clips import TRACK_ENDING, file_name, shortened
from formcheck.evaluation.discovery import VIDEO_ENDINGS
from formcheck.judging.exercises import get_exercise
from formcheck.judging.exercises.chosen import RESERVED

#: Endings of lists of clips.
MANIFEST_ENDINGS = (".csv", ".jsonl", ".ndjson")


#: What formcheck writes beside a clip, and is no clip.
_OWN = ".annotated.mp4"


#: Longest name of an output file before its ending, in bytes (file systems take 255 in all).
_LONGEST = 150


@dataclass(frozen=True)
class Job:
    """One clip.

    Attributes
    ----------
    source : str
        Path or URL of a video, image sequence or track.
    exercise : str
        Id, ``auto``, ``from-name`` or ``from-truth``.
    name : str
        Name of the outputs without ending; no other job of the batch has it.
    id : str or None
        The caller's own name of the clip, from a manifest.
    truth : str or None
        Truth file named in a manifest; None: looked for beside the clip where it is needed.
    signature : str or None
        What a listing told of the remote file (size, ETag), which changes when the file does.
    """

    source: str
    exercise: str
    name: str = ""
    id: str | None = None
    truth: str | None = None
    signature: str | None = None

    @property
    def size(self) -> int:
        """Bytes of the file; 0 where that cannot be told without fetching it, or it is none."""
        with suppress(OSError, ValueError):
            return 0 if is_address(self.source) else Path(self.source).stat().st_size
        return 0

    @property
    def identity(self) -> str:
        """What tells the job from others of the same batch; not to be stored, as an address may hold a password."""
        where = self.source if is_address(self.source) else os.path.abspath(self.source)  # noqa: PTH100 -- keeps links
        return f"{where}\t{self.exercise}\t{self.id or ''}"

    @property
    def key(self) -> str:
        """A hash of the identity, which links the job with an earlier run's."""
        return address_key(self.identity)


def is_manifest(path: str) -> bool:
    """Return whether a path or address is that of a list of clips."""
    if is_address(path):
        return re.split(r"[?#]", path, maxsplit=1)[0].lower().endswith(MANIFEST_ENDINGS)
    return path.lower().endswith(MANIFEST_ENDINGS) and Path(path).is_file()


def check_exercise(asked: str) -> None:
    """Raise UsageError if there is no such exercise."""
    if asked not in RESERVED:
        get_exercise(asked)


def is_clip(name: str) -> bool:
    """Return whether a file found in a folder is a clip by its name."""
    if name.startswith(".") or name.endswith(_OWN):
        return False
    return name.endswith(TRACK_ENDING) or os.path.splitext(name)[1].lower() in VIDEO_ENDINGS  # noqa: PTH122 -- URLs too


def safe_name(text: str) -> str:
    """Return a text as a file name: no separators, no control characters, not hidden, not too long."""
    return shortened(file_name(text), _LONGEST)


def exercise_in_name(name: str, ids: Iterable[str]) -> str | None:
    """Return the exercise whose id stands in a clip's name as whole words, the longest if there are several.

    >>> exercise_in_name("2024_side-lift-hip-back", ["side-lift", "side-plank"])
    'side-lift'
    """
    plain = re.sub(r"[^0-9a-z]+", "-", name.lower())
    fitting = [i for i in ids if re.search(rf"(^|-){re.escape(i)}(-|$)", plain)]
    return max(fitting, key=len, default=None)


def describe(job: Job) -> dict[str, Any]:
    """Return what the journal says of a job: nothing that lets anybody in."""
    source = shown_address(job.source) if is_address(job.source) else job.source
    known = None if job.id is None else without_secrets(job.id)
    return {"source": source, "asked": job.exercise, "name": job.name, "id": known}
