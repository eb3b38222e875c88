"""The page's words: the same in every language, all of them, and no English on a Polish page."""

from __future__ import annotations

import ast
import re
import string
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from formcheck.coaching.coach.phrases import PLURALS, read_texts
from formcheck.coaching.history.figures import CLEAN, COUNTED, HELD, HOLD, SCORE
from formcheck.judging.exercises import ROUTINE, get_exercise
from formcheck.judging.rules import beside
from formcheck.judging.rules.exercise import Exercise
from formcheck.showing.page import render_page
from formcheck.showing.page.language import Words, texts
from formcheck.showing.page.progress.words import HistoryWords
from formcheck.showing.page.seen import how_judgeable
from formcheck.showing.report.dictionary import decided_by

from ..page_reports import empty_report, fault, plane_report, rep, shots_of, write_measures

PACKAGE = Path(render_page.__code__.co_filename).parents[2]
IDS = [cls.id for cls in ROUTINE]


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Every text of a file by its path; the forms of a number stay together."""
    if isinstance(value, dict) and not set(value) <= {"one", "few", "many", "other"}:
        return {k: v for name, x in value.items() for k, v in leaves(x, f"{path}/{name}").items()}
    return {path: value}


def names_in(text: Any) -> set[str]:
    forms = text.values() if isinstance(text, dict) else text if isinstance(text, list) else [text]
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


@pytest.mark.smoke
def test_every_text_is_there_in_both_languages_with_the_same_names_to_fill_in() -> None:
    en, pl = (leaves(texts(lang)) for lang in ("en", "pl"))
    assert set(en) == set(pl)
    # What is counted may go without saying in one of them.
    unsaid = {k: names_in(en[k]) ^ names_in(pl[k]) for k in en}
    assert {k: v for k, v in unsaid.items() if v and not v <= {"n", "noun"}} == {}
    assert [k for k in en if isinstance(en[k], dict) and unsaid[k]] == []
    for lang, found in (("en", en), ("pl", pl)):
        forms = {k: set(v) for k, v in found.items() if isinstance(v, dict)}
        assert [k for k, v in forms.items() if v != set(PLURALS[lang])] == []
        assert not [k for k, v in found.items() if v in ("", [])]


@pytest.mark.smoke
def test_the_sentences_fill_in_what_they_take_out() -> None:
    listed = texts("sentences")["sentence"]
    assert len({s["said"] for s in listed}) == len(listed) > 70
    for s in listed:
        assert names_in(s["pl"]) <= names_in(s["said"]), s["said"]
        assert names_in(s.get("en", "")) <= names_in(s["said"]), s["said"]


def measures_of(exercise: Exercise) -> set[str]:
    """All that a page may show of an exercise as a curve or a column."""
    checked = {c.signal for c in exercise.checks if c.signal} | {a[0] for a in exercise.drawing.angles}
    return checked | {e.name for e in decided_by(exercise)}


@pytest.mark.parametrize("lang", ["en", "pl"])
@pytest.mark.parametrize("name", IDS)
def test_every_fault_and_every_measure_has_a_name_and_every_measure_a_sentence(name: str, lang: str) -> None:
    exercise = get_exercise(name)
    assert set(beside.texts(type(exercise), lang).faults) == {c.id for c in exercise.checks}
    words = Words(lang, name)
    for measure in measures_of(exercise):
        title, sentence = words.curve(measure)
        assert "_" not in title and sentence.endswith("."), measure
    titles = [words.curve(m)[0] for m in measures_of(exercise)]
    assert [t for t in titles if len(t) > 40] == [], "a heading, not a sentence"


@pytest.mark.parametrize(
    ("said", "en", "pl"),
    [
        ("held 1.1 s of 10 s", "held 1.1 s of 10 s", "przytrzymane 1,1 s z 10 s"),
        (
            (
                "Could not judge thigh-angle: the left hand was outside the picture for 1.2 s; the right foot was"
                " outside the picture for 2.0 s."
            ),
            (
                "“Hips not over the knees” could not be judged: the left hand was out of the picture for 1.2 s;"
                " the right foot was out of the picture for 2.0 s."
            ),
            (
                "Nie dało się ocenić „Biodra nie nad kolanami”: lewa dłoń poza kadrem przez 1,2 s; prawa stopa poza"
                " kadrem przez 2,0 s."
            ),
        ),
        (
            "Not judged: oblique view for 3.2 s. I cannot judge this from here: turn your side to the camera.",
            (
                "For 3.2 s nothing was judged: it was seen at an angle. This cannot be judged from there: turn your"
                " side to the camera."
            ),
            (
                "Przez 3,2 s nie było oceny: widać było ciało skosem. Z tego miejsca nie da się ocenić: ustaw się "
                "bokiem do kamery."
            ),
        ),
        (
            "Nothing counted as plane. What was seen looks like swan (on the stomach) or toe-squat (standing).",
            "Nothing counted as “Plane”. What was seen looks like “Swan” or “Squats on the toes”.",
            "Nic nie zaliczono jako „Samolot”. To, co widać, wygląda na „Łabędź” albo „Przysiady na palcach”.",
        ),
        ("only the left leg was lifted", "only the left leg was lifted", "tylko jedna noga (lewa) się uniosła"),
        ("something of a later version", "something of a later version", "something of a later version"),
    ],
)
def test_what_a_report_says_is_said_in_the_pages_words(said: str, en: str, pl: str) -> None:
    assert Words("en", "plane").sentence(said) == en
    assert Words("pl", "plane").sentence(said) == pl


def spoken(node: ast.expr) -> list[str]:
    """The texts that an expression may be, with something for what is filled in."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        out = [""]
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                ends = spoken(part.value) or ["left" if isinstance(part.value, ast.Subscript) else "1.5"]
            else:
                ends = spoken(part)
            out = [a + b for a in out for b in ends]
        return out
    if isinstance(node, ast.IfExp):
        return spoken(node.body) + spoken(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [x for v in node.values for x in spoken(v)]
    return []


def test_every_reason_for_not_counting_is_known() -> None:
    found = []
    for path in (PACKAGE / "judging" / "exercises").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "why" for t in node.targets):
                found += spoken(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Outcome" and len(node.args) > 2:
                found += spoken(node.args[2])
    for exercise in map(get_exercise, IDS):
        for check in exercise.checks:
            words = {name: 12.0 for _, name, _, _ in string.Formatter().parse(check.uncounts) if name}
            found += [check.uncounts.format(**words)] if check.uncounts else []
    assert len(found) > 20
    assert [text for text in found if not Words().knows(text)] == []


def test_numbers_dates_and_plurals_follow_the_language() -> None:
    en, pl = Words("en", "plane"), Words("pl", "plane")
    assert [en.with_unit(x, u) for x, u in ((34.5, "deg"), (0.27, "torso"), (0.045, "fraction"))] == [
        "34.5°", "0.27\xa0trunk\xa0lengths", "4.5\xa0%",
    ]  # fmt: skip
    assert [pl.with_unit(x, u) for x, u in ((-34.5, "deg"), (0.27, "torso"), (1.1, "s"), (1.21, "1"))] == [
        "−34,5°", "0,27\xa0długości\xa0tułowia", "1,1\xa0s", "1,21",
    ]  # fmt: skip
    assert (pl.clock(612.5), pl.share(0.957), en.whole(64.5)) == ("10:12,5", "95,7\xa0%", "65")
    there = datetime(2026, 5, 6, 7, 8, tzinfo=timezone(timedelta(hours=2)))
    assert (en.date(there), pl.date(there)) == ("6 May 2026, 07:08", "6 maja 2026, 07:08")
    assert [pl.noun(n) for n in (1, 2, 5, 22)] == ["powtórzenie", "powtórzenia", "powtórzeń", "powtórzenia"]
    assert [pl("more-curves", n=n) for n in (1, 3, 12)] == [
        "Jeszcze 1 krzywa", "Jeszcze 3 krzywe", "Jeszcze 12 krzywych",
    ]  # fmt: skip
    assert Words("pl", "ball-kneel").noun(3) == "próby" and Words("en", "ball-kneel").noun(3) == "tries"


def test_what_is_followed_has_one_name_wherever_it_stands() -> None:
    en, pl = Words("en", "plane"), Words("pl", "plane")
    # What the data call it in English is what the pages do; those that count stand beside the clean ones there.
    assert {f.key: f.label for f in (CLEAN, HOLD, HELD, SCORE)} == {
        k: en.figure(k) for k in ("clean", "hold", "hold_s", "score")
    }
    assert COUNTED.label == en.figure("reps") == "Repetitions" and en.figure("counted") == "Repetitions counted"
    assert pl.figure("score") == HistoryWords("pl").figure("plane", {"key": "score", "label": "Score"}) == "Ocena"
    assert HistoryWords("pl").figure("plane", {"key": "counted", "label": "Repetitions"}) == "Powtórzenia"
    assert HistoryWords("en").figure("plane", {"key": "leg_level", "label": "Leg against the trunk"}) == (
        "Leg against the trunk"
    )
    assert en.figure("leg_level") == en.curve("leg_level")[0]


@pytest.mark.parametrize(
    ("coverage", "ok", "en"),
    [
        ({"judged": None, "withheld": None}, True, "It could not be judged: the position"),
        ({"judged": 0.9, "withheld": None}, True, "It could be judged well."),
        ({"judged": 0.9, "withheld": 0.05}, True, "It could be judged well."),
        ({"judged": 0.9, "withheld": 0.051}, True, "It could be judged most of the time; for 5\xa0% of it"),
        ({"judged": 0.9, "withheld": 0.25}, True, "It could be judged most of the time; for 25\xa0% of it"),
        ({"judged": 0.5, "withheld": 0.4}, True, "It could be judged in part only: for 40\xa0% of the time"),
        ({"judged": 0.9, "withheld": 0.0}, False, "It could not be judged well: the camera"),
    ],
)
def test_how_well_it_could_be_judged_is_one_sentence(coverage: dict[str, Any], ok: bool, en: str) -> None:
    report = plane_report(coverage=coverage)
    report["view"]["ok"] = ok
    assert how_judgeable(report, Words("en")).startswith(en)
    assert how_judgeable(report, Words("pl")).count(".") == 1


# ---- no English on a Polish page -----------------------------------------------------------------
class Seen(HTMLParser):
    """All that somebody reads or hears of a page, but for what is marked as no text to translate."""

    SAID = ("aria-label", "title", "alt", "data-name")
    VOID = ("meta", "link", "img", "br")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._kept = [True]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        own = self._kept[-1] and known.get("translate") != "no" and tag not in ("script", "style", "title")
        if own:
            self.words += [known[a] or "" for a in self.SAID if a in known]
        if tag not in self.VOID:
            self._kept.append(own)

    def handle_endtag(self, tag: str) -> None:
        self._kept.pop()

    def handle_data(self, data: str) -> None:
        if self._kept[-1]:
            self.words.append(data)


def vocabulary(lang: str) -> set[str]:
    said = [str(list(leaves(f).values())) for f in (texts(lang), read_texts(lang))]
    said += [re.sub(r"\w+=|'[\w-]+':|Text|Curve", " ", str(beside.texts(cls, lang))) for cls in ROUTINE]
    said += [s.get(lang, s["said"]) if lang == "en" else s["pl"] for s in texts("sentences")["sentence"]]
    return set(re.findall(r"[^\W\d_]{3,}", " ".join(said).lower()))


#: Words that both languages have, or that are names.
ALIKE = {"formcheck", "javascript", "rotate", "follow", "stream", "fps", "speed"}


@pytest.mark.parametrize("name", IDS)
def test_a_polish_page_says_nothing_in_english(name: str, tmp_path: Path) -> None:
    exercise = get_exercise(name)
    english = vocabulary("en") - vocabulary("pl") - ALIKE
    assert {"the", "hips", "repetition", "judged"} <= english
    faults = [fault(c.id, 1.5, 2.5, 3.0, 2.0, "deg", 2.0) for c in exercise.checks]
    measures = {e.name: 1.5 for e in decided_by(exercise)}
    reps = [
        rep(1, 1.05, measures=measures, faults=faults, verdict="fault"),
        rep(2, 5.21, measures=measures, counted=False, verdict="not-counted", why="held 1.1 s of 10 s"),
    ]
    report = plane_report(
        exercise=name,
        reps=reps,
        faults=[
            {**f, "severity": "major", "reps": [1], "seconds": 1.0, "cue": c.cue}
            for f, c in zip(faults, exercise.checks, strict=True)
        ],
        holds=[{"from_s": 1.5, "to_s": 15.25, "seconds": 13.8}],
        limits={k: v.value for k, v in exercise.limits.items()},
        recognised={"exercise": name, "confidence": 0.9},
        notes=[f"Could not judge {exercise.checks[0].id}: no ball was seen.", "Nobody was seen."],
    )
    if exercise.prescription.blocks:
        report["counts"]["blocks"] = dict.fromkeys(exercise.prescription.blocks, 1)
        report["reps"][0]["block"] = exercise.prescription.blocks[0]
    table = write_measures(tmp_path / "m.csv")
    for made in (report, empty_report(exercise=name, notes=[f"Never saw the position of {name}."], limits={})):
        made["view"]["advice"] = ["I cannot judge this from here: turn your side to the camera."]
        html = render_page(made, "film.mp4", table, shots_of(made) if made is report else None, "pl")
        said = set(re.findall(r"[^\W\d_]{3,}", " ".join(Seen(html).words).lower()))
        assert 'lang="pl"' in html
        assert said & english == set()
        assert len(said & vocabulary("pl")) > 60


def test_a_fault_has_one_name_on_the_whole_page() -> None:
    report = plane_report()
    for lang, name, other in (("en", "Held too briefly", "short hold"), ("pl", "Za krótko utrzymane", "short hold")):
        said = " ".join(Seen(render_page(report, None, None, shots_of(report), lang)).words)
        assert said.lower().count(name.lower()) >= 5
        assert other not in said.lower() and "short-hold" not in said


def test_time_upright_stands_on_top_of_the_kneeling_balance() -> None:
    measures = {"best_s": 7.6, "total_s": 17.3}
    reps = [
        rep(1, 1.05, side=None, measures={"best_s": 5.0, "total_s": 5.0}),
        rep(2, 5.21, side=None, measures=measures),
    ]
    report = plane_report(
        exercise="ball-kneel", reps=reps, faults=[], notes=[], counts={"total": 2, "left": 0, "right": 0}
    )
    text = " ".join(" ".join(Seen(render_page(report, None)).words).replace("\xa0", " ").split())
    top = text[text.index("All 2 tries counted") : text.index("What went well")]
    assert "longest upright 7.6 s" in top and "upright in all 17.3 s" in top


def test_the_films_own_date_stands_by_the_clock_of_its_place() -> None:
    report = plane_report()
    report["source"]["recorded"] = "2024-05-04T18:30:00+02:00"
    html = render_page(report, None)
    assert 'Filmed on <time datetime="2024-05-04T18:30:00+02:00">4 May 2024, 18:30</time>' in html
    assert "Filmed on" not in render_page(plane_report(), None)
    assert "Nagrano <time" in render_page(report, None, lang="pl")


def test_the_purpose_stands_on_every_page() -> None:
    for lang in ("en", "pl"):
        assert read_texts(lang)["purpose"] in render_page(empty_report(), None, lang=lang)


@pytest.mark.parametrize(
    ("name", "asked", "en", "pl"),
    [
        (
            "plane",
            None,
            "Asked for: 6 repetitions, held for 10\xa0s, changing sides.",
            "Zadanie: 6 powtórzeń, z przytrzymaniem",
        ),
        (
            "plane",
            3,
            "Asked for: 3 repetitions, held for 10\xa0s, changing sides.",
            "Zadanie: 3 powtórzenia, z przytrzymaniem",
        ),
        ("side-lift", 1, "Asked for: 1 repetition on each side.", "Zadanie: 1 powtórzenie na każdą stronę."),
        ("ball-kneel", 2, "Asked for: 2 tries.", "Zadanie: 2 próby."),
    ],
)
def test_the_page_tells_what_was_asked_for(name: str, asked: int | None, en: str, pl: str) -> None:
    report = plane_report(exercise=name, faults=[], reps=[rep(1, 1.05)], limits={})
    assert en in render_page(report, None, asked=asked)
    assert pl in render_page(report, None, lang="pl", asked=asked)
    assert "Asked for" not in render_page(report, None, asked=0)
