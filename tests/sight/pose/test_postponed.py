"""Imports put off: nothing is loaded before it is used, and nothing is different after."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from formcheck.sight.pose.postponed import postponed


@pytest.fixture
def heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package ``heavy_one`` with a module ``part``, either of which leaves a file when it is loaded."""
    package = tmp_path / "heavy_one"
    package.mkdir()
    for name in ("__init__", "part"):
        text = f"open({str(tmp_path / name)!r}, 'w').close()\nanswer = {name!r}\n"
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in ("heavy_one.part", "heavy_one"):
        sys.modules.pop(name, None)


def loaded(folder: Path) -> list[str]:
    return [name for name in ("__init__", "part") if (folder / name).exists()]


def test_a_module_is_loaded_when_something_of_it_is_used(heavy: Path) -> None:
    with postponed("heavy_one.part"):
        import heavy_one.part as part  # type: ignore[import-not-found]  # noqa: PLR0402 -- as libraries do
    assert loaded(heavy) == [] and not {"heavy_one", "heavy_one.part"} & set(sys.modules)
    assert part.answer == "part" and loaded(heavy) == ["__init__", "part"]


def test_used_within_the_block_too(heavy: Path) -> None:
    with postponed("heavy_one.part"):
        import heavy_one  # type: ignore[import-not-found]

        assert heavy_one.part.answer == "part"
    assert sys.modules["heavy_one.part"].answer == "part"


def test_after_the_block_an_import_is_an_import(heavy: Path) -> None:
    with postponed("heavy_one.part"):
        pass
    import heavy_one.part  # type: ignore[import-not-found]

    assert heavy_one.answer == "__init__" and loaded(heavy) == ["__init__", "part"]


def test_what_is_loaded_already_stays(heavy: Path) -> None:
    import heavy_one.part  # type: ignore[import-not-found]

    before = heavy_one.part
    with postponed("heavy_one.part"):
        assert sys.modules["heavy_one.part"] is before
    assert sys.modules["heavy_one.part"] is before


def test_one_that_is_not_there_is_missed_at_once() -> None:
    with postponed("not_there_at_all"), pytest.raises(ModuleNotFoundError):
        import not_there_at_all  # type: ignore[import-not-found]  # noqa: F401


def test_whoever_looks_for_the_package_meanwhile_finds_it(heavy: Path) -> None:
    with postponed("heavy_one.part"):
        spec = find_spec("heavy_one")
    assert spec is not None and spec.submodule_search_locations == [str(heavy / "heavy_one")]


def test_the_pose_model_loads_neither_matplotlib_nor_sound(pose_model: Path) -> None:
    text = (
        "import sys; from pathlib import Path; from formcheck.sight.pose.landmarker import Landmarker\n"
        f"Landmarker(Path({str(pose_model)!r}), video=True).close()\n"
        "print(sorted({'mediapipe', 'matplotlib', 'sounddevice'} & set(sys.modules)))\n"
        "import matplotlib.pyplot; print(callable(matplotlib.pyplot.plot))\n"
    )
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["['mediapipe']", "True"]
