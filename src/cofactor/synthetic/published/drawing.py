"""Draw a column that has the published shares of codes and the published mean and range of numbers."""

from __future__ import annotations

import numpy as np

from cofactor.synthetic.published.figures import Figures
from cofactor.synthetic.randomness import Floats

CONCENTRATION = 20.0
"""Sum of the two parameters of the beta distribution of numbers within their range. CDC's figures give no spread."""


def draw_values(known: Figures, size: int, rng: np.random.Generator) -> Floats:
    """Return `size` values: each code in proportion to its count, else a number of the range.

    Numbers are low + (high - low) B with B from the beta distribution whose mean puts them at the published mean, with
    the file's decimals.
    """
    values = np.array([value for value, _ in known.values] + [np.nan])
    counts = np.array([count for _, count in known.values] + [known.rows], dtype=float)
    if not counts.any():
        return np.full(size, np.nan)
    drawn = values[rng.choice(counts.size, size=size, p=counts / counts.sum())]
    return np.where(np.isnan(drawn), _numbers(known, size, rng), drawn) if known.rows else drawn


def _numbers(known: Figures, size: int, rng: np.random.Generator) -> Floats:
    width = known.high - known.low
    if width <= 0.0:
        return np.full(size, known.low)
    place = min(max((known.mean - known.low) / width, 0.001), 0.999)
    share = rng.beta(CONCENTRATION * place, CONCENTRATION * (1.0 - place), size=size)
    return np.clip(np.round(known.low + width * share, known.decimals), known.low, known.high)
