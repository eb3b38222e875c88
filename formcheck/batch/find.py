"""What a batch is to do: one job a clip, from files, folders, globs, manifests and URLs."""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from formcheck.addresses import is_address, plain_scheme, shown_address, without_secrets
from formcheck.clips import TRACK_ENDING, stem, stem_of
from formcheck.errors import InputError, UsageError
from formcheck.files import expanded
from formcheck.judging.exercises.chosen import AUTO
from formcheck.sight.video.images import IMAGE_ENDINGS

from .job import Job, check_exercise, is_clip, is_manifest, safe_name
from .manifest import read_manifest
from .remote import list_remote

_LIVE = re.compile(r"^(rtsps?|rtmps?|udp|tcp|srt|rtp|mms)://", re.IGNORECASE)
_MAGIC = re.compile(r"[*?\[]")


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
            jobs = (Job(url, asked, signature=signature) for url, signature in list_remote(path))
        else:
            jobs = (Job(str(p), asked) for p in _local(path, out))
        for job in jobs:
            found.setdefault(job.key, job)
    if not found:
        raise InputError(f"no clip in {', '.join(given) or 'nothing given'}", "give videos, tracks or folders of them")
    return named(found.values(), names or {})


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
        pictures |= here == folder and any(Path(f).suffix.lower() in IMAGE_ENDINGS for f in files)
        clips = [here / f for f in sorted(files) if is_clip(f)]
        # A track beside its video says the same: the video is taken, as by `formcheck evaluate`.
        videos = {c.with_name(stem(c)) for c in clips if not c.name.endswith(TRACK_ENDING)}
        best.update({c: c for c in clips if not c.name.endswith(TRACK_ENDING) or c.with_name(stem(c)) not in videos})
    if best:
        yield from best
    elif pictures:
        yield folder  # an image sequence


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
