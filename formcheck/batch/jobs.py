"""What a batch is to do: one job a clip, from files, folders, globs, manifests and URLs."""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..addresses import address_key, is_address, plain_scheme, shown_address, without_secrets
from ..clips import TRACK_ENDING, file_name, shortened, stem_of
from ..errors import InputError, UsageError
from ..evaluation.discovery import VIDEO_ENDINGS, stem
from ..files import expanded

#: In place of an exercise's id: recognise it, read it from the clip's name, or from the truth file beside the clip.
AUTO, FROM_NAME, FROM_TRUTH = "auto", "from-name", "from-truth"
#: Endings of lists of clips.
MANIFEST_ENDINGS = (".csv", ".jsonl", ".ndjson")
_IMAGES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"})
#: What formcheck writes beside a clip, and is no clip.
_OWN = ".annotated.mp4"
_LIVE = re.compile(r"^(rtsps?|rtmps?|udp|tcp|srt|rtp|mms)://", re.IGNORECASE)
_MAGIC = re.compile(r"[*?\[]")
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
    def identity(self) -> str:
        """What tells the job from others of the same batch; not to be stored, as an address may hold a password."""
        where = self.source if is_address(self.source) else os.path.abspath(self.source)  # noqa: PTH100 -- keeps links
        return f"{where}\t{self.exercise}\t{self.id or ''}"

    @property
    def key(self) -> str:
        """A hash of the identity, which links the job with an earlier run's."""
        return address_key(self.identity)


def find_jobs(
    paths: Iterable[str], exercise: str | None, *, out: Path | None = None, names: Mapping[str, str] | None = None
) -> list[Job]:
    """Return the jobs that paths stand for, in their order, folders by name, nothing twice.

    Parameters
    ----------
    paths : iterable of str
        Videos, tracks, folders (searched with all folders in them), globs, manifests (CSV or JSON lines with the
        columns ``path``, ``exercise``, ``truth``, ``id``), URLs of such.
    exercise : str or None
        For clips whose manifest names none; None: recognise it.
    out : path, optional
        The batch's own folder, left out where a folder given holds it.
    names : mapping, optional
        Output names of an earlier run by :attr:`Job.key`; kept as they are.

    Raises
    ------
    InputError
        If a path does not exist, a manifest cannot be read, or there is no clip at all.
    UsageError
        If the exercise does not exist.
    """
    from .manifest import read_manifest

    asked = exercise or AUTO
    check_exercise(asked)
    found: dict[str, Job] = {}
    given = [plain_scheme(p) for p in paths]
    for path in given:
        if _LIVE.match(path):
            raise UsageError(
                f"{shown_address(path)} is a live stream", "a batch takes files; use 'formcheck analyze' for a stream"
            )
        if is_manifest(path):
            jobs: Iterable[Job] = read_manifest(path, asked)
        elif is_address(path):
            from .remote import list_remote

            jobs = (Job(url, asked, signature=signature) for url, signature in list_remote(path))
        else:
            jobs = (Job(str(p), asked) for p in _local(path, out))
        for job in jobs:
            found.setdefault(job.key, job)
    if not found:
        raise InputError(f"no clip in {', '.join(given) or 'nothing given'}", "give videos, tracks or folders of them")
    return named(found.values(), names or {})


def is_manifest(path: str) -> bool:
    """Return whether a path or address is that of a list of clips."""
    if is_address(path):
        return re.split(r"[?#]", path, maxsplit=1)[0].lower().endswith(MANIFEST_ENDINGS)
    return path.lower().endswith(MANIFEST_ENDINGS) and Path(path).is_file()


def check_exercise(asked: str) -> None:
    """Raise UsageError if there is no such exercise."""
    from ..exercises import get_exercise

    if asked not in (AUTO, FROM_NAME, FROM_TRUTH):
        get_exercise(asked)


def _local(path: str, out: Path | None) -> Iterator[Path]:
    p = expanded(path)
    if p.is_dir():
        yield from _in_folder(p, out)
    elif p.exists() and not p.is_file():
        raise InputError(f"{path} is a pipe or a device", "a batch takes files; use 'formcheck analyze' for it")
    elif p.exists() or ("%" in p.name and p.parent.is_dir()):
        yield p
    elif _MAGIC.search(path):
        hits = sorted(glob.glob(str(p), recursive=True))  # noqa: PTH207 -- Path.glob takes no absolute patterns
        if not hits:
            raise InputError(
                f"nothing matches {path}", "check the pattern; quote it, so that the shell leaves it alone"
            )
        for hit in map(Path, hits):
            if hit.is_dir():
                yield from _in_folder(hit, out)
            elif is_clip(hit.name):
                yield hit
    else:
        raise InputError(f"{path}: no such file or folder", "give clips, folders, globs, manifests or URLs")


def _in_folder(folder: Path, out: Path | None) -> Iterator[Path]:
    own = out.resolve() if out is not None else None
    best: dict[Path, Path] = {}
    pictures = False
    for root, folders, files in os.walk(folder):
        here = Path(root)
        folders[:] = sorted(f for f in folders if not f.startswith(".") and (here / f).resolve() != own)
        pictures |= here == folder and any(Path(f).suffix.lower() in _IMAGES for f in files)
        clips = [here / f for f in sorted(files) if is_clip(f)]
        # A track beside its video says the same: the video is taken, as by `formcheck evaluate`.
        videos = {c.with_name(stem(c)) for c in clips if not c.name.endswith(TRACK_ENDING)}
        best.update({c: c for c in clips if not c.name.endswith(TRACK_ENDING) or c.with_name(stem(c)) not in videos})
    if best:
        yield from best
    elif pictures:
        yield folder  # an image sequence


def is_clip(name: str) -> bool:
    """Return whether a file found in a folder is a clip by its name."""
    if name.startswith(".") or name.endswith(_OWN):
        return False
    return name.endswith(TRACK_ENDING) or os.path.splitext(name)[1].lower() in VIDEO_ENDINGS  # noqa: PTH122 -- URLs too


def safe_name(text: str) -> str:
    """Return a text as a file name: no separators, no control characters, not hidden, not too long."""
    return shortened(file_name(text), _LONGEST)


def named(jobs: Iterable[Job], known: Mapping[str, str]) -> list[Job]:
    """Give each job a name of its own: the clip's, and where others have the same, a few letters of its path's hash.

    A name does not depend on the order of the jobs; names in *known* (by :attr:`Job.key`) stay.
    """
    jobs = list(jobs)
    wanted = [safe_name(without_secrets(job.id) if job.id else stem_of(job.source)) for job in jobs]
    # Names that differ in case only are one file on some systems.
    times = Counter(w.lower() for w in wanted)
    taken = {name.lower() for name in known.values()}
    out = []
    for job, want in zip(jobs, wanted, strict=True):
        name = known.get(job.key)
        if name is None:
            name = want
            if times[want.lower()] > 1 or want.lower() in taken:
                name = f"{want}-{job.key[:10]}"
            taken.add(name.lower())
        out.append(replace(job, name=name))
    return out


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
