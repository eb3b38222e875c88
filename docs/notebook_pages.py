"""Run the notebooks and keep what they show in them, small and without a trace of the machine; make pages of them.

    python docs/notebook_pages.py [NAME ...]

runs ``notebooks/NAME.ipynb`` (default: all) from top to bottom and writes them with their results. The documentation
is built from what is written there: :func:`write_pages` runs nothing.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
NOTEBOOKS = DOCS.parent / "notebooks"
#: Where the pages go, beside their pictures; made anew by each build.
PAGES = DOCS / "notebooks"
#: Colours that a picture keeps.
COLOURS = 96


def text_of(source: str | list[str]) -> str:
    """Return a text of a notebook: it may be kept line by line."""
    return source if isinstance(source, str) else "".join(source)


def code_of(notebook: Mapping[str, Any]) -> str:
    """Return a mark of the code of a notebook, that tells whether its results belong to it."""
    code = [text_of(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()[:16]


# ---- run -----------------------------------------------------------------------------
def run(path: Path) -> None:
    """Run a notebook and write it with its results."""
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        nbclient.NotebookClient(notebook, timeout=900, resources={"metadata": {"path": folder}}).execute()
    tidy(notebook)
    nbformat.write(notebook, path)


def tidy(notebook: Any) -> None:
    """Leave in a notebook that was run what it shows, and nothing that differs from machine to machine."""
    for cell in notebook.cells:
        cell.metadata.clear()
        if cell.cell_type == "code":
            # What libraries log.
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
            for output in cell.outputs:
                output.get("metadata", {}).clear()
                data = output.get("data", {})
                if "image/png" in data:
                    data["image/png"] = small(data["image/png"])
                    data.pop("text/plain", None)
    notebook.metadata.clear()
    notebook.metadata.update(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
        code=code_of(notebook),
    )


def small(png: str) -> str:
    """Return a picture (base64) with fewer colours."""
    from PIL import Image

    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    out = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


# ---- pages ---------------------------------------------------------------------------
def write_pages() -> None:
    """Write a page for each notebook, with its pictures beside it."""
    PAGES.mkdir(exist_ok=True)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        _write(PAGES / f"{path.stem}.md", "\n\n".join(_blocks(notebook, path.stem)).encode() + b"\n")


def _blocks(notebook: Mapping[str, Any], stem: str) -> Iterator[str]:
    pictures = 0
    for k, cell in enumerate(notebook["cells"]):
        source = text_of(cell["source"])
        if cell["cell_type"] == "markdown":
            yield source
            if k == 0:
                yield f"This page is the notebook `notebooks/{stem}.ipynb`, with what it showed when it was last run."
            continue
        yield f"```python\n{source.rstrip()}\n```"
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "image/png" in data:
                pictures += 1
                name = f"{stem}-{pictures}.png"
                _write(PAGES / name, base64.b64decode(text_of(data["image/png"])))
                yield f"![The picture that this cell draws]({name})"
            elif "text/html" in data:
                yield table(text_of(data["text/html"]))
            else:
                shown = text_of(output.get("text") or data.get("text/plain", ""))
                if shown.strip():
                    yield f"```text\n{shown.rstrip()}\n```"


def table(html: str) -> str:
    """Return a table as it may stand in a page: without a style of its own, and without empty lines, which end it."""
    plain = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    return "\n".join(line.strip() for line in plain.splitlines() if line.strip())


def _write(path: Path, data: bytes) -> None:
    # What is as it was keeps its time, so that a build need not look at it again.
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(p.stem for p in NOTEBOOKS.glob("*.ipynb")):
        run(NOTEBOOKS / f"{name}.ipynb")
