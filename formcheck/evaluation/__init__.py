"""Scoring reports against truth: the measuring instrument behind ``formcheck evaluate``."""

from .hits import Hits
from .labels import Truth, TruthRep
from .score import ClipScore
from .scoring import failed_clip, score_clip
from .series import TruthSeries
from .summary import Evaluation, Summary, summarise, to_json
from .table import print_tables, to_markdown
from .truth import parse_truth, read_truth

__all__ = [
    "ClipScore",
    "Evaluation",
    "Hits",
    "Summary",
    "Truth",
    "TruthRep",
    "TruthSeries",
    "failed_clip",
    "parse_truth",
    "print_tables",
    "read_truth",
    "score_clip",
    "summarise",
    "to_json",
    "to_markdown",
]
