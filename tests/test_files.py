"""Output files appear whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.files import atomic_path, claimed, expanded, write_bytes, write_json, write_text


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_the_file_is_under_its_name_only_after_the_block(tmp_path: Path) -> None:
    target = tmp_path / "a.report.json"
    with atomic_path(target) as temp:
        temp.write_text("x")
        assert not target.exists()
        assert temp.parent == tmp_path
        assert temp.suffix == ".json"
    assert target.read_text() == "x"
    assert names(tmp_path) == ["a.report.json"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old")
    with pytest.raises(error), atomic_path(target) as temp:
        temp.write_text("half")
        raise error
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_missing_parent_folders_are_made(tmp_path: Path) -> None:
    write_text(tmp_path / "one" / "two" / "a.txt", "ä\n")
    assert (tmp_path / "one" / "two" / "a.txt").read_bytes() == "ä\n".encode()


def test_a_file_where_a_folder_should_be_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match=r"taken is not a folder; choose another") as e:
        write_text(tmp_path / "taken" / "a.txt", "x")
    assert e.value.exit_code == 2


def test_a_folder_as_target_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it is a folder"):
        write_text(tmp_path, "x")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_a_usage_error_with_a_hint(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(UsageError, match=r"not writable .*choose another output folder"):
        write_text(folder / "a.txt", "x")


def test_a_full_disk_is_a_usage_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no space left"), atomic_path(tmp_path / "a.bin") as temp:
        temp.write_bytes(b"some")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert names(tmp_path) == []


def test_other_os_errors_of_the_block_pass_through(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "a.bin"):
        (tmp_path / "missing").read_bytes()


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_text("old")
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_access_rights_are_those_of_any_new_file_or_of_the_one_replaced(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_text(tmp_path / "new", "")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    (tmp_path / "old").write_text("")
    (tmp_path / "old").chmod(0o640)
    write_text(tmp_path / "old", "")
    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_a_pipe_is_written_to_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_bytes(pipe, b"through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_json_takes_numpy_values_and_paths(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"a": np.float32(0.5), "b": np.arange(3), "c": np.bool_(True), "d": Path("x")})
    assert json.loads((tmp_path / "a.json").read_text()) == {"a": 0.5, "b": [0, 1, 2], "c": True, "d": "x"}


@pytest.mark.parametrize("value", [float("nan"), np.array([1.0, np.inf]), np.float64("nan")])
def test_json_refuses_numbers_json_does_not_have(tmp_path: Path, value: object) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", {"a": value})
    assert names(tmp_path) == []


def test_json_says_what_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="that is a set"):
        write_json(tmp_path / "a.json", {"a": {1}})


def test_a_name_too_long_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="too long"), atomic_path(tmp_path / ("x" * 300 + ".mp4")):
        pytest.fail("the work has begun")
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["x" * 250 + ".csv", "体" * 80 + ".csv", "a." + "b" * 240])
def test_the_longest_names_work(tmp_path: Path, name: str) -> None:
    write_text(tmp_path / name, "x")
    assert names(tmp_path) == [name]


def test_two_programs_do_not_write_the_same(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.report.json"
    with claimed(target):
        with pytest.raises(UsageError, match="another run is writing a.report.json"), claimed(target):
            pytest.fail("both have it")
        with claimed(tmp_path / "new" / "b.report.json"):
            pass
    with claimed(target):
        pass
    assert names(target.parent) == []


def test_a_tilde_is_the_home_folder_or_a_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert expanded("~/clip.mp4") == tmp_path / "home" / "clip.mp4"
    assert expanded("~clip.mp4") == Path("~clip.mp4")
    Path("~").mkdir()
    Path("~", "clip.mp4").touch()
    assert expanded("~/clip.mp4") == Path("~/clip.mp4")
