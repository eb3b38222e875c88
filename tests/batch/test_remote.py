"""Clips behind URLs: a server that speaks S3, on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ..commandline import Run
from .clips import journal, put, put_broken, results

pytest.importorskip("s3fs", reason="s3fs is not installed")
boto3 = pytest.importorskip("boto3", reason="boto3 is not installed")
moto = pytest.importorskip("moto.server", reason="moto is not installed")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """An empty bucket named ``clips``, and the environment that leads to it."""
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()  # of an earlier server
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}")
    client.create_bucket(Bucket="clips")
    yield client
    client.close()
    server.stop()


def test_a_bucket(run: Run, here: Path, bucket) -> None:
    one, two, broken = put(here / "one.track.npz", 1), put(here / "two.track.npz", 2), put_broken(here / "b.track.npz")
    for key, file in (
        ("a/x.track.npz", one),
        ("b/x.track.npz", two),
        ("b/bad.track.npz", broken),
        ("b/notes.txt", one),
    ):
        bucket.upload_file(str(file), "clips", key)
    bucket.put_object(Bucket="clips", Key="a/x.json", Body=b'{"exercise": "side-plank", "count": 1}')
    words = ("batch", "s3://clips", "-o", "out", "-e", "side-plank", "--workers", "2", "--resume")
    got = run(*words)
    assert got.code == 3
    table = {r["path"]: r for r in results(here / "out").values()}
    assert {p: r["total"] for p, r in table.items()} == {
        "s3://clips/a/x.track.npz": "1",
        "s3://clips/b/x.track.npz": "2",
        "s3://clips/b/bad.track.npz": "",
    }
    assert "s3://clips/b/bad.track.npz" in table["s3://clips/b/bad.track.npz"]["error"]
    at = len(journal(here / "out"))
    assert "0 judged, 2 unchanged, 1 failed" in run(*words).out
    assert len(journal(here / "out")) == at
    # What changed in the bucket is done again.
    bucket.upload_file(str(two), "clips", "a/x.track.npz")
    assert "1 judged, 1 unchanged, 1 failed" in run(*words).out
    assert not (here / "out/.formcheck-tmp").exists()


def test_globs_truth_and_manifests_in_a_bucket(run: Run, here: Path, bucket) -> None:
    one = put(here / "one.track.npz", 1)
    bucket.upload_file(str(one), "clips", "a/x.track.npz")
    bucket.upload_file(str(one), "clips", "a/y.track.npz")
    bucket.put_object(Bucket="clips", Key="a/x.json", Body=b'{"exercise": "side-plank", "count": 1}')
    bucket.put_object(Bucket="clips", Key="a/list.csv", Body=b"path,exercise\nx.track.npz,from-truth\ngone.mp4,plane\n")
    got = run("batch", "s3://clips/a/list.csv", "s3://clips/*/y*.npz", "-o", "out", "-e", "side-plank")
    assert got.code == 3
    table = results(here / "out")
    assert {c: (r["status"], r["true_total"]) for c, r in table.items()} == {
        "x": ("done", "1"),
        "gone": ("failed", ""),
        "y": ("done", ""),
    }
    assert "no such file" in table["gone"]["error"]


def test_nothing_there(run: Run, here: Path, bucket) -> None:
    got = run("batch", "s3://clips/none/", "-o", "out", "-e", "plane")
    assert got.code == 3
    assert "s3://clips/none/" in got.complaint
