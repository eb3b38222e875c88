"""The last clips of a batch go largest first, so that no worker waits long for another; results stay in their order."""

from pathlib import Path

import pytest

from formcheck.batch.job import Job
from formcheck.batch.run import LAST, ordered
from formcheck.batch.work import Task


def tasks(sizes: list[int]) -> list[Task]:
    out = []
    for k, size in enumerate(sizes):
        path = Path(f"{k}.mp4")
        path.write_bytes(b"x" * size)
        out.append(Task(Job(str(path), "plane"), index=k))
    return out


def test_few_clips_go_largest_first_and_those_alike_as_they_came(here: Path) -> None:
    assert [t.index for t in ordered(tasks([5, 9, 5, 1]), 2)] == [1, 0, 2, 3]


@pytest.mark.parametrize("workers", [2, 3])
def test_of_many_only_the_last_of_each_worker_do(here: Path, workers: int) -> None:
    n = LAST * workers
    order = [t.index for t in ordered(tasks(list(range(1, n + 4))), workers)]
    assert order[:3] == [0, 1, 2]
    assert order[3:] == list(range(n + 2, 2, -1))


def test_what_has_no_size_goes_last(here: Path) -> None:
    given = [Task(Job("https://example.org/a.mp4", "plane")), Task(Job("gone.mp4", "plane"), index=1), *tasks([3])]
    assert [t.job.source for t in ordered(given, 2)] == ["0.mp4", "https://example.org/a.mp4", "gone.mp4"]


def test_one_worker_does_them_as_they_came(here: Path) -> None:
    assert [t.index for t in ordered(tasks([1, 3, 2]), 1)] == [0, 1, 2]
