"""The annotated picture for video and the live window: skeleton, angle, line, counter, hold ring, one cue at a time."""

from __future__ import annotations

from .overlay import Overlay
from .style import Labels

__all__ = ["Labels", "Overlay"]
