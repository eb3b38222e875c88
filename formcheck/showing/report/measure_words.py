"""Measures that several exercises have, in words; those of one exercise are told by its class."""

from __future__ import annotations

from formcheck.judging.rules.facts import MeasureWords

#: Measures that mean the same wherever they occur.
SHARED: MeasureWords = {
    "trunk_pitch": ("deg", "elevation of the shoulders over the hips, towards the head's end: 0 level"),
    "torso_px": ("px", "length of the torso in the picture, the unit `torso`"),
    "ball_off": ("torso", "how far the ball is from where it should be; empty where no ball is tracked"),
    "ball_x": ("px", "middle of the ball, across the picture; empty where no ball is seen"),
    "ball_y": ("px", "middle of the ball, down the picture"),
    "ball_r": ("px", "radius of the ball"),
    "yaw": ("deg", "turn of the body to the camera: 0 front or back, +90 right side near, -90 left side near"),
    "right_down": ("0/1", "1 where the right side is the lower one"),
    "line": ("deg", "shoulder-hip-ankle, folded: 180 straight"),
}
