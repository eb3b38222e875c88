"""``formcheck evaluate``: analyse clips that have a truth file and say how good the analysis is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .errors import FormcheckError, InputError, Interrupted
from .evaluation.discovery import Item, discover, read_measures, read_report, stem
from .evaluation.scoring import ClipScore, failed_clip, score_clip
from .evaluation.summary import Evaluation, Rate, summarise, to_json
from .evaluation.truth import Array, Truth, read_truth


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
Progress = Callable[[int, int, ClipScore], None]


def evaluate_paths(paths: Iterable[str | Path], analyse: Analyse, progress: Progress | None = None) -> Evaluation:
    """Analyse and score all clips found.

    Parameters
    ----------
    paths : iterable of paths
        Clips, tracks, folders, report files (see :func:`formcheck.evaluation.discovery.discover`).
    analyse : callable
        Takes the path of a clip and the id of the exercise. Not called for report files.
    progress : callable, optional
        Called after each clip with the number done, the number in all and the score.

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
    items = discover(paths)
    scores: list[ClipScore] = []
    for item in items:
        try:
            score = evaluate_item(item, analyse)
        except (KeyboardInterrupt, Interrupted):
            return summarise(scores, interrupted=True)
        scores.append(score)
        if progress is not None:
            progress(len(scores), len(items), score)
    return summarise(scores)


def evaluate_item(item: Item, analyse: Analyse) -> ClipScore:
    """Analyse and score one clip; what goes wrong is in the score."""
    truth: Truth | None = None
    try:
        truth = read_truth(item.truth)
        if item.is_report:
            return _score_report(item.source, truth)
        a = analyse(item.source, truth.exercise)
        return score_clip(
            a.report, truth, a.measures, frames=a.frames, seconds=a.seconds, inference_seconds=a.inference_seconds
        )
    except Interrupted:
        raise
    except FormcheckError as e:
        return failed_clip(stem(item.source), str(e), truth)


def _score_report(path: Path, truth: Truth) -> ClipScore:
    table = path.with_name(stem(path) + ".measures.csv")
    report, measures = read_report(path), read_measures(table) if table.is_file() else None
    try:
        return score_clip(report, truth, measures)
    except (AttributeError, KeyError, TypeError, ValueError) as e:
        reason = f"{path}: the report does not follow its schema ({type(e).__name__}: {e})"
        raise InputError(reason, "write it anew with `formcheck analyze`") from e


def save(evaluation: Evaluation, path: str | Path) -> None:
    """Write an evaluation as JSON, with the time it was made."""
    from datetime import UTC, datetime

    from .files import write_json

    created = datetime.now(UTC).isoformat(timespec="seconds")
    write_json(Path(path), to_json(evaluation, lambda: {"created": created}))


@dataclass(frozen=True)
class CrossScore:
    """A clip analysed as an exercise that it does not show.

    Attributes
    ----------
    quiet : bool
        No rep was counted and a note says that something does not fit.
    """

    clip: str
    true: str
    as_: str
    counted: int = 0
    notes: int = 0
    faults: int = 0
    failed: str | None = None

    @property
    def quiet(self) -> bool:
        """True if nothing was counted and a note was given."""
        return self.failed is None and self.counted == 0 and self.notes > 0


@dataclass(frozen=True)
class CrossEvaluation:
    """Scores of clips analysed as other exercises; failed ones are left out of the rates."""

    scores: tuple[CrossScore, ...]
    interrupted: bool = False

    def _rate(self, good: Callable[[CrossScore], bool]) -> Rate:
        done = [s for s in self.scores if s.failed is None]
        return Rate(sum(map(good, done)), len(done))

    @property
    def quiet(self) -> Rate:
        """Analyses with no counted rep and a note."""
        return self._rate(lambda s: s.quiet)

    @property
    def uncounted(self) -> Rate:
        """Analyses with no counted rep."""
        return self._rate(lambda s: s.counted == 0)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, schema ``formcheck.cross/1``."""

        def rate(r: Rate) -> dict[str, Any]:
            return {"value": None if r.value is None else round(r.value, 4), "hits": r.hits, "of": r.of}

        rows = [
            {"clip": s.clip, "true": s.true, "as": s.as_, "counted": s.counted, "notes": s.notes}
            | {"faults": s.faults, "failed": s.failed, "quiet": s.quiet}
            for s in self.scores
        ]
        return {
            "schema": "formcheck.cross/1",
            "interrupted": self.interrupted,
            "quiet": rate(self.quiet),
            "uncounted": rate(self.uncounted),
            "failed": sum(s.failed is not None for s in self.scores),
            "pairs": rows,
        }


def cross_pairs(
    paths: Iterable[str | Path], ids: Sequence[str], per_clip: int | None = None
) -> list[tuple[Path, str, str]]:
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
    list of (clip, its own exercise, another exercise)

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
    pairs: Iterable[tuple[Path, str, str]],
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
