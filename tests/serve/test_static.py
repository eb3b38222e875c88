"""The built pages that are shipped: those of the sources beside them, whole, and with no address of anybody in them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from formcheck.serve.static import FOLDER, static_files

WEB = Path(__file__).resolve().parents[2] / "web"


def test_all_that_the_page_names_is_there() -> None:
    files = static_files()
    named = set(re.findall(r'(?:src|href)="\./([^"]+)"', (FOLDER / "index.html").read_text(encoding="utf-8")))
    named |= set(re.findall(r'(?:src|href)="([a-z][^":]+)"', (FOLDER / "index.html").read_text(encoding="utf-8")))
    kept = re.findall(r'"([^"]+\.[a-z0-9]+)"', (FOLDER / "sw.js").read_text(encoding="utf-8").split("const CACHE")[0])
    assert named
    assert kept
    assert {n for n in named | set(kept) if n not in files} == set()
    # What is served is what is listed: every file has a type the server knows.
    assert {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.is_file()} == set(files)


def test_the_page_holds_no_script_or_style_of_its_own() -> None:
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


def test_nothing_in_the_scripts_names_another_host() -> None:
    # From 0.10.36 on MediaPipe's package for the web posts usage figures.
    scripts = [p for p in FOLDER.rglob("*.js") if p.parent.name == "assets"]
    assert len(scripts) >= 2
    for script in scripts:
        found = re.findall(r"(?:https?|wss?)://[\w.-]+", script.read_text(encoding="utf-8"))
        assert set(found) <= {"http://www.w3.org"}, script.name
    loader = (FOLDER / "wasm/vision_wasm_internal.js").read_text(encoding="utf-8")
    assert not re.search(r"sendBeacon|play\.google|clearcut|google-analytics", loader)


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not there")
@pytest.mark.skipif(not (WEB / "node_modules").is_dir(), reason="web/node_modules is not there: run npm install in web")
def test_what_is_shipped_is_what_the_sources_give(tmp_path: Path) -> None:
    # A copy, since the build may leave things beside the sources.
    subprocess.run(
        ["npm", "run", "--silent", "build"],
        cwd=WEB,
        env={"PATH": _path(), "FORMCHECK_WEB_OUT": str(tmp_path / "static"), "HOME": str(tmp_path)},
        check=True,
        capture_output=True,
    )
    built = {
        p.relative_to(tmp_path / "static"): p.read_bytes() for p in (tmp_path / "static").rglob("*") if p.is_file()
    }
    shipped = {p.relative_to(FOLDER): p.read_bytes() for p in FOLDER.rglob("*") if p.is_file()}
    assert sorted(built) == sorted(shipped)
    assert [name for name in built if built[name] != shipped[name]] == [], "run npm run build in web, and commit"


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not there")
@pytest.mark.skipif(not (WEB / "node_modules").is_dir(), reason="web/node_modules is not there: run npm install in web")
@pytest.mark.parametrize("what", ["check", "test"])
def test_the_types_fit_and_the_tests_of_the_page_pass(what: str) -> None:
    done = subprocess.run(["npm", "run", "--silent", what], cwd=WEB, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _path() -> str:
    npm = shutil.which("npm")
    assert npm is not None
    return f"{Path(npm).parent}:/usr/bin:/bin"
