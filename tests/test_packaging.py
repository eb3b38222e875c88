"""What the package asks for: bounds that are there, and that say the same wherever they are said."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from formcheck import doctor
from formcheck.sight.pose import native

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED = [Requirement(r) for r in PROJECT["dependencies"]]
INTEL = {"sys_platform": "linux", "platform_machine": "x86_64"}
ARM = {"sys_platform": "linux", "platform_machine": "aarch64"}


def asked(name: str, **machine: str) -> Requirement:
    (found,) = [r for r in ASKED if r.name == name and (r.marker is None or r.marker.evaluate(machine))]
    return found


def takes(r: Requirement, *versions: str) -> list[bool]:
    return [r.specifier.contains(v) for v in versions]


def test_every_package_has_one_lowest_version() -> None:
    extras = [Requirement(r) for e in ("tables", "formats", "rerun", "cloud", "ray") for r in _extra(e)]
    for r in [*ASKED, *extras]:
        # mediapipe bounds flatbuffers on both sides: nothing that is said here could narrow it.
        assert [s.operator for s in r.specifier].count(">=") == (r.name != "flatbuffers"), r


def _extra(name: str) -> list[str]:
    found: list[str] = PROJECT["optional-dependencies"][name]
    return found


@pytest.mark.parametrize(
    ("name", "last", "first_not"),
    [("av", "19.9", "20.0"), ("numpy", "2.99", "3.0"), ("opencv-contrib-python", "5.99", "6.0")],
)
def test_what_breaks_its_callers_is_bounded_above(name: str, last: str, first_not: str) -> None:
    assert takes(asked(name, **INTEL), last, first_not) == [True, False]


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_the_mediapipe_asked_for_is_one_that_is_known_to_send_nothing(system: str) -> None:
    r = asked("mediapipe", sys_platform=system, platform_machine="arm64" if system == "darwin" else "x86_64")
    versions = ["0.10.21", "0.10.29", "0.10.30", "0.10.33", "0.10.34", "0.10.35", "1.2.3", "2.0"]
    assert takes(r, *versions) == [native.is_silent(v) for v in versions]
    assert takes(r, "0.10.30", "0.10.33", "0.10.34") == [True, True, False]


def test_where_there_is_none_another_is_asked_for() -> None:
    assert takes(asked("mediapipe", **ARM), "0.10.33", "1.2.0", "1.2.3", "2.0") == [False, True, True, False]
    assert (ARM["sys_platform"], ARM["platform_machine"]) in doctor.NO_SILENT_MEDIAPIPE


def test_the_doctor_and_the_package_mean_the_same_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    pythons = Requirement(f"python{PROJECT['requires-python']}")
    for minor in range(10, 16):
        known = doctor.PYTHON_FROM <= (3, minor) <= doctor.PYTHON_TO
        assert takes(pythons, f"3.{minor}.5") == [known]
    for version in ("16.1", "17.0", "17.1", "18.1", "19.9", "20.0"):
        numbers = tuple(map(int, version.split(".")))
        assert takes(asked("av", **INTEL), version) == [doctor.PYAV_FROM <= numbers < doctor.PYAV_BEFORE]
    monkeypatch.setattr(doctor, "_version", lambda name: None)
    for machine, check in ((INTEL, doctor.mediapipe), (ARM, doctor.mediapipe)):
        advice = check((machine["sys_platform"], machine["platform_machine"])).advice
        assert Requirement(advice.split("'")[1]).specifier == asked("mediapipe", **machine).specifier


def test_what_is_installed_fits() -> None:
    from importlib.metadata import version

    for r in ASKED:
        if r.marker is None or r.marker.evaluate():
            assert r.specifier.contains(version(r.name), prereleases=True), r


def test_ci_takes_the_lowest_versions_that_are_named() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "lowest.py", "tables"], capture_output=True, text=True, check=True
    )
    lowest = dict(line.split("==") for line in done.stdout.splitlines())
    wanted = {r.name for r in ASKED if r.specifier} | {"pyarrow", "pandas"}
    assert set(lowest) == wanted
    for name, low in lowest.items():
        r = next(r for r in [*map(Requirement, _extra("tables")), *ASKED] if r.name == name and _here(r))
        assert f">={low}" in str(r.specifier).split(",")


def _here(r: Requirement) -> bool:
    return r.marker is None or r.marker.evaluate()
