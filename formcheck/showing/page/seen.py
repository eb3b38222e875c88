"""How well a clip could be judged, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .language import Words

#: Share of the time in position that could not be judged, up to which a clip could be judged well, and mostly.
WELL, MOSTLY = 0.05, 0.25


def how_judgeable(report: Mapping[str, Any], words: Words) -> str:
    """Return in a sentence how well a clip could be judged.

    Parameters
    ----------
    report : mapping
    words : Words
        Of the page's language.
    """
    coverage = report["coverage"]
    if not coverage["judged"]:
        return words("judged-none")
    if not report["view"]["ok"]:
        return words("judged-view")
    withheld = coverage.get("withheld") or 0.0
    if withheld <= WELL:
        return words("judged-well")
    key = "judged-mostly" if withheld <= MOSTLY else "judged-partly"
    return words(key, share=words.share(withheld, whole=True))
