"""A film labelled by hand: a truth file that evaluation takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formcheck.desk.label import LabelDesk
from formcheck.errors import UsageError
from formcheck.evaluation.truth import read_truth


class Still:
    """Pictures that are there already."""

    def __init__(self, n=30):
        self.times, self.done, self.error = [k / 10 for k in range(n)], True, ""

    def wait(self, *_):
        pass


def attempt(start, end, **more):
    usual = {"peak_s": None, "side": None, "block": None, "cut": None, "counted": True, "faults": [], "maybe": []}
    return {"start_s": start, "end_s": end, **usual, **more}


def desk_of(tmp_path, **more):
    return LabelDesk(Path("film.mp4"), tmp_path / "film.json", Still(), "plane", "Anna", **more)


def test_what_is_marked_is_truth_as_evaluation_reads_it(tmp_path):
    desk = desk_of(tmp_path)
    reps = [
        attempt(20.0, 28.5, side="left", faults=["hip-sag"], maybe=["head-down"]),
        attempt(2.0, 9.0, counted=None),
        attempt(40.0, None),
    ]
    assert desk.save({"exercise": "plane", "reps": reps, "note": " seen twice "}) == {"saved": 2, "unfinished": 1}
    truth = read_truth(tmp_path / "film.json")
    assert [(r.start_s, r.end_s, r.counted, r.side) for r in truth.reps] == [
        (2.0, 9.0, None, None),
        (20.0, 28.5, True, "left"),
    ]
    assert (truth.reps[1].faults, truth.reps[1].maybe) == ({"hip-sag"}, {"head-down"})
    assert (truth.count, truth.most) == (1, 2)
    data = json.loads((tmp_path / "film.json").read_text())
    assert data["labelled"]["by"] == "Anna" and data["notes"] == "seen twice" and len(data["unfinished"]) == 1
    # Opened again, all of it is there.
    assert [r["start_s"] for r in desk_of(tmp_path).data()["reps"]] == [2.0, 20.0, 40.0]


@pytest.mark.parametrize(
    "change",
    [{"start_s": None}, {"start_s": 30.0}, {"counted": "x"}, {"side": "up"}, {"peak_s": 1.0}, {"start_s": "a"}],
)
def test_what_is_no_truth_is_not_written(tmp_path, change):
    desk = desk_of(tmp_path)
    desk.save({"exercise": "plane", "reps": [attempt(2.0, 9.0)]})
    before = (tmp_path / "film.json").read_bytes()
    with pytest.raises((ValueError, Exception)):
        desk.save({"exercise": "plane", "reps": [{**attempt(2.0, 9.0), **change}]})
    assert (tmp_path / "film.json").read_bytes() == before


def test_truth_made_otherwise_is_left_alone(tmp_path):
    (tmp_path / "film.json").write_text('{"exercise": "plane", "count": 3, "mine": 1}')
    with pytest.raises(UsageError, match="was not made by 'formcheck label'"):
        desk_of(tmp_path)
    desk = desk_of(tmp_path, force=True)
    desk.save({"exercise": "plane", "reps": [attempt(2.0, 9.0)]})
    data = json.loads((tmp_path / "film.json").read_text())
    assert data["mine"] == 1 and "count" not in data


@pytest.mark.browser
def test_a_sample_labelled_in_chromium_and_evaluated_is_exact(open_desk, browser, samples, tmp_path, run, track_of):
    """By keyboard, to the picture; then the poses of the film are scored against it."""
    film = samples / "toe-squat-heels-drop.mp4"
    true = json.loads(film.with_suffix(".json").read_text())
    desk = open_desk("label", film, "-e", "toe-squat", "-o", tmp_path / "toe-squat-heels-drop.json", "--by", "Zoë <i>")
    page = browser.new_page()
    wrong = []
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.goto(desk.address)
    page.wait_for_selector(".complete", state="attached")
    times = json.loads(desk.ask(desk.opener(), "data")[2])["times"]
    at = 0

    def go(t):
        nonlocal at
        k = min(range(len(times)), key=lambda i: abs(times[i] - t))
        steps = k - at
        for _ in range(abs(steps) // 10):
            page.keyboard.press("Shift+ArrowRight" if steps > 0 else "Shift+ArrowLeft")
        for _ in range(abs(steps) % 10):
            page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")
        at = k
        assert page.locator("#clock").inner_text().startswith(f"{times[k]:.2f} s")

    for r in true["reps"]:
        go(r["start_s"])
        page.keyboard.press("s")
        go(r["peak_s"])
        page.keyboard.press("p")
        go(r["end_s"])
        page.keyboard.press("e")
        if r["faults"]:
            page.keyboard.press("1")  # heels drop
    page.wait_for_selector("#saved:text-is('All kept')")
    page.close()
    assert wrong == []
    labelled = json.loads((tmp_path / "toe-squat-heels-drop.json").read_text())
    assert labelled["labelled"]["by"] == "Zoë <i>"
    for mine, theirs in zip(labelled["reps"], true["reps"], strict=True):
        assert mine["start_s"] == pytest.approx(theirs["start_s"], abs=0.04)
        assert mine["faults"] == theirs["faults"]
    (tmp_path / "toe-squat-heels-drop.track.npz").write_bytes(track_of(film).read_bytes())
    done = run("evaluate", tmp_path, "-o", "figures.json", "-q")
    assert done.code == 0, done.err
    clips = json.loads(Path("figures.json").read_text())["clips"]
    assert [(c["clip"], c["ok"], c["list_exact"]) for c in clips] == [("toe-squat-heels-drop", True, True)]


def test_what_is_no_film_is_said_in_one_line(run, tmp_path):
    assert run("label", tmp_path / "none.mp4").code == 3
    (tmp_path / "a.mp4").write_text("no film")
    assert run("label", tmp_path / "a.mp4").code == 3
