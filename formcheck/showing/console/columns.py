"""How tables look on the terminal."""

from __future__ import annotations

from rich.table import Table


def headed() -> Table:
    """Return an empty table without lines, the names of its columns in bold."""
    return Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
