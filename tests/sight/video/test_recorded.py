"""When a film was recorded: what it says itself, and only where that can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from formcheck.sight.video.recorded import recorded_at

LATER = (datetime.now(UTC) + timedelta(days=3)).isoformat()


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({}, None),
        ({"creation_time": "2024-05-06T07:08:09.000000Z"}, "2024-05-06T07:08:09+00:00"),
        ({"creation_time": "2024-05-06 07:08:09"}, "2024-05-06T07:08:09+00:00"),
        ({"com.apple.quicktime.creationdate": "2024-05-06T09:08:09+0200"}, "2024-05-06T09:08:09+02:00"),
        ({"creation_time": "1970-01-01T00:00:00.000000Z"}, None),
        ({"creation_time": "1904-01-01T00:00:00.000000Z"}, None),
        ({"creation_time": LATER}, None),
        ({"creation_time": "yesterday"}, None),
        ({"creation_time": "0001-01-01T00:00:00+14:00"}, None),
    ],
)
def test_the_date_is_the_films_own_or_none(metadata: dict[str, str], told: str | None) -> None:
    assert recorded_at(metadata) == told
