"""The notebooks run from top to bottom, and are committed with what they showed, which belongs to their code."""

from __future__ import annotations

import getpass
import importlib.util
import json
import os
import re
import socket
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """The script that runs the notebooks and makes pages of them."""
    spec = importlib.util.spec_from_file_location("notebook_pages", FOLDER.parent / "docs" / "notebook_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for c in notebook["cells"] if c["cell_type"] == "code"]


def printed(cell: dict[str, Any], pages: ModuleType) -> str:
    """What a cell printed, numbers made alike: another processor's model is off by a little."""
    text = "".join(pages.text_of(o["text"]) for o in cell["outputs"] if o.get("name") == "stdout")
    return re.sub(r"-?\d+(\.\d+)?", "0", text)


def test_there_is_one() -> None:
    assert NOTEBOOKS


@each
def test_it_is_committed_as_run_from_top_to_bottom(path: Path, pages: ModuleType) -> None:
    notebook = read(path)
    assert [c["execution_count"] for c in cells(notebook)] == list(range(1, len(cells(notebook)) + 1))
    assert not [o for c in cells(notebook) for o in c["outputs"] if o["output_type"] == "error"]
    code = pages.code_of(notebook)
    assert notebook["metadata"]["code"] == code, f"run python docs/notebook_pages.py {path.stem}"


def test_results_of_other_code_are_noticed(pages: ModuleType) -> None:
    notebook = read(NOTEBOOKS[0])
    before = pages.code_of(notebook)
    notebook["cells"][0]["source"] += ["words are no code"]
    assert pages.code_of(notebook) == before
    cells(notebook)[-1]["source"] += ["\n1"]
    assert pages.code_of(notebook) != before


@each
def test_its_results_are_small_and_tell_nothing_of_the_machine(path: Path) -> None:
    assert path.stat().st_size < 900_000
    text = re.sub(r'"image/png": "[^"]*"', "", path.read_text(encoding="utf-8"))
    for trace in ("/home/", "/Users/", "/root", "/tmp", "/var/", "site-packages", "C:\\\\", f"/{getpass.getuser()}/"):
        assert trace not in text, trace
    host = socket.gethostname()
    assert len(host) < 6 or host not in text


@each
def test_its_page_shows_code_results_and_pictures(
    path: Path, pages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGES", tmp_path)
    pages.write_pages()
    page = (tmp_path / f"{path.stem}.md").read_text(encoding="utf-8")
    notebook = read(path)
    drawn = [o for c in cells(notebook) for o in c["outputs"] if "image/png" in o.get("data", {})]
    assert page.count("```python") == len(cells(notebook))
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)
    assert len(shown) == len(drawn) >= 3
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in shown)


@each
@pytest.mark.filterwarnings("ignore")  # the machinery of notebooks warns about itself
def test_it_runs_and_prints_what_it_is_committed_with(
    path: Path, pages: ModuleType, pose_model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for needed in ("nbformat", "nbclient", "ipykernel"):
        pytest.importorskip(needed, reason="jupyter is not installed (pip install -e '.[dev]')")
    import nbclient
    import nbformat

    monkeypatch.setenv("FORMCHECK_MODEL", str(pose_model))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(FOLDER.parent), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    notebook = nbformat.read(path, as_version=4)
    before = [printed(c, pages) for c in cells(notebook)]
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert [printed(c, pages) for c in cells(notebook)] == before
    pictures = [o for c in cells(notebook) for o in c["outputs"] if "image/png" in o.get("data", {})]
    assert len(pictures) >= 4, "frames, landmarks, the signal, and its limits"
