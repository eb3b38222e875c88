"""How likely a circle is the ball in use: a small net over :data:`~formcheck.sight.ball.features.FEATURES`.

Trained by ``benchmarks/train_ball.py`` on rendered clips; the weights and the training record lie beside this module.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from .features import FEATURES

Array = NDArray[np.float64]

#: The file with the weights, in this package.
WEIGHTS = "weights.json"


class BallNet:
    """A net with one hidden layer: ``sigmoid(w2 . tanh(w1 (x - mean) / spread + b1) + b2)``.

    Raises
    ------
    ValueError
        If the weights were trained on other features.
    """

    def __init__(self, weights: dict[str, object]) -> None:
        if list(FEATURES) != weights["features"]:
            raise ValueError("ball weights: trained on other features; run benchmarks/train_ball.py")
        self.mean, self.spread, self.w1, self.b1, self.w2 = (
            np.asarray(weights[name], dtype=np.float64) for name in ("mean", "spread", "w1", "b1", "w2")
        )
        self.b2 = float(np.asarray(weights["b2"]))

    def __call__(self, features: Array) -> Array:
        """(k,) likelihoods 0-1 of k rows of features."""
        x = np.clip((features - self.mean) / self.spread, -4, 4)
        z = np.tanh(x @ self.w1 + self.b1) @ self.w2 + self.b2
        return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))))


@cache
def trained() -> BallNet:
    """Return the net with the weights of this package, read once."""
    text = resources.files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8")
    return BallNet(json.loads(text))
