"""What all clips of a batch have in common, and the fingerprints that tell whether a clip must be done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from formcheck.analysis.feed import MAX_SIDE
from formcheck.analysis.options import Options, limits_for
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.judging.exercises.chosen import AUTO
from formcheck.version import __version__

#: Folders and files of a batch, in its folder.
CLIPS, TRACKS, TEMPORARY = "clips", "tracks", ".formcheck-tmp"


@dataclass(frozen=True)
class ClipSettings:
    """How to do each clip; sent to every worker.

    Attributes
    ----------
    out : path
        Folder of the batch.
    options : Options
    html, video : bool
        Write the report page, the annotated video.
    measures : bool
        Write the table of measures.
    cache : bool
        Keep the poses of videos, and use those kept.
    model : str
        Hash of the pose model; empty where no clip needs it.
    """

    out: Path
    options: Options = field(default_factory=Options)
    html: bool = False
    video: bool = False
    measures: bool = False
    cache: bool = True
    model: str = ""

    def outputs(self, name: str, *, track: bool) -> dict[str, Path]:
        """Return the files of a clip by kind; the report is the last to be written."""
        wanted = {
            "html": (self.html, ".report.html"),
            "video": (self.video and not track, ".annotated.mp4"),
            "measures": (self.measures, ".measures.csv"),
            "report": (True, ".report.json"),
        }
        return {kind: self.out / CLIPS / (name + ending) for kind, (on, ending) in wanted.items() if on}

    @property
    def poses(self) -> str:
        """Fingerprint of what decides the poses of a given video."""
        o = self.options
        policy = "every" if o.every_frame else "adaptive" if o.adaptive else "steady"
        way = [policy, o.start, o.end, o.mirror, str(o.follow), o.rotate, o.fps, o.speed, o.stream, MAX_SIDE]
        return fingerprint([__version__, self.model, *way])

    def config(self, exercise: str, *, track: bool, truth: str = "") -> str:
        """Fingerprint of all but the clip that decides its outputs: version, limits, options, kinds of output."""
        poses = fingerprint([self.poses, self.options.ball, self.options.ball_cm])
        own = _config(poses, self.options.strictness, _plain(self.options), exercise, self._kinds(), track)
        return f"{own}-{truth}" if truth else own

    def _kinds(self) -> tuple[bool | str, ...]:
        lang = (self.options.lang,) if self.options.lang != "en" and (self.html or self.video) else ()
        return self.html, self.video, self.measures, *lang


def _plain(options: Options) -> str:
    return json.dumps({k: dict(v) for k, v in options.overrides.items()}, sort_keys=True)


@lru_cache(maxsize=1024)
def _config(
    poses: str, strictness: str, overrides: str, exercise: str, kinds: tuple[bool | str, ...], track: bool
) -> str:
    options = Options(overrides=json.loads(overrides), strictness=strictness)
    ids = list(exercises()) if exercise == AUTO else [exercise]
    limits = {i: limits_for(get_exercise(i), options).as_dict() for i in ids}
    return fingerprint([poses, limits, kinds, track])


def fingerprint(value: Any) -> str:
    """Return a short hash of plain data."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:24]


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file's content, or of all files' names and contents in a folder."""
    if path.is_dir():
        return _hash_of(sorted(p for p in path.iterdir() if p.is_file()))
    if not path.exists():  # a pattern of an image sequence
        return _hash_of(sorted(p for p in path.parent.iterdir() if p.is_file()))
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _hash_of(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for p in files:
        whole.update(f"{p.name}\0{content_hash(p)}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()


def local_signature(path: Path) -> str | None:
    """Return what changes whenever a file is written: size, times, place on disk. None for what is no plain file."""
    try:
        s = path.stat()
    except OSError:
        return None
    return f"{s.st_size} {s.st_mtime_ns} {s.st_ctime_ns} {s.st_ino}" if path.is_file() else None
