"""Whether a report declines to judge, for which reason, and whether that is fair."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .labels import Truth

#: What reasons are about, by the words that tell it, in reports and in truths made by hand.
REASONS: Mapping[str, tuple[str, ...]] = {
    "view": ("view", "turn your", "seen from the head"),
    "cut off": ("cut off", "cut-off", "out of the picture", "out of the frame", "outside the picture", "step back"),
    "persons": ("second person", "two persons", "several people", "more than one person", "alone in", "somebody else"),
    "start": ("start position", "on the toes", "not in position"),
    "distance": ("too far", "come closer", "too close"),
    "dark": ("dark",),
    "nobody": ("nobody", "cannot see you"),
    "movement": ("jumps", "too quick", "too short"),
}
#: What an expected reason says of reasons that would be wrong: in brackets, or after a NOT.
_NOT_MEANT = re.compile(r"\([^)]*\bwrong\b[^)]*\)|\bNOT\b.*")
#: Beginnings of notes that explain why a report judges nothing. Others say what was seen and judged.
DECLINES = ("Not judged", "Never saw", "What was seen fits none")
#: A report that judged at most this share of the time judged nothing.
NOTHING_JUDGED = 0.05


def declined(report: Mapping[str, Any]) -> str | None:
    """Return in the report's words why it judged nothing; None where it judged something or gives no reason."""
    if report.get("reps") or report.get("holds"):
        return None
    notes = list(report.get("notes") or ())
    advice = list((report.get("view") or {}).get("advice") or ())
    judged = (report.get("coverage") or {}).get("judged")
    if judged is not None and judged <= NOTHING_JUDGED:
        why = [*notes, *advice]
    else:
        why = [n for n in notes if n.startswith(DECLINES)]
    return " ".join(dict.fromkeys(why)) or None


def topics(text: str | None) -> frozenset[str]:
    """Return what a reason is about.

    >>> sorted(topics("Not judged: front view for 3.0 s. I cannot judge this from here: turn your side to the camera."))
    ['view']
    """
    low = (text or "").lower()
    return frozenset(name for name, words in REASONS.items() if any(w in low for w in words))


def fair(truth: Truth, why: str) -> bool:
    """Return whether declining is as good as judging, as far as the reason can be compared with the expected one."""
    if truth.refusal != "fine":
        return False
    expected = topics(_NOT_MEANT.sub("", truth.refusal_reason or ""))
    return not expected or bool(expected & topics(why))
