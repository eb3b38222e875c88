"""The command of the benchmarks: its pieces work on a short clip. No figure is judged here."""

import json
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "benchmarks"


@pytest.fixture(autouse=True)
def beside_the_scripts(monkeypatch):
    """The scripts import each other by name, as they do when one of them is run."""
    monkeypatch.syspath_prepend(str(FOLDER))


@pytest.fixture(scope="module")
def short(samples, tmp_path_factory):
    """The first seconds of a sample video, named as what it shows."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    sys.path.insert(0, str(FOLDER))
    try:
        from passes import piece
    finally:
        sys.path.remove(str(FOLDER))
    return piece(samples / "plane-correct.mp4", 2.0, tmp_path_factory.mktemp("clips") / "plane-short.mp4")


def test_all_but_the_peer_runs_and_says_so(short, pose_model, tmp_path, capsys):
    from run import CONTENDERS, main

    out = tmp_path / "figures.json"
    words = [str(short), "--repeat", "1", "--copies", "1", "--skip", "peer", "--json", str(out)]
    assert main(words) == 0
    said, figures = capsys.readouterr().out, json.loads(out.read_text())
    assert figures["schema"] == "formcheck.benchmarks/1"
    assert {"cpu", "cores", "python", "packages", "load_1min"} <= set(figures["machine"])
    assert set(figures["contenders"]) == set(CONTENDERS) - {"peer"}
    assert all(title in said for title, _ in CONTENDERS.values())
    assert "not run: not asked for" in said
    bare, every, adaptive = (figures["contenders"][n] for n in ("bare", "every", "adaptive"))
    assert bare["ratio_to_bare"] == bare["cpu_ratio_to_bare"] == 1.0
    assert every["share_looked_at"] == 1.0 > adaptive["share_looked_at"]
    assert all(c["peak_mb"] > 20 for c in figures["contenders"].values())
    assert {r["frames"] for n in ("bare", "every", "adaptive") for r in figures["runs"][n]} == {60}
    # From the track of every frame, judging is the same.
    assert figures["same_findings"]["track"] is figures["same_findings"]["page"] is True
    assert [figures["batch"][f"processes_{n}"]["clips"] for n in (1, 2)] == [1, 1]
    assert set(figures["start"]) == {"help_s", "first_judged_s", "first_judged_live_s"}


def test_what_more_cores_bring_follows_from_two():
    from run import law

    assert law(1.0, 0.5) == {"serial": 0.0, "speed_up": {"2": 2.0, "4": 4.0, "8": 8.0, "16": 16.0}}
    assert law(1.0, 0.55)["serial"] == pytest.approx(0.1)
    assert law(1.0, 0.55)["speed_up"]["8"] == pytest.approx(1 / (0.1 + 0.9 / 8))
    assert law(1.0, 1.2)["speed_up"] == {"2": 1.0, "4": 1.0, "8": 1.0, "16": 1.0}


def test_a_peer_that_cannot_run_is_a_row_with_its_reason(short, pose_model, tmp_path, capsys):
    from run import main

    out = tmp_path / "figures.json"
    words = [str(short), "--repeat", "1", "--fps", "10", "--skip", "batch", "start", "--json", str(out)]
    assert main([*words, "--peer", sys.executable]) == 0
    figures = json.loads(out.read_text())
    assert "peer" not in figures["contenders"]
    assert "trackerfit" in figures["not_run"]["peer"]
    assert f"not run: {figures['not_run']['peer']}" in capsys.readouterr().out


def test_an_environment_that_cannot_be_made_gives_the_reason(tmp_path, monkeypatch):
    import run

    monkeypatch.setattr(run.peer, "PACKAGES", ("no such package!",))
    with pytest.raises(run.NotRun, match="could not be made: ERROR"):
        run.peer_python(None, tmp_path)
    # Nothing half made is taken for it the next time.
    assert not list(tmp_path.glob("*/ready"))
    assert run.peer_python(Path("its/python"), tmp_path) == Path("its/python")


def test_summary_takes_medians_and_the_most_memory():
    from run import summary

    runs = [
        {"frames": 10, "used": 5, "seconds": s, "cpu_s": 1.0, "ratio": r, "cpu_ratio": r, "peak_mb": m}
        for s, r, m in ((1.0, 0.5, 100.0), (2.0, 0.9, 300.0), (5.0, 0.6, 200.0))
    ]
    row = summary(runs)
    assert (row["frames_per_s"], row["ratio_to_bare"], row["peak_mb"]) == (5.0, 0.6, 300.0)
    assert (row["ratio_min"], row["ratio_max"], row["share_looked_at"]) == (0.5, 0.9, 0.5)
    assert (row["looks_per_cpu_s"], row["cores_busy"]) == (5.0, 0.5)


def test_other_findings_than_with_every_frame_are_told():
    from run import same_findings

    def one(clip, reps):
        return {"clip": clip, "reps": reps, "faults": []}

    runs = {
        "bare": [{"clip": "a"}],
        "every": [one("a", [["left", True]])],
        "adaptive": [one("a", [["left", True]]), one("a", [["right", True]])],
        "track": [one("a", [["left", True]])],
    }
    assert same_findings(runs) == {"adaptive": False, "track": True}


@pytest.mark.parametrize("words", [["nowhere.mp4"], ["CLIP", "--repeat", "0"]])
def test_what_cannot_be_asked_is_refused(words, short, capsys):
    from run import main

    with pytest.raises(SystemExit) as end:
        main([str(short) if w == "CLIP" else w for w in words])
    assert end.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_the_peer_speaks_without_this_package():
    code = (FOLDER / "peer.py").read_text()
    assert "import formcheck" not in code
    assert "from passes" not in code


def test_ffmpeg_is_asked_for(short, monkeypatch, capsys):
    from run import main

    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit):
        main([str(short)])
    assert "ffmpeg" in capsys.readouterr().err
