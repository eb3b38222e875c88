"""What can be read off a body in a picture: angles, lines, heights, view and framing. Pure NumPy on frames."""

from .body import Body
from .geometry import angle, elevation, line_deviation, signed_sag, wrap_degrees

__all__ = ["Body", "angle", "elevation", "line_deviation", "signed_sag", "wrap_degrees"]
