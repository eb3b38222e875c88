"""What pages have in common: how templates are read, what pages with curves hold, a content policy's hashes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

#: Templates, styles and scripts shared by the pages.
TEMPLATES = Path(__file__).parent / "templates"


def environment(folder: Path = TEMPLATES) -> Environment:
    """Return what reads the templates of a folder: what is filled in is escaped, an unknown name an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def read_asset(*name: str) -> str:
    """Return the text of a file in :data:`TEMPLATES`."""
    return TEMPLATES.joinpath(*name).read_text(encoding="utf-8")


@cache
def plot_script() -> str:
    """Return uPlot with its licence, as a script that a page can hold."""
    licence = read_asset("uplot", "LICENSE")
    # The first line of the library's file is its address; its licence says who made it, and a page names no address.
    source = read_asset("uplot", "uPlot.iife.min.js").partition("\n")[2].strip()
    # A device pixel ratio of at least two, seen by the library alone, keeps the curves sharp on paper.
    return (
        f"/*!\nuPlot\n{licence.strip()}\n*/\n"
        f"var uPlot = (function (devicePixelRatio) {{\n{source}\nreturn uPlot;\n"
        "})(Math.max(2, window.devicePixelRatio || 1));"
    )


def script_hashes(scripts: Sequence[str]) -> str:
    """Return the sources of a content policy's ``script-src`` that allow these scripts and no others."""
    return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(x.encode()).digest()).decode()}'" for x in scripts)


def curve_assets(script: str, *styles: str) -> dict[str, Any]:
    """Return what the template of a page with curves fills in: its ``css``, its ``scripts``, and their ``hashes``.

    Parameters
    ----------
    script : str
        The page's own script; it finds ``uPlot`` and ``page``, the script that such pages share.
    *styles : str
        What the page has besides the styles of all.
    """
    scripts = [plot_script(), read_asset("curves.js").strip(), script.strip()]
    css = [read_asset("uplot", "uPlot.min.css"), read_asset("page.css"), *styles]
    return {"css": "\n".join(s.strip() for s in css), "scripts": scripts, "hashes": script_hashes(scripts)}
