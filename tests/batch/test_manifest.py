"""Who wrote a manifest that is fetched is not who runs it: it names what lies there, and nothing else."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from formcheck.batch.find import find_jobs
from formcheck.errors import InputError

from ..commandline import Run
from .clips import put, results

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")

ELSEWHERE = [
    *("/etc/passwd", "~/clip.mp4", "~root/clip.mp4", "\\\\server\\share\\a.mp4", "\\a.mp4", "C:\\a.mp4", "c:/a.mp4"),
    *("file:///etc/passwd", "FILE:///etc/passwd", "local:///etc/passwd", "https://host/a.mp4", "s3://bucket/a.mp4"),
    *("simplecache::file:///etc/passwd", "simplecache::memory://a.mp4", "memory://a.zip::file:///etc/passwd"),
    *("zip://a.mp4::/etc/passwd", "a.mp4::file:///etc/passwd", "filecache::memory://a.mp4", "//server/a.mp4"),
]


@pytest.fixture
def there() -> Iterator[object]:
    """A place elsewhere, of the scheme ``memory``."""
    fs = fsspec.filesystem("memory")
    yield fs
    fs.store.clear()


@pytest.mark.parametrize("column", ["path", "truth"])
@pytest.mark.parametrize("named", ELSEWHERE)
def test_one_from_elsewhere_may_not_name_files_here_or_in_a_third_place(there, named: str, column: str) -> None:
    row = {"path": "good.mp4", column: named}
    there.pipe("/lists/list.jsonl", json.dumps({"path": "a.mp4"}).encode() + b"\n" + json.dumps(row).encode())
    with pytest.raises(InputError, match=r"line 2: .* is not of the place the manifest comes from") as e:
        find_jobs(["memory://lists/list.jsonl"], "plane")
    assert "from memory:// may name clips there only" in str(e.value)


@pytest.mark.parametrize("scheme", ["memory", "MEMORY", "Memory"])
def test_one_from_elsewhere_names_what_lies_there(there, scheme: str) -> None:
    table = "path,truth\na.mp4,\nsub/b.mp4,b.json\nMEMORY://other/c.mp4,memory://other/c.json\n"
    there.pipe("/lists/list.csv", table.encode())
    jobs = find_jobs([f"{scheme}://lists/list.csv"], "plane")
    assert [(j.source, j.truth) for j in jobs] == [
        ("memory://lists/a.mp4", None),
        ("memory://lists/sub/b.mp4", "memory://lists/b.json"),
        ("memory://other/c.mp4", "memory://other/c.json"),
    ]


def test_an_address_is_one_clip_however_its_scheme_is_written(there, here: Path) -> None:
    there.pipe("/a.mp4", b"x")
    Path("list.csv").write_text("path\nMemory://a.mp4\n")
    assert len(find_jobs(["memory://a.mp4", "MEMORY://a.mp4", "list.csv"], "plane")) == 1


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, str]]:
    """A folder and the host that serves it, on loopback."""
    pytest.importorskip("aiohttp", reason="aiohttp is not installed")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = tmp_path_factory.mktemp("served")

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=str(folder)))
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield folder, f"127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def test_a_server_whose_scheme_is_written_in_capitals(server: tuple[Path, str], run: Run, here: Path) -> None:
    folder, host = server
    put(folder / "one.track.npz", 1)
    (folder / "list.csv").write_text("path,exercise\none.track.npz,side-plank\n")
    got = run("batch", f"HTTP://{host}/list.csv", "-o", "out", "--workers", "1")
    assert got.code == 0, got.err
    (row,) = results(here / "out").values()
    assert (row["path"], row["total"]) == (f"http://{host}/one.track.npz", "1")
