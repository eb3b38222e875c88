"""The review of a report: what the page is told, and what it may change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from formcheck.errors import InputError, UsageError
from formcheck.judging.exercises import exercises
from formcheck.showing.page.language import Words
from formcheck.showing.page.words import label
from formcheck.showing.report.film import film_of
from formcheck.showing.report.objects import load_report
from formcheck.showing.review.corrected import corrected, measured
from formcheck.showing.review.file import begun, change
from formcheck.showing.review.record import LONGEST_NAME, Review, SaidFault, SaidOfFault, SaidRep, tidy

from .serving import act_route, asset, data_route, page

#: Told of each change: report, review and figures as plain data.
Kept = Callable[[dict[str, Any], dict[str, Any]], None]


class ReviewDesk:
    """A report and what is said of it.

    Parameters
    ----------
    report : Path
        A ``.report.json``.
    file : Path
        Where the review is kept.
    by : str
        Who reviews.
    kept : callable, optional
        Called with the report and each changed review: to keep it in the history too.
    patient : str, optional
        Whose film it is, to be shown.

    Raises
    ------
    InputError, UsageError
        If the report cannot be read, or the file holds the review of another one.
    """

    def __init__(self, report: Path, file: Path, by: str, kept: Kept | None = None, patient: str | None = None) -> None:
        loaded = load_report(report)
        self.report = loaded.to_dict()
        if self.report["exercise"] is None:
            raise InputError(f"{report} judges no exercise", "analyze the film with -e first")
        self.file, self.stem, self._kept = file, loaded.stem, kept
        self.by, self._patient = tidy(by, LONGEST_NAME) or "", tidy(patient, LONGEST_NAME)
        if not self.by:
            raise UsageError("who reviews has no name", "give it with --by")
        film = film_of(loaded)
        self.video: Path | None = film[0] if film is not None else None
        self._offset = film[1] if film is not None else 0.0
        known = exercises().get(self.report["exercise"])
        self._checks = {c.id: c for c in reversed(known.checks)} if known is not None else {}
        self._title = known.title if known is not None else label(self.report["exercise"])
        self._words = Words("en", self.report["exercise"])
        order = [c.id for c in known.checks] if known is not None else []
        self.faults = list(dict.fromkeys([*order, *(f["id"] for f in self.report["faults"])]))
        self.review = self._begin()

    def _begin(self) -> Review:
        return begun(self.file, self.report, self.stem, self.by, _now())

    @property
    def severity(self) -> dict[str, str]:
        """Severity of faults by id."""
        return {i: c.severity for i, c in self._checks.items()} | {
            f["id"]: f["severity"] for f in self.report["faults"]
        }

    def data(self) -> dict[str, Any]:
        """Return all that the page shows."""
        said = {r.index: asdict(r) for r in self.review.reps if r.index is not None}
        both = self.figures()
        return {
            "film": self.stem,
            "title": self._title,
            "by": self.by,
            "patient": self._patient,
            "video": self.video is not None,
            "offset": self._offset,
            "faults": [
                {"id": i, "label": self._words.fault(i), "cue": self._checks[i].cue if i in self._checks else ""}
                for i in self.faults
            ],
            "reps": [{**_shown(r, self._words), "said": said.get(r["index"])} for r in self.report["reps"]],
            "added": [asdict(r) for r in self.review.reps if r.index is None],
            "whole": [
                {**_fault(f, self._words), "reps": f["reps"], "said": self._said_of(f["id"])}
                for f in self.report["faults"]
            ],
            "note": self.review.note,
            **both,
        }

    def _said_of(self, fault: str) -> dict[str, Any] | None:
        return next((asdict(f) for f in self.review.faults if f.id == fault), None)

    def figures(self) -> dict[str, Any]:
        """Return counts and score as measured and as corrected."""
        return {
            "measured": asdict(measured(self.report)),
            "corrected": asdict(corrected(self.report, self.review, self.severity)),
        }

    # ---- what may be changed ----
    def say_rep(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Keep what is said of a repetition: ``index`` (None: an added one, with times), ``answer``, ``counted`` ...

        Raises
        ------
        KeyError, TypeError, ValueError
            If it is not understood.
        """
        index = asked["index"]
        if index is None:
            start, peak, end = (round(float(asked[k]), 2) for k in ("start_s", "peak_s", "end_s"))
        else:
            rep = next((r for r in self.report["reps"] if r["index"] == index), None)
            if rep is None:
                raise ValueError(f"there is no repetition {index!r}")
            start, peak, end = rep["start_s"], rep["peak_s"], rep["end_s"]
        if asked.get("answer") is None:
            return self._change(lambda r: r.without_rep(index, start, self.by, _now()))
        faults = tuple(SaidFault(str(f["id"]), str(f["certainty"])) for f in asked["faults"])
        if unknown := {f.id for f in faults} - set(self.faults):
            raise ValueError(f"no such fault: {min(unknown)}")
        counted = asked["counted"]
        if counted not in (True, False, None):
            raise ValueError("counted is true, false or null")
        said = SaidRep(
            index, start, peak, end, str(asked["answer"]), counted, asked["side"], faults, tidy(asked.get("note")),
            self.by, _now(),
        )  # fmt: skip
        return self._change(lambda r: r.with_rep(said))

    def say_fault(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Keep what is said of a fault of the whole film; a ``certainty`` of None takes it back."""
        name = asked["id"]
        if name not in self.faults:
            raise ValueError(f"no such fault: {name}")
        if asked["certainty"] is None:
            return self._change(lambda r: r.without_fault(name, self.by, _now()))
        said = SaidOfFault(name, str(asked["certainty"]), tidy(asked.get("note")), self.by, _now())
        return self._change(lambda r: r.with_fault(said))

    def say_note(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Keep the note on the whole film."""
        note = tidy(asked["note"])
        return self._change(lambda r: replace(r, note=note, by=self.by, changed=_now()))

    def _change(self, how: Callable[[Review], Review]) -> dict[str, Any]:
        def checked(now: Review) -> Review:
            changed = how(now)
            Review.from_dict(changed.to_dict())
            return changed

        # What another program said meanwhile stays.
        self.review = change(self.file, self._begin, checked)
        if self._kept is not None:
            self._kept(self.report, {**self.review.to_dict(), "figures": self.figures()})
        return self.data()

    def routes(self) -> list[BaseRoute]:
        """Return what the page asks for."""
        return [
            page("review.html"),
            asset("review.js"),
            data_route(self.data),
            act_route("/rep", self.say_rep),
            act_route("/fault", self.say_fault),
            act_route("/note", self.say_note),
            Route("/film", self._film),
        ]

    async def _film(self, _request: Request) -> Response:
        if self.video is None:
            return PlainTextResponse("there is no film", 404)
        return FileResponse(self.video)


def _shown(rep: Mapping[str, Any], words: Words) -> dict[str, Any]:
    keys = ("index", "side", "start_s", "peak_s", "end_s", "counted", "verdict", "why", "score")
    return {
        **{k: rep[k] for k in keys},
        "verdict_said": words.word(rep["verdict"]),
        "faults": [_fault(f, words) for f in rep["faults"]],
    }


def _fault(f: Mapping[str, Any], words: Words) -> dict[str, Any]:
    worst = words.with_unit(f["worst"], f["unit"]) if f["worst"] is not None else ""
    limit = f", limit {words.with_unit(f['limit'], f['unit'])}" if worst and f["limit"] is not None else ""
    return {"id": f["id"], "label": words.fault(f["id"]), "worst": worst + limit}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
