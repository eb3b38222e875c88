"""The ring that fills round a raised hand while it is held up."""

from __future__ import annotations

from formcheck.coaching.coach.gestures import Gesture

from .sprites import Picture
from .style import INK, OK, WHITE

#: Radius and width of the ring, shares of the picture's shorter side.
RADIUS, WIDTH = 0.085, 0.024


def draw_raised(picture: Picture, gesture: Gesture, *, mirror: bool = False) -> None:
    """Draw the ring into a picture (h, w, 3), full once the hand was up for long enough.

    Parameters
    ----------
    picture : (h, w, 3) uint8 array
        Changed in place.
    gesture : Gesture
        With the hand in pixels of the picture, not mirrored.
    mirror : bool
        The picture is flipped left to right.
    """
    import cv2

    h, w = picture.shape[:2]
    r, width = max(round(RADIUS * min(w, h)), 6), max(round(WIDTH * min(w, h)), 2)
    x = w - 1 - gesture.hand[0] if mirror else gesture.hand[0]
    # A hand at the edge keeps its ring in the picture.
    room = r + width
    centre = round(min(max(x, room), w - room)), round(min(max(gesture.hand[1], room), h - room))
    cv2.circle(picture, centre, r, INK, 2 * width, cv2.LINE_AA)
    cv2.circle(picture, centre, r, WHITE, max(width // 3, 1), cv2.LINE_AA)
    cv2.ellipse(picture, centre, (r, r), -90, 0, 360 * gesture.progress, OK, width, cv2.LINE_AA)
