"""``formcheck evaluate``: analyse clips that have a truth file and say how good the analysis is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from formcheck.clips import stem
from formcheck.errors import FormcheckError, InputError, Interrupted, NoPersonError, PluginError
from formcheck.judging.exercises import exercises, plugins
from formcheck.judging.exercises.chosen import AUTO

from .cross import CrossEvaluation, CrossScore
from .discovery import Item, discover, read_measures, read_report
from .labels import Truth, TruthRep
from .outside import outside_score, taken
from .score import ClipScore, Taken
from .scoring import failed_clip, score_clip
from .series import Array
from .summary import Evaluation, summarise, to_json
from .truth import read_truth


class AnalysisLike(Protocol):
    """What an analysis must give to be scored."""

    @property
    def report(self) -> Mapping[str, Any]:
        """By the schema ``formcheck.report/1``."""

    @property
    def measures(self) -> Mapping[str, Array]:
        """``t`` in seconds and measures by name, (n,) arrays."""

    @property
    def frames(self) -> int:
        """Frames judged."""

    @property
    def seconds(self) -> float:
        """Seconds the whole analysis took."""

    @property
    def inference_seconds(self) -> float | None:
        """Seconds of it spent in the pose model; None if not known."""


Analyse = Callable[[Path, str], AnalysisLike]
#: Takes clip, exercise and way of watching; gives what is different from the usual list, None where the way is not one
#: for this clip, True where nothing is.
Compare = Callable[[Path, str, str, Sequence[TruthRep]], bool | str | None]
Progress = Callable[[int, int, Any], None]
ScoreAll = Callable[[Sequence[Item]], Iterator[ClipScore]]


@dataclass(frozen=True)
class Extras:
    """What to do with each clip besides judging it as its own exercise.

    Attributes
    ----------
    auto : bool
        Recognise the exercise too. Of movements outside the routine that is always done.
    ways : tuple of str
        Other ways of watching (:mod:`formcheck.evaluation.ways`) whose list is to be compared.
    """

    auto: bool = False
    ways: tuple[str, ...] = ()


def evaluate_paths(
    paths: Iterable[str | Path],
    analyse: Analyse,
    progress: Progress | None = None,
    *,
    plan: Extras = Extras(),
    compare: Compare | None = None,
) -> Evaluation:
    """Analyse and score all clips found.

    Parameters
    ----------
    paths : iterable of paths
        Clips, tracks, folders, report files (see :func:`formcheck.evaluation.discovery.discover`).
    analyse : callable
        Takes the path of a clip and the id of the exercise, or ``auto``. Not called for report files.
    progress : callable, optional
        Called after each clip with the number done, the number in all and the score.
    plan : Extras
    compare : callable, optional
        Compares the list in another way of watching with the usual one.

    Returns
    -------
    Evaluation
        A clip that cannot be read or analysed is in it as failed, with the reason. After an interruption from the
        keyboard it holds what was finished and says so (``interrupted``).

    Raises
    ------
    InputError
        If there is nothing to evaluate.
    """
    return evaluate_items(
        discover(paths), lambda items: (evaluate_item(i, analyse, plan, compare) for i in items), progress
    )


def evaluate_items(items: Sequence[Item], score_all: ScoreAll, progress: Progress | None = None) -> Evaluation:
    """Summarise the scores of items as they come, in whatever order."""
    scores: list[ClipScore] = []
    try:
        for score in score_all(items):
            scores.append(score)
            if progress is not None:
                progress(len(scores), len(items), score)
    except (KeyboardInterrupt, Interrupted):
        return summarise(scores, interrupted=True)
    return summarise(scores)


def evaluate_item(item: Item, analyse: Analyse, plan: Extras = Extras(), compare: Compare | None = None) -> ClipScore:
    """Analyse and score one clip; what goes wrong is in the score."""
    truth: Truth | None = None
    try:
        truth = read_truth(item.truth)
        if item.is_report:
            return _score_report(item.source, truth)
        if truth.exercise is None:
            return _score_outside(item.source, truth, analyse)
        a = analyse(item.source, truth.exercise)
        score = score_clip(
            a.report, truth, a.measures, frames=a.frames, seconds=a.seconds, inference_seconds=a.inference_seconds
        )
        if plan.auto:
            score = replace(score, auto=_taken(item.source, truth, AUTO, analyse))
        if compare is not None:
            ways = {w: compare(item.source, truth.exercise, w, truth.reps or ()) for w in plan.ways}
            score = replace(score, ways={w: same for w, same in ways.items() if same is not None})
        return score
    except Interrupted:
        raise
    except FormcheckError as e:
        return failed_clip(stem(item.source), str(e), truth, declines=isinstance(e, NoPersonError))


def _score_outside(source: Path, truth: Truth, analyse: Analyse) -> ClipScore:
    """Judge a movement outside the routine as every exercise, the nearest first, and by ``auto``."""
    nearest = truth.tempting or tuple(exercises())
    names = (*nearest, *(i for i in exercises() if i not in nearest))
    # Recognising needs all that can be seen in a clip, the ball too: what follows takes it from there.
    auto = _taken(source, truth, AUTO, analyse)
    as_each = []
    for name in names:
        try:
            as_each.append(_taken(source, truth, name, analyse))
        except PluginError as e:
            plugins.leave_out(e)  # it was not asked for
    return outside_score(truth, tuple(as_each), auto)


def _taken(source: Path, truth: Truth, as_: str, analyse: Analyse) -> Taken:
    try:
        return taken(analyse(source, as_).report, truth, as_)
    except NoPersonError as e:
        return Taken(as_, failed=str(e))


def _score_report(path: Path, truth: Truth) -> ClipScore:
    table = path.with_name(stem(path) + ".measures.csv")
    report, measures = read_report(path), read_measures(table) if table.is_file() else None
    try:
        if truth.exercise is None:
            return outside_score(truth, (taken(report, truth, str(report.get("exercise") or AUTO)),), None)
        return score_clip(report, truth, measures)
    except (AttributeError, KeyError, TypeError, ValueError) as e:
        reason = f"{path}: the report does not follow its schema ({type(e).__name__}: {e})"
        raise InputError(reason, "write it anew with `formcheck analyze`") from e


def save(evaluation: Evaluation, path: str | Path) -> None:
    """Write an evaluation as JSON, with the time it was made."""
    from datetime import UTC, datetime

    from formcheck.files import write_json

    created = datetime.now(UTC).isoformat(timespec="seconds")
    write_json(Path(path), to_json(evaluation, lambda: {"created": created}))


def cross_pairs(
    paths: Iterable[str | Path], ids: Sequence[str], per_clip: int | None = None
) -> list[tuple[Path, str | None, str]]:
    """Pair each clip with exercises it does not show.

    Parameters
    ----------
    paths : iterable of paths
        As for :func:`evaluate_paths`; finished reports are left out.
    ids : sequence of str
        Exercises to try.
    per_clip : int, optional
        Take only so many for each clip, in turn, so that all exercises are tried about equally often.

    Returns
    -------
    list of (clip, its own exercise or None, another exercise)

    Raises
    ------
    InputError
        If there is nothing to evaluate or a truth file is broken.
    """
    pairs = []
    turn = 0
    for item in discover(paths):
        if item.is_report:
            continue
        own = read_truth(item.truth).exercise
        others = [i for i in ids if i != own]
        if per_clip is not None and per_clip < len(others):
            others = [others[(turn + k) % len(others)] for k in range(per_clip)]
            turn += per_clip
        pairs += [(item.source, own, other) for other in others]
    return pairs


def evaluate_cross(
    pairs: Iterable[tuple[Path, str | None, str]],
    analyse: Analyse,
    progress: Callable[[CrossScore], None] | None = None,
) -> CrossEvaluation:
    """Analyse clips as exercises they do not show: nothing should be counted, and a note given.

    Parameters
    ----------
    pairs : iterable of (clip, its own exercise, another exercise)
        See :func:`cross_pairs`.
    analyse : callable
        Takes the path of a clip and the id of the exercise.
    progress : callable, optional
        Called with each score.

    Returns
    -------
    CrossEvaluation
        A pair that cannot be analysed is in it as failed, with the reason. After an interruption from the keyboard it
        holds what was finished and says so (``interrupted``).
    """
    scores: list[CrossScore] = []
    for path, own, other in pairs:
        try:
            report = analyse(path, other).report
        except (KeyboardInterrupt, Interrupted):
            return CrossEvaluation(tuple(scores), interrupted=True)
        except FormcheckError as e:
            score = CrossScore(stem(path), own, other, failed=str(e))
        else:
            counted = (report.get("counts") or {}).get("total")
            if counted is None:
                counted = sum(bool(r.get("counted")) for r in report.get("reps") or [])
            notes, faults = len(report.get("notes") or []), len(report.get("faults") or [])
            score = CrossScore(stem(path), own, other, int(counted), notes, faults)
        scores.append(score)
        if progress is not None:
            progress(score)
    return CrossEvaluation(tuple(scores))
