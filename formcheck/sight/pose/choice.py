"""Which of several people is the one to be judged: as asked for, or who looks most like exercising."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from formcheck.errors import UsageError

from .continuity import body_px, centre
from .landmarks import JOINT, SIDES
from .types import Pose

Rule = Literal["auto", "left", "right", "largest", "number"]

#: A trunk up to this slope (degrees from horizontal) lies or is on all fours.
FLAT_TRUNK_DEG = 50.0
#: Hips less than this above the ankles (torso lengths) sit, kneel or squat; they stand at 1.6.
STANDS = 1.1
#: What it is worth to be low and to be in the middle, where to be as large as the largest is worth 1.
LOW, CENTRAL = 0.5, 0.5
#: Another person must look more like exercising than the one followed by this much.
BETTER = 0.25
#: ... or be larger by this share where the largest is asked for.
LARGER = 1.15


@dataclass(frozen=True)
class Follow:
    """Whom to follow.

    Attributes
    ----------
    rule : {"auto", "left", "right", "largest", "number"}
        ``left`` and ``right`` are the picture's.
    number : int
        Counted from the left, from 1 on; for the rule ``number``.
    mirrored : bool
        Left and right are those of the picture before it was mirrored.

    Examples
    --------
    >>> Follow.parse("2")
    Follow(rule='number', number=2, mirrored=False)
    >>> str(Follow.parse("left"))
    'left'
    """

    rule: Rule = "auto"
    number: int = 0
    mirrored: bool = False

    @classmethod
    def parse(cls, text: str | None) -> Self:
        """Read what the user asks for; None: nothing.

        Raises
        ------
        UsageError
            If it is none of left, right, largest or a number from 1 on.
        """
        if text is None or text == "auto":
            return cls()
        if text in ("left", "right", "largest"):
            return cls(text)  # type: ignore[arg-type]
        if text.isdecimal() and int(text) >= 1:
            return cls("number", int(text))
        raise UsageError(
            f"cannot follow '{text}'", "say left, right, largest, or a number (1 is the first from the left)"
        )

    def __str__(self) -> str:
        return str(self.number) if self.rule == "number" else self.rule

    def choose(self, poses: Sequence[Pose], size: tuple[int, int], arriving: Collection[int] = ()) -> int:
        """Return the number of the one to follow; the first is the one followed so far.

        Parameters
        ----------
        poses : sequence of Pose
        size : (int, int)
            Width and height of the picture, px.
        arriving : collection of int
            Numbers of those who only just come in: they are not taken for low.
        """
        across = [float(centre(p)[0]) * (-1 if self.mirrored else 1) for p in poses]
        order = sorted(range(len(poses)), key=across.__getitem__)
        if self.rule == "left":
            return order[0]
        if self.rule == "right":
            return order[-1]
        if self.rule == "number":
            return order[self.number - 1] if self.number <= len(order) else 0
        sizes = [body_px(p) for p in poses]
        if self.rule == "largest":
            best = int(np.argmax(sizes))
            return best if sizes[best] > LARGER * sizes[0] else 0
        marks = [exercising(p, max(sizes), size) for p in poses]
        for k in arriving:
            marks[k] -= LOW * low(poses[k])
        best = int(np.argmax(marks))
        return best if marks[best] > marks[0] + BETTER else 0


#: No wish: whoever looks most like exercising.
ANYBODY = Follow()


def exercising(pose: Pose, largest: float, size: tuple[int, int]) -> float:
    """Return how much somebody looks like the one who exercises, 0-2: large, in the middle of the picture, low.

    Parameters
    ----------
    pose : Pose
    largest : float
        Size of the largest of all (px, see :func:`~formcheck.sight.pose.continuity.body_px`).
    size : (int, int)
        Width and height of the picture, px.
    """
    half = size[0] / 2
    middle = 1.0 - min(abs(float(centre(pose)[0]) - half) / half, 1.0)
    return body_px(pose) / max(largest, 1.0) + CENTRAL * middle + LOW * low(pose)


def low(pose: Pose) -> bool:
    """Return whether somebody lies, is on all fours, sits, kneels or squats: bystanders stand."""
    shoulder, hip, ankle = (
        pose.image[[JOINT[j][s] for s in SIDES], :2].mean(axis=0) for j in ("shoulder", "hip", "ankle")
    )
    slope = np.degrees(np.arctan2(abs(hip[1] - shoulder[1]), abs(hip[0] - shoulder[0])))
    return bool(slope < FLAT_TRUNK_DEG or ankle[1] - hip[1] < STANDS * body_px(pose))
