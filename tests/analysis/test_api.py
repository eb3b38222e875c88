"""The Python API: a few names, loaded late, that do what the commands do."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import formcheck
from formcheck.errors import InputError, NoPersonError, UsageError
from formcheck.sight.pose.trackfile import write_track

from ..judging.exercises.stick import STANDING, Motion, all_fours, plane_set, shoot, standing


@pytest.fixture(scope="module")
def track(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("api") / "clip.track.npz"
    write_track(shoot(all_fours, plane_set("right"), far_visibility=0.3), file)
    return file


def fresh(code: str) -> str:
    """Run code in an interpreter of its own; give what it prints."""
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root, timeout=120
    )
    return done.stdout.strip()


def test_importing_formcheck_loads_nothing():
    heavy = ["numpy", "cv2", "mediapipe", "scipy", "av", "pandas", "click", "rich", "jinja2"]
    code = f"import sys, formcheck; print([m for m in {heavy} if m in sys.modules])"
    assert fresh(code) == "[]"
    assert (
        fresh("import sys, formcheck; print(sorted(m for m in sys.modules if m.startswith('formcheck.')))")
        == "['formcheck.version']"
    )


def test_every_public_name_is_there_and_listed():
    assert set(formcheck.__all__) == set(formcheck._PUBLIC) <= set(dir(formcheck))
    for name in formcheck.__all__:
        assert getattr(formcheck, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = formcheck.nonsense


@pytest.mark.parametrize(
    "before",
    [
        "",
        "import formcheck.analysis.clip; ",
        "from formcheck.analysis.options import Options; ",
        "import formcheck.cli; ",
    ],
)
def test_analyze_can_be_called_whatever_was_imported_before(before, track):
    code = f"{before}import formcheck; print(formcheck.analyze({str(track)!r}, 'plane').counts.total)"
    assert fresh(code) == "1"


def test_analyze_gives_the_report_and_writes_nothing_unless_asked(track, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = formcheck.analyze(track, "plane")
    assert report.exercise == "plane" and report.counts.total == 1 and report.path is None
    assert not list(tmp_path.iterdir()) and len(list(track.parent.iterdir())) == 1


def test_what_is_written_can_be_loaded(track, tmp_path):
    report = formcheck.analyze(track, "plane", tmp_path)
    assert report.path == tmp_path / "clip.report.json"
    assert formcheck.load_report(report.path) == report
    assert report.to_dict() == json.loads(report.path.read_text(encoding="utf-8"))
    with pytest.raises(UsageError, match="exists already"):
        formcheck.analyze(track, "plane", tmp_path)
    assert formcheck.analyze(track, "plane", tmp_path, force=True).counts == report.counts


def test_measures_are_the_same_written_or_not(track, tmp_path):
    pytest.importorskip("pandas", reason="pandas is not installed")
    kept = formcheck.analyze(track, "plane").measures_frame()
    written = formcheck.analyze(track, "plane", tmp_path).measures_frame()
    assert kept.equals(written) and len(kept) > 100


def test_limits_and_strictness_are_in_force(track):
    assert formcheck.analyze(track, "plane", limits={"hold_s": 60.0}).limits["hold_s"] == 60.0
    lenient, strict = (formcheck.analyze(track, "plane", strictness=s).limits for s in ("lenient", "strict"))
    assert lenient["arch_deg"] > strict["arch_deg"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"exercise": "flying"}, UsageError),
        ({"limits": {"nonsense": 1.0}}, UsageError),
        ({"exercise": "auto", "limits": {"hold_s": 1.0}}, UsageError),
        ({"html": True}, UsageError),
        ({"path": "nowhere.mp4"}, InputError),
    ],
)
def test_mistakes_are_errors_of_one_line(track, arguments, error):
    with pytest.raises(error) as e:
        formcheck.analyze(**{"path": track, "exercise": "plane", **arguments})
    assert isinstance(e.value, formcheck.FormcheckError) and "\n" not in str(e.value)


def test_nobody_there_is_an_error(tmp_path):
    made = shoot(standing, Motion(STANDING).wait(1.0))
    write_track(made.with_poses(made.image * float("nan"), made.world * float("nan")), tmp_path / "x.track.npz")
    with pytest.raises(NoPersonError):
        formcheck.analyze(tmp_path / "x.track.npz", "plane")


def test_a_camera_loop_of_ones_own_counts_as_it_goes(track):
    session = formcheck.Session(formcheck.get_exercise("plane"), live=True)
    counted = [m.counts["total"] for o in formcheck.read_track(track) for m in session.update(o)]
    assert counted[0] == 0 and counted[-1] == 1
