"""Numbers given to options."""

from __future__ import annotations

import math
from typing import Any

import click


class Between(click.FloatRange):
    """A number of a range; ``nan``, which no comparison leaves out, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return it, or fail with one line."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number
