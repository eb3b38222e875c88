"""The built page: the files that lie in ``static/`` and no others."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".map": "application/json",
}
#: Names under this folder carry a hash of their content.
HASHED = "assets/"


def static_files(folder: Path = FOLDER) -> dict[str, tuple[Path, str]]:
    """Return the files of a built page and their types by their paths; looked up once: no path is ever put together."""
    if not folder.is_dir():
        return {}
    return {
        p.relative_to(folder).as_posix(): (p, TYPES[p.suffix])
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.suffix in TYPES
    }
