"""Which clips a batch is made of, what they are judged as and how their outputs are called."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.batch.find import find_jobs, named
from formcheck.batch.job import Job, exercise_in_name, safe_name
from formcheck.batch.work import resolved
from formcheck.errors import InputError, UsageError
from formcheck.sight.video.images import IMAGE_ENDINGS


def touch(*names: str) -> None:
    for name in names:
        p = Path(name)
        p.parent.mkdir(parents=True, exist_ok=True)
        p.touch()


def found(*paths: str, exercise: str | None = None, out: str | None = None) -> list[str]:
    return [j.source for j in find_jobs(paths, exercise, out=Path(out) if out else None)]


def test_a_folder_is_searched_with_all_folders_in_it(here: Path) -> None:
    touch("in/b.MOV", "in/a.mp4", "in/sub/c.track.npz", "in/notes.txt", "in/a.json", "in/.hidden.mp4", "in/.git/x.mp4")
    assert found("in") == ["in/a.mp4", "in/b.MOV", "in/sub/c.track.npz"]


def test_a_batch_does_not_eat_its_own_outputs(here: Path) -> None:
    touch("in/a.mp4", "in/out/clips/a.annotated.mp4", "in/out/tracks/1.track.npz", "in/old/b.annotated.mp4")
    assert found("in", out="in/out") == ["in/a.mp4"]


def test_a_video_goes_before_its_track(here: Path) -> None:
    touch("in/a.mp4", "in/a.track.npz", "in/b.track.npz")
    assert found("in") == ["in/a.mp4", "in/b.track.npz"]


def test_a_folder_of_pictures_is_one_clip(here: Path) -> None:
    touch("shots/1.png", "shots/2.png")
    assert found("shots") == ["shots"]


def test_globs_and_names_with_brackets(here: Path) -> None:
    touch("in/a1.mp4", "in/a2.mp4", "in/b.mp4", "in/deep/a3.mp4", "in/[c].mp4")
    assert found("in/a?.mp4") == ["in/a1.mp4", "in/a2.mp4"]
    assert found("in/**/a*.mp4") == ["in/a1.mp4", "in/a2.mp4", "in/deep/a3.mp4"]
    assert found("in/[c].mp4") == ["in/[c].mp4"]


def test_nothing_twice(here: Path) -> None:
    touch("in/a.mp4", "in/b.mp4")
    assert found("in/b.mp4", "in", str(here / "in/a.mp4")) == ["in/b.mp4", "in/a.mp4"]


@pytest.mark.parametrize(
    ("path", "said"),
    [("gone.mp4", "gone.mp4"), ("*.mp4", "nothing matches"), ("empty", "no clip in empty"), ("bad.csv", "path")],
)
def test_what_is_not_there_is_said(here: Path, path: str, said: str) -> None:
    Path("empty").mkdir()
    Path("bad.csv").write_text("file,exercise\na.mp4,plane\n")
    with pytest.raises(InputError, match=said.replace("*", r"\*")):
        find_jobs([path], None)


@pytest.mark.parametrize("ending", sorted(IMAGE_ENDINGS))
def test_a_folder_of_any_pictures_that_open_is_a_clip(here: Path, ending: str) -> None:
    touch(f"shots/1{ending}", f"shots/2{ending}")
    assert found("shots") == ["shots"]


def test_a_live_stream_is_no_clip() -> None:
    with pytest.raises(UsageError, match="live stream"):
        find_jobs(["rtsp://camera/1"], "plane")


def test_an_unknown_exercise_is_a_wrong_option(here: Path) -> None:
    touch("a.mp4")
    with pytest.raises(UsageError, match="juggling"):
        find_jobs(["a.mp4"], "juggling")


CSV = "path,exercise,truth,id\na.mp4,plane,,anna\nsub/b.mp4,,b.json,\n\n/abs/c.mp4,auto,,\ns3://bucket/d.mp4,,,\n"
LINES = """
{"path": "a.mp4", "exercise": "plane", "id": "anna"}
{"path": "sub/b.mp4", "truth": "b.json", "exercise": null}

{"path": "/abs/c.mp4", "exercise": "auto"}
{"path": "s3://bucket/d.mp4", "more": 1}
"""


@pytest.mark.parametrize(("name", "text"), [("list.csv", CSV), ("list.csv", "\ufeff" + CSV), ("list.jsonl", LINES)])
def test_manifests(here: Path, name: str, text: str) -> None:
    Path("lists").mkdir()
    Path("lists", name).write_text(text, encoding="utf-8")
    jobs = find_jobs([f"lists/{name}"], "swan")
    assert [(j.source, j.exercise, j.truth, j.id) for j in jobs] == [
        ("lists/a.mp4", "plane", None, "anna"),
        ("lists/sub/b.mp4", "swan", "lists/b.json", None),
        ("/abs/c.mp4", "auto", None, None),
        ("s3://bucket/d.mp4", "swan", None, None),
    ]
    assert [j.name for j in jobs] == ["anna", "b", "c", "d"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"path": "a.mp4", "exercise": "juggling"}', "line 1: .*juggling"),
        ('{"path": "a.mp4"}\n{"exercise": "plane"}', "line 2: no path"),
        ('{"path": "a.mp4"}\nnonsense', "line 2: no JSON"),
        ("[1]", "line 1: expected an object"),
    ],
)
def test_a_wrong_line_of_a_manifest_is_named(here: Path, text: str, said: str) -> None:
    Path("list.jsonl").write_text(text)
    with pytest.raises(InputError, match=said):
        find_jobs(["list.jsonl"], None)


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("side-lift-anna", "side-lift"),
        ("2024_Side_Plank (3)", "side-plank"),
        ("plane", "plane"),
        ("airplanes", None),
        ("seaplane-2", None),
        ("anna", None),
    ],
)
def test_the_exercise_in_a_name(name: str, exercise: str | None) -> None:
    assert exercise_in_name(name, ["plane", "side-lift", "side-plank"]) == exercise


def test_a_name_that_tells_nothing_says_so() -> None:
    with pytest.raises(InputError, match="no exercise in the name anna"):
        resolved(Job("clips/anna.mp4", "from-name"))


def test_the_truth_beside_a_clip_tells_the_exercise(here: Path) -> None:
    touch("a.mp4")
    Path("a.json").write_text('{"exercise": "swan", "count": 2}')
    assert resolved(Job("a.mp4", "from-truth")) == "swan"
    assert resolved(Job("a.track.npz", "from-truth")) == "swan"
    Path("other.json").write_text('{"exercise": "juggling"}')
    with pytest.raises(InputError, match=r"other\.json: .*juggling"):
        resolved(Job("a.mp4", "from-truth", truth="other.json"))


def test_same_names_do_not_meet(here: Path) -> None:
    touch("x/a.mp4", "y/a.mp4", "y/A.mp4", "y/b.mp4")
    names = {j.source: j.name for j in find_jobs(["x", "y"], None)}
    assert len({n.lower() for n in names.values()}) == 4
    assert names["y/b.mp4"] == "b"
    assert names["x/a.mp4"].startswith("a-")
    # Neither the order nor what else is given changes a name.
    assert {j.source: j.name for j in find_jobs(["y", "x"], None)} == names


def test_a_name_once_given_stays() -> None:
    first = named([Job("x/a.mp4", "plane")], {})[0]
    later = named([Job("x/a.mp4", "plane"), Job("y/a.mp4", "plane")], {first.key: first.name})
    assert later[0].name == "a"
    assert later[1].name != "a"


@given(st.text(st.characters(), max_size=300))
def test_any_text_makes_a_file_name(text: str) -> None:
    name = safe_name(text)
    assert name
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert not name.startswith(".")
    assert len(name.encode()) <= 200


@given(st.lists(st.sampled_from(["a", "A", "b", "a/b", "é" * 200, "..", ""]), max_size=8, unique=True))
def test_names_are_unique(ids: list[str]) -> None:
    jobs = named([Job(f"{k}.mp4", "plane", id=i or None) for k, i in enumerate(ids)], {})
    assert len({j.name.lower() for j in jobs}) == len(ids)
