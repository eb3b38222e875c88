"""The history: every repetition of every session, in one SQLite file of the user's own.

:class:`~formcheck.coaching.history.store.History` opens it and writes,
:mod:`~formcheck.coaching.history.queries` reads, :mod:`~formcheck.coaching.history.calendar` knows the weeks,
:mod:`~formcheck.coaching.history.progress` what has changed. No picture is ever stored.
"""

from .store import History, SessionLog, history_path

__all__ = ["History", "SessionLog", "history_path"]
