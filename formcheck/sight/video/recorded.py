"""When a film was recorded, as it says itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

#: What containers call it: the first with the clock of the place, the other in universal time.
KEYS = ("com.apple.quicktime.creationdate", "creation_time")
#: A date before this is none: clocks that were never set begin in 1904, 1970 or 1980.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def recorded_at(metadata: Mapping[str, str]) -> str | None:
    """Return the moment that a container names as its beginning, in ISO 8601; None where it names none that can be.

    Examples
    --------
    >>> recorded_at({"creation_time": "2024-05-06T07:08:09.000000Z"})
    '2024-05-06T07:08:09+00:00'
    >>> recorded_at({"com.apple.quicktime.creationdate": "2024-05-06T09:08:09+0200", "creation_time": "x"})
    '2024-05-06T09:08:09+02:00'
    >>> recorded_at({"creation_time": "1970-01-01T00:00:00.000000Z"}) is None
    True
    """
    for key in KEYS:
        try:
            moment = datetime.fromisoformat(metadata[key].strip())
        except (KeyError, ValueError):
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        try:
            if EARLIEST <= moment <= datetime.now(UTC) + timedelta(days=1):
                return moment.isoformat(timespec="seconds")
        except OverflowError:
            continue
    return None
