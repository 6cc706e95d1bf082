"""Files like NHANES's, and the people behind them, with a known truth. Stands on loaders alone."""

from __future__ import annotations

from cofactor.synthetic.frame import synthetic_people
from cofactor.synthetic.truth import Truth

__all__ = ["Truth", "synthetic_people"]
