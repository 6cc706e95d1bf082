"""Files like NHANES's, and the people behind them, with a known truth. Stands on loaders alone."""

from __future__ import annotations

from cofactor.synthetic.frame import synthetic_people
from cofactor.synthetic.truth import Truth
from cofactor.synthetic.writing import SyntheticNhanes, synthetic_nhanes

__all__ = ["SyntheticNhanes", "Truth", "synthetic_nhanes", "synthetic_people"]
