"""``formcheck export``: which files come of a report, a track or a video, and what is said where none can."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from formcheck.analysis.clip import analyze_clip
from formcheck.commands.export import export as command
from formcheck.errors import InputError, UsageError
from formcheck.export import export
from formcheck.showing.formats import FORMATS
from formcheck.sight.pose.trackfile import write_track

from .judging.exercises.stick import all_fours, plane_set, shoot

pytestmark = pytest.mark.smoke

#: The module each format needs beside the core.
NEEDS = {"parquet": "pyarrow", "netcdf": "xarray", "c3d": "ezc3d", "rerun": "rerun"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """A folder with a track and its analysis."""
    folder = tmp_path_factory.mktemp("clip")
    write_track(shoot(all_fours, plane_set("right"), far_visibility=0.3), folder / "clip.track.npz")
    analyze_clip(folder / "clip.track.npz", "plane", folder, html=False)
    return folder


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_comes_of_a_report_beside_its_track(name, clip, tmp_path):
    if name in NEEDS:
        pytest.importorskip(NEEDS[name], reason=f"{NEEDS[name]} is not installed")
    written = export(clip / "clip.report.json", [name], tmp_path)
    assert [f.name for f in written] == [f"clip{ending}" for ending in FORMATS[name]]
    assert sorted(tmp_path.iterdir()) == sorted(written) and all(f.stat().st_size > 50 for f in written)


def test_a_track_gives_poses_and_a_recording_but_no_tables(clip, tmp_path):
    assert len(export(clip / "clip.track.npz", ["trc", "mot"], tmp_path)) == 2
    for name in ("csv", "parquet"):
        with pytest.raises(UsageError, match="made from a report"):
            export(clip / "clip.track.npz", [name], tmp_path)
    with pytest.raises(UsageError, match="name it with -e"):
        export(clip / "clip.track.npz", ["rerun"], tmp_path)


def test_a_video_has_no_poses_yet(tmp_path):
    (tmp_path / "x.mp4").write_bytes(b"")
    with pytest.raises(UsageError, match=r"formcheck track \S*x\.mp4 -o x\.track\.npz"):
        export(tmp_path / "x.mp4", ["trc"])


def test_a_report_whose_source_has_gone_says_so(clip, tmp_path):
    report = tmp_path / "clip.report.json"
    text = (clip / "clip.report.json").read_text(encoding="utf-8")
    report.write_text(text.replace(str(clip), "/no/such/folder"), encoding="utf-8")
    with pytest.raises(InputError, match="is not there: /no/such/folder"):
        export(report, ["trc"])


def test_nothing_is_replaced_unless_asked(clip, tmp_path):
    export(clip / "clip.track.npz", ["trc"], tmp_path)
    (tmp_path / "clip.trc").write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        export(clip / "clip.track.npz", ["mot", "trc"], tmp_path)
    assert not (tmp_path / "clip.mot").exists() and (tmp_path / "clip.trc").read_text() == "mine"
    export(clip / "clip.track.npz", ["trc"], tmp_path, force=True)
    assert (tmp_path / "clip.trc").read_text() != "mine"


def test_the_command_names_the_files_and_passes_its_options(clip, tmp_path):
    words = [str(clip / "clip.track.npz"), "-f", "trc", "-f", "mot", "-o", str(tmp_path), "--rate", "40"]
    done = CliRunner().invoke(command, [*words, "--unit", "mm"], catch_exceptions=False)
    assert done.exit_code == 0
    assert done.output.splitlines() == [str(tmp_path / "clip.trc"), str(tmp_path / "clip.mot")]
    header = (tmp_path / "clip.trc").read_text().splitlines()[2].split("\t")
    assert header[0] == "40.0" and header[4] == "mm"
    assert "resampled by time to 40 Hz" in (tmp_path / "clip.mot").read_text()


def test_unknown_formats_are_refused(clip):
    with pytest.raises(UsageError, match="unknown format 'fbx'"):
        export(clip / "clip.track.npz", ["fbx"])
    result = CliRunner().invoke(command, [str(clip / "clip.track.npz")])
    assert result.exit_code == 2 and "--format" in result.output
