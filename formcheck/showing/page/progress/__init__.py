"""The history for people to look at: on the terminal and as a page."""

from .page import render_progress, write_progress

__all__ = ["render_progress", "write_progress"]
