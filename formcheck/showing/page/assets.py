"""What pages have in common: how templates are read, the plotting library as one script, a content policy's hashes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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
