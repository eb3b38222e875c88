"""Texts: every language says everything, about every exercise and fault of the routine, with the same values in it."""

import ast
import re
import string
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import formcheck
from formcheck.coaching.coach.phrases import ADVICE_FOR_VIEW, PLURALS, Phrases, languages, plural_category, read_texts
from formcheck.errors import UsageError
from formcheck.judging.exercises import ROUTINE, get_exercise
from formcheck.judging.rules.beside import FILLED, Text, texts
from formcheck.judging.session.view_watch import ViewWatch
from formcheck.live.keys import LEGEND
from formcheck.showing.draw.style import Labels

from ...judging.exercises.stick import all_fours, plane_set, shoot

ALL = pytest.mark.parametrize("lang", languages())
EXERCISES = pytest.mark.parametrize("exercise", [cls() for cls in ROUTINE], ids=lambda e: e.id)
SETUP_ADVICE = {
    "step-back", "come-closer", "turn-left-side", "turn-right-side", "turn-side", "turn-front", "turn-half",
    "more-light", "tilt-camera-down", "tilt-camera-up", "move-left", "move-right", "ball-out-of-view",
    "get-into-position", "hold-still", "nobody", "one-person", "camera-lost", "camera-back",
    "ball-in-place",
}  # fmt: skip


def names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def is_plural(value, lang):
    return isinstance(value, dict) and set(value) == set(PLURALS[lang])


def flat(table, lang, path=()):
    """Give (path, text) of every text; a plural table is one text of many forms."""
    for key, value in table.items():
        here = (*path, key)
        if is_plural(value, lang):
            yield here, tuple(value.values())
        elif isinstance(value, dict):
            yield from flat(value, lang, here)
        else:
            yield here, tuple(value) if isinstance(value, list) else (value,)


# ---- completeness --------------------------------------------------------------------------------------------
def test_english_and_polish_are_there():
    assert {"en", "pl"} <= set(languages()) and set(languages()) <= set(PLURALS)


@ALL
def test_every_language_has_every_key_and_no_other(lang):
    mine, english = (dict(flat(read_texts(x), x)) for x in (lang, "en"))
    assert set(mine) == set(english)


@ALL
def test_every_form_holds_the_same_values_as_the_english(lang):
    english = dict(flat(read_texts("en"), "en"))
    for path, forms in flat(read_texts(lang), lang):
        expected = {n for form in english[path] for n in names(form)}
        if len(forms) > 1 and path[0] in ("say", "screen"):
            assert "n" in expected, path
        for form in forms:
            assert form.strip() == form, path
            assert form, path
            if path[0] in ("say", "screen"):
                assert names(form) == expected, path
            else:
                assert not names(form), path


def forms_of(own):
    """Give every text of an exercise in one language, with where it stands."""
    for key, text in own.single.items():
        yield key, text
    for k, text in enumerate(own.intro):
        yield f"intro.{k}", text
    for table in ("blocks", "measures", "faults", "cues", "mended"):
        for key, text in getattr(own, table).items():
            yield f"{table}.{key}", text


@ALL
@EXERCISES
def test_every_exercise_has_its_words_and_every_fault_its_cue(lang, exercise):
    own = texts(type(exercise), lang)
    assert set(own.single) == {"title", "position", "camera", *(["ball"] if exercise.uses_ball else [])}
    assert set(own.cues) == {c.id for c in exercise.checks}
    assert set(own.blocks) == set(exercise.prescription.blocks)
    assert 2 <= len(own.intro) <= 3
    known = {c.signal or c.id for c in exercise.checks} | {signal for signal, *_ in exercise.drawing.angles}
    assert set(own.measures) <= known


@ALL
@EXERCISES
def test_the_languages_say_the_same_of_an_exercise(lang, exercise):
    mine, english = (dict(forms_of(texts(type(exercise), x))) for x in (lang, "en"))
    assert set(mine) == set(english)
    for where, text in mine.items():
        # How long to hold is the only number in the texts of an exercise.
        assert names(text.spoken) == names(english[where].spoken) <= FILLED, where
        assert names(text.written) <= FILLED


@ALL
@EXERCISES
def test_corrections_are_short(lang, exercise):
    for fault, cue in texts(type(exercise), lang).cues.items():
        assert len(cue.spoken.split()) <= 8, fault
        assert re.search(r"[.!]$", cue.spoken), fault


@ALL
def test_every_place_of_a_ball_has_its_own_words(lang):
    p = Phrases(lang)
    said = [p.advice("ball-in-place", e.id) for e in ROUTINE if e.uses_ball]
    assert len({*said, p.advice("ball-in-place", "plane"), p.advice("ball-in-place")}) == len(said) + 1


def called_with(method):
    """Give the literal first arguments of every call of a method of that name in the package."""
    for path in sorted(Path(formcheck.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
                for first in node.args[:1]:
                    options = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                    yield from (o.value for o in options if isinstance(o, ast.Constant) and isinstance(o.value, str))


@pytest.mark.parametrize("method", ["say", "screen"])
def test_every_text_that_is_asked_for_is_there(method):
    asked = set(called_with(method))
    assert len(asked) > 5
    assert asked <= set(read_texts("en")[method])


def test_no_text_is_left_over_that_nobody_asks_for():
    words = {
        node.value
        for folder in ("coaching", "live")
        for path in (Path(formcheck.__file__).parent / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    keys = {f"key-{what}" for what in [*LEGEND.values(), "resume"]}
    for method in ("say", "screen"):
        assert set(read_texts("en")[method]) <= words | keys


# ---- numbers -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("n", "english", "polish"),
    [
        (0, "other", "many"), (1, "one", "one"), (2, "other", "few"), (4, "other", "few"), (5, "other", "many"),
        (11, "other", "many"), (12, "other", "many"), (14, "other", "many"), (21, "other", "many"),
        (22, "other", "few"), (34, "other", "few"), (112, "other", "many"), (1.5, "other", "other"),
    ],
)  # fmt: skip
def test_plural_categories_follow_the_language(n, english, polish):
    assert (plural_category("en", n), plural_category("pl", n)) == (english, polish)


def test_numbers_choose_the_form():
    pl = Phrases("pl")
    said = [pl.say("rest", n=n) for n in (1, 2, 30, 42)]
    assert said == ["Odpocznij 1 sekundę.", "Odpocznij 2 sekundy.", "Odpocznij 30 sekund.", "Odpocznij 42 sekundy."]
    assert Phrases("en").say("rest", n=1) == "Rest for 1 second."


def test_sentences_begin_with_a_capital_letter():
    assert Phrases("en").say("rep-side", side="left", n=1) == "Left side, 1"
    assert Phrases("pl").say("rep-side", side=Phrases("pl").side("left"), n=1) == "Lewa strona, 1"


def test_a_sentence_may_have_a_value_named_key():
    assert "space" in Phrases("en").screen("paused-detail", key="space")


def test_an_unknown_language_names_the_known_ones():
    with pytest.raises(UsageError, match="'tlh'.*en, pl"):
        Phrases("tlh")


# ---- advice --------------------------------------------------------------------------------------------------
@ALL
def test_every_set_up_advice_has_its_own_words(lang):
    said = [Phrases(lang).advice(key) for key in sorted(SETUP_ADVICE)]
    assert len(set(said)) == len(SETUP_ADVICE)


def reasons(exercise):
    """Collect every reason for which a picture cannot be judged."""
    out = set()
    for torso, cut, luma in ((100.0, 0.0, 100.0), (5.0, 0.0, 100.0), (100.0, 9.0, 100.0)):
        for yaw in (0.0, 45.0, 80.0):
            problem = ViewWatch(exercise).update(0.0, yaw, torso, cut, luma)
            out.add(problem[0] if problem else None)
    for luma in (1.0, 100.0):
        watch = ViewWatch(exercise)
        watch.update(0.0, None, 100.0, 0.0, luma)
        out.add(watch.update(5.0, None, 100.0, 0.0, luma)[0])
    return out - {None}


@ALL
@EXERCISES
def test_every_reason_of_a_bad_picture_has_its_advice(lang, exercise):
    phrases, found = Phrases(lang), reasons(exercise)
    assert {"too dark", "nobody seen", "too far away", "cut off"} <= found
    turn = phrases.advice(ADVICE_FOR_VIEW[exercise.views[0]])
    for reason in found:
        said = phrases.advice(reason, exercise)
        assert (said == turn) == reason.endswith("view"), reason


def test_a_wrong_view_without_an_exercise_asks_for_the_side():
    assert Phrases("en").advice("front view") == "Turn your side to the camera."


# ---- exercises -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Words:
    cue: str
    id: str = "wobble"


class Stranger(type(get_exercise("plane"))):
    """An exercise of another package."""

    id, title, summary, intro = "stranger", "Stranger", "standing on one hand", ("Stand on one hand.",)
    checks = (Words("Do not wobble."),)


@ALL
def test_exercises_of_other_packages_speak_their_own_words(lang):
    p, e = Phrases(lang), Stranger()
    assert (p.title(e), p.intro(e), p.position(e)) == ("Stranger", ("Stand on one hand.",), "standing on one hand")
    assert (p.cue(e, "wobble"), p.cue(e, "nothing")) == ("Do not wobble.", "")
    assert p.mended(e, "wobble") in read_texts(lang)["mended"]
    assert p.localise(e) is e


def test_a_text_may_be_spoken_in_one_way_and_written_in_another(monkeypatch):
    from formcheck.coaching.coach import phrases

    plane = get_exercise("plane")
    own = texts(type(plane), "pl")
    both = replace(own, cues={**own.cues, "leg-low": Text("Noga!", "Noga wyżej, na {hold}.")})
    monkeypatch.setattr(phrases, "texts", lambda kind, lang: both)
    p = Phrases("pl")
    assert p.cue(plane, "leg-low") == "Noga!"
    (shown,) = [c.cue for c in p.localise(plane).checks if c.id == "leg-low"]
    assert shown == p.cue(plane, "leg-low", "written") == "Noga wyżej, na dziesięć sekund."


def test_an_unknown_exercise_is_named():
    with pytest.raises(UsageError, match="somersault"):
        Phrases("en").title("somersault")


def test_praise_is_the_faults_own_or_takes_turns():
    p = Phrases("en")
    assert p.mended("plane", "hip-sag", 0) == p.mended("plane", "hip-sag", 1) == "Good, your back is flat."
    assert len({p.mended("plane", "arm-low", n) for n in range(3)}) == 3


def test_a_localised_exercise_judges_the_same_in_other_words():
    plane = get_exercise("plane")
    polish = Phrases("pl").localise(plane)
    assert (polish.title, polish.describe()) == ("Samolot", "klęk podparty, bokiem do kamery")
    assert [(c.id, c.limit, c.signal) for c in polish.checks] == [(c.id, c.limit, c.signal) for c in plane.checks]
    assert polish.checks[0].cue == "Wyprostuj plecy, napnij brzuch." != plane.checks[0].cue
    assert plane.title == "Plane"
    from formcheck.judging.session.session import Session

    track = shoot(all_fours, plane_set("right", hold=10.6))
    results = []
    for e in (plane, polish):
        session = Session(e, live=True)
        for o in track:
            session.update(o)
        results.append(session.judge.reps)
    assert results[0] == results[1]
    assert results[0]


def test_a_language_tells_the_letters_that_a_font_must_hold():
    assert Phrases("en").letters == ""
    assert set("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ") == set(Phrases("pl").letters)


@ALL
def test_the_words_on_the_picture_are_those_that_the_overlay_knows(lang):
    labels = Labels(**Phrases(lang).labels())
    assert "{what}" in labels.position
    named = Labels(**Phrases(lang).labels("plane"))
    assert named.position.endswith(Phrases(lang).position("plane"))
